"""The one way into the inbox: group commit.

A durable commit costs a disk flush. Whoever gets the write lock of the process writes all waiting arrivals
in one transaction, and every request returns only after its own row is committed; so the price of a flush
is shared by all who wait for it, and an acknowledgement still means "on disk".
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import Connection, insert
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import BusinessTime, MachineTime
from domain.errors import InboxFull, StoreUnavailable
from domain.messages import IncomingMessage
from store import clock
from store.database import Database
from store.inbox import waiting
from store.nonces import is_fresh
from store.tables import inbox, media

COUNT_EVERY_S = 1.0


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
    error: BaseException | None = field(default=None)


class Acceptor:
    """Stores arrivals for one process. Thread-safe."""

    def __init__(self, database: Database, limit: int, *, sandbox: bool) -> None:
        self._database = database
        self._limit = limit
        self._sandbox = sandbox
        self._queue: list[Arrival] = []
        self._queue_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._waiting = 0
        self._counted_at = -COUNT_EVERY_S

    def accept(self, arrival: Arrival) -> Acceptance:
        """Returns after the commit. Raises ``StoreUnavailable`` or ``InboxFull``; then nothing is kept."""
        with self._queue_lock:
            self._queue.append(arrival)
        with self._write_lock:
            if arrival.result is None and arrival.error is None:
                with self._queue_lock:
                    batch, self._queue = self._queue, []
                self._commit(batch)
        if arrival.error is not None:
            raise arrival.error
        assert arrival.result is not None
        return arrival.result

    def _commit(self, batch: list[Arrival]) -> None:
        try:
            with self._database.write() as connection:
                results = [
                    self._store(connection, arrival) for arrival in self._within_limit(connection, batch)
                ]
        except Exception as error:  # noqa: BLE001 - every waiting request must hear of it, then raises it
            self._after_failure(batch, error)
            return
        stored = (arrival for arrival in batch if arrival.error is None)
        for arrival, result in zip(stored, results, strict=True):
            arrival.result = result

    def _after_failure(self, batch: list[Arrival], error: Exception) -> None:
        """One bad row must not take its neighbours with it: they are tried alone, once."""
        if len(batch) > 1 and not isinstance(error, StoreUnavailable):
            for arrival in batch:
                arrival.error = None
                self._commit([arrival])
            return
        for arrival in batch:
            arrival.error = arrival.error or error

    def _within_limit(self, connection: Connection, batch: list[Arrival]) -> list[Arrival]:
        if time.monotonic() - self._counted_at >= COUNT_EVERY_S:
            self._waiting, self._counted_at = waiting(connection), time.monotonic()
        room = max(0, self._limit - self._waiting)
        for arrival in batch[room:]:
            arrival.error = InboxFull(f"{self._waiting} messages wait")
        self._waiting += len(batch[:room])
        return batch[:room]

    def _store(self, connection: Connection, arrival: Arrival) -> Acceptance:
        message, now = arrival.message, MachineTime(datetime.now(UTC))
        if not is_fresh(connection, message.channel, arrival.nonce, arrival.payload_hash, now):
            return Acceptance.REPLAYED
        said_at: BusinessTime = clock.now(connection, now) if self._sandbox else BusinessTime(now)
        on_conflict = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        statement = (
            on_conflict(inbox).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(inbox.c.id)
        )
        values = {
            "dedupe_key": message.dedupe_key,
            "chat_key": message.chat_key,
            "document": message.to_json(),
            "received_at": now,
            "said_at": said_at,
        }
        inbox_id = connection.execute(statement, values).scalar()
        if inbox_id is None:
            return Acceptance.DUPLICATE
        if message.all_pictures:
            rows = [
                {"inbox_id": inbox_id, "channel": message.channel, "ref": ref, "next_at": now}
                for ref in message.all_pictures
            ]
            connection.execute(insert(media), rows)
        return Acceptance.NEW
