"""What handlers need from the outside, as they need it; ``store.desk`` is the one that works on the database.

Everything a desk does belongs to one transaction: either all of it happens, together with the outgoing
messages, or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from domain.clock import BusinessTime
from domain.issues import Actor, Event, Issue
from domain.office import Office


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

    def look_again(self, issue: Issue, at: BusinessTime | None) -> None:
        """Say when the ladder wants to be looked at again."""

    def open_of_owner(self, userid: str) -> Sequence[Issue]: ...

    def open_in_sections(self, sections: Collection[str]) -> Sequence[Issue]: ...

    def open_in_subdistrict(self, subdistrict: str) -> Sequence[Issue]: ...

    def of_reporter(self, userid: str) -> Sequence[Issue]: ...

    def history(self, number: int) -> Sequence[Event]: ...

    def pictures(self, number: int) -> int:
        """How many pictures belong to an issue."""

    def attach_pictures(self, number: int, *, proof: bool) -> None:
        """The pictures of the message being handled belong to this issue."""

    @property
    def inbox_id(self) -> int:
        """Id of the message being handled."""

    def keep_example(self, example: Example, number: int, userid: str) -> None:
        """Remember a correction as a labelled example for the lexicon."""

    def question(self, chat_key: str, userid: str, within: timedelta) -> Question | None:
        """The open question, unless it is older than ``within``."""

    def ask(self, chat_key: str, userid: str, question: Question) -> None: ...

    def forget_question(self, chat_key: str, userid: str) -> None: ...

    def once(self, key: str, within: timedelta | None = None) -> bool:
        """True the first time (or the first time after ``within``); remembers it."""
