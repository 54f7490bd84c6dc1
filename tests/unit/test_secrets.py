"""Secrets and people stay where they belong: not in errors, metrics, jobs, files served, the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

import config
from bot import metrics
from bot.app import create_app
from bot.wake import JOBS, Waker, Work, connect
from store import schema
from store.database import Database
from store.tables import push_keys
from tests.integration.builders import arrival, take_in

ROOT = Path(__file__).parents[2]
SECRETS = {
    "WECOM_BOT_TOKEN": "botToken4secret1",
    "WECOM_BOT_AES_KEY": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
    "WECOM_APP_SECRET": "appSecret8secret",
    "WECOM_APP_TOKEN": "appToken9secret2",
    "WECOM_APP_AES_KEY": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}
ENVIRON = {**SECRETS, "WECOM_BOT_NAMES": "路管家", "WECOM_CORP_ID": "wwcorp", "WECOM_AGENT_ID": "1000002"}


def shown(text: str) -> list[str]:
    return [name for name, secret in SECRETS.items() if secret in text]


def test_settings_show_no_secret() -> None:
    settings = config.load({**ENVIRON, "DATABASE_URL": "postgresql://bot:hunter22@db/x"})
    assert settings.app is not None
    assert settings.aibot is not None
    assert shown(repr(settings)) == []
    assert "hunter22" not in repr(settings)


def test_complaints_about_settings_show_no_secret() -> None:
    spoilt = {name: f"{value} !" for name, value in SECRETS.items()}
    with pytest.raises(config.ConfigError) as complaint:
        config.load({**ENVIRON, **spoilt, "WECOM_AGENT_ID": "x", "PORT": "x"})
    assert shown(str(complaint.value)) == []


def test_metrics_show_no_secret_and_no_person(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/m.db")
    schema.migrate(database)
    take_in(database, arrival("a"))
    with database.write() as connection:
        connection.execute(push_keys.insert().values(chat_id="wr-yiminlu", key="pushKey5secret"))
    text = metrics.exposition(database, Waker(connect("redis://:pw7secret@127.0.0.1:1/0")), 10).decode()
    database.close()
    assert "luguanjia_inbox_waiting 1.0" in text
    for hidden in ("secret", "wr-yiminlu", "shop-yiminlu-1"):
        assert hidden not in text


def test_a_job_carries_nothing_and_is_not_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[tuple[tuple[Any, ...], dict[str, Any], object]] = []

    def enqueue(queue: Queue, *what: Any, **how: Any) -> None:
        queued.append((what, how, queue.serializer))

    monkeypatch.setattr(Queue, "enqueue", enqueue)
    waker = Waker(connect("redis://127.0.0.1:1/0"))
    monkeypatch.setattr(waker.connection, "set", lambda *_, **__: True)
    for work in Work:
        assert waker.wake(work)
    assert [what for what, _, _ in queued] == [(JOBS[work],) for work in Work]
    assert all(set(how) == {"job_timeout", "result_ttl", "failure_ttl"} for _, how, _ in queued)
    assert {serializer for _, _, serializer in queued} == {JSONSerializer}


def test_the_web_process_serves_no_file(tmp_path: Path) -> None:
    """Pictures leave by the platform only: there is no route to a file."""
    environ = {**ENVIRON, "DATABASE_URL": f"sqlite:///{tmp_path}/m.db", "MEDIA_DIR": str(tmp_path)}
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abcd.jpg").write_bytes(b"face")
    app = create_app(config.load(environ))
    assert {rule.rule for rule in app.url_map.iter_rules()} == {"/healthz", "/readyz", "/metrics"}
    client = app.test_client()
    for path in ("/ab/abcd.jpg", "/media/ab/abcd.jpg", "/static/ab/abcd.jpg", "/callback/../ab/abcd.jpg"):
        assert client.get(path).status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


KEY = re.compile(
    r"key=[0-9a-f]{8}-[0-9a-f]{4}-|-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_\w{30}"
)


def test_the_repository_holds_no_key() -> None:
    """Apart from made-up ones in tests and the sandbox."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [
        ROOT / name
        for name in listed.stdout.split("\0")
        if name and not name.startswith(("tests/", "sandbox/"))
    ]
    texts = {file: file.read_text("utf-8", "ignore") for file in files if file.is_file()}
    assert [str(file) for file, text in texts.items() if KEY.search(text)] == []
    names = {file.name for file in files}
    assert not names & {".env", "id_rsa", "privkey.pem"}
