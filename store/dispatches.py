"""What other systems handed over: their names for it, and word to them of how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from domain.clock import MachineTime
from domain.dispatching import described, is_told, progress
from domain.issues import Action, Event, Issue
from domain.messages import IncomingMessage
from domain.office import Office
from domain.outgoing import Address, Draft, Purpose
from store import outbox
from store.tables import dispatches, inbox
from store.upserts import put


def remember(connection: Connection, source: str, key: str, number: int) -> None:
    """The issue that a source's report became."""
    put(connection, dispatches, {"source": source, "key": key, "number": number})


def number_of(connection: Connection, source: str, key: str) -> int | None:
    """Our number for what a source calls ``key``."""
    mine = (dispatches.c.source == source) & (dispatches.c.key == key)
    return connection.execute(select(dispatches.c.number).where(mine)).scalar()


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of a request: its message, and state and outcome of the letter."""

    message: IncomingMessage
    state: str
    outcome: str | None


def received(connection: Connection, dedupe_key: str) -> Reception | None:
    """A request by its unique key."""
    wanted = select(inbox.c.document, inbox.c.state, inbox.c.outcome).where(inbox.c.dedupe_key == dedupe_key)
    row = connection.execute(wanted).first()
    return Reception(IncomingMessage.from_json(row.document), row.state, row.outcome) if row else None


@dataclass(frozen=True, slots=True)
class Source:
    """Who handed a problem over, and what he calls it."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """Word that goes out with the commit of its cause."""

    office: Office
    inbox_id: int | None
    now: MachineTime
    issue: Callable[[int], Issue | None]

    def each(self, connection: Connection, event: Event) -> None:
        """To every source of the issue that wants to hear; after 合并 it follows the other one."""
        if not is_told(event):
            return
        mine = dispatches.c.number == event.number
        sources = [Source(row.source, row.key) for row in connection.execute(select(dispatches).where(mine))]
        for source in sources:
            self.one(connection, source, event)
        issue = self.issue(event.number) if sources and event.action is Action.MERGE else None
        if issue is not None and issue.merged_into is not None:
            connection.execute(update(dispatches).where(mine).values(number=issue.merged_into))

    def one(self, connection: Connection, source: Source, event: Event) -> None:
        """To one of them."""
        issue = self.issue(event.number)
        if issue is None or source.name not in self.office.listeners:
            return
        tz = self.office.rules.timezone
        text = progress(source.key, event, described(issue, self.office, tz), tz)
        # like an answer: a machine has no quiet hours, and nothing in it grows stale
        draft = Draft(Address("dispatch", source.name), text, Purpose.ANSWER)
        outbox.add(connection, [draft], self.now, self.inbox_id)
