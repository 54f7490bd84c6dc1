"""One message being handled: who says what, where, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from types import MappingProxyType

from domain.clock import BusinessTime
from domain.followers import openid_of
from domain.issues import ON_BEHALF_OF, Action, Actor, Event, Issue
from domain.messages import IncomingMessage
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, ToWriter
from domain.ports import Desk
from domain.roster import Group, Person, Role, Shop
from domain.transitions import record
from nlp.reading import Command, Reading

NO_DATA: Mapping[str, str] = MappingProxyType({})
CHIEFS_WORK = frozenset(
    {
        Action.CLAIM, Action.RESOLVE, Action.PROGRESS, Action.RETURN, Action.EXTERNAL, Action.MUTE,
        Action.CO_HANDLE,
    }
)  # fmt: skip
"""What a supervisor does for a chief, not in his own office; it is marked 代办."""
PASSES_BY = timedelta(hours=1)


@dataclass(frozen=True)
class Visit:
    """What every handler is given. ``lexicon``: version of the lexicon that made the reading."""

    message: IncomingMessage
    reading: Reading
    desk: Desk
    lexicon: str = ""

    @property
    def office(self) -> Office:
        return self.desk.office

    @property
    def now(self) -> BusinessTime:
        return self.desk.now

    @cached_property
    def person(self) -> Person | None:
        """The writer, if the roster knows him."""
        return self.office.roster.person(self.message.sender)

    @cached_property
    def userid(self) -> str:
        """The writer's own userid, whatever alias the platform used."""
        return self.person.userid if self.person else self.message.sender

    @cached_property
    def shop(self) -> Shop | None:
        """The writer's shop; of several, the one where he is."""
        shops = self.office.roster.shops_of(self.userid)
        here = (shop for shop in shops if shop.section in self.here)
        return next(here, shops[0] if shops else None)

    @cached_property
    def group(self) -> Group | None:
        """The registered group it was said in."""
        chat = self.message.chat
        return self.office.roster.group(chat.id) if chat.kind == "group" else None

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the group it was said in."""
        return self.group.sections if self.group else ()

    @cached_property
    def here(self) -> tuple[str, ...]:
        """The sections that are meant where nothing else is said: those of the group, or the street whose QR
        code the writer scanned. Who has a shop of his own is there for an hour only."""
        openid = openid_of(self.message.sender)
        if self.group is not None or openid is None:
            return self.sections
        scanned = self.desk.followers.street(openid)
        if scanned is None or self.office.roster.section(scanned[0]) is None:
            return ()
        stays = not self.office.roster.shops_of(self.userid) or self.now - scanned[1] < PASSES_BY
        return (scanned[0],) if stays else ()

    @cached_property
    def actor(self) -> Actor:
        """The writer as the history shows him."""
        return Actor(self.userid, self.office.name_of(self.userid))

    @property
    def works_here(self) -> bool:
        """Whether the writer is one of those who solve problems, not a merchant."""
        return self.person is not None and self.person.role is not Role.MERCHANT

    @property
    def has_picture(self) -> bool:
        return bool(self.message.all_pictures)

    @property
    def command(self) -> Command:
        """The exact command, or what the natural wording amounts to."""
        return self.reading.command or Command("", self.reading.numbers, self.message.text)

    def reported(self, issue: Issue) -> bool:
        """Whether the writer is one of those who reported an issue."""
        return any(reporter.userid == self.userid for reporter in self.desk.reporters(issue.number))

    def change(
        self,
        before: Issue,
        after: Issue,
        action: Action,
        reason: str = "",
        data: Mapping[str, str] = NO_DATA,
    ) -> Issue:
        """Store a change made by the writer, with its event."""
        event = record(before, after, action, self.actor, self.now, reason)
        return self.desk.save(
            before, after, replace(event, data={**event.data, **data, **self._on_behalf(before, action)})
        )

    def note(self, issue: Issue, action: Action, reason: str = "") -> None:
        """Record something the writer did that leaves the state as it is."""
        self.desk.note(self.event(issue, action, reason))

    def event(self, issue: Issue, action: Action, reason: str = "") -> Event:
        return record(issue, issue, action, self.actor, self.now, reason)

    def stands_in_office(self, issue: Issue) -> bool:
        """Whether the writer acts on this issue only because he watches over it: 代办."""
        if self.person is None or self.person.role not in {Role.SUPERVISOR, Role.ADMINISTRATOR}:
            return False
        duty = self.office.roster.responsible(issue.section) if issue.section else frozenset()
        return issue.owner not in {None, self.userid} and self.userid not in duty

    def _on_behalf(self, issue: Issue, action: Action) -> Mapping[str, str]:
        if action in CHIEFS_WORK and issue.owner and self.stands_in_office(issue):
            return {ON_BEHALF_OF: issue.owner}
        return NO_DATA


@dataclass(frozen=True, slots=True)
class Result:
    """What handling a message came to: a named outcome for the record, and what is to be said."""

    outcome: str
    messages: tuple[Outgoing, ...] = ()
    issue: int | None = None


def answer(text: str, outcome: str, issue: Issue | None = None, *more: Outgoing) -> Result:
    """A result with an answer to the writer, and word to others."""
    number = issue.number if issue else None
    danger = issue.danger if issue else False
    first = Outgoing(ToWriter(), text, Purpose.ANSWER, number, danger)
    return Result(outcome, (first, *more), number)


def silence(outcome: str) -> Result:
    """Nothing is said; the outcome is recorded all the same."""
    return Result(outcome)
