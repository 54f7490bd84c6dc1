"""The servers that are compared, as real processes on free ports, all started by the Procfile's web line."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.cipher import Cipher
from tests.fleet.daemon import Daemon
from tests.fleet.fleet import procfile, settings_for
from tests.fleet.net import free_port, wait_until
from tests.fleet.wire import Via, Wire

HERE = Path(__file__).parent
SLOW_FLUSH_US = 5000


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server and the callback on it that is fired at."""

    name: str
    url: str
    wire: Wire


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    name: str, command: list[str], environment: Mapping[str, str], port: int, log: Path
) -> Iterator[Daemon]:
    """A process that listens on a port, for the length of the block."""
    daemon = Daemon(name, command, environment, log)
    daemon.start()
    try:
        wait_until(lambda: daemon.alive and answers(port), 30, f"{name} answers", 0.05)
        yield daemon
    finally:
        daemon.stop()


@contextmanager
def web(
    name: str, folder: Path, database_url: str, via: Via = "aibot", peer: str = "", preload: str = ""
) -> Iterator[Server]:
    """Our web line with our app, or with the one of ``bench.peers`` that ``peer`` names."""
    port = free_port()
    environment = settings_for(database_url, folder, {"web": port, "sandbox": 1, "redis": 1})
    environment |= {"BENCH_PEER": peer, "SANDBOX": "0"}
    if preload:
        environment |= {"LD_PRELOAD": preload, "SLOW_FLUSH_US": str(SLOW_FLUSH_US)}
    line = [word.replace("$PORT", str(port)).replace("0.0.0.0", "127.0.0.1") for word in procfile()["web"]]
    if peer:
        line[-1] = "bench.peers:app"
    with running(name, line, environment, port, folder / f"{name}.log"):
        yield Server(name, f"http://127.0.0.1:{port}/callback/{via}", wire_of(environment, via, port))


def wire_of(environment: Mapping[str, str], via: Via, port: int) -> Wire:
    name, corp = {"aibot": "BOT", "app": "APP"}[via], environment["WECOM_CORP_ID"]
    cipher = Cipher(
        environment[f"WECOM_{name}_TOKEN"],
        environment[f"WECOM_{name}_AES_KEY"],
        corp if via == "app" else "",
    )
    return Wire(f"http://127.0.0.1:{port}/callback/{via}", via, cipher, corp)


@contextmanager
def werobot(folder: Path) -> Iterator[Server]:
    """WeRoBot under gunicorn with two workers of four threads, in its own environment."""
    python = werobot_environment(folder)
    port = free_port()
    cipher = Cipher("benchtoken", "k" * 42 + "A", "wx0123456789abcdef")
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "PYTHONPATH": str(HERE),
        "WEROBOT_TOKEN": cipher.token,
        "WEROBOT_AES_KEY": "k" * 42 + "A",
        "WEROBOT_APP_ID": cipher.receiveid,
    }
    command = [str(python), "-m", "gunicorn", "-k", "gthread", "-w", "2", "--threads", "4"]
    command += ["-b", f"127.0.0.1:{port}", "--log-level", "warning", "werobot_app:app"]
    with running("werobot", command, environment, port, folder / "werobot.log"):
        wire = Wire(f"http://127.0.0.1:{port}/robot/", "app", cipher, cipher.receiveid)
        yield Server("werobot", wire.url, wire)


def werobot_environment(folder: Path) -> Path:
    """The Python of an environment that holds WeRoBot; made once and kept under var/."""
    place = Path("var/bench/werobot").resolve()
    python = place / "bin" / "python"
    if not (place / ".installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        wanted = str(HERE / "requirements-werobot.txt")
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", wanted], check=True, cwd=folder)
        (place / ".installed").touch()
    return python


def slow_flush(folder: Path) -> str | None:
    """The library that makes disk flushes slow; None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "slow_flush.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(HERE / "slow_flush.c"), "-ldl"],
        check=True,
    )
    return str(library)
