"""The table of holidays that a district edits, and the warning before it runs out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workers.holidays import HolidayTableError, calendar_warnings, load_holidays


def table(folder: Path, *lines: str) -> Path:
    path = folder / "holidays.csv"
    path.write_text("\n".join(["# 说明", "", "date,kind,name", *lines]), "utf-8-sig")
    return path


def test_it_knows_the_official_years() -> None:
    holidays = load_holidays()
    assert holidays.years == frozenset(range(2004, 2027))
    assert [day for day in range(1, 12) if holidays.is_working_day(date(2026, 10, day))] == [8, 9, 10]
    assert holidays.is_working_day(date(2026, 9, 20))


def test_the_table_adds_a_year(tmp_path: Path) -> None:
    holidays = load_holidays(table(tmp_path, "2027-01-01,off,元旦", "2027-01-03,work", "# 待补"))
    assert 2027 in holidays.years
    assert not holidays.is_working_day(date(2027, 1, 1))
    assert holidays.is_working_day(date(2027, 1, 3))


def test_the_table_overrides_what_was_known(tmp_path: Path) -> None:
    holidays = load_holidays(table(tmp_path, "2026-10-10,off,改休", "2026-10-07,work,改上班"))
    assert not holidays.is_working_day(date(2026, 10, 10))
    assert holidays.is_working_day(date(2026, 10, 7))


def test_a_make_up_day_alone_does_not_make_a_year_known(tmp_path: Path) -> None:
    assert 2027 not in load_holidays(table(tmp_path, "2027-01-03,work,")).years


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = table(
        tmp_path, "2027-13-01,off,", "2027-01-01,holiday,", "2027-01-02,off,", "2027-01-02,off,", "x"
    )
    with pytest.raises(HolidayTableError) as caught:
        load_holidays(path)
    assert [problem.split(" ")[0] for problem in caught.value.problems] == [
        "第4行",
        "第5行",
        "第7行",
        "第8行",
    ]


@pytest.mark.parametrize("content", [b"", b"day,kind\n", b"\xff\xfe"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holidays.csv"
    path.write_bytes(content)
    with pytest.raises(HolidayTableError):
        load_holidays(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HolidayTableError, match="读不出来"):
        load_holidays(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 11, 14), []),
        (date(2026, 11, 15), ["2027"]),
        (date(2027, 3, 1), ["2027"]),
        (date(2027, 12, 1), ["2027", "2028"]),
    ],
)
def test_it_warns_before_the_calendar_runs_out(today: date, years: list[str]) -> None:
    assert [warning[:4] for warning in calendar_warnings(load_holidays(), today)] == years
