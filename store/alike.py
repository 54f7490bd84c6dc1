"""Issues that a report may be about, or be the return of: of one section and category."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, select, tuple_, union_all

from domain.clock import BusinessTime
from domain.issues import Issue, State
from store.columns import Moment, is_open
from store.issues import COLUMNS, from_row
from store.tables import issues

Kind = tuple[str, str]
"""Section and category."""

MOST_OF_A_KIND = 200
MOST_AHEAD = 2000
"""Of so many rows and more it is better to read those of one kind at a time."""

_ALL = select(*COLUMNS)
_CLOSED = (issues.c.state == State.CLOSED.value) & (issues.c.closed_at >= bindparam("since", type_=Moment))
# Built once: building takes SQLAlchemy longer than running SQLite. Open and closed apart, each by its index.
_ONE = (issues.c.section == bindparam("section")) & (issues.c.category == bindparam("category"))
_OF_KIND = union_all(
    *(
        select(which.order_by(issues.c.number.desc()).limit(bindparam("most")).subquery())
        for which in (_ALL.where(is_open, _ONE), _ALL.where(_CLOSED, _ONE))
    )
)
# the sections for themselves as well: SQLite finds no index by pairs alone
_ANY = issues.c.section.in_(bindparam("sections", expanding=True)) & tuple_(
    issues.c.section, issues.c.category
).in_(bindparam("kinds", expanding=True))
_OF_KINDS = union_all(_ALL.where(is_open, _ANY), _ALL.where(_CLOSED, _ANY)).limit(bindparam("most"))


class AlikeIssues:
    """The issues as one transaction sees them; those of kinds read ahead are known without asking again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Kind, list[Issue]] = {}

    def __contains__(self, kind: Kind) -> bool:
        return kind in self._known

    def read(self, kinds: Collection[Kind], since: BusinessTime) -> Sequence[Issue]:
        """Read ahead what ``find`` will be asked for, closed after ``since`` at the earliest. All of it."""
        sections = sorted({section for section, _ in kinds})
        asked = {"sections": sections, "kinds": sorted(kinds), "since": since, "most": MOST_AHEAD}
        rows = self._connection.execute(_OF_KINDS, asked).all()
        if len(rows) >= MOST_AHEAD:
            return ()
        self._known = {kind: [] for kind in kinds}
        found = [from_row(row) for row in rows]
        for issue in found:
            self.add(issue)
        return found

    def find(self, kind: Kind, since: BusinessTime) -> list[Issue]:
        """Those that are open, or were closed after ``since``, the newest first."""
        if kind in self._known:
            found = [each for each in self._known[kind] if _is_open_or_closed_after(each, since)]
        else:
            section, category = kind
            asked = {"section": section, "category": category, "since": since, "most": MOST_OF_A_KIND}
            found = [from_row(row) for row in self._connection.execute(_OF_KIND, asked)]
        return sorted(found, key=lambda issue: -issue.number)[:MOST_OF_A_KIND]

    def add(self, issue: Issue) -> None:
        """It was opened just now."""
        if (kind := (issue.section or "", issue.category)) in self._known:
            self._known[kind].append(issue)

    def forget(self, *changed: Issue) -> None:
        """What was known of their kinds is out of date."""
        for issue in changed:
            self._known.pop((issue.section or "", issue.category), None)


def _is_open_or_closed_after(issue: Issue, since: BusinessTime) -> bool:
    return issue.state is not State.CLOSED or (issue.closed_at is not None and issue.closed_at >= since)
