"""The calendar: what chinesecalendar knows, overridden by a table that a district edits."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from chinese_calendar.constants import holidays as KNOWN_OFF  # noqa: N812
from chinese_calendar.constants import workdays as KNOWN_WORK  # noqa: N812

from domain.errors import LuguanjiaError
from domain.holidays import Holidays

TABLE = Path(__file__).resolve().parent.parent / "data" / "holidays.csv"
COLUMNS = ["date", "kind", "name"]


class HolidayTableError(LuguanjiaError):
    """The table of holidays is wrong; ``problems`` names line and remedy of each fault."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        super().__init__(
            f"节假日表 {path.name} 有误:\n" + "\n".join(f"  · {problem}" for problem in problems)
        )
        self.problems = tuple(problems)


def load_holidays(path: Path = TABLE) -> Holidays:
    """Holidays of all known years. Raises ``HolidayTableError`` that lists every fault of the table."""
    changes = _read(path)
    off = {day for day, kind in changes.items() if kind == "off"}
    work = {day for day, kind in changes.items() if kind == "work"}
    return Holidays(
        off=frozenset((KNOWN_OFF.keys() | off) - work),
        work=frozenset((KNOWN_WORK.keys() | work) - off),
        years=frozenset(day.year for day in KNOWN_OFF.keys() | off),
    )


def calendar_warnings(holidays: Holidays, today: date) -> list[str]:
    """A sentence for every year whose schedule is missing and soon needed."""
    return [
        f"{year}年的放假调休安排未录入,该年只按周末休息计算;请按国务院办公厅通知补充 data/{TABLE.name}"
        for year in holidays.missing_years(today)
    ]


def _read(path: Path) -> dict[date, str]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HolidayTableError(
            path, [f"文件读不出来({type(error).__name__}),请存为 UTF-8 的 CSV"]
        ) from error
    rows = list(_rows(lines))
    if not rows or rows[0][1] != COLUMNS:
        raise HolidayTableError(path, [f"表头应为 {','.join(COLUMNS)}"])
    days: dict[date, str] = {}
    problems: list[str] = []
    for number, cells in rows[1:]:
        day = _day(cells[0])
        kind = cells[1] if len(cells) > 1 else ""
        if day is None:
            problems.append(f"第{number}行 date:「{cells[0]}」应如 2027-01-01")
        elif day in days:
            problems.append(f"第{number}行 date:{day} 重复,请删去一行")
        elif kind not in {"off", "work"}:
            problems.append(f"第{number}行 kind:「{kind}」应为 off 或 work")
        else:
            days[day] = kind
    if problems:
        raise HolidayTableError(path, problems)
    return days


def _rows(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of the lines that say something."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, [cell.strip() for cell in next(csv.reader([line]))]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
