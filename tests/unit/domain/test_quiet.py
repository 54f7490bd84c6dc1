"""Quiet hours over midnight and within a day, and who breaks them."""

from __future__ import annotations

from datetime import date, time
from itertools import islice

import pytest

from domain.quiet import Quiet, duty_spans, held_until
from domain.roster_rows import Shift
from tests.unit.domain.cases import QUIET, SHANGHAI, at, shown

NOON = (time(12), time(14))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("11-20 21:59", "11-20 21:59"),
        ("11-20 22:00", "11-21 07:00"),
        ("11-21 00:00", "11-21 07:00"),
        ("11-21 06:59", "11-21 07:00"),
        ("11-21 07:00", "11-21 07:00"),
        ("11-21 12:00", "11-21 12:00"),
    ],
)
def test_the_night_is_held_until_morning(moment: str, until: str) -> None:
    assert shown(held_until(at(moment), QUIET, SHANGHAI)) == until


@pytest.mark.parametrize(
    ("moment", "until"),
    [("11-20 11:59", "11-20 11:59"), ("11-20 12:00", "11-20 14:00"), ("11-20 14:00", "11-20 14:00")],
)
def test_quiet_hours_may_lie_within_a_day(moment: str, until: str) -> None:
    assert shown(held_until(at(moment), NOON, SHANGHAI)) == until


def test_duty_breaks_the_quiet() -> None:
    quiet = Quiet(SHANGHAI, QUIET, ((at("11-20 23:00"), at("11-21 02:00")),))
    held = ["11-20 22:30", "11-20 23:00", "11-21 01:59", "11-21 02:00"]
    assert [shown(quiet.held_until(at(moment))) for moment in held] == [
        "11-20 23:00",
        "11-20 23:00",
        "11-21 01:59",
        "11-21 07:00",
    ]
    pauses = [(shown(start), shown(end)) for start, end in islice(quiet.pauses(at("11-20 12:00")), 3)]
    assert pauses == [
        ("11-20 22:00", "11-20 23:00"),
        ("11-21 02:00", "11-21 07:00"),
        ("11-21 22:00", "11-22 07:00"),
    ]


def test_duty_counts_only_in_its_own_subdistrict() -> None:
    shifts = [
        Shift(date(2026, 11, 20), time(20), time(8), "解放路街道", "a"),
        Shift(date(2026, 11, 20), time(20), time(8), "一马路街道", "b"),
        Shift(date(2026, 11, 21), time(9), time(17), "解放路街道", "a"),
    ]
    assert duty_spans(shifts, "解放路街道", SHANGHAI) == (
        (at("11-20 20:00"), at("11-21 08:00")),
        (at("11-21 09:00"), at("11-21 17:00")),
    )
