"""One database, two ways to use it: ``write`` and ``read``. SQLite by default, PostgreSQL by URL.

On SQLite a write is BEGIN IMMEDIATE (the writer's turn is taken at once, never upgraded into a deadlock),
WAL with synchronous=FULL (a commit survives a power cut) and waits 4 s for its turn. SQLite lets waiters
sleep and look again, up to a tenth of a second each time; so within a process the turn is handed on by a lock
of our own, and only one thread of each process has to sleep like that.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from domain.errors import StoreContention, StoreUnavailable

READ_ONLY = "luguanjia_read_only"
BUSY_TIMEOUT_S = 4
"""Less than the platform's 5 s, so that a 503 still reaches it."""
COURTESY_S = 0.003
"""A process whose threads queue for their turn leaves the file free for so long in between: another process,
which can only look again and again, would find it locked every time, and acknowledgements come first."""
GAVE_WAY = {"40001", "40P01"}
"""PostgreSQL's states of a transaction that was ended for the sake of another one."""


def normal_url(url: str) -> str:
    """The URL with the driver we ship: ``postgres://`` and ``postgresql://`` become psycopg 3."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url


class Database:
    """Connections to one database. Safe to share between threads; not across a fork."""

    def __init__(self, url: str) -> None:
        self.url = normal_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        if self.is_sqlite and (file := make_url(self.url).database):
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        arguments: dict[str, Any] = (
            {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
            if self.is_sqlite
            else {
                "connect_timeout": 3,
                "application_name": "luguanjia",
                "options": "-c statement_timeout=30000",
            }
        )
        self.engine = create_engine(
            self.url,
            connect_args=arguments,
            hide_parameters=True,  # an error in the log must not say what people wrote
            pool_size=16,
            max_overflow=16,
            pool_timeout=BUSY_TIMEOUT_S,
            # a button event is delivered once only: it must not be lost to a stale connection
            pool_pre_ping=not self.is_sqlite,
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._turn = threading.Lock()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block. Raises ``StoreUnavailable``."""
        with availability(), self._my_turn(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        at_once = self._turn.acquire(blocking=False)
        if not at_once and not self._turn.acquire(timeout=BUSY_TIMEOUT_S):
            raise StoreUnavailable("database is locked")
        try:
            if not at_once:
                time.sleep(COURTESY_S)
            yield
        finally:
            self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view, nothing kept. Raises ``StoreUnavailable``."""
        with availability(), self.engine.connect() as connection:
            yield connection.execution_options(**{READ_ONLY: True})

    def forget_freed(self) -> None:
        """What was deleted is not to be found in the file any more. PostgreSQL does so by its own vacuum."""
        if self.is_sqlite:
            with availability(), self.engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def answers(self) -> bool:
        """Whether the database can be read now."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        except StoreUnavailable:
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def availability() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("all database connections are busy") from error
    except DBAPIError as error:
        if error.connection_invalidated or type(error).__name__ in {"OperationalError", "InterfaceError"}:
            gave_way = getattr(error.orig, "sqlstate", None) in GAVE_WAY
            raise (StoreContention if gave_way else StoreUnavailable)(str(error.orig)) from error
        raise


def _prepare_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "journal_size_limit=67108864"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
