"""Cells of the roster workbook as clean text, and what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from openpyxl.utils.datetime import from_excel

from bot.roster.sheets import COLUMNS, CellKind

LONGEST_NAME = 60
LONGEST_LIST = 2_000
_SEPARATORS = re.compile(r"[、,，;；\n]+")
_WIDE_LETTERS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}


class Faults:
    """Everything wrong with a workbook; sorted by sheet and row when told, however it was found."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, int, str], None] = {}  # an ordered set: a fault is told once

    def add(self, sheet: str, row: int, text: str, column: str = "") -> None:
        """``row`` 0 stands for the whole sheet, no ``column`` for the whole row."""
        place = f"「{sheet}」第{row}行" if row else f"「{sheet}」"
        position = COLUMNS[sheet].index(column) if column else -1
        described = f"{place} {column}:{text}" if column else f"{place} {text}"
        self._found[list(COLUMNS).index(sheet), row, position, described] = None

    @property
    def lines(self) -> list[str]:
        return [found[-1] for found in sorted(self._found, key=lambda found: found[:3])]


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty: clean text by column. ``bad``: columns already complained about."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    faults: Faults
    bad: set[str] = field(default_factory=set)

    def fault(self, column: str, text: str) -> None:
        self.bad.add(column)
        self.faults.add(self.sheet, self.number, text, column)

    def text(self, column: str, *, required: bool = False, longest: int = LONGEST_NAME) -> str:
        """The text of a cell; one that is too long, or empty and must not be, is a fault."""
        text = self.cells.get(column, "")
        if required and not text and column not in self.bad:
            self.fault(column, "不能为空,请填写")
        if len(text) > longest and column not in self.bad:
            self.fault(column, f"太长({len(text)}字),请缩短到{longest}字以内")
        return text

    def items(self, column: str) -> tuple[str, ...]:
        """The list inside a cell, without repetitions."""
        parts = [part.strip() for part in _SEPARATORS.split(self.text(column, longest=LONGEST_LIST))]
        for part in parts:
            if len(part) > LONGEST_NAME:
                self.fault(column, f"「{part[:10]}…」太长,每一项请缩短到{LONGEST_NAME}字以内;各项用、隔开")
        return tuple(dict.fromkeys(part for part in parts if part))


def clean(text: str) -> str:
    """Without what nobody sees: control and zero-width characters, spaces at the ends or doubled; wide
    letters and digits become narrow. Line breaks stay, because they separate lists."""
    kept = (
        " " if char.isspace() and char != "\n" else char
        for char in text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn"}
    )
    return re.sub(r" *\n[ \n]*", "\n", re.sub(r" {2,}", " ", "".join(kept))).strip().translate(_WIDE_LETTERS)


def cell_text(value: object, kind: CellKind) -> str:
    """What a cell says. Raises ValueError with a remedy where Excel made something else of it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        raise ValueError("是逻辑值 TRUE/FALSE,请改填文字")  # noqa: TRY004  a wrong cell, not a wrong call
    if kind is CellKind.DATE:
        return _date_text(value)
    if kind is CellKind.TIME:
        return _time_text(value)
    if isinstance(value, int | float):
        return _number_text(value)
    raise ValueError("被 Excel 变成了日期或时间,请把该列设为「文本」格式后重新填写")


def _number_text(value: float) -> str:
    if abs(value) >= 1e15:
        raise ValueError("数字超过15位,Excel 已改掉末位,请把该列设为「文本」格式后重新填写")
    return str(int(value)) if value == int(value) else repr(value)


def _date_text(value: object) -> str:
    if isinstance(value, int | float) and 36526 <= value < 73051:  # serial numbers of 2000 to 2099
        value = from_excel(value)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    raise ValueError("不是日期,请填如 2026-11-23")


def _time_text(value: object) -> str:
    if isinstance(value, int | float) and 0 <= value <= 1:
        value = timedelta(days=value)
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, timedelta) and timedelta() <= value <= timedelta(days=1):
        minutes = round(value / timedelta(minutes=1)) % 1440
        value = time(minutes // 60, minutes % 60)
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    raise ValueError("不是时间,请填如 18:00")
