"""The stopwatch is the working time, laid out once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.clock import BusinessTime
from domain.stopwatch import Stopwatch
from tests.unit.handlers.town import SHANGHAI, moment, rules

SINCE, UNTIL = moment("09-01 00:00"), moment("11-30 23:59")
WATCH = Stopwatch(rules().working_time, SINCE, UNTIL)
MOMENTS = st.datetimes(
    SINCE.replace(tzinfo=None), UNTIL.replace(tzinfo=None), timezones=st.just(SHANGHAI)
).map(BusinessTime)


@given(MOMENTS, MOMENTS)
def test_it_counts_as_working_time_does(one: BusinessTime, other: BusinessTime) -> None:
    a, b = sorted((one, other))
    expected = rules().working_time.between(a, b).total_seconds()
    assert abs(WATCH.seconds(a.timestamp(), b.timestamp()) - expected) < 1e-3


def test_a_lunch_a_night_and_a_holiday_do_not_count() -> None:
    def hours(a: str, b: str) -> float:
        return WATCH.seconds(moment(a).timestamp(), moment(b).timestamp()) / 3600

    assert hours("11-23 11:00", "11-23 15:00") == 2
    assert hours("11-23 17:00", "11-24 09:00") == 2
    assert hours("09-30 17:00", "10-08 09:00") == 2
    assert hours("11-28 08:00", "11-29 18:00") == 0
