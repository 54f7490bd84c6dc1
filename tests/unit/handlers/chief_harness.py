"""Dialogs in one process: the real language layer, router and records (SQLite), a clock set by hand.

``say`` handles one message as the worker does and returns what it came to; ``told`` is what others were told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from domain.clock import BusinessTime, MachineTime
from domain.figures import Counts
from domain.issues import Event, Issue, State
from domain.messages import ButtonClick, Chat, IncomingMessage, Quote
from domain.office import Office
from domain.outgoing import Draft, Outgoing, ToCard, ToGroup, ToPerson, ToWriter
from domain.roster import Person, Role, Roster
from handlers.router import handle, to_read
from handlers.routing import Router
from handlers.visit import Visit
from nlp.classifier import Classifier, load_classifier
from nlp.reading import Place, Problem, Reading
from store import figures, issues, leaves
from store import roster as rosters
from store.database import Database
from store.desk import DatabaseDesk
from store.figures import Scope
from store.period import Period
from store.tables import metadata
from tests.unit.handlers.town import MORNING, ROSTER, moment, office
from workers.bootstrap import gazetteer

BLOCKED = "28号门口电动车乱停把路堵死了"
DIRTY = "12号门口垃圾堆成山没人清"

CITY = replace(ROSTER, people=(*ROSTER.people, Person("cheng", "陈城", Role.OFFICER, unit="城管")))


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    return load_classifier(gazetteer(CITY))


def town(folder: Path) -> Iterator[Town]:
    """A town for one test."""
    here = Town(folder)
    yield here
    here.database.close()


@dataclass(frozen=True)
class Said:
    """What one message came to."""

    outcome: str
    messages: tuple[Outgoing, ...]
    drafts: tuple[Draft, ...]
    issue: int | None

    @property
    def answer(self) -> str:
        """The one answer; "" for silence."""
        own = [message.text for message in self.messages if isinstance(message.to, ToWriter)]
        assert len(own) <= 1, own
        return own[0] if own else ""

    @property
    def face(self) -> str:
        """What stands on the pressed card."""
        return next((each.text for each in self.messages if isinstance(each.to, ToCard)), "")

    def told(self, userid: str) -> str:
        """What one person was told besides the answer."""
        return "\n".join(
            each.text
            for each in self.messages
            if (isinstance(each.to, ToPerson) and each.to.userid == userid)
        )

    @property
    def heard(self) -> set[str]:
        """Everyone who was told something 1:1."""
        return {each.to.userid for each in self.messages if isinstance(each.to, ToPerson)}

    def buttons(self, userid: str) -> list[str]:
        return [
            button.key
            for each in self.messages
            if isinstance(each.to, ToPerson) and each.to.userid == userid
            for button in each.buttons
        ]

    @property
    def groups(self) -> set[str]:
        return {each.to.chat_id for each in self.messages if isinstance(each.to, ToGroup)}


class Town:
    """A town with its records. ``now`` may be set; every message is a minute after the one before."""

    def __init__(self, folder: Path, roster: Roster = CITY, now: BusinessTime = MORNING) -> None:
        self.database = Database(f"sqlite:///{folder}/town.db")
        metadata.create_all(self.database.engine)
        self.roster = roster
        self.now = now
        self.app = True
        self.pilot: frozenset[str] = frozenset()
        self._messages = 0

    def at(self, text: str) -> Town:
        self.now = moment(text)
        return self

    def say(
        self,
        who: str,
        text: str,
        group: str | None = None,
        *,
        picture: bool = False,
        press: bool = False,
        quote: str = "",
    ) -> Said:
        """One message, 1:1 unless ``group``; a press of a button when ``press``."""
        self._messages += 1
        self.now = BusinessTime(self.now + timedelta(minutes=1))
        number = self._messages
        message = IncomingMessage(
            channel="app_channel" if group is None else "aibot",
            dedupe_key=f"m{number}",
            chat=Chat("single", who) if group is None else Chat("group", group),
            sender=who,
            kind="button" if press else "text",
            text="" if press else text,
            pictures=(f"p{number}",) if picture else (),
            quote=Quote(quote) if quote else None,
            button=ButtonClick(text, f"t{number}", f"rc{number}") if press else None,
        )
        return self._handled(message, number)

    def report(
        self,
        house: int = 28,
        kind: tuple[str, str] = ("parking", "motor"),
        *,
        section: str = "益民路",
        danger: bool = False,
    ) -> int:
        """A report by 益民五金店, understood as given; returns its number."""
        self._messages += 1
        self.now = BusinessTime(self.now + timedelta(minutes=1))
        text = f"{section}{house}号门口有问题"
        problem = Problem(*kind, confidence=1.0)
        place = Place(section=section, house_number=house)
        reading = Reading("report", 1.0, place=place, problems=(problem,), danger=danger)
        message = IncomingMessage(
            "aibot", f"m{self._messages}", Chat("group", "g-yimin"), "wujin", "text", text
        )
        number = self._read(message, self._messages, reading).issue
        assert number is not None
        return number

    def _handled(self, message: IncomingMessage, number: int) -> Said:
        return self._read(message, number, classifier().read(to_read(message), mention=True))

    def _read(self, message: IncomingMessage, number: int, reading: Reading) -> Said:
        with self.database.write() as connection:
            absent = leaves.absent(connection, self.now)
            version = rosters.current_version(connection)
            here = replace(self._office(absent), roster_version=version)
            desk = DatabaseDesk(connection, here, self.now, MachineTime(self.now), number)
            result = handle(Visit(message, reading, desk))
            drafts = Router(desk.office, self.now, message).drafts(result.messages)
        self.roster = desk.office.roster
        return Said(result.outcome, result.messages, tuple(drafts), result.issue)

    def _office(self, absent: frozenset[str]) -> Office:
        return replace(office(app=self.app, absent=absent, roster=self.roster), pilot=self.pilot)

    def issue(self, number: int = 1) -> Issue:
        with self.database.read() as connection:
            found = issues.get(connection, number)
        assert found is not None, number
        return found

    def state(self, number: int = 1) -> State:
        return self.issue(number).state

    def history(self, number: int = 1) -> Sequence[Event]:
        with self.database.read() as connection:
            here = office(roster=self.roster)
            return DatabaseDesk(connection, here, self.now, MachineTime(self.now)).history(number)

    def actions(self, number: int = 1) -> list[str]:
        """The history by its words, what the system noted left out."""
        return [event.action.value for event in self.history(number) if event.actor]

    def counts(self, subdistrict: str) -> Counts:
        """The figures of the last 24 hours."""
        with self.database.read() as connection:
            period = Period(BusinessTime(self.now - timedelta(days=1)), self.now)
            here = office(roster=self.roster)
            found = figures.by_subdistrict(connection, Scope(period), here.rules.working_time)
            return found.get(subdistrict, Counts())

    def next_step(self, number: int = 1) -> BusinessTime | None:
        """When the ladder wants to look at an issue."""
        with self.database.read() as connection:
            return dict(issues.upcoming(connection, 100)).get(number)

    def away(self, userid: str) -> bool:
        with self.database.read() as connection:
            return userid in leaves.absent(connection, self.now)
