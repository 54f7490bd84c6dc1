"""A street in one process: people say things, the real handlers answer, on a real SQLite database.

Commands are read by the real parser; what a report is taken for is said by the test (``Told``), so that
these tests stand still while the lexicon learns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TypedDict, Unpack

from sqlalchemy import Connection, insert

from domain.clock import BusinessTime, MachineTime
from domain.issues import Event, Issue
from domain.messages import ButtonClick, Chat, IncomingMessage, Quote
from domain.outgoing import Draft
from handlers import doubts, due
from handlers.router import handle, to_read
from handlers.routing import Router
from handlers.visit import Result, Visit
from nlp.commands import intent_of, numbers_in, parse_command
from nlp.reading import Place, Problem, Reading
from store import media
from store.database import Database
from store.desk import DatabaseDesk
from store.tables import inbox, metadata
from store.tables import media as media_table
from tests.unit.handlers.town import MORNING, office

GROUP = "g-yimin"


@dataclass(frozen=True)
class Told:
    """What a report is taken for, and where."""

    category: str = "parking"
    sub: str = "nonmotor"
    house: int | None = None
    shop: str | None = None
    landmark: str | None = None
    section: str | None = None
    confidence: float = 0.95
    danger: bool = False


class How(TypedDict, total=False):
    """Where and with what something is said; in the group of 益民路 if nothing else is told."""

    single: bool
    group: str
    pictures: int
    quote: str
    button: str
    overheard: bool
    relayed: bool
    likely: float
    guess: tuple[str, str]


@dataclass(frozen=True)
class Heard:
    """What came of one message: the answer, and what each address got beside it."""

    result: Result
    drafts: tuple[Draft, ...]

    @property
    def outcome(self) -> str:
        return self.result.outcome

    @property
    def answer(self) -> str:
        return "\n".join(draft.text for draft in self.drafts if draft.address.route == "reply")

    @property
    def issue(self) -> int:
        assert self.result.issue is not None, self.outcome
        return self.result.issue

    def to(self, target: str) -> str:
        """What a person (1:1) or a group got beside the answer."""
        others = (draft for draft in self.drafts if draft.address.route != "reply")
        return "\n".join(draft.text for draft in others if draft.address.target == target)

    @property
    def others(self) -> str:
        """Everything that anybody but the writer got."""
        return "\n".join(draft.text for draft in self.drafts if draft.address.route != "reply")


@dataclass
class Street:
    """The town of ``town.py`` on a Monday morning; ``app``: whether people can be reached 1:1."""

    connection: Connection
    app: bool = True
    now: BusinessTime = MORNING
    archive: bool = False
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def report(self, userid: str, text: str, told: Told | None = None, **how: Unpack[How]) -> Heard:
        """A report, in the group or (``single=True``) 1:1."""
        told = told or Told()
        problem = Problem(told.category, told.sub, told.confidence)
        place = Place(told.section, (), told.house, told.shop, told.landmark)
        command = parse_command(text)
        reading = Reading("report", told.confidence, (), (), place, (problem,), told.danger, command)
        return self._handle(userid, text, reading, **how)

    def say(self, userid: str, text: str, **how: Unpack[How]) -> Heard:
        """Anything but a report."""
        command = parse_command(text)
        if command is None:
            guesses = (Problem(*how.get("guess", ("ads", "sticker")), 0.9),)
            reading = Reading("chatter", 0.9, likely_report=how.get("likely", 0.0), guesses=guesses)
            return self._handle(userid, text, reading, **how)
        intent = intent_of(command.verb) or "chatter"
        numbers = command.numbers or numbers_in(text)
        return self._handle(userid, text, Reading(intent, 0.99, (), numbers, command=command), **how)

    def press(self, userid: str, key: str) -> Heard:
        """A button of a card."""
        return self.say(userid, key, single=True, button=key)

    def photo(self, userid: str, *, overheard: bool = False) -> Heard:
        """A lone picture, 1:1, or in the group and to nobody in particular."""
        where: How = {"single": not overheard, "overheard": overheard, "pictures": 1}
        return self._handle(userid, "", Reading("chatter", 1.0), **where)

    def list_doubts(self, owner: str) -> tuple[Draft, ...]:
        """What somebody is shown of what was overheard, if it is time."""
        desk = self._desk(0)
        return tuple(Router(desk.office, self.now).drafts(doubts.due(desk, owner)))

    def later(self, **span: float) -> None:
        self.now = BusinessTime(self.now + timedelta(**span))

    def tick(self, number: int) -> tuple[Draft, ...]:
        """What became due for one issue by now."""
        desk = self._desk(0)
        issue = desk.issue(number)
        assert issue is not None
        return tuple(Router(desk.office, self.now).drafts(due.take(desk, issue)))

    def issue(self, number: int) -> Issue:
        found = self._desk(0).issue(number)
        assert found is not None, f"no #{number}"
        return found

    def history(self, number: int) -> list[Event]:
        return list(self._desk(0).history(number))

    def actions(self, number: int) -> list[str]:
        return [event.action.value for event in self.history(number)]

    def reporters(self, number: int) -> set[str]:
        return {reporter.userid for reporter in self._desk(0).reporters(number)}

    def pictures(self, number: int) -> list[bool]:
        """For each picture of an issue whether it is a proof."""
        return [picture.proof for picture in media.of_issue(self.connection, number)]

    def _desk(self, inbox_id: int) -> DatabaseDesk:
        here = replace(office(app=self.app), archive=self.archive)
        return DatabaseDesk(self.connection, here, self.now, MachineTime(self.now), inbox_id)

    def _handle(
        self,
        userid: str,
        text: str,
        reading: Reading,
        **how: Unpack[How],
    ) -> Heard:
        number, button = next(self._ids), how.get("button")
        chat = Chat("single", userid) if how.get("single") else Chat("group", how.get("group", GROUP))
        shown = tuple(f"p{number}-{index}" for index in range(how.get("pictures", 0)))
        message = IncomingMessage("aibot", f"m{number}", chat, userid, "text", text, pictures=shown)
        quote = Quote(how["quote"]) if "quote" in how else None
        message = replace(message, reply_to=f"r{number}", quote=quote)
        if how.get("overheard") or how.get("relayed"):
            mentioned = not how.get("overheard")
            message = replace(message, channel="relay", mentioned=mentioned, reply_to=None)
        if button:
            message = replace(message, kind="button", text="", button=ButtonClick(button, "t", "c"))
        assert to_read(message) == text
        self._keep(number, message)
        desk = self._desk(number)
        result = handle(Visit(message, reading, desk))
        return Heard(result, tuple(Router(desk.office, self.now, message).drafts(result.messages)))

    def _keep(self, number: int, message: IncomingMessage) -> None:
        row = {"id": number, "dedupe_key": message.dedupe_key, "chat_key": message.chat_key}
        stored = {"document": message.to_json(), "received_at": self.now, "said_at": self.now}
        self.connection.execute(insert(inbox).values(**row, **stored))
        for picture in message.pictures:
            values = {"inbox_id": number, "channel": "aibot", "ref": picture, "next_at": self.now}
            self.connection.execute(insert(media_table).values(**values))


def street(folder: Path, *, app: bool = True, archive: bool = False) -> Iterator[Street]:
    """A street of its own for each test; one transaction, never committed."""
    database = Database(f"sqlite:///{folder / 'street.db'}")
    metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        yield Street(connection, app, archive=archive)
    database.close()
