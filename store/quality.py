"""What is known of how well the work was done: rework (返工), and what 核查 can look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, select, text
from sqlalchemy.sql import ColumnElement

from domain.figures import Key
from domain.issues import Action, CloseReason, Issue, State
from domain.rework import JUDGED_BY, FinalFrom, Judgement, moments
from store.columns import UNDO
from store.issues import COLUMNS, from_row
from store.paper_tables import appeals
from store.period import Period
from store.tables import events, issues
from store.tallies import KEY, key_of

_undone = events.alias("undone")
LONGEST_WORKING_DAY = timedelta(days=20)
"""A working day from any moment ends within this: no run of holidays is longer."""


def rework(
    connection: Connection, period: Period, holds: Sequence[ColumnElement[bool]], final_from: FinalFrom
) -> Iterator[Key]:
    """The group of each issue of which rework became certain in the period."""
    for (_, key), rows in groupby(connection.execute(_judgements(period, holds)), _issue):
        found = moments((_judgement(row) for row in rows), final_from)
        if any(period.covers(at) for at in found):
            yield key


def fair() -> ColumnElement[bool]:
    """What may be held against somebody: accepted, not withdrawn, never returned, no upheld 申诉."""
    back = events.alias("back")
    returned = exists().where(back.c.number == issues.c.number, back.c.action == Action.RETURN.value)
    unsuccessful = issues.c.state.in_([State.REJECTED.value, State.MERGED.value])
    withdrawn = func.coalesce(issues.c.close_reason, "") == CloseReason.WITHDRAWN.value
    appealed = exists().where(appeals.c.number == issues.c.number, appeals.c.upheld == 1)
    return and_(~unsuccessful, ~withdrawn, ~returned, ~appealed)


def never_undone() -> ColumnElement[bool]:
    """Of an event: nothing of its issue was ever taken back, which is the rule."""
    return events.c.number.not_in(select(_undone.c.number).where(text(f"undone.{UNDO}")))


def not_taken_back() -> ColumnElement[bool]:
    """Of an event: no 撤销 took it back. That takes back what one's own last message did to an issue;
    mere notes keep no snapshot and are none of that."""
    undo, between = events.alias("undo"), events.alias("between")
    same = (between.c.number == events.c.number) & (between.c.actor == events.c.actor)
    later_message = same & between.c.id.between(events.c.id + 1, undo.c.id - 1)
    changes = between.c.snapshot.is_not(None) & between.c.inbox_id.is_distinct_from(events.c.inbox_id)
    other_deed = exists(between.c.id).where(later_message, changes).correlate(events, undo)
    taken_back = exists(undo.c.id).where(
        undo.c.number == events.c.number,
        undo.c.id > events.c.id,
        text(f"undo.{UNDO}"),  # in the very words of the partial index
        undo.c.actor == events.c.actor,
        ~other_deed,
    )
    return ~taken_back.correlate(events)


def _judgements(period: Period, holds: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """All that was ever judged about those issues which were judged lately."""
    lately = (events.c.at > period.since - LONGEST_WORKING_DAY) & (events.c.at <= period.until)
    sent_back = events.c.action.in_([Action.DISPUTE.value, Action.VERIFY.value])
    numbers = select(events.c.number).where(lately, sent_back)
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
        .where(events.c.number.in_(numbers), events.c.action.in_([action.value for action in JUDGED_BY]))
        .where(*holds)
        .order_by(events.c.number, events.c.id)
    )


def _issue(row: Row[Any]) -> tuple[int, Key]:
    return row.number, key_of(row)


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
