"""The figures of a day, counted from records whose every number can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.clock import BusinessTime
from domain.figures import Counts
from domain.issues import SYSTEM, Action, CloseReason, Issue, State
from domain.transitions import record
from store import figures
from store.database import Database
from store.desk import DatabaseDesk
from store.figures import Scope
from store.period import Period
from tests.integration.builders import BUSINESS_NOW, NOW, at, issue
from tests.unit.handlers.town import office, rules

DAY = Period(at(-24), BUSINESS_NOW)
HERE, THERE = "解放路街道", "一马路街道"


def counted(database: Database) -> dict[str, Counts]:
    with database.read() as connection:
        return dict(figures.by_subdistrict(connection, Scope(DAY), rules().working_time))


def put(database: Database, **changes: object) -> Issue:
    """An issue that was reported a week ago and is due in a week, unless said otherwise."""
    plain = issue(reported_at=at(-168), assigned_at=at(-168), deadline=at(168))
    with database.write() as connection:
        desk = DatabaseDesk(connection, office(), BUSINESS_NOW, NOW)
        return desk.open_issue(replace(plain, **changes), SYSTEM, {})  # type: ignore[arg-type]


def happened(database: Database, to: Issue, action: Action, hours: float) -> None:
    with database.write() as connection:
        desk = DatabaseDesk(connection, office(), BUSINESS_NOW, NOW)
        desk.note(replace(record(to, to, action, SYSTEM, at(hours)), before=State.RESOLVED, after=to.state))


def closed(reason: CloseReason, hours: float) -> dict[str, object]:
    return {"state": State.CLOSED, "close_reason": reason, "closed_at": at(hours)}


def test_nothing_gives_nothing(database: Database) -> None:
    assert counted(database) == {}


def test_subdistricts_are_counted_apart(database: Database) -> None:
    put(database)
    put(database, subdistrict=THERE)
    put(database, subdistrict=THERE)
    assert {name: counts.open for name, counts in counted(database).items()} == {HERE: 1, THERE: 2}


def test_the_period_holds_its_end_and_not_its_beginning(database: Database) -> None:
    moment = timedelta(microseconds=1)
    for reported in (at(-24), BusinessTime(at(-24) + moment), at(0), BusinessTime(at(0) + moment)):
        put(database, reported_at=reported)
    assert counted(database)[HERE].reported == 2


def test_reported_is_told_from_accepted(database: Database) -> None:
    for state in (State.REPORTED, State.CLAIMED, State.REJECTED, State.MERGED):
        put(database, reported_at=at(-1), state=state)
    counts = counted(database)[HERE]
    assert (counts.reported, counts.not_accepted, counts.accepted) == (4, 2, 2)


def test_the_ways_to_end_are_kept_apart(database: Database) -> None:
    for reason, times in ((CloseReason.CONFIRMED, 3), (CloseReason.SILENT, 2), (CloseReason.WITHDRAWN, 1)):
        for _ in range(times):
            put(database, **closed(reason, -1))
    put(database, **closed(CloseReason.CONFIRMED, -30))
    rejected = put(database, state=State.REJECTED)
    merged = put(database, state=State.MERGED)
    happened(database, rejected, Action.REJECT, -1)
    happened(database, merged, Action.MERGE, -1)
    counts = counted(database)[HERE]
    assert (counts.confirmed, counts.silent, counts.withdrawn) == (3, 2, 1)
    assert (counts.rejected, counts.merged, counts.closed) == (1, 1, 5)


def test_what_was_due_is_what_should_have_been_done(database: Database) -> None:
    due = {"deadline": at(-2)}
    put(database, **due)
    put(database, **due, state=State.RESOLVED, resolved_at=at(-3), on_time=True)
    put(database, **due, state=State.RESOLVED, resolved_at=at(-1), on_time=False)
    put(database, **due, **closed(CloseReason.CONFIRMED, -1), resolved_at=at(-3), on_time=True)
    put(database, **due, state=State.SUSPENDED, paused_at=at(-3))
    put(database, **due, **closed(CloseReason.WITHDRAWN, -1))
    put(database, **due, state=State.REJECTED)
    put(database, **due, state=State.MERGED)
    put(database, deadline=at(1))
    counts = counted(database)[HERE]
    assert (counts.due, counts.due_suspended, counts.due_resolved) == (5, 1, 3)
    assert (counts.due_closed, counts.due_on_time) == (1, 2)
    assert str(counts.closing) == "25.0%(1/4)"
    assert str(counts.on_time) == "50.0%(2/4)"


def test_how_it_stands(database: Database) -> None:
    put(database, state=State.REPORTED, deadline=at(-1))
    put(database, state=State.REPORTED)
    put(database, state=State.CLAIMED, deadline=at(-1))
    put(database, state=State.RESOLVED, deadline=at(-1))
    put(database, state=State.RETURNED, deadline=at(-1))
    put(database, state=State.SUSPENDED, deadline=at(-1))
    for state in (State.CLOSED, State.REJECTED, State.MERGED):
        put(database, state=state, deadline=at(-1))
    counts = counted(database)[HERE]
    assert (counts.open, counts.overdue) == (6, 2)
    assert (counts.unclaimed, counts.awaiting, counts.suspended) == (2, 1, 1)


def test_what_happened_twice_to_one_issue_counts_once(database: Database) -> None:
    one, two = put(database), put(database)
    for hours in (-3, -2, -1):
        happened(database, one, Action.RESOLVE, hours)
    happened(database, two, Action.RESOLVE, -1)
    happened(database, two, Action.RESOLVE, -30)
    happened(database, one, Action.DISPUTE, -2)
    happened(database, one, Action.CONFIRM, -1)
    counts = counted(database)[HERE]
    assert (counts.resolved, counts.satisfied, counts.dissatisfied) == (2, 1, 1)


def test_what_was_found_by_those_who_work_here_is_in_no_other_number(database: Database) -> None:
    put(
        database,
        self_found=True,
        reported_at=at(-1),
        deadline=at(-1),
        state=State.CLOSED,
        closed_at=at(-1),
        resolved_at=at(-1),
        on_time=True,
    )
    assert counted(database) == {HERE: Counts(self_found=1)}
