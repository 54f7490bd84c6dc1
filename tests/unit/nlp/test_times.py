"""Lengths and moments as people say them, by hand. It is Wednesday, 2026-11-25 10:00."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from nlp.times import Length, Moment, Unit, time_said

NOW = datetime(2026, 11, 25, 10, 0)  # noqa: DTZ001  local and naive, as the function wants it


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("两天", 2, "d"),
        ("半天", 0.5, "d"),
        ("再给半天", 0.5, "d"),
        ("宽限两天", 2, "d"),
        ("2小时", 2, "h"),
        ("两个小时", 2, "h"),
        ("俩小时", 2, "h"),
        ("一个半小时", 1.5, "h"),
        ("半个小时", 0.5, "h"),
        ("1天半", 1.5, "d"),
        ("30分钟", 30, "m"),
        ("两个工作日", 2, "d"),
        ("十天", 10, "d"),
        ("一周", 1, "w"),
        ("2h", 2, "h"),
        ("1d", 1, "d"),
    ],
)
def test_a_length(text: str, amount: float, unit: Unit) -> None:
    assert time_said(text, NOW) == (Length(amount, unit), "")


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("到 15:00", 25, time(15)),
        ("到15:30", 25, time(15, 30)),
        ("到3点", 25, time(15)),
        ("到下午3点半", 25, time(15, 30)),
        ("到两点", 25, time(14)),
        ("到9:00", 25, time(21)),
        ("到明天", 26, None),
        ("到明天中午", 26, time(12)),
        ("到明早8点", 26, time(8)),
        ("到后天下午", 27, time(18)),
        ("大后天", 28, None),
        ("到11-26", 26, None),
        ("到 11月26日", 26, None),
        ("到 2026-11-27 9:00", 27, time(9)),
        ("到周五", 27, None),
        ("下周一上午", 30, time(12)),
        ("周三", 25, None),
        ("今晚", 25, time(22)),
        ("到下班前", 25, time(18)),
        ("下午", 25, time(18)),
    ],
)
def test_a_moment(text: str, day: int, clock: time | None) -> None:
    assert time_said(text, NOW)[0] == Moment(date(2026, 11, day), clock)


def test_a_date_that_is_over_is_next_years() -> None:
    assert time_said("到 3-8", NOW)[0] == Moment(date(2027, 3, 8), None)


def test_a_time_that_is_over_is_tomorrows() -> None:
    evening = NOW.replace(hour=20)
    assert time_said("到15:00", evening)[0] == Moment(date(2026, 11, 26), time(15))


@pytest.mark.parametrize(
    "text", ["", "晚点弄", "料没到", "一点没动", "到25:00", "13-40", "9999天", "0天", "到2-30", "28号门口"]
)
def test_no_time(text: str) -> None:
    assert time_said(text, NOW) == (None, text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2小时 料没到", "料没到"),
        ("料没到,延两天", "料没到"),
        ("到明天中午 等配件", "等配件"),
        ("等配件,宽限半天行不", "等配件 行不"),
    ],
)
def test_the_rest_is_the_reason(text: str, left: str) -> None:
    assert time_said(text, NOW)[1] == left
