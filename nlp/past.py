"""Days, weeks and months that are over or under way, as people name them: 昨天, 11-20, 上周, 10月, 本月."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

DAY = timedelta(days=1)
_DAYS = {"大前天": 3, "前天": 2, "前日": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0, "当天": 0}
_WEEKS = {"上上周": 2, "上周": 1, "上星期": 1, "上礼拜": 1, "本周": 0, "这周": 0, "本星期": 0}
_MONTHS = {"上个月": 1, "上月": 1, "本月": 0, "这个月": 0, "当月": 0}
_NAMED = "|".join(sorted((*_DAYS, *_WEEKS, *_MONTHS), key=len, reverse=True))
_SAID = re.compile(
    rf"(?P<named>{_NAMED})"
    r"|(?:(?P<year>20\d\d)\s*[-/.年]\s*)?(?<!\d)(?P<month>1[0-2]|0?[1-9])\s*"
    r"(?:[-/.月]\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?|月份?(?!\d))"
)


@dataclass(frozen=True, slots=True)
class Past:
    """``day`` lies in the day, week or month that was meant."""

    unit: Literal["day", "week", "month"]
    day: date


def past_said(text: str, today: date) -> tuple[Past | None, str]:
    """The first such span in a normalised text, and the text without it. A date without a year is the
    newest one that is not after today."""
    for match in _SAID.finditer(text):
        found = _named(match["named"], today) if match["named"] else _dated(match, today)
        if found is not None:
            return found, f"{text[: match.start()].strip()} {text[match.end() :].strip()}".strip()
    return None, text.strip()


def _named(word: str, today: date) -> Past:
    if word in _DAYS:
        return Past("day", today - _DAYS[word] * DAY)
    if word in _WEEKS:
        return Past("week", today - 7 * _WEEKS[word] * DAY)
    first = today.replace(day=1)
    return Past("month", first - DAY if _MONTHS[word] else first)


def _dated(match: re.Match[str], today: date) -> Past | None:
    unit: Literal["day", "month"] = "day" if match["day"] else "month"
    month, number = int(match["month"]), int(match["day"] or 1)
    years = [int(match["year"])] if match["year"] else [today.year - back for back in range(5)]
    for year in years:  # 02-29 may lie some years back
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day <= today or match["year"]:
            return Past(unit, day)
    return None
