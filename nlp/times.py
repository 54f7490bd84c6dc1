"""Lengths and moments as people say them: 两天, 一个半小时, 到明天中午, 周五下午3点, 11-25."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from nlp.normalize import chinese_number

Unit = Literal["m", "h", "d", "w"]


@dataclass(frozen=True, slots=True)
class Length:
    """How long: minutes, hours, days or weeks, of whichever clock the hearer has."""

    amount: float
    unit: Unit


@dataclass(frozen=True, slots=True)
class Moment:
    """Until when; ``clock`` is None where only a day was said."""

    day: date
    clock: time | None


_NUM = r"\d{1,3}(?:\.\d)?|[一二两俩三四五六七八九十]{1,3}|半"
_LENGTH = re.compile(
    rf"(?:宽限|延长?|再给)?(?<![\d.])(?P<n>{_NUM})\s*(?:个(?P<half>半)?)?\s*"
    r"(?P<unit>分钟|小时|钟头|工作小时|工作日|天|周(?![一二三四五六日天])|星期|礼拜|[hmd](?![a-z]))(?P<half2>半)?"
)
_UNITS: dict[str, Unit] = {
    "分钟": "m", "m": "m", "小时": "h", "钟头": "h", "工作小时": "h", "h": "h", "天": "d",
    "工作日": "d", "d": "d", "周": "w", "星期": "w", "礼拜": "w",
}  # fmt: skip
_DAY = (
    r"大后天|后天|明[天日]?(?=早|晚|上午|中午|下午|天|日|$)[天日]?|今[天日]?(?=早|晚|上午|中午|下午|天|日)[天日]?"
    r"|(?P<next>下)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?:(?P<year>20\d\d)[-/年])?(?P<month>\d{1,2})[-/月](?P<date>\d{1,2})[日号]?(?!\d|\s*(?:天|个|小时))"
)
_PART = r"一早|早上|早|上午|中午|下午|傍晚|下班前?|晚上|晚"
_CLOCK = (
    r"(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,2})"
    r"(?::(?P<minute>\d{2})|点(?:钟|(?P<words>\d{1,2}分?|半|一刻))?)"
)
_MOMENT = re.compile(
    rf"(?P<to>[延宽限]*[到至])?\s*(?P<day>{_DAY})?\s*(?P<part>{_PART})?\s*(?:{_CLOCK})?\s*(?:之?前|为止)?"
)
_PARTS = {
    "早": time(9), "早上": time(9), "一早": time(9), "上午": time(12), "中午": time(12), "下午": time(18),
    "傍晚": time(18), "下班": time(18), "下班前": time(18), "晚上": time(22), "晚": time(22),
}  # fmt: skip
_AFTERNOON = {"下午", "傍晚", "晚上", "晚", "下班", "下班前"}
_EDGES = " ,，。:、;"


def time_said(text: str, now: datetime) -> tuple[Length | Moment | None, str]:
    """The first moment or length in a normalised text, and the text without it. ``now``: local, naive."""
    for match in _MOMENT.finditer(text):
        moment = _moment(match, now) if _says_something(match) else None
        if moment is not None:
            return moment, _without(text, match)
    found = _LENGTH.search(text)
    if found is not None and (length := _length(found)) is not None:
        return length, _without(text, found)
    return None, text.strip()


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()].strip(_EDGES)} {text[match.end() :].strip(_EDGES)}".strip()


def _says_something(match: re.Match[str]) -> bool:
    """A part of the day, or an hour in Chinese numerals (一点), means a moment only beside a day or 到."""
    if match["day"]:
        return True
    if match["hour"] is None:
        return bool(match["part"]) and (bool(match["to"]) or len(match["part"]) > 1)
    return match["hour"].isdigit() or bool(match["to"] or match["part"])


def _moment(match: re.Match[str], now: datetime) -> Moment | None:
    try:
        day, clock = _day(match, now.date()), _clock(match)
    except ValueError:
        return None
    if day is not None or clock is None:
        return Moment(day or now.date(), clock)
    noon = datetime.combine(now.date(), clock)
    if noon <= now and not match["part"] and clock.hour < 12:
        afternoon = noon + timedelta(hours=12)
        if afternoon > now:
            return Moment(afternoon.date(), afternoon.time())
    return Moment(now.date() if noon > now else now.date() + timedelta(days=1), clock)


def _day(match: re.Match[str], today: date) -> date | None:
    said = match["day"]
    if not said:
        return None
    if match["weekday"]:
        index = "一二三四五六日".index(match["weekday"].replace("天", "日"))
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1 if match["next"] else 0)
        day = monday + timedelta(days=index)
        return day if day >= today else day + timedelta(weeks=1)
    if match["month"]:
        year = int(match["year"] or today.year)
        day = date(year, int(match["month"]), int(match["date"]))
        return day if match["year"] or day >= today else date(year + 1, day.month, day.day)
    return today + timedelta(days=next(n for word, n in _NAMED if said.startswith(word)))


_NAMED = (("大后", 3), ("后", 2), ("明", 1), ("今", 0))


def _clock(match: re.Match[str]) -> time | None:
    if match["hour"] is None:
        return _PARTS[match["part"]] if match["part"] else None
    hour = int(match["hour"]) if match["hour"].isdigit() else chinese_number(match["hour"]) or 0
    if match["part"] in _AFTERNOON and hour < 12:
        hour += 12
    words = match["words"] or ""
    minute = {"半": 30, "一刻": 15, "": int(match["minute"] or 0)}.get(words)
    return time(hour, int(words.rstrip("分")) if minute is None else minute)


def _length(match: re.Match[str]) -> Length | None:
    said = match["n"].replace("俩", "两")
    half = 0.5 if match["half"] or match["half2"] else 0.0
    if said == "半":
        amount = 0.5
    elif said[0].isdigit():
        amount = float(said)
    else:
        amount = float(chinese_number(said) or 0)
    return Length(amount + half, _UNITS[match["unit"]]) if amount + half > 0 else None
