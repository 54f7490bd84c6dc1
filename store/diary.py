"""签到, 日志 and 纪要, and what the events add to a section's day: the road chiefs' work log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, func, insert, select

from domain.clock import BusinessTime
from domain.diary import LOGGED, Entry, Kind
from domain.issues import Actor
from store.database import Database
from store.figures import Scope
from store.paper_tables import diary
from store.period import Period
from store.tables import events, issues

_DAY, _MOMENT = timedelta(days=1), timedelta(microseconds=1)


def write(connection: Connection, entry: Entry, actor: Actor) -> None:
    """Keep an entry that is not about an issue."""
    row = {
        "kind": entry.kind.value,
        "subdistrict": entry.subdistrict,
        "section": entry.section or None,
        "userid": actor.userid,
        "name": actor.name[:100],
        "at": entry.at,
        "text": entry.text,
    }
    connection.execute(insert(diary), row)


def read(connection: Connection, scope: Scope) -> Sequence[Entry]:
    """All entries of a place in a period, oldest first."""
    return sorted(
        (*_written(connection, scope), *_happened(connection, scope)),
        key=lambda entry: (entry.at, entry.number or 0),
    )


def stream(database: Database, scope: Scope) -> Iterator[Entry]:
    """The same day by day, each in a view of its own: however long a log is, a day of it is in memory."""
    with database.read() as connection:
        since, last = _first_and_last(connection, scope.period)
    while since < last:
        until = BusinessTime(min(since + _DAY, last))
        with database.read() as connection:
            entries = read(connection, replace(scope, period=Period(since, until)))
        yield from entries
        since = until


def _first_and_last(connection: Connection, period: Period) -> tuple[BusinessTime, BusinessTime]:
    """From just before the first thing that happened or was written in a period, to the last."""
    found: list[BusinessTime] = []
    for column in (events.c.at, diary.c.at):
        span = select(func.min(column), func.max(column)).where(period.holds(column))
        found += [BusinessTime(at) for at in connection.execute(span).one() if at is not None]
    if not found:
        return period.until, period.until
    return BusinessTime(min(found) - _MOMENT), max(found)


def _written(connection: Connection, scope: Scope) -> Iterator[Entry]:
    statement = select(diary).where(scope.period.holds(diary.c.at)).order_by(diary.c.id)
    if scope.sections:
        statement = statement.where(diary.c.section.in_(scope.sections))
    if scope.subdistrict:
        statement = statement.where(diary.c.subdistrict == scope.subdistrict)
    for row in connection.execute(statement):
        yield Entry(
            Kind(row.kind), row.subdistrict, row.section or "", BusinessTime(row.at), row.text,
            row.name, row.userid,
        )  # fmt: skip


def _happened(connection: Connection, scope: Scope) -> Iterator[Entry]:
    statement = (
        select(
            events.c.action, events.c.at, events.c.actor, events.c.actor_name, events.c.reason,
            events.c.number,
            issues.c.subdistrict, issues.c.section, issues.c.category, issues.c.sub, issues.c.house_number,
        )
        .join(issues, issues.c.number == events.c.number)
        .where(scope.period.holds(events.c.at), *scope.here())
        .where(events.c.action.in_([action.value for action in LOGGED]))
        .order_by(events.c.id)  # what happened in one moment stays in its order
    )  # fmt: skip
    for row in connection.execute(statement):
        place = f"{row.house_number}号" if row.house_number else ""
        yield Entry(
            Kind.EVENT, row.subdistrict, row.section or "", BusinessTime(row.at), row.reason,
            row.actor_name, row.actor, row.number, row.action, (row.category, row.sub), place,
        )  # fmt: skip
