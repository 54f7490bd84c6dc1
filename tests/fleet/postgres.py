"""PostgreSQL for tests: the server that TEST_POSTGRES_URL names, else a private cluster of the installed one.

The private cluster listens on loopback with a password made up for it, keeps its files in a temporary folder
and gives up durability for speed: a test's server is never cut off from power, only stopped and killed.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from store.database import normal_url
from tests.fleet.daemon import Daemon
from tests.fleet.net import free_port, wait_until

SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SURVIVES_A_KILL = {"fsync": "off", "full_page_writes": "off"}
"""A commit outlives the server, but not the machine: for tests that kill the one and not the other."""
DURABLE: dict[str, str] = {}


class Server:
    """A PostgreSQL server on which tests create databases of their own. ``url``: of one that is there."""

    def __init__(self, url: str) -> None:
        self.url = url

    def create(self, template: str | None = None) -> str:
        """A new database, empty or a copy of another; returns its URL."""
        name = f"luguanjia_{secrets.token_hex(6)}"
        copied = f" TEMPLATE {make_url(template).database}" if template else ""
        self._run(f"CREATE DATABASE {name}{copied}")
        url = make_url(self.url).set(database=name)
        return url.render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = create_engine(normal_url(self.url), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


class Cluster(Server):
    """A private server, which tests may stop and start. ``settings``: how far a commit is to be trusted."""

    def __init__(self, binaries: Path, settings: Mapping[str, str] = SPEED) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="luguanjia-pg-"))
        password, port = secrets.token_hex(16), free_port()
        super().__init__(f"postgresql://luguanjia:{password}@127.0.0.1:{port}/postgres")
        user = _service_user()
        secret = self.folder / "password"
        secret.write_text(password)
        if user:
            shutil.chown(self.folder, user, user)
            shutil.chown(secret, user, user)
        data = self.folder / "data"
        options = ["--auth=scram-sha-256", f"--pwfile={secret}", "--username=luguanjia", "--encoding=UTF8"]
        subprocess.run(
            [str(binaries / "initdb"), "-D", str(data), *options, "--locale=C", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=user,
            group=user,
        )
        options_of_server = {
            **settings,
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "max_connections": "300",
        }
        options_of_server["unix_socket_directories"] = ""
        flags = [part for name, value in options_of_server.items() for part in ("-c", f"{name}={value}")]
        self._daemon = Daemon(
            "postgres",
            [str(binaries / "postgres"), "-D", str(data), *flags],
            {"PATH": os.environ.get("PATH", ""), "TZ": "UTC"},
            self.folder / "postgres.log",
            user,
            signal.SIGINT,  # at once, without waiting for clients to leave
        )

    def start(self) -> None:
        """Returns when it answers."""
        self._daemon.start()
        wait_until(self._answers, 20, "postgres answers")

    def stop(self) -> None:
        """Every connection is cut, new ones are refused."""
        self._daemon.stop()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        assert self._daemon.alive, self._daemon.tail()
        try:
            self._run("SELECT 1")
        except OperationalError:
            return False
        return True


def installed() -> Path | None:
    """The folder of the newest installed server's programs."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


def given() -> str | None:
    """The server that the environment names."""
    return os.environ.get("TEST_POSTGRES_URL") or None


@contextmanager
def running(binaries: Path, settings: Mapping[str, str] = SPEED) -> Iterator[Cluster]:
    """A private cluster for the length of the block."""
    cluster = Cluster(binaries, settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


def _service_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
