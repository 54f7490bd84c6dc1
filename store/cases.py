"""Issues by the time they were reported, page by page: each in a view of its own, so that a long export keeps
no other one from tidying up."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select, tuple_

from domain.clock import BusinessTime
from domain.issues import Issue
from store.database import Database
from store.figures import Scope
from store.issues import COLUMNS, from_row
from store.tables import issues

PAGE = 2000


def stream(database: Database, scope: Scope) -> Iterator[Issue]:
    """All issues reported in a period at a place, 自查自处 included, in the order they were reported."""
    last: tuple[BusinessTime, int] | None = None
    while True:
        with database.read() as connection:
            page = _page(connection, scope, last)
        yield from page
        if len(page) < PAGE:
            return
        last = (page[-1].reported_at, page[-1].number)


def _page(connection: Connection, scope: Scope, last: tuple[BusinessTime, int] | None) -> list[Issue]:
    place = tuple_(issues.c.reported_at, issues.c.number)
    statement = (
        select(*COLUMNS)
        .where(scope.period.holds(issues.c.reported_at), *scope.here())
        .order_by(issues.c.reported_at, issues.c.number)
        .limit(PAGE)
    )
    if last is not None:
        # the first condition is the one that the index serves
        statement = statement.where(issues.c.reported_at >= last[0], place > last)
    return [from_row(row) for row in connection.execute(statement)]


def count(connection: Connection, scope: Scope) -> int:
    """How many ``stream`` would give."""
    here = select(func.count()).where(scope.period.holds(issues.c.reported_at), *scope.here())
    return int(connection.execute(here.select_from(issues)).scalar_one())
