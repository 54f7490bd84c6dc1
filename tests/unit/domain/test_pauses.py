"""退回, 转外部 and 静音: what rests, since when, until when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain import pauses
from domain.deadlines import resumed
from domain.issues import Issue, State
from domain.transitions import NotPossible
from tests.unit.domain.cases import at, clocks, issue, shown, working_time


def parked(state: State = State.REPORTED) -> Issue:
    return replace(issue("11-23 10:00", "2h work"), state=state, owner="li")


def test_returned_to_the_level_above_with_its_clock_stopped() -> None:
    after = pauses.returned(parked(State.CLAIMED), "wang", at("11-23 11:00"))
    assert (after.state, after.owner, shown(after.paused_at)) == (State.RETURNED, "wang", "11-23 11:00")
    assert after.claimed_at is None


def test_after_the_pause_what_was_left_is_left() -> None:
    after = pauses.returned(parked(), "wang", at("11-23 11:00"))
    assert shown(resumed(after, at("11-24 09:00"), clocks()).deadline) == "11-24 10:00"


@pytest.mark.parametrize(
    "state", [State.RESOLVED, State.CLOSED, State.RETURNED, State.SUSPENDED, State.REJECTED, State.MERGED]
)
def test_what_cannot_be_returned(state: State) -> None:
    with pytest.raises(NotPossible, match="不能退回"):
        pauses.returned(parked(state), "wang", at("11-23 11:00"))


@pytest.mark.parametrize("state", [State.REPORTED, State.CLAIMED, State.RETURNED])
def test_sent_outside_remembers_where_it_came_from(state: State) -> None:
    after = pauses.sent_outside(parked(state), "数字城管 A-1", at("11-23 11:00"))
    assert (after.state, after.state_before, after.external) == (State.SUSPENDED, state, "数字城管 A-1")
    assert shown(after.paused_at) == "11-23 11:00"


def test_a_returned_one_keeps_its_earlier_pause() -> None:
    returned = pauses.returned(parked(), "wang", at("11-23 11:00"))
    assert shown(pauses.sent_outside(returned, "12345", at("11-24 11:00")).paused_at) == "11-23 11:00"


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.SUSPENDED, State.REJECTED])
def test_what_cannot_be_sent_outside(state: State) -> None:
    with pytest.raises(NotPossible, match="不能转外部"):
        pauses.sent_outside(parked(state), "12345", at("11-23 11:00"))


@pytest.mark.parametrize(
    ("until", "muted"),
    [("11-23 11:30", "11-23 11:30"), ("11-23 15:00", "11-23 12:00"), ("11-24 08:00", "11-23 12:00")],
)
def test_quiet_never_beyond_the_deadline(until: str, muted: str) -> None:
    assert shown(pauses.muted(parked(), at(until), at("11-23 10:30")).muted_until) == muted


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ({"danger": True}, "11-23 10:30"),
        ({}, "11-23 12:00"),
        ({"state": State.RETURNED}, "11-23 10:30"),
        ({"state": State.RESOLVED}, "11-23 10:30"),
    ],
)
def test_what_cannot_be_muted(changes: dict[str, object], now: str) -> None:
    with pytest.raises(NotPossible, match="#12"):
        pauses.muted(replace(parked(), **changes), at("11-23 18:00"), at(now))  # type: ignore[arg-type]


def test_a_time_that_is_over_mutes_nothing() -> None:
    with pytest.raises(NotPossible, match="已经过了"):
        pauses.muted(parked(), at("11-23 10:00"), at("11-23 10:30"))


@pytest.mark.parametrize(
    ("now", "morning"),
    [("11-23 10:00", "11-24 08:00"), ("11-23 23:30", "11-24 08:00"), ("11-27 10:00", "11-30 08:00")],
)
def test_the_next_morning_is_a_working_one(now: str, morning: str) -> None:
    assert shown(pauses.next_morning(at(now), working_time())) == morning
