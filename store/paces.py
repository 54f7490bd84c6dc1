"""How long claims and handlings took that ended in a period, from the histories of the issues concerned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, or_, select
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime
from domain.durations import Step, durations
from domain.figures import PROMPT
from domain.issues import Action
from domain.stopwatch import Stopwatch
from domain.working_time import WorkingTime
from store.period import Period
from store.tables import events, issues
from store.tallies import KEY, Tally, key_of

_ENDS = (Action.CLAIM.value, Action.RESOLVE.value)


def counted(
    connection: Connection, period: Period, holds: Sequence[ColumnElement[bool]], working: WorkingTime
) -> Iterator[Tally]:
    """``claims``, ``claim_s``, ``prompt``, ``handlings`` and ``handling_s``, issue by issue."""
    rows = connection.execute(_histories(period, holds)).all()
    if not rows:
        return
    begin = min(row.at for row in rows)
    stopwatch = Stopwatch(working, begin, period.until)
    for _, group in groupby(rows, lambda row: row.number):
        history = list(group)
        steps = (Step(row.action, row.at, row.before, row.after) for row in history)
        for took in durations(steps, stopwatch.seconds):
            if not period.covers(BusinessTime(took.at)):
                continue
            seconds, key = round(took.seconds), key_of(history[0])
            yield key, "claims" if took.claim else "handlings", 1
            yield key, "claim_s" if took.claim else "handling_s", seconds
            if took.claim and seconds <= PROMPT.total_seconds():
                yield key, "prompt", 1


def _histories(period: Period, holds: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """All that changed the state of issues which were claimed or resolved in the period, up to its end."""
    concerned = select(events.c.number).where(period.holds(events.c.at), events.c.action.in_(_ENDS))
    kept = (Action.REPORT.value, Action.TRANSFER.value, Action.UNDO.value)
    return (
        select(
            *KEY,
            events.c.number,
            events.c.action,
            events.c.at,
            events.c.before,
            events.c.after,
        )
        .join(issues, issues.c.number == events.c.number)
        .where(
            events.c.number.in_(concerned),
            or_(events.c.before != events.c.after, events.c.action.in_(kept)),
            *holds,
        )
        .order_by(events.c.number, events.c.id)
    )
