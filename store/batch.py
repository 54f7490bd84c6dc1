"""What the messages of one transaction share: looked up once for all of them, written together at its end.

A report is six rows, and statement by statement most of what it costs. So new rows are kept here until the
batch ends, or until something is read that they could be part of (``with_any``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from domain.clock import BusinessTime
from domain.issues import OPEN, Event, Issue, Reporter
from domain.ports import Foreseen
from store import events, issues
from store.alike import AlikeIssues, Kind
from store.events import Cause
from store.in_hands import IssuesInHands
from store.issues import Planned
from store.joined import Joined
from store.open_questions import OpenQuestions
from store.slots import Slots


class Batch:
    """Rows of one transaction on their way to the database.

    ``chats``: chats that are leased, because a batch of their messages is handled: then rows are kept until
    ``write``, which must be called before the commit. Without them everything is written at once.
    """

    def __init__(self, connection: Connection, chats: Collection[str] = ()) -> None:
        self.connection = connection
        self._at_once = not chats
        self._numbers = _Numbers(connection)
        self._issues: dict[int, Planned] = {}
        self._events: list[tuple[Event, Cause]] = []
        self._pictured: set[int] = set()
        self.questions = OpenQuestions(connection, chats)
        self.slots = Slots(connection)
        self.joined = Joined(connection)
        self._alike = AlikeIssues(connection)
        self._in_hands = IssuesInHands(connection)

    def look_ahead(self, foreseen: Sequence[Foreseen]) -> None:
        """Look up at once what the messages will ask for. Whoever opens an issue has waited for the others
        who do (the number decides), and sees what they opened."""
        kinds = {each.kind for each in foreseen if each.kind is not None}
        if kinds:
            self._numbers.take_turn()
            found = self._alike.read(kinds, min(each.since for each in foreseen))
            self.joined.read({issue.number for issue in found if issue.state in OPEN})
        self.slots.read({each.slot for each in foreseen if each.slot is not None})
        self._in_hands.read({each.hands for each in foreseen if each.hands is not None})

    def open(self, issue: Issue, next_step: Callable[[Issue], BusinessTime | None]) -> Issue:
        """The issue with its number; its first reporter is among its reporters."""
        numbered = replace(issue, number=self._numbers.next())
        self._issues[numbered.number] = numbered, next_step(numbered)
        self.joined.add(numbered)
        self._alike.add(numbered)
        self._in_hands.add(numbered)
        self._keep()
        return numbered

    def record(self, event: Event, cause: Cause) -> None:
        """Append to the history."""
        self._events.append((event, cause))
        self._keep()

    def _keep(self) -> None:
        if self._at_once:
            self.write()

    def change(self, before: Issue, after: Issue, next_step_at: BusinessTime | None) -> Issue:
        """Change an issue that was read. Raises ``StaleIssue``, see ``issues.change``."""
        connection = self.with_any(lambda each: each.number == after.number)
        changed = issues.change(connection, replace(after, version=before.version), next_step_at)
        self._alike.forget(before, after)
        self._in_hands.forget(before, after)
        return changed

    def alike(self, kind: Kind, since: BusinessTime) -> Sequence[Issue]:
        """See ``Desk.recent_alike``."""
        if kind not in self._alike:
            self.with_any(lambda each: (each.section, each.category) == kind)
        return self._alike.find(kind, since)

    def in_hands_of(self, userid: str) -> Sequence[Issue]:
        """See ``Desk.in_hands_of``."""
        if userid not in self._in_hands:
            self.with_any(lambda each: each.owner == userid or userid in each.helpers)
        return self._in_hands.find(userid)

    def join(self, number: int, reporter: Reporter) -> bool:
        """See ``Desk.join``."""
        is_new = self.joined.join(number, reporter)
        self._keep()
        return is_new

    def illustrate(self, number: int) -> None:
        """It has pictures now."""
        self._pictured.add(number)

    def has_no_pictures(self, number: int) -> bool:
        """Whether that is known without looking: it was opened just now, and none was attached."""
        return number in self._issues and number not in self._pictured

    def with_any(self, is_concerned: Callable[[Issue], bool]) -> Connection:
        """The connection, to read something that one of the new issues could be part of: then all is written
        first."""
        if any(is_concerned(issue) for issue, _ in self._issues.values()):
            self.write()
        return self.connection

    def written(self) -> Connection:
        """The connection, after all is written."""
        self.write()
        return self.connection

    def write(self) -> None:
        """Write all. Raises ``StoreContention`` if what was looked up ahead is not true any more."""
        opened, happened = list(self._issues.values()), self._events
        self._issues, self._events = {}, []
        issues.add(self.connection, opened)
        self.joined.write()
        events.append(self.connection, happened)
        self._numbers.write()
        self.questions.write()
        self.slots.write()


_TAKE_TURN = text(
    "INSERT INTO counters (name, value) VALUES ('issue', 0) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value RETURNING value"
)
_COUNT = text("UPDATE counters SET value = :last WHERE name = 'issue'")


class _Numbers:
    """Issue numbers without gaps: whoever takes one has the counter to himself until his transaction ends,
    and a number is given back when it fails."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: int | None = None

    def take_turn(self) -> int:
        if self._last is None:
            self._last = int(self._connection.execute(_TAKE_TURN).scalar_one())
        return self._last

    def next(self) -> int:
        self._last = self.take_turn() + 1
        return self._last

    def write(self) -> None:
        if self._last is not None:
            self._connection.execute(_COUNT, {"last": self._last})
            self._last = None
