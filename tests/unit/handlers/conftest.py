"""Dialogs need no disk that survives a power cut."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.pool import ConnectionPoolEntry

from store import database


@pytest.fixture(autouse=True)
def _without_flushing(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = database._prepare_sqlite

    def quick(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        prepare(connection, entry)
        connection.execute("PRAGMA synchronous=OFF")

    monkeypatch.setattr(database, "_prepare_sqlite", quick)
