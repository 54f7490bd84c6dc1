"""Deadlines and reminders by the real calendar: holidays, make-up Saturdays, and a year it does not know."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.clock import BusinessTime
from domain.deadlines import Clocks, promise
from domain.ladder import LadderRules, rungs
from domain.quiet import Quiet
from domain.taxonomy import Clock, Duration
from domain.working_time import WorkingTime
from tests.integration.builders import issue
from workers.holidays import calendar_warnings, load_holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = ((time(8), time(12)), (time(14), time(18)))
CLOCKS = Clocks(WorkingTime(SHANGHAI, HOURS, load_holidays()), Quiet(SHANGHAI, (time(22), time(7))))


def at(text: str) -> BusinessTime:
    return BusinessTime(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))


def ladder(reported: str, duration: Duration, *, danger: bool = False) -> dict[str, str]:
    since = at(reported)
    made = promise(since, duration, danger, CLOCKS)
    one = issue(
        1,
        reported_at=since,
        assigned_at=since,
        deadline=made.deadline,
        duration=made.duration,
        working_clock=made.working_clock,
        danger=danger,
    )
    rules = LadderRules(CLOCKS, timedelta(hours=24))
    return {rung.name: f"{rung.at.astimezone(SHANGHAI):%m-%d %H:%M}" for rung in rungs(one, rules, since)}


TWO_HOURS = Duration(2, "h", Clock.WORK)


@pytest.mark.parametrize(
    ("reported", "unclaimed", "deadline", "daily"),
    [
        # the evening before National Day: nobody is reminded of it for a week
        ("2026-09-30 20:00", "10-08 08:00", "10-08 10:00", "10-09 10:00"),
        # the make-up Saturday is worked, the Sunday after it is not
        ("2026-10-10 17:00", "10-10 17:10", "10-12 09:00", "10-13 09:00"),
        # an ordinary Saturday
        ("2026-10-17 17:00", "10-19 08:00", "10-19 10:00", "10-20 10:00"),
        # a year without a schedule: 1 October 2027 is taken for the Friday that it is
        ("2027-09-30 20:00", "10-01 08:00", "10-01 10:00", "10-04 10:00"),
    ],
)
def test_the_working_clock_by_the_calendar(reported: str, unclaimed: str, deadline: str, daily: str) -> None:
    found = ladder(reported, TWO_HOURS)
    assert (found["unclaimed"], found["deadline"], found["late:d1"]) == (unclaimed, deadline, daily)


def test_the_natural_clock_knows_no_holidays_only_the_night() -> None:
    found = ladder("2026-09-30 21:30", Duration(2, "h", Clock.NATURAL))
    assert found["deadline"] == "10-01 08:30"


def test_danger_does_not_wait_for_the_end_of_a_holiday() -> None:
    found = ladder("2026-10-01 23:00", Duration(2, "h", Clock.NATURAL), danger=True)
    assert (found["unclaimed"], found["deadline"]) == ("10-01 23:10", "10-02 01:00")


@pytest.mark.parametrize(
    ("today", "warned"), [("2026-11-14", False), ("2026-11-15", True), ("2027-03-01", True)]
)
def test_a_year_without_a_schedule_is_warned_of_in_time(today: str, warned: bool) -> None:
    warnings = calendar_warnings(load_holidays(), at(f"{today} 10:00").date())
    assert any("2027年" in warning for warning in warnings) is warned
