"""What handlers need from the outside, as they need it; ``store.desk`` is the one that works on the database.

Everything a desk does belongs to one transaction: either all of it happens, together with the outgoing
messages, or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from domain.broadcasts import Broadcasts
from domain.clock import BusinessTime
from domain.diary import Entry
from domain.doubts import DoubtBook
from domain.flags import Colour
from domain.issues import Action, Actor, Event, Issue, Reporter
from domain.office import Office
from domain.orders import Order
from domain.quiet import Window
from domain.roster import Roster


@dataclass(frozen=True, slots=True)
class Question:
    """An open question to one person in one chat: what kind, the numbered options, and what it was about."""

    kind: str
    options: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A text as people corrected it: what it should have been understood as."""

    text: str
    intent: str
    category: str
    sub: str
    section: str


@dataclass(frozen=True, slots=True)
class Undo:
    """One issue as it was before a person's last message changed it. ``overtaken``: someone else acted on
    it since. ``inbox_id``: that message."""

    before: Issue
    action: Action
    overtaken: bool
    inbox_id: int


@dataclass(frozen=True, slots=True)
class Leave:
    """From when until when (not included) somebody is away; ``until`` None: until he says he is back."""

    since: BusinessTime
    until: BusinessTime | None


@dataclass(frozen=True, slots=True)
class Traces:
    """How much the records hold of a person: messages, reports, pictures, and open issues that he owns."""

    messages: int
    reports: int
    pictures: int
    owned: int

    @property
    def is_any(self) -> bool:
        return bool(self.messages or self.reports or self.pictures or self.owned)


@dataclass(frozen=True, slots=True)
class FlagEntry:
    """An official flag: ``month`` as ``2026-10``."""

    month: str
    section: str
    colour: Colour
    note: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """申诉 about one issue (``number``), or about the flag of a month and section. userid: who appeals."""

    subdistrict: str
    month: str | None = None
    section: str | None = None
    number: int | None = None
    reason: str = ""
    userid: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What handling a message will probably ask the records, so that it is looked up once for many messages.
    ``kind``: section and category of ``recent_alike``; ``since``: as there; ``slot``: a key of ``once``;
    ``hands``: whose issues, by ``in_hands_of``."""

    since: BusinessTime
    kind: tuple[str, str] | None = None
    slot: str | None = None
    hands: str | None = None


class FlagBook(Protocol):
    """Official flags and appeals, as one transaction sees them."""

    def enter(self, entry: FlagEntry, actor: Actor) -> None:
        """The flag of a month and section from now on."""

    def of_section(self, section: str) -> Mapping[str, Colour]:
        """Month → flag."""

    def appeal(self, made: Appeal, actor: Actor) -> None:
        """Somebody appeals."""

    def waiting(self, about: Appeal) -> Appeal | None:
        """The undecided appeal about the same thing."""

    def decide(self, about: Appeal, actor: Actor, *, upheld: bool, answer: str) -> None:
        """The supervisor's word on it."""


class Followers(Protocol):
    """Followers of the 公众号, by openid, as one transaction sees them."""

    def spoke(self, openid: str) -> None:
        """The message being handled is a follower's word: he may be answered for 48 h, and hears what waited
        for it."""

    def tapped(self, openid: str) -> None:
        """It is a tap (menu, QR code, following), which allows little more than an answer."""

    def left(self, openid: str) -> None:
        """He no longer follows."""

    def came_by(self, openid: str, section: str) -> None:
        """He scanned the QR code of a section."""

    def street(self, openid: str) -> tuple[str, BusinessTime] | None:
        """The section whose code he scanned last, and when."""


class Desk(Protocol):
    """One transaction's view of the records, at one business time."""

    @property
    def now(self) -> BusinessTime: ...

    @property
    def office(self) -> Office: ...

    def open_issue(self, issue: Issue, actor: Actor, data: Mapping[str, str]) -> Issue:
        """Store a new issue; it gets its number and its first event."""

    def save(self, before: Issue, after: Issue, event: Event) -> Issue:
        """Store a change and its event. Raises ``StaleIssue`` if the issue changed since it was read."""

    def note(self, event: Event) -> None:
        """Add an event that changes nothing in the issue itself."""

    def issue(self, number: int) -> Issue | None: ...

    def steps_done(self, issue: Issue) -> frozenset[str]:
        """Names of the ladder's rungs of this cycle that were sent or superseded."""

    def take_step(self, issue: Issue, name: str, outcome: str) -> bool:
        """Take the one slot of a rung; False if it was taken before."""

    def own_messages(self, chat_id: str, number: int) -> int:
        """How many messages a group got, or is about to get, for the sake of this issue alone; answers to
        what was said there are not counted."""

    def look_again(self, issue: Issue, at: BusinessTime | None) -> None:
        """Say when the ladder wants to be looked at again. Raises ``StaleIssue`` like ``save``."""

    def open_of_owner(self, userid: str) -> Sequence[Issue]: ...

    def open_in_sections(self, sections: Collection[str]) -> Sequence[Issue]: ...

    def open_in_subdistrict(self, subdistrict: str, limit: int = 200) -> Sequence[Issue]: ...

    def in_hands_of(self, userid: str) -> Sequence[Issue]:
        """Open issues that a person owns, then those he co-handles as an officer."""

    def recent_alike(self, section: str, category: str, since: BusinessTime) -> Sequence[Issue]:
        """Issues of a section and category that are open or were closed after ``since``, the newest first;
        not rejected, not merged."""

    def reporters(self, number: int) -> Sequence[Reporter]:
        """Everyone who reported an issue; the first one among them."""

    def join(self, number: int, reporter: Reporter) -> bool:
        """Add a reporter; False if he was one already."""

    def leave(self, number: int, userid: str) -> None:
        """Take a reporter out."""

    def hide(self, number: int, userid: str) -> None:
        """匿名: this reporter is not named."""

    def undoable(self, userid: str, within: timedelta) -> Sequence[Undo]:
        """What this person's last message changed, if that was within the span."""

    def restore(self, now_is: Issue, undo: Undo, event: Event) -> Issue:
        """Put an issue back as it was; reminders already sent stay sent."""

    def set_absent(self, userid: str, leave: Leave) -> None:
        """请假, in place of every leave of his that overlaps it. One that has begun shows in ``office``."""

    def clear_absent(self, userid: str) -> bool:
        """销假: ends the present leave, else calls off those to come; whether there was one."""

    def planned_leaves(self, userid: str) -> Sequence[Leave]:
        """Leaves that have not begun."""

    def traces(self, userid: str) -> Traces:
        """What there is of a person, under any id he ever had."""

    def request_erasure(self, userid: str, by: str) -> None:
        """清除 shall happen as soon as everything that is being handled now is written."""

    @property
    def broadcasts(self) -> Broadcasts: ...

    def has_push_key(self, chat_id: str) -> bool:
        """Whether we can push into a group."""

    def asked_beside(self, chat_key: str, within: timedelta) -> Mapping[str, Question]:
        """All open questions under one key, by the person asked."""

    def adopt(self, former: str, userid: str) -> None:
        """What a person reported under another id is his."""

    def amend_roster(self, roster: Roster, source: str) -> None:
        """Put a changed copy of the roster into force; from here on it is that of ``office``. Raises
        ``StaleRoster``."""

    def set_own_quiet(self, userid: str, window: Window | None) -> None:
        """免打扰: quiet hours that somebody asks for himself; None: no longer."""

    def of_reporter(self, userid: str) -> Sequence[Issue]: ...

    def history(self, number: int) -> Sequence[Event]: ...

    def before_last(self, number: int, action: Action) -> Issue | None:
        """The issue as it was before somebody last did this to it."""

    def pictures(self, number: int) -> int:
        """How many pictures belong to an issue."""

    def attach_pictures(self, number: int, *, proof: bool) -> None:
        """The pictures of the message being handled belong to this issue."""

    def attach_earlier(self, number: int, inbox_id: int, *, proof: bool) -> None:
        """The pictures of an earlier message belong to this issue, too."""

    def detach_pictures(self, number: int, inbox_id: int) -> None:
        """The pictures of an earlier message do not belong to this issue after all."""

    @property
    def inbox_id(self) -> int:
        """Id of the message being handled."""

    def keep_example(self, example: Example, number: int, userid: str) -> None:
        """Remember a correction as a labelled example for the lexicon."""

    def question(self, chat_key: str, userid: str, within: timedelta) -> Question | None:
        """The open question, unless it is older than ``within``."""

    def ask(self, chat_key: str, userid: str, question: Question) -> None: ...

    def forget_question(self, chat_key: str, userid: str) -> None: ...

    def order(self, order: Order) -> None:
        """Have a paper made outside the order of the chat; it answers the message being handled."""

    @property
    def flags(self) -> FlagBook: ...

    @property
    def followers(self) -> Followers: ...

    def write_diary(self, entry: Entry, actor: Actor) -> None:
        """签到, 日志, 纪要."""

    @property
    def doubts(self) -> DoubtBook: ...

    def said_elsewhere(self, key: str) -> bool:
        """Whether the words of the message being handled, named by ``key``, came by another channel at about
        the same time; otherwise they are remembered for that channel."""

    def remember_dispatch(self, source: str, key: str, number: int) -> None:
        """The issue that another system's report became."""

    def once(self, key: str, within: timedelta | None = None) -> bool:
        """True the first time (or the first time after ``within``); remembers it."""
