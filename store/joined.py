"""Who reported which issue, as one transaction sees it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from domain.issues import Issue, Reporter
from store import reporters
from store.tables import reporters as rows

_OF_ALL = select(rows).where(rows.c.number.in_(bindparam("numbers", expanding=True)))


class Joined:
    """Of issues that are new or were read ahead the reporters are known without asking again; whoever joins
    them is written by ``write``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, dict[str, Reporter]] = {}
        self._new: list[tuple[int, Reporter]] = []

    def read(self, numbers: Collection[int]) -> None:
        """Read the reporters of these issues ahead."""
        if numbers:
            self._known |= {number: {} for number in numbers}
            for row in self._connection.execute(_OF_ALL, {"numbers": sorted(numbers)}):
                self._known[row.number][row.userid] = Reporter(row.userid, row.chat_id, row.anonymous)

    def add(self, issue: Issue) -> None:
        """It was opened just now."""
        self._known[issue.number] = {}
        self.join(issue.number, Reporter(issue.reporter, issue.chat_id))

    def join(self, number: int, reporter: Reporter) -> bool:
        """See ``reporters.join``."""
        known = self._known.get(number)
        if known is None:
            return reporters.join(self._connection, number, reporter)
        if reporter.userid in known:
            return False
        known[reporter.userid] = reporter
        self._new.append((number, reporter))
        return True

    def of(self, number: int) -> list[Reporter]:
        """Everyone who reported an issue, by userid."""
        known = self._known.get(number)
        if known is None:
            return reporters.reporters_of(self._connection, number)
        return sorted(known.values(), key=lambda reporter: reporter.userid)

    def is_new(self, userid: str) -> bool:
        """Whether something he joined is not written yet."""
        return any(reporter.userid == userid for _, reporter in self._new)

    def forget(self) -> None:
        """What was known is out of date, and all is written."""
        self._known.clear()

    def write(self) -> None:
        """Write who joined."""
        new, self._new = self._new, []
        reporters.add(self._connection, new)
