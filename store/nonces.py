"""Nonces of authentic callbacks: the same one with another payload is a replay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import MachineTime
from store.tables import nonces


def is_fresh(connection: Connection, channel: str, nonce: str, payload_hash: bytes, now: MachineTime) -> bool:
    """Remember the nonce; False if it was seen with a different payload. It is kept by the same commit as the
    message, so that a delivery we failed to store may come again."""
    on_conflict = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = on_conflict(nonces).on_conflict_do_nothing().returning(nonces.c.seen_at)
    values = {"channel": channel, "nonce": nonce, "payload_hash": payload_hash, "seen_at": now}
    if connection.execute(statement, values).first() is not None:
        return True
    known = select(nonces.c.payload_hash).where(nonces.c.channel == channel, nonces.c.nonce == nonce)
    return connection.execute(known).scalar() == payload_hash


def forget_nonces(connection: Connection, before: datetime) -> None:
    """Drop what is older than the platform's promise."""
    connection.execute(delete(nonces).where(nonces.c.seen_at < before))
