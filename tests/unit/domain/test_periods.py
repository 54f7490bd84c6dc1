"""What a day's, a week's and a month's summary covers, and when it is due."""

from __future__ import annotations

from datetime import date, time

import pytest

from domain.clock import BusinessTime
from domain.periods import Days, Kind, Span
from tests.unit.handlers.town import SHANGHAI, moment

DAYS = Days(SHANGHAI, time(18))


def shown(at: BusinessTime) -> str:
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def spoken(span: Span) -> tuple[str, str]:
    return shown(span.since), shown(span.until)


@pytest.mark.parametrize(
    ("kind", "now", "due_at", "covers"),
    [
        (Kind.DAILY, "11-23 18:00", "11-23 18:00", ("11-22 18:00", "11-23 18:00")),
        (Kind.DAILY, "11-23 17:59", "11-22 18:00", ("11-21 18:00", "11-22 18:00")),
        (Kind.WEEKLY, "11-23 09:00", "11-23 09:00", ("11-16 00:00", "11-23 00:00")),
        (Kind.WEEKLY, "11-23 08:59", "11-16 09:00", ("11-09 00:00", "11-16 00:00")),
        (Kind.WEEKLY, "11-29 23:00", "11-23 09:00", ("11-16 00:00", "11-23 00:00")),
        (Kind.MONTHLY, "11-01 09:00", "11-01 09:00", ("10-01 00:00", "11-01 00:00")),
        (Kind.MONTHLY, "11-01 08:59", "10-01 09:00", ("09-01 00:00", "10-01 00:00")),
        (Kind.MONTHLY, "03-31 12:00", "03-01 09:00", ("02-01 00:00", "03-01 00:00")),
    ],
)
def test_the_newest_summary_that_is_due(kind: Kind, now: str, due_at: str, covers: tuple[str, str]) -> None:
    due = DAYS.last_due(kind, moment(now))
    assert (shown(due.at), spoken(due.span)) == (due_at, covers)


def test_the_period_before_is_of_the_same_kind() -> None:
    assert spoken(DAYS.before(DAYS.holding(Kind.DAILY, date(2026, 11, 23)))) == ("11-21 18:00", "11-22 18:00")
    assert spoken(DAYS.before(DAYS.holding(Kind.WEEKLY, date(2026, 11, 25)))) == (
        "11-16 00:00",
        "11-23 00:00",
    )
    assert spoken(DAYS.before(DAYS.holding(Kind.MONTHLY, date(2026, 3, 31)))) == (
        "02-01 00:00",
        "03-01 00:00",
    )


def test_a_period_under_way_is_compared_with_as_long_a_part() -> None:
    week = Span(Kind.WEEKLY, moment("11-23 00:00"), moment("11-25 10:00"))
    assert spoken(DAYS.before(week)) == ("11-16 00:00", "11-18 10:00")
    march = Span(Kind.MONTHLY, moment("03-01 00:00"), moment("03-31 12:00"))
    assert spoken(DAYS.before(march)) == ("02-01 00:00", "03-01 00:00")
