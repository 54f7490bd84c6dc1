"""Nonces of authentic callbacks: the same one with another payload is a replay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from store.tables import nonces


def forget_nonces(connection: Connection, before: datetime) -> None:
    """Drop what is older than the platform's promise."""
    connection.execute(delete(nonces).where(nonces.c.seen_at < before))
