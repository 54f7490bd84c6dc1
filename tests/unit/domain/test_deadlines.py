"""Deadlines by hand, for both clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import BusinessTime
from domain.deadlines import NaturalTime, resumed
from domain.issues import State
from domain.quiet import Quiet
from tests.unit.domain.cases import QUIET, at, clocks, hours, issue, shown

NIGHT_DUTY = (at("11-20 20:00"), at("11-21 08:00"))
EVENING_DUTY = (at("11-20 20:00"), at("11-20 23:00"))


@pytest.mark.parametrize(
    ("reported", "duration", "deadline"),
    [
        ("11-20 09:00", "2h work", "11-20 11:00"),
        ("11-20 17:30", "2h work", "11-23 09:30"),
        ("11-20 17:30", "30m work", "11-20 18:00"),
        ("11-20 10:00", "1d work", "11-23 10:00"),
        ("11-20 10:00", "5d work", "11-27 10:00"),
        ("09-30 20:00", "2h work", "10-08 10:00"),
        ("09-30 20:00", "1d work", "10-08 18:00"),
        ("11-20 09:00", "2h natural", "11-20 11:00"),
        ("11-21 12:00", "2h natural", "11-21 14:00"),  # neither weekend nor lunch
        ("11-20 21:30", "2h natural", "11-21 08:30"),  # half an hour, then after seven
        ("11-20 20:00", "2h natural", "11-20 22:00"),
        ("11-20 23:00", "2h natural", "11-21 09:00"),
        ("11-20 12:00", "1d natural", "11-21 21:00"),  # ten hours today, fourteen tomorrow
        ("11-20 12:00", "2d natural", "11-23 15:00"),  # 10 + 15 + 15 + 8
    ],
)
def test_a_deadline(reported: str, duration: str, deadline: str) -> None:
    assert shown(issue(reported, duration).deadline) == deadline


def test_danger_runs_through_the_night() -> None:
    assert shown(issue("11-20 23:00", "2h natural", danger=True).deadline) == "11-21 01:00"


@pytest.mark.parametrize(
    ("reported", "duty", "deadline"),
    [
        ("11-20 21:30", NIGHT_DUTY, "11-20 23:30"),
        ("11-20 21:30", EVENING_DUTY, "11-21 07:30"),  # ninety minutes until duty ends at 23:00
        ("11-20 23:30", EVENING_DUTY, "11-21 09:00"),
        ("11-21 21:30", NIGHT_DUTY, "11-22 08:30"),  # duty was another night
    ],
)
def test_duty_lets_the_natural_clock_run_at_night(
    reported: str, duty: tuple[BusinessTime, BusinessTime], deadline: str
) -> None:
    assert shown(issue(reported, "2h natural", duty).deadline) == deadline


@pytest.mark.parametrize(
    ("duration", "paused", "resumed_at", "deadline"),
    [
        ("2h work", "11-20 10:00", "11-24 17:30", "11-25 08:30"),  # one hour was left
        ("4h natural", "11-20 10:00", "11-20 20:30", "11-21 08:30"),  # three hours were left
        ("2h work", "11-20 15:00", "11-25 09:00", "11-25 09:00"),  # late already: due at once
    ],
)
def test_a_pause_does_not_count(duration: str, paused: str, resumed_at: str, deadline: str) -> None:
    before = issue("11-20 09:00", duration)
    stopped = replace(before, state=State.SUSPENDED, paused_at=at(paused))
    again = resumed(stopped, at(resumed_at), clocks())
    assert (shown(again.deadline), shown(again.since)) == (deadline, resumed_at)
    assert (again.duration, again.working_clock) == (before.duration, before.working_clock)


def by_the_minute(quiet: Quiet, start: BusinessTime, minutes: int) -> BusinessTime:
    t, done = start, 0
    while done < minutes:
        done += quiet.held_until(t) == t
        t = BusinessTime(t + timedelta(minutes=1))
    return t


QUIETS = st.sampled_from(
    [
        clocks().quiet,
        clocks(NIGHT_DUTY).quiet,
        clocks(EVENING_DUTY, (at("11-21 23:00"), at("11-22 01:00"))).quiet,
    ]
)
STARTS = st.integers(0, 60 * 72).map(
    lambda minutes: BusinessTime(at("11-20 00:00") + timedelta(minutes=minutes))
)


@given(QUIETS, STARTS, st.integers(1, 60 * 30))
def test_the_natural_clock_agrees_with_counting_minutes(
    quiet: Quiet, start: BusinessTime, minutes: int
) -> None:
    end = by_the_minute(quiet, start, minutes)
    assert NaturalTime(quiet).add(start, timedelta(minutes=minutes)) == end
    assert NaturalTime(quiet).between(start, end) == timedelta(minutes=minutes)
    assert NaturalTime(quiet).between(end, start) == -timedelta(minutes=minutes)


def test_an_hour_is_an_hour_where_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    saturday = BusinessTime(datetime(2026, 10, 24, 21, tzinfo=berlin))
    ends = NaturalTime(Quiet(berlin, QUIET)).add(saturday, hours(2))
    assert ends.isoformat() == "2026-10-25T08:00:00+01:00"
    assert NaturalTime(None).add(saturday, hours(6)).isoformat() == "2026-10-25T02:00:00+01:00"
