"""Grouped sums for the figures, by indexed SQL, computed from the records each time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, case, func, select
from sqlalchemy.sql import ColumnElement

from domain.figures import Counts
from domain.issues import Action, CloseReason, State
from domain.rework import FinalFrom
from store import quality
from store.columns import is_open
from store.period import Period
from store.tables import events, issues

_REPORTED_BY_PEOPLE = issues.c.self_found.is_(False)
"""群众反映; 自查自处 is counted apart everywhere."""
_UNSUCCESSFUL = (State.REJECTED.value, State.MERGED.value)
_ACTIONS = {
    Action.RESOLVE: "resolved",
    Action.REJECT: "rejected",
    Action.MERGE: "merged",
    Action.DISPUTE: "dissatisfied",
    Action.CONFIRM: "satisfied",
    Action.SUPERVISE: "supervised",
}


def by_subdistrict(connection: Connection, period: Period, final_from: FinalFrom) -> Mapping[str, Counts]:
    """The counts of a period for every subdistrict that has any. ``final_from``: until when 核查 may
    overrule a 不满意, so that it is not 返工."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for statement in (_reported(period), _closed(period), _due(period), _open(period), _self_found(period)):
        for row in connection.execute(statement):
            sums[row.subdistrict].update({name: int(value or 0) for name, value in _named(row._asdict())})
    for row in connection.execute(_happened(period)):
        sums[row.subdistrict][_ACTIONS[Action(row.action)]] = int(row.times)
    reworked = Counter(subdistrict for subdistrict, _ in quality.rework(connection, period, final_from))
    return {name: Counts(**sums[name], rework=reworked[name]) for name in {*sums, *reworked}}


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
        .where(period.holds(issues.c.reported_at), _REPORTED_BY_PEOPLE)
        .group_by(issues.c.subdistrict)
    )


def _closed(period: Period) -> Select[Any]:
    counts = [_count(issues.c.close_reason == reason.value, reason.value) for reason in CloseReason]
    return (
        select(issues.c.subdistrict, *counts)
        .where(period.holds(issues.c.closed_at), _REPORTED_BY_PEOPLE)
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
        .where(
            period.holds(issues.c.deadline),
            _REPORTED_BY_PEOPLE,
            issues.c.state.not_in(_UNSUCCESSFUL),
            ~withdrawn,
        )
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
        .where(is_open, _REPORTED_BY_PEOPLE)
        .group_by(issues.c.subdistrict)
    )


def _self_found(period: Period) -> Select[Any]:
    """自查自处, without what was taken back."""
    return (
        select(issues.c.subdistrict, func.count().label("self_found"))
        .where(period.holds(issues.c.reported_at), ~_REPORTED_BY_PEOPLE, issues.c.close_reason.is_(None))
        .group_by(issues.c.subdistrict)
    )


def _happened(period: Period) -> Select[Any]:
    """Issues to which something happened in the period, each counted once per kind of action."""
    return (
        select(issues.c.subdistrict, events.c.action, func.count(events.c.number.distinct()).label("times"))
        .join(issues, issues.c.number == events.c.number)
        .where(
            period.holds(events.c.at),
            _REPORTED_BY_PEOPLE,
            events.c.action.in_([action.value for action in _ACTIONS]),
        )
        .group_by(issues.c.subdistrict, events.c.action)
    )
