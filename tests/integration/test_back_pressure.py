"""At INBOX_LIMIT the door answers 503 and keeps nothing; what comes again is taken once there is room."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

import config
from bot.app import create_app
from sandbox.cipher import Cipher
from store import acceptor
from store.database import Database
from store.tables import inbox, nonces
from tests.fleet.wire import Sealed, Wire
from tests.integration.world import KEY

TOKEN = "robotToken123456"


def post(client: FlaskClient, sealed: Sealed) -> tuple[int, str]:
    answer = client.post("/callback/aibot", query_string=sealed.query, data=sealed.body)
    return answer.status_code, answer.text


def test_a_full_inbox_is_a_503_and_the_same_callback_is_taken_later(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptor, "COUNT_EVERY_S", 0.0)
    environ = {
        "DATABASE_URL": database.url,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "MEDIA_DIR": str(tmp_path),
        "INBOX_LIMIT": "2",
        "WECOM_BOT_NAMES": "路管家",
        "WECOM_BOT_TOKEN": TOKEN,
        "WECOM_BOT_AES_KEY": KEY,
    }
    app = create_app(config.load(environ))
    client = app.test_client()
    wire = Wire("", "aibot", Cipher(TOKEN, KEY, ""), "")
    first, second, third = (wire.sealed(wire.text(f"{number}号门口又堵了")) for number in (12, 28, 56))
    assert [post(client, sealed) for sealed in (first, second)] == [(200, ""), (200, "")]
    assert post(client, third) == (503, "try again")
    with database.read() as connection:
        assert len(connection.execute(select(inbox.c.id)).all()) == 2
        assert len(connection.execute(select(nonces.c.nonce)).all()) == 2, "or it could not come again"
    with database.write() as connection:
        connection.execute(update(inbox).where(inbox.c.id == 1).values(state="done"))
    assert post(client, third) == (200, "")
    with database.read() as connection:
        assert len(connection.execute(select(inbox.c.id)).all()) == 3
    app.extensions["luguanjia"].database.close()
