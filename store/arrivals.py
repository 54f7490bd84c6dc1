"""Writing a batch of arrivals: two statements, whatever its size.

Hand-written SQL for the two statements of the acknowledgement, because building them row by row through
SQLAlchemy cost more than the disk did; everything else in store/ is SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, insert

from domain.clock import BusinessTime, MachineTime
from domain.messages import IncomingMessage
from store.columns import EPOCH
from store.tables import media


class Acceptance(Enum):
    """What became of an arrival: stored, known already, or its nonce was used for something else."""

    NEW = "new"
    DUPLICATE = "duplicate"
    REPLAYED = "replayed"


@dataclass(slots=True)
class Arrival:
    """One authentic callback and, after the commit, what became of it."""

    message: IncomingMessage
    nonce: str
    payload_hash: bytes
    result: Acceptance | None = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """When a batch is accepted, on both clocks."""

    received_at: MachineTime
    said_at: BusinessTime


def store(connection: Connection, batch: Sequence[Arrival], at: Moments) -> list[Acceptance]:
    """Keep nonces, messages and their pictures; what became of each arrival, in order. A nonce is kept by
    the same commit as its message, so that a delivery we fail to store may come again."""
    fresh = _remember_nonces(connection, batch, at)
    new = _insert(connection, [arrival for arrival in batch if _is_fresh(fresh, arrival)], at)
    results = []
    for arrival in batch:
        if not _is_fresh(fresh, arrival):
            results.append(Acceptance.REPLAYED)
            continue
        inbox_id = new.pop(arrival.message.dedupe_key, None)  # the first of equals is the new one
        results.append(Acceptance.DUPLICATE if inbox_id is None else Acceptance.NEW)
        if inbox_id is not None and arrival.message.all_pictures:
            _note_pictures(connection, inbox_id, arrival.message, at)
    return results


def _is_fresh(hashes: dict[tuple[str, str], bytes], arrival: Arrival) -> bool:
    """Whether the nonce stands for this payload and no other."""
    return hashes[arrival.message.channel, arrival.nonce] == arrival.payload_hash


def _remember_nonces(
    connection: Connection, batch: Sequence[Arrival], at: Moments
) -> dict[tuple[str, str], bytes]:
    """The payload each nonce stands for, of old or from now on."""
    rows = [
        (arrival.message.channel, arrival.nonce, arrival.payload_hash, _micros(at.received_at))
        for arrival in batch
    ]
    kept = _write(
        connection,
        "INSERT INTO nonces (channel, nonce, payload_hash, seen_at) VALUES {} "
        "ON CONFLICT DO NOTHING RETURNING channel, nonce, payload_hash",
        rows,
    )
    hashes = {(row[0], row[1]): bytes(row[2]) for row in kept}
    known = [(row[0], row[1]) for row in rows if (row[0], row[1]) not in hashes]
    if known:
        seen = _write(
            connection,
            "SELECT channel, nonce, payload_hash FROM nonces WHERE (channel, nonce) IN (VALUES {})",
            known,
        )
        hashes |= {(row[0], row[1]): bytes(row[2]) for row in seen}
    return hashes


def _insert(connection: Connection, batch: Sequence[Arrival], at: Moments) -> dict[str, int]:
    """Ids of the rows that were not there yet, by their unique key."""
    if not batch:
        return {}
    times = _micros(at.received_at), _micros(at.said_at)
    rows = [
        (arrival.message.dedupe_key, arrival.message.chat_key, arrival.message.to_json(), *times)
        for arrival in batch
    ]
    kept = _write(
        connection,
        "INSERT INTO inbox (dedupe_key, chat_key, document, received_at, said_at) VALUES {} "
        "ON CONFLICT (dedupe_key) DO NOTHING RETURNING dedupe_key, id",
        rows,
    )
    return {row[0]: row[1] for row in kept}


def _note_pictures(connection: Connection, inbox_id: int, message: IncomingMessage, at: Moments) -> None:
    rows = [
        {"inbox_id": inbox_id, "channel": message.channel, "ref": ref, "next_at": at.received_at}
        for ref in message.all_pictures
    ]
    connection.execute(insert(media), rows)


def _write(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
    """Run a statement whose ``{}`` stands for rows of values. Values travel as parameters, never as text."""
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    row = f"({', '.join([mark] * len(rows[0]))})"
    values = tuple(value for each in rows for value in each)
    return connection.exec_driver_sql(statement.format(", ".join([row] * len(rows))), values).fetchall()


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
