"""Open issues in somebody's hands, owned or co-handled: read ahead for all who command in a batch."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select, union

from domain.issues import Issue
from store import issues
from store.columns import is_helped, is_open
from store.tables import issues as rows

MOST_AHEAD = 2000
"""Of so many rows and more it is better to read those of one person at a time."""

_OPEN = select(*issues.COLUMNS).where(is_open)
_OWNED = _OPEN.where(rows.c.owner.in_(bindparam("who", expanding=True)))
_HELPED = _OPEN.where(is_helped)  # few; whose they are is looked for here
_OF_ALL = union(_OWNED, _HELPED).limit(bindparam("most"))


class IssuesInHands:
    """The issues as one transaction sees them; those of people read ahead are known without asking again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, list[Issue]] = {}

    def __contains__(self, userid: str) -> bool:
        return userid in self._known

    def read(self, userids: Collection[str]) -> None:
        """Read ahead what ``find`` will be asked for."""
        if not userids:
            return
        found = self._connection.execute(_OF_ALL, {"who": sorted(userids), "most": MOST_AHEAD}).all()
        if len(found) < MOST_AHEAD:
            self._known = {userid: [] for userid in userids}
            for issue in map(issues.from_row, found):
                self.add(issue)

    def find(self, userid: str) -> list[Issue]:
        """See ``issues.in_hands_of``."""
        if userid not in self._known:
            return issues.in_hands_of(self._connection, userid)
        return issues.by_hands(self._known[userid], userid)

    def add(self, issue: Issue) -> None:
        """It was opened just now."""
        for userid in _hands(issue) & self._known.keys():
            self._known[userid].append(issue)

    def forget(self, *changed: Issue) -> None:
        """What was known of their people is out of date."""
        for issue in changed:
            for userid in _hands(issue):
                self._known.pop(userid, None)


def _hands(issue: Issue) -> frozenset[str]:
    return issue.helpers | ({issue.owner} if issue.owner else frozenset())
