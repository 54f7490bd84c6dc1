"""The day on which something is looked at again: 12-01, 下周一, 30天后, 两个月后, 月底, 年底."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from nlp.normalize import chinese_number
from nlp.times import Moment, time_said

_MONTHS = re.compile(
    r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2}|半)个月|(?P<half_year>半年)|(?P<year>一年)"
)
_END = re.compile(r"(?P<next>下个?)?(?:本|这个?)?月底|(?P<year>年底)")
_LED_BY = re.compile(r"^(?:到|至|等到|在|于)\s*")
_AFTER = re.compile(r"^\s*(?:以后|之后|后|之前|前|再看|复核|复查)+[\s,，。:、]*")


def review_day(text: str, now: datetime) -> tuple[date | None, str]:
    """The first such day in a normalised text, and what else it says. ``now``: local, naive."""
    words = text.split()
    for index, each in enumerate(words):
        day, left = _day_in(each, now)
        if day is not None:
            return day, _joined(" ".join(words[:index]), " ".join((left, *words[index + 1 :])))
    return None, text


def _day_in(word: str, now: datetime) -> tuple[date | None, str]:
    for pattern, day_of in ((_MONTHS, _in_months), (_END, _at_the_end)):
        match = pattern.search(word)
        if match is not None:
            return day_of(match, now.date()), _joined(word[: match.start()], word[match.end() :])
    said, rest = time_said(word, now)
    if isinstance(said, Moment):
        return said.day, rest
    if said is None or said.unit not in {"d", "w"}:
        return None, word
    days = said.amount * (7 if said.unit == "w" else 1)
    return now.date() + timedelta(days=days), rest


def _joined(before: str, after: str) -> str:
    before = _LED_BY.sub("", before.strip())
    return " ".join(filter(None, (before.removesuffix("到").strip(), _AFTER.sub("", after).strip())))


def _in_months(match: re.Match[str], today: date) -> date:
    if match["n"] == "半":
        return today + timedelta(days=15)
    months = {"半年": 6, "一年": 12}.get(match[0]) or _number(match["n"])
    index = today.year * 12 + today.month - 1 + months
    return _last_or(index // 12, index % 12 + 1, today.day)


def _number(said: str) -> int:
    return int(said) if said.isdigit() else chinese_number(said) or 1


def _at_the_end(match: re.Match[str], today: date) -> date:
    if match["year"]:
        return date(today.year, 12, 31)
    index = today.year * 12 + today.month - 1 + (1 if match["next"] else 0)
    return _last_or(index // 12, index % 12 + 1, 31)


def _last_or(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
