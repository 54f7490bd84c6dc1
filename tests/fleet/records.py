"""The database as a test looks at it: straight at the tables, so that nothing is taken on trust."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select

from domain.clock import MachineTime
from domain.errors import StoreUnavailable
from store.database import Database
from store.paper_tables import orders
from store.tables import business_clock, chats, events, inbox, issues, media, outbox, sendings, slots, steps

Rows = Sequence[Row[Any]]
DONE_MEDIA = ("stored", "lost")
ON_ITS_WAY = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class Records:
    """Reads; never writes."""

    database: Database

    def all(self, statement: Select[Any]) -> Rows:
        try:
            return self._all(statement)
        except StoreUnavailable:  # our own connections died with a server that a test stopped
            return self._all(statement)

    def _all(self, statement: Select[Any]) -> Rows:
        with self.database.read() as connection:
            return connection.execute(statement).all()

    def count(self, statement: Select[Any]) -> int:
        return len(self.all(statement))

    def business_now(self) -> datetime:
        offset = self.all(select(func.coalesce(func.max(business_clock.c.offset_us), 0)))[0][0]
        return datetime.now(UTC) + timedelta(microseconds=offset)

    def inbox_of(self, msgid: str, plain: str = "") -> Rows:
        """The rows of one message: by its id, or by the hash of its payload where it has none of its own."""
        key = inbox.c.dedupe_key
        mine = key.endswith(f":{msgid}", autoescape=True)
        if plain:
            mine |= key.endswith(f"#{hashlib.sha256(plain.encode()).hexdigest()}")
        return self.all(select(inbox).where(mine).order_by(inbox.c.id))

    def inbox_since(self, last_id: int) -> Rows:
        return self.all(select(inbox).where(inbox.c.id > last_id).order_by(inbox.c.id))

    def last_inbox_id(self) -> int:
        return int(self.all(select(func.coalesce(func.max(inbox.c.id), 0)))[0][0])

    def outbox_of(self, inbox_ids: Sequence[int]) -> Rows:
        """Everything that was said because of some messages, in the order it was written."""
        return self.all(select(outbox).where(outbox.c.inbox_id.in_(inbox_ids)).order_by(outbox.c.id))

    def outbox_about(self, number: int) -> Rows:
        return self.all(select(outbox).where(outbox.c.issue == number).order_by(outbox.c.id))

    def sendings_to(self, target: str) -> int:
        """Attempts of the last minute to one address."""
        return self.count(select(sendings).where(sendings.c.target == target))

    def issue(self, number: int) -> Row[Any]:
        found = self.all(select(issues).where(issues.c.number == number))
        assert found, f"there is no #{number}"
        return found[0]

    def issues_since(self, last_number: int) -> Rows:
        return self.all(select(issues).where(issues.c.number > last_number).order_by(issues.c.number))

    def last_number(self) -> int:
        return int(self.all(select(func.coalesce(func.max(issues.c.number), 0)))[0][0])

    def history(self, number: int) -> Rows:
        return self.all(select(events).where(events.c.number == number).order_by(events.c.id))

    def actions(self, number: int) -> list[str]:
        """What happened to an issue, by the words of its history."""
        return [event.action for event in self.history(number)]

    def steps(self, number: int) -> dict[str, str]:
        """The rungs of an issue's ladder that were taken, and how."""
        found = self.all(select(steps).where(steps.c.number == number).order_by(steps.c.cycle, steps.c.at))
        return {step.name: step.outcome for step in found}

    def slots(self, beginning: str) -> list[str]:
        """Keys of what happens once."""
        found = self.all(select(slots.c.key).where(slots.c.key.startswith(beginning, autoescape=True)))
        return [row.key for row in found]

    def handled(self, rows: Rows) -> bool:
        """Whether nothing is left to do for these inbox rows: understood, said, pictures fetched. What quiet
        hours hold counts as done."""
        if not rows or any(row.state == "waiting" for row in rows):
            return False
        ids, now = [row.id for row in rows], self.business_now()
        moving = [row for row in self.outbox_of(ids) if row.state in ON_ITS_WAY]
        open_media = select(media.c.id).where(media.c.inbox_id.in_(ids), media.c.state.not_in(DONE_MEDIA))
        papers = select(orders.c.id).where(orders.c.inbox_id.in_(ids), orders.c.state == "waiting")
        held = all(row.held_until and row.held_until > now for row in moving)
        return held and not self.count(open_media) and not self.count(papers)

    def being_read(self) -> set[int]:
        """Messages that wait in chats that a worker has leased: it is in the middle of them."""
        now = MachineTime(datetime.now(UTC))
        leased = select(chats.c.chat_key).where(chats.c.leased_until > now)
        waiting = select(inbox.c.id).where(inbox.c.state == "waiting", inbox.c.chat_key.in_(leased))
        return {row.id for row in self.all(waiting)}

    def being_sent(self) -> set[int]:
        """Rows of the outbox that are on their way to the platform."""
        return {row.id for row in self.all(select(outbox.c.id).where(outbox.c.state == "sending"))}

    def idle(self) -> bool:
        """Whether nothing waits anywhere."""
        waiting = self.count(select(inbox.c.id).where(inbox.c.state == "waiting"))
        papers = self.count(select(orders.c.id).where(orders.c.state == "waiting"))
        return not waiting and not papers and not self.moving()

    def moving(self) -> int:
        """How many rows of the outbox wait or are on their way and not held."""
        now = self.business_now()
        free = outbox.c.held_until.is_(None) | (outbox.c.held_until <= now)
        return self.count(select(outbox.c.id).where(outbox.c.state.in_(ON_ITS_WAY), free))
