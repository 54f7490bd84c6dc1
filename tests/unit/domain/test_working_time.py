"""Working hours with lunch, weekends, holidays, make-up days and years nobody has announced yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import BusinessTime
from domain.holidays import Holidays
from domain.working_time import WorkingTime
from tests.unit.domain.cases import SHANGHAI, WINDOWS, at, hours, shown, working_time

ADDED = [  # from, working hours, until; counted by hand
    ("11-20 09:00", 2, "11-20 11:00"),
    ("11-20 11:00", 2, "11-20 15:00"),  # over lunch
    ("11-20 10:00", 2, "11-20 12:00"),  # not 14:00: it is done when the window ends
    ("11-20 12:30", 2, "11-20 16:00"),  # from the lunch break
    ("11-20 06:00", 2, "11-20 10:00"),  # before work
    ("11-20 17:30", 2, "11-23 09:30"),  # Friday evening to Monday
    ("11-20 23:00", 2, "11-23 10:00"),
    ("11-21 10:00", 2, "11-23 10:00"),  # Saturday
    ("11-20 10:00", 8, "11-23 10:00"),  # one working day
    ("11-20 10:00", 40, "11-27 10:00"),
    ("09-30 17:00", 2, "10-08 09:00"),  # National Day, 10-01 to 10-07
    ("09-30 20:00", 2, "10-08 10:00"),
    ("10-09 17:00", 2, "10-10 09:00"),  # the Saturday after is worked
    ("10-10 17:00", 2, "10-12 09:00"),
    ("09-18 17:00", 2, "09-20 09:00"),  # so is a Sunday before it, not the Saturday
    ("12-31 17:00", 2, "2027-01-01 09:00"),  # 2027 is not announced: only weekends count
]


@pytest.mark.parametrize(("start", "count", "end"), ADDED)
def test_adding_counts_working_hours_only(start: str, count: float, end: str) -> None:
    assert shown(working_time().add(at(start), hours(count))) == end
    assert working_time().between(at(start), at(end)) == hours(count)
    assert working_time().between(at(end), at(start)) == -hours(count)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("11-20 10:00", 1, "11-23 10:00"),
        ("11-18 15:30", 2, "11-20 15:30"),
        ("11-23 20:00", 1, "11-24 18:00"),  # from the next morning: all of that day
        ("11-21 10:00", 5, "11-27 18:00"),
        ("11-23 12:30", 1, "11-24 12:00"),
        ("09-30 17:00", 1, "10-08 17:00"),
        ("10-09 09:00", 2, "10-12 09:00"),  # Friday, worked Saturday, Monday
    ],
)
def test_a_working_day_later_is_the_same_time_of_day(start: str, days: int, end: str) -> None:
    assert shown(working_time().add_days(at(start), days)) == end


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("11-20 08:00", True),
        ("11-20 11:59", True),
        ("11-20 12:00", False),
        ("11-20 13:59", False),
        ("11-20 14:00", True),
        ("11-20 18:00", False),
        ("11-21 10:00", False),
        ("10-01 10:00", False),
        ("10-07 10:00", False),
        ("10-10 10:00", True),
        ("09-20 10:00", True),
    ],
)
def test_it_knows_working_hours(moment: str, working: bool) -> None:
    assert working_time().is_working(at(moment)) is working
    assert (working_time().next_working(at(moment)) == at(moment)) is working


@pytest.mark.parametrize(
    ("moment", "following"),
    [
        ("11-20 05:00", "11-20 08:00"),
        ("11-20 12:00", "11-20 14:00"),
        ("11-20 18:00", "11-23 08:00"),
        ("09-30 18:00", "10-08 08:00"),
        ("10-09 19:00", "10-10 08:00"),
    ],
)
def test_it_finds_the_next_working_moment(moment: str, following: str) -> None:
    assert shown(working_time().next_working(at(moment))) == following


def by_the_minute(start: BusinessTime, minutes: int) -> BusinessTime:
    """Addition as one would do it on paper, minute for minute, for whole minutes."""
    t, done = start, 0
    while done < minutes:
        done += working_time().is_working(t)
        t = BusinessTime(t + timedelta(minutes=1))
    return t


MOMENTS = st.integers(0, 60 * 24 * 40).map(
    lambda minutes: BusinessTime(at("09-10 00:00") + timedelta(minutes=minutes))
)


@given(MOMENTS, st.integers(1, 60 * 17))
def test_it_agrees_with_counting_minutes(start: BusinessTime, minutes: int) -> None:
    assert working_time().add(start, timedelta(minutes=minutes)) == by_the_minute(start, minutes)


@given(MOMENTS, st.integers(1, 10**10))
def test_what_was_added_lies_between(start: BusinessTime, microseconds: int) -> None:
    length = timedelta(microseconds=microseconds)
    assert working_time().between(start, working_time().add(start, length)) == length


@given(MOMENTS, MOMENTS, MOMENTS)
def test_spans_add_up(a: BusinessTime, b: BusinessTime, c: BusinessTime) -> None:
    span = working_time().between
    assert span(a, b) + span(b, c) == span(a, c)


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    start = BusinessTime(at("11-20 17:30").astimezone(UTC))
    assert working_time().add(start, hours(2)) == at("11-23 09:30")


def test_it_is_right_where_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    working = WorkingTime(berlin, ((time(8), time(18)),), Holidays())
    friday = BusinessTime(datetime(2026, 10, 23, 17, tzinfo=berlin))  # clocks go back on Sunday
    monday = working.add(friday, hours(2))
    assert monday.isoformat() == "2026-10-26T09:00:00+01:00"
    assert working.between(friday, monday) == hours(2)


def test_a_far_moment_costs_no_more_than_a_near_one() -> None:
    assert working_time().between(at("11-20 10:00"), at("2926-11-20 10:00")) > hours(10**6)


@pytest.mark.parametrize(
    "windows",
    [(), ((time(14), time(18)), (time(8), time(12))), ((time(18), time(8)),), ((time(8), time(8)),)],
)
def test_windows_out_of_order_are_refused(windows: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="working"):
        WorkingTime(SHANGHAI, windows, Holidays())


def test_nothing_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="positive"):
        working_time().add(at("11-20 10:00"), timedelta(0))


def test_in_an_unknown_year_only_weekends_are_off() -> None:
    working = WorkingTime(SHANGHAI, WINDOWS, Holidays())
    assert working.is_working(at("10-01 10:00"))
    assert not working.is_working(at("10-10 10:00"))


@given(st.dates(date(2004, 1, 1), date(2030, 12, 31)))
def test_counting_days_agrees_with_the_days_themselves(day: date) -> None:
    holidays = working_time().holidays
    following = day + timedelta(days=1)
    counted = holidays.working_days_before(following) - holidays.working_days_before(day)
    assert counted == holidays.is_working_day(day)
    if counted:
        assert holidays.working_day(holidays.working_days_before(day)) == day
