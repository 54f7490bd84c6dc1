"""The one way into the inbox: group commit.

A durable commit costs a disk flush. All arrivals that wait in a process are written in one transaction, and
every request returns only after its own row is committed; so the price of a flush is shared by all who wait
for it, and an acknowledgement still means "on disk".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from domain.clock import BusinessTime, MachineTime
from domain.errors import InboxFull, StoreContention, StoreUnavailable
from store import arrivals, clock
from store.arrivals import Acceptance, Arrival, Moments
from store.database import Database
from store.inbox import waiting

COUNT_EVERY_S = 1.0


class _Waiting:
    """One request between its arrival and its commit."""

    __slots__ = ("arrival", "bell", "leads")

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.leads = False
        self.bell = threading.Lock()
        self.bell.acquire()


class Acceptor:
    """Stores arrivals for one process. Thread-safe.

    One request at a time leads: it commits for all who came until then, wakes them, and hands the lead to
    the first of those who came meanwhile. Nobody queues for a lock that a commit holds: each waits for his
    own bell, so that the next commit begins at once.
    """

    def __init__(
        self,
        database: Database,
        limit: int,
        after_commit: Callable[[Sequence[Arrival]], None],
        *,
        sandbox: bool,
    ) -> None:
        self._database = database
        self._after_commit = after_commit
        self._limit = limit
        self._sandbox = sandbox
        self._queue: list[_Waiting] = []
        self._led = False
        self._guard = threading.Lock()
        self._waiting = 0
        self._counted_at = -COUNT_EVERY_S

    def accept(self, arrival: Arrival) -> Acceptance:
        """Returns after the commit. Raises ``StoreUnavailable`` or ``InboxFull``; then nothing is kept."""
        mine = _Waiting(arrival)
        with self._guard:
            self._queue.append(mine)
            mine.leads, self._led = not self._led, True
        if not mine.leads:
            mine.bell.acquire()
        if mine.leads and (new := self._lead()):
            self._after_commit(new)  # once for all: a flood costs one wake-up call per commit
        if arrival.error is not None:
            raise arrival.error
        assert arrival.result is not None
        return arrival.result

    def accept_all(self, batch: Sequence[Arrival]) -> None:
        """Commit these in their order, in one transaction; what became of each stands in it afterwards: a
        result, or the error for which nothing of it is kept. For one caller who has them all."""
        for arrival in batch:
            arrival.result = arrival.error = None
        self._commit(list(batch))
        new = [arrival for arrival in batch if arrival.result is Acceptance.NEW]
        if new:
            self._after_commit(new)

    def _lead(self) -> list[Arrival]:
        """Commit for all who wait, of whom the leader is the first; then the next one leads. Returns what
        is new."""
        with self._guard:
            batch, self._queue = self._queue, []
        try:
            self._commit([each.arrival for each in batch])
        finally:
            self._pass_on()
            for each in batch[1:]:
                each.bell.release()
        return [each.arrival for each in batch if each.arrival.result is Acceptance.NEW]

    def _pass_on(self) -> None:
        with self._guard:
            self._led = bool(self._queue)
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].bell.release()

    def _commit(self, batch: list[Arrival]) -> None:
        try:
            with self._database.write() as connection:
                accepted = self._within_limit(connection, batch)
                results = arrivals.store(connection, accepted, self._moments(connection))
        except Exception as error:  # noqa: BLE001 - every waiting request must hear of it, then raises it
            self._after_failure(batch, error)
            return
        for arrival, result in zip(accepted, results, strict=True):
            arrival.result = result

    def _moments(self, connection: Connection) -> Moments:
        now = MachineTime(datetime.now(UTC))
        return Moments(now, clock.now(connection, now) if self._sandbox else BusinessTime(now))

    def _after_failure(self, batch: list[Arrival], error: Exception) -> None:
        """One bad row must not take its neighbours with it: they are tried alone, once. So are those that
        met the same messages in another process's batch, in another order."""
        down = isinstance(error, StoreUnavailable) and not isinstance(error, StoreContention)
        if len(batch) > 1 and not down:
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
