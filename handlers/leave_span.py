"""From when until when somebody says he is away: 到 11-25, 两天, 明天, 12月1日到12月3日, 下周一起三天."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta

from domain.clock import BusinessTime
from domain.ports import Leave
from handlers import said
from handlers.visit import Visit
from nlp.times import Length, Moment, time_said

LONGEST_DAYS = 180
_UNTIL = re.compile(r"\s*(?:到|至|~|—+|--+)\s*")
_DAY_ONLY = re.compile(r"(\d{1,2})[日号]?(?:为止)?")
_WEEKDAY = re.compile("周|星期|礼拜")
_FROM_THEN_ON = re.compile("起|开始")
_DATED = re.compile(r"\d|[到至]")
"""Says an end, whether we can read it or not."""
_MIDNIGHT = time(0)


def span(visit: Visit, words: str) -> Leave | None:
    """The leave that the words mean, from now on where they name no beginning; None if they cannot be read
    or mean none that may be: over already, or too far."""
    found = _read(visit, words)
    if found is None:
        return None
    since, until = found
    farthest = timedelta(days=LONGEST_DAYS)
    if until is not None and (until <= max(since, visit.now) or until > since + farthest):
        return None
    return Leave(since, until) if since <= visit.now + farthest else None


def _read(visit: Visit, words: str) -> tuple[BusinessTime, BusinessTime | None] | None:
    head, to, tail = _parted(words)
    first, rest = time_said(head, said.local(visit))
    if to:
        last = _last(visit, tail, first)
        return None if last is None else (_begin(visit, first), said.end_of_leave(visit, last))
    if first is None:
        return None if _DATED.search(words) else (visit.now, None)
    if isinstance(first, Length):
        return visit.now, said.end_of_leave(visit, first)
    if first.day == said.local(visit).date():
        return visit.now, said.end_of_leave(visit, first)
    return _from_day(visit, first, rest)


def _parted(words: str) -> tuple[str, bool, str]:
    """What stands before and after 到."""
    match = _UNTIL.search(words)
    return (words[: match.start()], True, words[match.end() :]) if match else (words, False, "")


def _last(visit: Visit, tail: str, first: Length | Moment | None) -> Moment | None:
    """The last day or moment: 3日 is in the month of the first, 周三 in the week after it."""
    begin = first.day if isinstance(first, Moment) else None
    if begin is not None and (match := _DAY_ONLY.fullmatch(tail.strip())):
        return _same_month(begin, int(match[1]))
    found, _ = time_said(f"到{tail}", said.local(visit))
    if not isinstance(found, Moment):
        return None
    if begin is None or found.day >= begin:
        return found
    weeks = 7 * (-((found.day - begin).days // 7)) if _WEEKDAY.search(tail) else 0
    if found.clock is not None and not re.search(r"[日号天周\-/]", tail):
        return replace(found, day=begin)  # 明天9点到11点
    return replace(found, day=found.day + timedelta(days=weeks))


def _same_month(begin: date, day: int) -> Moment | None:
    try:
        return Moment(begin.replace(day=day), None)
    except ValueError:
        return None


def _begin(visit: Visit, first: Length | Moment | None) -> BusinessTime:
    """The beginning that was named, if it is still to come."""
    if not isinstance(first, Moment):
        return visit.now
    return max(visit.now, said.moment(visit, first.day, first.clock or _MIDNIGHT))


def _from_day(visit: Visit, first: Moment, rest: str) -> tuple[BusinessTime, BusinessTime | None]:
    """A later day: that day, so many days from it, or from it on."""
    begin = said.moment(visit, first.day, first.clock or _MIDNIGHT)
    length, _ = time_said(rest, said.local(visit))
    if isinstance(length, Length):
        days = length.amount * {"m": 1 / 1440, "h": 1 / 24, "d": 1, "w": 7}[length.unit]
        return begin, BusinessTime(begin + timedelta(days=days))
    if _FROM_THEN_ON.search(rest):
        return begin, None
    return begin, said.moment(visit, first.day + timedelta(days=1), _MIDNIGHT)
