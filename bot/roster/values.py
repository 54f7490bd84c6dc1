"""Cells that hold one of a few words, house numbers, a date or a time; what is none of it is a fault."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from typing import TypeVar

from bot.roster.cells import LONGEST_LIST, Row
from bot.roster.sheets import LEVEL_NUMBERS
from domain.roster import LEVELS, GroupKind, HouseNumbers, Role, name_key

Choice = TypeVar("Choice", Role, GroupKind)
_DATE = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_TIME = re.compile(r"(?:次日)?(\d{1,2})[:点时](\d{2})?(?::\d{2})?分?", re.ASCII)


def choice_of(row: Row, column: str, options: type[Choice]) -> Choice | None:
    """One of a few words, required; None with a fault."""
    text = row.text(column, required=True)
    found = next((option for option in options if option.value == name_key(text)), None)
    if found is None and column not in row.bad:
        row.fault(column, f"「{text}」不认识,请填 {'、'.join(options)} 之一")
    return found


def level_of(row: Row, *, required: bool) -> int | None:
    """一级 to 四级, also written 3级, 3 or 三级路长; None if empty or with a fault."""
    text = row.text("级别", required=required)
    short = name_key(text).removesuffix("路长").removesuffix("级")
    level = LEVEL_NUMBERS.get(f"{short}级") or ({"1": 1, "2": 2, "3": 3, "4": 4}.get(short))
    if text and level is None and "级别" not in row.bad:
        row.fault("级别", f"「{text}」不认识,请填 {'、'.join(LEVELS.values())} 之一")
    return level


def house_numbers_of(row: Row) -> HouseNumbers:
    """House numbers, every number if empty or with a fault."""
    try:
        return HouseNumbers.parse(row.text("门牌", longest=LONGEST_LIST))
    except ValueError as error:
        row.fault("门牌", f"{error},请填如 1-75、单号、双号 或 1-75、单号")
        return HouseNumbers()


def day_of(row: Row) -> date | None:
    """A date, required; None with a fault."""
    match = _DATE.fullmatch(row.text("日期", required=True).removesuffix(" 00:00:00"))
    try:
        if match is not None:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    if "日期" not in row.bad:
        row.fault("日期", f"「{row.text('日期')}」不是日期,请填如 2026-11-23")
    return None


def moment_of(row: Row, column: str) -> time | None:
    """A time of day; 24:00 is midnight, which as an end means the next day."""
    text = unicodedata.normalize("NFKC", row.text(column, required=True)).replace(" ", "")
    match = _TIME.fullmatch(text)
    hours, minutes = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if (hours < 24 and minutes < 60) or (hours, minutes) == (24, 0):
        return time(hours % 24, minutes)
    if column not in row.bad:
        row.fault(column, f"「{text}」不是时间,请填如 18:00")
    return None
