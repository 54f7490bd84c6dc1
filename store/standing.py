"""What was open at a moment, and how it stood then: told from the rows of what is open now, set right by the
events since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.sql import ColumnElement

from domain.issues import OPEN, UNFINISHED, State
from store.columns import EPOCH, is_open
from store.period import Period
from store.tables import events, issues
from store.tallies import KEY, Tally, count_if, key_of, tallied

_NAMES = {State.REPORTED: "unclaimed", State.RESOLVED: "awaiting", State.SUSPENDED: "suspended"}
_RUNNING = (State.REPORTED.value, State.CLAIMED.value)


def stands_still() -> ColumnElement[bool]:
    """The deadline of an unfinished issue waits: it was returned, or an officer has it; not if it was late
    before."""
    paused_at = issues.c.paused_at
    unfinished = issues.c.state.in_([state.value for state in UNFINISHED])
    return unfinished & paused_at.is_not(None) & (paused_at <= issues.c.deadline)


def counted(connection: Connection, period: Period, holds: Sequence[ColumnElement[bool]]) -> Iterator[Tally]:
    """``open`` and its parts at the period's end, by group."""
    changed = select(events.c.number).where(events.c.at > period.until)
    statement = (
        select(
            *KEY,
            func.count().label("open"),
            *(count_if(issues.c.state == state.value, name) for state, name in _NAMES.items()),
            count_if(
                issues.c.state.in_(_RUNNING) & (issues.c.deadline < period.until) & ~stands_still(), "overdue"
            ),
        )
        .where(is_open, issues.c.reported_at <= period.until, issues.c.number.not_in(changed), *holds)
        .group_by(*KEY)
    )
    yield from tallied(connection, statement)
    for row in connection.execute(_changed_since(period, holds)):
        yield from _as_it_was(row, period)


def _changed_since(period: Period, holds: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """What was there at the period's end and changed since: with the state before the first event after it,
    and the deadline before the first one by a person; the system's keep no snapshot and move no deadline."""
    first = (
        select(func.min(events.c.id).label("id"))
        .where(events.c.at > period.until)
        .group_by(events.c.number + 0)  # the bare column would have SQLite walk the index of all numbers
        .subquery()
    )
    later = events.alias("later")
    snapshot = (
        select(later.c.snapshot)
        .where(later.c.number == issues.c.number, later.c.at > period.until, later.c.snapshot.is_not(None))
        .order_by(later.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(*KEY, issues.c.deadline, issues.c.paused_at, events.c.before, snapshot.label("snapshot"))
        .join(first, first.c.id == events.c.id)
        .join(issues, issues.c.number == events.c.number)
        .where(issues.c.reported_at <= period.until, *holds)
    )


def _as_it_was(row: Row[Any], period: Period) -> Iterator[Tally]:
    key, state = key_of(row), State(row.before)
    if state not in OPEN:
        return
    yield key, "open", 1
    if state in _NAMES:
        yield key, _NAMES[state], 1
    if state.value in _RUNNING and _late(row, period.until):
        yield key, "overdue", 1


def _late(row: Row[Any], at: datetime) -> bool:
    """Whether the deadline was over, unless it stood still."""
    deadline, paused_at = row.deadline, row.paused_at
    if row.snapshot is not None:
        then = json.loads(row.snapshot)
        deadline, paused_at = _moment(then["deadline"]), _moment(then.get("paused_at"))
    return bool(deadline < at) and (paused_at is None or paused_at > deadline)


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else EPOCH + timedelta(microseconds=stored)
