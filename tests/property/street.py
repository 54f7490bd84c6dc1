"""The bot in one process on a database in memory: one transaction per life, taken back at its end.

What people say goes through the real language layer, the real router and the real desk; each message is a
savepoint, as it is a transaction in the worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import Connection, bindparam, create_engine, event, insert, select
from sqlalchemy.pool import StaticPool

from domain.clock import BusinessTime, MachineTime
from domain.messages import ButtonClick, Chat, IncomingMessage, Quote
from domain.office import Office
from domain.outgoing import Draft, ToWriter
from handlers import due
from handlers.router import handle, to_read
from handlers.routing import Router
from handlers.visit import Result, Visit
from nlp.classifier import Classifier, load_classifier
from nlp.reading import Reading
from store import issues, leaves
from store.desk import DatabaseDesk
from store.tables import events as event_rows
from store.tables import issues as issue_rows
from store.tables import media as media_rows
from store.tables import metadata
from store.tables import reporters as reporter_rows
from tests.property.model import Known, Recorded, known
from tests.unit.handlers.town import MORNING, ROSTER, office
from workers.bootstrap import gazetteer

_ALL_ISSUES = select(issue_rows).order_by(issue_rows.c.number)
_ALL_REPORTERS = select(reporter_rows.c.number, reporter_rows.c.userid)
_NEW_EVENTS = select(event_rows).where(event_rows.c.id > bindparam("seen")).order_by(event_rows.c.id)
BETWEEN = timedelta(seconds=61)
"""From one message to the next; no number of them is exactly ten minutes."""
MANY_ROUNDS = 50


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The language layer with the places of the town."""
    return load_classifier(gazetteer(ROSTER))


@lru_cache(maxsize=20_000)
def read(text: str) -> Reading:
    return classifier().read(text, mention=True)


@lru_cache(maxsize=1)
def _connection() -> Connection:
    """One connection for all lives, with the tables and nothing in them."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    metadata.create_all(engine)
    return engine.connect()


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said: by whom, where (None: 1:1), and with what."""

    who: str
    text: str
    chat: str | None = None
    picture: bool = False
    press: bool = False
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of it. drafts: every call that would be made; answers: what the writer is told."""

    outcome: str
    drafts: tuple[Draft, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The records at one moment. asleep: issues that the ladder does not want to look at again."""

    issues: dict[int, Known]
    versions: dict[int, int]
    asleep: frozenset[int]
    recorded: tuple[Recorded, ...]


@dataclass
class Street:
    """The town of ``tests.unit.handlers.town`` from a Monday morning on."""

    connection: Connection
    now: BusinessTime = MORNING
    _seen: int = 0
    _messages: int = 0
    _absent: frozenset[str] = field(default_factory=frozenset)

    def say(self, said: Said) -> Heard:
        self._messages += 1
        self.now = BusinessTime(self.now + BETWEEN)
        message = self._message(said, self._messages)
        reading = read(to_read(message))
        with self.connection.begin_nested():
            self._absent = leaves.absent(self.connection, self.now)
            result = handle(Visit(message, reading, self._desk(self._messages)))
            drafts = Router(self.office, self.now, message).drafts(result.messages)
        return _heard(result, drafts)

    def later(self, span: timedelta) -> list[Draft]:
        """Time passes, and what became due by its end is said."""
        self.now = BusinessTime(self.now + span)
        self._absent = leaves.absent(self.connection, self.now)
        told: list[Draft] = []
        for _ in range(MANY_ROUNDS):
            waiting = issues.due(self.connection, self.now, 100)
            if not waiting:
                return told
            for issue in waiting:
                with self.connection.begin_nested():
                    told += Router(self.office, self.now).drafts(due.take(self._desk(0), issue))
        raise AssertionError("the ladder never comes to an end")

    @property
    def office(self) -> Office:
        return office(absent=self._absent)

    @property
    def absent(self) -> frozenset[str]:
        return leaves.absent(self.connection, self.now)

    def look(self) -> Seen:
        """All issues as they are stored, and what was recorded since the last look."""
        rows = self.connection.execute(_ALL_ISSUES).all()
        joined: dict[int, set[str]] = {row.number: set() for row in rows}
        for row in self.connection.execute(_ALL_REPORTERS):
            joined[row.number].add(row.userid)
        recorded = self.connection.execute(_NEW_EVENTS, {"seen": self._seen}).all()
        self._seen = recorded[-1].id if recorded else self._seen
        return Seen(
            {row.number: known(issues.from_row(row), frozenset(joined[row.number])) for row in rows},
            {row.number: row.version for row in rows},
            frozenset(row.number for row in rows if row.next_step_at is None),
            tuple(
                Recorded(row.number, row.action, row.actor, row.before, row.after, row.reason)
                for row in recorded
            ),
        )

    def counts(self, userid: str) -> tuple[int, int]:
        """How many open issues the records give a person as owner, and how many as reporter."""
        desk = self._desk(0)
        return len(desk.open_of_owner(userid)), len(desk.of_reporter(userid))

    def _desk(self, inbox_id: int) -> DatabaseDesk:
        return DatabaseDesk(self.connection, self.office, self.now, MachineTime(self.now), inbox_id)

    def _message(self, said: Said, number: int) -> IncomingMessage:
        pictures = (f"p{number}",) if said.picture else ()
        for picture in pictures:
            row = {"inbox_id": number, "channel": "aibot", "ref": picture, "next_at": self.now}
            self.connection.execute(insert(media_rows).values(**row))
        in_group = said.chat is not None
        return IncomingMessage(
            channel="aibot" if in_group else "app_channel",
            dedupe_key=f"m{number}",
            chat=Chat("group", said.chat) if said.chat is not None else Chat("single", said.who),
            sender=said.who,
            kind="button" if said.press else "text",
            text="" if said.press else said.text,
            pictures=pictures,
            quote=Quote(said.quote) if said.quote else None,
            button=ButtonClick(said.text, f"t{number}", f"c{number}") if said.press else None,
            reply_to=f"r{number}" if in_group else None,
        )


def _heard(result: Result, drafts: Sequence[Draft]) -> Heard:
    answers = tuple(message.text for message in result.messages if isinstance(message.to, ToWriter))
    return Heard(result.outcome, tuple(drafts), answers)


@contextmanager
def life() -> Iterator[Street]:
    """A fresh town; nothing of it is left afterwards."""
    with lived_in(_connection()) as street:
        yield street


@contextmanager
def lived_in(connection: Connection) -> Iterator[Street]:
    """The same on any database with the tables and nothing in them."""
    transaction = connection.begin()
    try:
        yield Street(connection)
    finally:
        transaction.rollback()
