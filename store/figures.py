"""Grouped sums for the figures, by indexed SQL, computed from the records each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.sql import ColumnElement

from domain.figures import Counts, Key, rolled_up
from domain.issues import Action, CloseReason, State
from domain.rework import final_from
from domain.working_time import WorkingTime
from store import paces, quality, standing
from store.period import Period
from store.tables import events, issues
from store.tallies import KEY, Tally, count_if, key_of, tallied

BY_PEOPLE = issues.c.self_found.is_(False)
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


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: a period; by_report_time: only issues reported in it (a month's summary); fair: only
    what a score may hold against somebody: never returned, not rejected, merged, withdrawn or appealed;
    subdistrict, sections: only there, empty: everywhere."""

    period: Period
    by_report_time: bool = False
    fair: bool = False
    subdistrict: str = ""
    sections: tuple[str, ...] = ()

    def here(self) -> list[ColumnElement[bool]]:
        """The conditions of place."""
        conditions: list[ColumnElement[bool]] = []
        if self.subdistrict:
            conditions.append(issues.c.subdistrict == self.subdistrict)
        if self.sections:
            conditions.append(issues.c.section.in_(self.sections))
        return conditions

    def holds(self) -> list[ColumnElement[bool]]:
        """The conditions on an issue, whatever is counted of it."""
        conditions = [BY_PEOPLE, *self.here()]
        if self.by_report_time:
            conditions.append(self.period.holds(issues.c.reported_at))
        if self.fair:
            conditions.append(quality.fair())
        return conditions


def grouped(connection: Connection, scope: Scope, working: WorkingTime) -> Mapping[Key, Counts]:
    """The counts of a period for every group of place, owner and category that has any. ``working``: the
    clock of claims and handling, and of the time in which 核查 may overrule a 不满意."""
    sums: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, name, number in _all(connection, scope, working):
        sums[key][name] += number
    return {key: Counts(**found) for key, found in sums.items()}


def by_subdistrict(connection: Connection, scope: Scope, working: WorkingTime) -> Mapping[str, Counts]:
    """The same summed up by subdistrict."""
    return rolled_up(grouped(connection, scope, working), lambda key: key.subdistrict)


def _all(connection: Connection, scope: Scope, working: WorkingTime) -> Iterator[Tally]:
    """Every number, as group, name of the count, and value."""
    for statement in (_reported(scope), _closed(scope), _due(scope), _self_found(scope)):
        yield from tallied(connection, statement)
    # apart, because the rule is told from an index and the exception from the rows
    undone = ~quality.never_undone() & quality.not_taken_back()
    for statement in (_happened(scope, quality.never_undone()), _happened(scope, undone)):
        for row in connection.execute(statement):
            yield key_of(row), _ACTIONS[Action(row.action)], int(row.times)
    yield from standing.counted(connection, scope.period, scope.holds())
    for key in quality.rework(connection, scope.period, scope.holds(), final_from(working)):
        yield key, "rework", 1
    yield from paces.counted(connection, scope.period, scope.holds(), working)


def _reported(scope: Scope) -> Select[Any]:
    unsuccessful = issues.c.state.in_(_UNSUCCESSFUL)
    return (
        select(
            *KEY,
            func.count().label("reported"),
            count_if(unsuccessful, "not_accepted"),
            count_if(issues.c.recurrence_of.is_not(None) & ~unsuccessful, "recurred"),
        )
        .where(scope.period.holds(issues.c.reported_at), *scope.holds())
        .group_by(*KEY)
    )


def _closed(scope: Scope) -> Select[Any]:
    counts = [count_if(issues.c.close_reason == reason.value, reason.value) for reason in CloseReason]
    return select(*KEY, *counts).where(scope.period.holds(issues.c.closed_at), *scope.holds()).group_by(*KEY)


def _due(scope: Scope) -> Select[Any]:
    """应结案: the deadline falls into the period, and the issue was not withdrawn, rejected or merged; nor
    does the deadline stand still since, because it was returned or an officer has it."""
    until = scope.period.until
    withdrawn = func.coalesce(issues.c.close_reason, "") == CloseReason.WITHDRAWN.value
    suspended = (issues.c.state == State.SUSPENDED.value) & (issues.c.paused_at <= until)
    closed = (issues.c.state == State.CLOSED.value) & (issues.c.closed_at <= until)
    return (
        select(
            *KEY,
            func.count().label("due"),
            count_if(suspended, "due_suspended"),
            count_if((issues.c.extensions > 0) & ~suspended, "due_extended"),
            count_if((issues.c.resolved_at <= until) & ~suspended, "due_resolved"),
            count_if(closed, "due_closed"),
            count_if(
                issues.c.on_time.is_(True) & (issues.c.resolved_at <= until) & ~suspended, "due_on_time"
            ),
        )
        .where(
            scope.period.holds(issues.c.deadline),
            *scope.holds(),
            issues.c.state.not_in(_UNSUCCESSFUL),
            ~withdrawn,
            ~(standing.stands_still() & (issues.c.paused_at <= until)),
        )
        .group_by(*KEY)
    )


def _self_found(scope: Scope) -> Select[Any]:
    """自查自处, without what was taken back."""
    return (
        select(*KEY, func.count().label("self_found"))
        .where(
            scope.period.holds(issues.c.reported_at),
            ~BY_PEOPLE,
            func.coalesce(issues.c.close_reason, "") != CloseReason.WITHDRAWN.value,
            *scope.here(),
        )
        .group_by(*KEY)
    )


def _happened(scope: Scope, which: ColumnElement[bool]) -> Select[Any]:
    """Issues to which something happened in the period, each counted once per kind of action."""
    return (
        select(*KEY, events.c.action, func.count(events.c.number.distinct()).label("times"))
        .join(issues, issues.c.number == events.c.number)
        .where(
            scope.period.holds(events.c.at),
            *scope.holds(),
            events.c.action.in_([action.value for action in _ACTIONS]),
            which,
        )
        .group_by(*KEY, events.c.action)
    )
