"""How long claims and handlings took that ended in a period, from the histories of the issues concerned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, case, or_, select, type_coerce
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime
from domain.durations import Step, durations
from domain.figures import PROMPT, Key
from domain.issues import Action
from domain.stopwatch import Stopwatch
from domain.with_officer import CLOCK, Whose
from domain.working_time import WorkingTime
from store.columns import EPOCH
from store.period import Period
from store.tables import events, issues
from store.tallies import KEY, Tally, key_of

_ENDS = (Action.CLAIM.value, Action.RESOLVE.value)


def counted(
    connection: Connection, period: Period, holds: Sequence[ColumnElement[bool]], working: WorkingTime
) -> Iterator[Tally]:
    """``claims``, ``claim_s``, ``prompt``, ``handlings`` and ``handling_s``, by group."""
    rows = connection.execute(_histories(period, holds)).all()
    if not rows:
        return
    begin = BusinessTime(EPOCH + timedelta(microseconds=min(row.at for row in rows)))
    stopwatch = Stopwatch(working, begin, period.until)
    since, until = period.since.timestamp(), period.until.timestamp()
    sums: dict[tuple[Key, str], int] = defaultdict(int)
    for _, group in groupby(rows, attrgetter("number")):
        history = list(group)
        steps = [_step(row) for row in history]
        for claim, at, seconds in durations(steps, stopwatch.seconds):
            if since < at <= until:
                _take(sums, key_of(history[0]), round(seconds), claim=claim)
    for (key, name), number in sums.items():
        yield key, name, number


def _step(row: Row[Any]) -> Step:
    deed = row.inbox_id if row.undoable else None
    return Step(row.action, row.at / 1e6, row.before, row.after, row.whose, row.actor, deed)


def _take(sums: dict[tuple[Key, str], int], key: Key, seconds: int, *, claim: bool) -> None:
    sums[key, "claims" if claim else "handlings"] += 1
    sums[key, "claim_s" if claim else "handling_s"] += seconds
    if claim and seconds <= PROMPT.total_seconds():
        sums[key, "prompt"] += 1


def _histories(period: Period, holds: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """What tells the time of issues which were claimed or resolved in the period, up to its end."""
    concerned = select(events.c.number).where(period.holds(events.c.at), events.c.action.in_(_ENDS))
    kept = (Action.REPORT.value, Action.TRANSFER.value, Action.UNDO.value)
    whose = [(events.c.data.contains(f'"{CLOCK}": "{each}"', autoescape=True), each.value) for each in Whose]
    undoable = events.c.snapshot.is_not(None)
    return (
        select(
            *KEY,
            events.c.number,
            events.c.action,
            type_coerce(events.c.at, BigInteger).label("at"),
            events.c.before,
            events.c.after,
            case(*whose, else_="").label("whose"),
            events.c.actor,
            events.c.inbox_id,
            undoable.label("undoable"),
        )
        .join(issues, issues.c.number == events.c.number)
        .where(
            events.c.number.in_(concerned),
            or_(
                events.c.before != events.c.after,
                events.c.action.in_(kept),
                undoable,
                events.c.data.contains(f'"{CLOCK}"', autoescape=True),
            ),
            *holds,
        )
        .order_by(events.c.number, events.c.id)
    )
