"""What is known of how well the work was done: rework (返工), and what 核查 can look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from domain.issues import Action, Issue, State
from domain.rework import JUDGED_BY, FinalFrom, Judgement, moments
from store.issues import COLUMNS, from_row
from store.period import Period
from store.tables import events, issues

LONGEST_WORKING_DAY = timedelta(days=20)
"""A working day from any moment ends within this: no run of holidays is longer."""


def rework(connection: Connection, period: Period, final_from: FinalFrom) -> Iterator[tuple[str, int]]:
    """Subdistrict and number of each issue of which rework became certain in the period."""
    for (number, subdistrict), rows in groupby(connection.execute(_judgements(period)), _issue):
        found = moments((_judgement(row) for row in rows), final_from)
        if any(period.covers(at) for at in found):
            yield subdistrict, number


def _judgements(period: Period) -> Select[Any]:
    """All that was ever judged about those issues which were judged lately."""
    lately = (events.c.at > period.since - LONGEST_WORKING_DAY) & (events.c.at <= period.until)
    sent_back = events.c.action.in_([Action.DISPUTE.value, Action.VERIFY.value])
    numbers = select(events.c.number).where(lately, sent_back)
    return (
        select(
            events.c.number,
            issues.c.subdistrict,
            events.c.action,
            events.c.at,
            events.c.before,
            events.c.after,
        )
        .join(issues, issues.c.number == events.c.number)
        .where(events.c.number.in_(numbers), events.c.action.in_([action.value for action in JUDGED_BY]))
        .order_by(events.c.number, events.c.id)
    )


def _issue(row: Row[Any]) -> tuple[int, str]:
    return row.number, row.subdistrict


def _judgement(row: Row[Any]) -> Judgement:
    return Judgement(Action(row.action), row.at, State(row.before), State(row.after))


def to_check(connection: Connection, period: Period, subdistrict: str) -> list[Issue]:
    """What was resolved in the period, is still held to be done, and was not verified yet."""
    resolved = select(events.c.number).where(
        period.holds(events.c.at), events.c.action == Action.RESOLVE.value
    )
    statement = (
        select(*COLUMNS)
        .where(
            issues.c.number.in_(resolved),
            issues.c.subdistrict == subdistrict,
            issues.c.state.in_([State.RESOLVED.value, State.CLOSED.value]),
            issues.c.resolved_at.is_not(None),
            issues.c.verified.is_(None),
        )
        .order_by(issues.c.number)
    )
    return [from_row(row) for row in connection.execute(statement)]
