"""延期: what one may do alone, what becomes of the deadline, which request is open. 11-23 is a Monday."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain import extension
from domain.issues import Action, Event, Issue, State
from domain.taxonomy import Clock, Duration
from domain.transitions import NotPossible
from tests.unit.domain.cases import at, clocks, hours, issue, shown

TWO_HOURS = Duration(2, "h", Clock.WORK)


def parked() -> Issue:
    """Reported on Monday at 10:00, two working hours: due at 12:00."""
    return issue("11-23 10:00", "2h work")


@pytest.mark.parametrize(
    ("now", "length", "until"),
    [
        ("11-23 10:30", 1, "11-23 15:00"),  # over the noon break
        ("11-23 10:30", 2, "11-23 16:00"),
        ("11-23 10:30", 8, "11-24 12:00"),
        ("11-23 17:00", 2, "11-24 09:00"),  # late: from now
    ],
)
def test_a_length_counts_from_the_deadline_on_the_issues_clock(now: str, length: int, until: str) -> None:
    assert shown(extension.later_by(parked(), hours(length), at(now), clocks())) == until


@pytest.mark.parametrize(
    ("now", "until", "allowed"),
    [
        ("11-23 10:30", "11-23 16:00", True),  # exactly the category's own two hours
        ("11-23 10:30", "11-23 16:01", False),
        ("11-23 12:00", "11-23 15:00", True),  # at the deadline itself
        ("11-23 14:01", "11-23 15:00", False),  # late already
    ],
)
def test_alone_up_to_the_categorys_own_duration(now: str, until: str, allowed: bool) -> None:
    assert extension.alone(parked(), at(until), at(now), TWO_HOURS, clocks()) is allowed


def test_alone_only_once_and_never_with_danger() -> None:
    again = replace(parked(), extensions=1)
    dangerous = replace(parked(), danger=True)
    for each in (again, dangerous):
        assert not extension.alone(each, at("11-23 15:00"), at("11-23 10:30"), TWO_HOURS, clocks())


def test_a_new_deadline_starts_a_new_cycle_and_is_counted() -> None:
    claimed = replace(parked(), state=State.CLAIMED, progress_at=at("11-23 10:05"))
    after = extension.extended(claimed, at("11-24 10:00"), at("11-23 11:00"), clocks())
    assert (after.cycle, after.extensions, shown(after.deadline)) == (2, 1, "11-24 10:00")
    assert shown(after.progress_at) == "11-23 11:00"
    assert after.duration == hours(7), "the claim does not go stale before the new deadline"
    assert after.state is State.CLAIMED


def test_a_short_one_keeps_the_categorys_duration() -> None:
    after = extension.extended(parked(), at("11-23 14:30"), at("11-23 14:00"), clocks())
    assert after.duration == hours(2)


@pytest.mark.parametrize("until", ["11-23 12:00", "11-23 09:00", "2027-03-01 12:00"])
def test_not_earlier_and_not_absurd(until: str) -> None:
    with pytest.raises(NotPossible, match="#12"):
        extension.require_later(parked(), at(until), at("11-23 10:30"))


def event(action: Action) -> Event:
    return Event(12, action, "li", "李路", at("11-23 10:00"), State.REPORTED, State.REPORTED)


ASK, UNDO = Action.ASK_EXTENSION, Action.UNDO


@pytest.mark.parametrize(
    ("actions", "is_open"),
    [
        ([], False),
        ([ASK], True),
        ([ASK, Action.CLAIM, Action.STEP, Action.PROGRESS], True),
        ([ASK, Action.EXTEND], False),
        ([ASK, Action.REFUSE_EXTENSION], False),
        ([ASK, Action.REFUSE_EXTENSION, ASK], True),
        ([ASK, Action.TRANSFER], False),
        ([ASK, UNDO], False),
    ],
)
def test_which_request_is_open(actions: list[Action], is_open: bool) -> None:
    assert (extension.open_request([event(action) for action in actions]) is not None) is is_open
