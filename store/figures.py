"""Grouped sums for the figures, by indexed SQL, computed from the records each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, select
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime
from domain.figures import Counts
from domain.issues import Action, CloseReason, State
from store.tables import events, is_open, issues


@dataclass(frozen=True, slots=True)
class Period:
    """From just after ``since`` up to and including ``until``."""

    since: BusinessTime
    until: BusinessTime

    def holds(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return (column > self.since) & (column <= self.until)


_UNSUCCESSFUL = (State.REJECTED.value, State.MERGED.value)
_ACTIONS = {
    Action.RESOLVE: "resolved",
    Action.REJECT: "rejected",
    Action.MERGE: "merged",
    Action.DISPUTE: "dissatisfied",
    Action.CONFIRM: "satisfied",
}


def by_subdistrict(connection: Connection, period: Period) -> Mapping[str, Counts]:
    """The counts of a period for every subdistrict that has any."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for statement in (_reported(period), _closed(period), _due(period), _open(period)):
        for row in connection.execute(statement):
            sums[row.subdistrict].update({name: int(value or 0) for name, value in _named(row._asdict())})
    for row in connection.execute(_happened(period)):
        sums[row.subdistrict][_ACTIONS[Action(row.action)]] = int(row.times)
    return {name: Counts(**found, rework=found.get("dissatisfied", 0)) for name, found in sums.items()}


def _named(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in row.items() if name != "subdistrict"]


def _count(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _reported(period: Period) -> Select[Any]:
    return (
        select(
            issues.c.subdistrict,
            func.count().label("reported"),
            _count(issues.c.state.in_(_UNSUCCESSFUL), "not_accepted"),
        )
        .where(period.holds(issues.c.reported_at))
        .group_by(issues.c.subdistrict)
    )


def _closed(period: Period) -> Select[Any]:
    counts = [_count(issues.c.close_reason == reason.value, reason.value) for reason in CloseReason]
    return (
        select(issues.c.subdistrict, *counts)
        .where(period.holds(issues.c.closed_at))
        .group_by(issues.c.subdistrict)
    )


def _due(period: Period) -> Select[Any]:
    """应结案: the deadline falls into the period, and the issue was not withdrawn, rejected or merged."""
    withdrawn = func.coalesce(issues.c.close_reason, "") == CloseReason.WITHDRAWN.value
    suspended = issues.c.state == State.SUSPENDED.value
    resolved = issues.c.resolved_at.is_not(None) & ~suspended
    return (
        select(
            issues.c.subdistrict,
            func.count().label("due"),
            _count(suspended, "due_suspended"),
            _count(resolved, "due_resolved"),
            _count(issues.c.state == State.CLOSED.value, "due_closed"),
            _count(issues.c.on_time.is_(True) & ~suspended, "due_on_time"),
        )
        .where(period.holds(issues.c.deadline), issues.c.state.not_in(_UNSUCCESSFUL), ~withdrawn)
        .group_by(issues.c.subdistrict)
    )


def _open(period: Period) -> Select[Any]:
    """How it stands now; of the overdue, those whose deadline was over at the end of the period."""
    late = issues.c.state.in_((State.REPORTED.value, State.CLAIMED.value)) & (
        issues.c.deadline < period.until
    )
    return (
        select(
            issues.c.subdistrict,
            func.count().label("open"),
            _count(issues.c.state == State.REPORTED.value, "unclaimed"),
            _count(issues.c.state == State.RESOLVED.value, "awaiting"),
            _count(issues.c.state == State.SUSPENDED.value, "suspended"),
            _count(late, "overdue"),
        )
        .where(is_open)
        .group_by(issues.c.subdistrict)
    )


def _happened(period: Period) -> Select[Any]:
    """Issues to which something happened in the period, each counted once per kind of action."""
    return (
        select(issues.c.subdistrict, events.c.action, func.count(events.c.number.distinct()).label("times"))
        .join(issues, issues.c.number == events.c.number)
        .where(period.holds(events.c.at), events.c.action.in_([action.value for action in _ACTIONS]))
        .group_by(issues.c.subdistrict, events.c.action)
    )
