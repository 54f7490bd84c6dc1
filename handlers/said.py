"""What a command said besides its verb and its numbers: a reason, a time."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from domain.clock import BusinessTime
from domain.issues import Issue
from domain.working_time import WorkingTime
from handlers.visit import Visit
from nlp.normalize import normalize
from nlp.times import Length, Moment, time_said

_NUMBERED = re.compile(r"^\s*#?\d{1,7}\s*号?(?![:\d天小分点月个/-])[\s,、]*|[\s,、]+#?\d{1,7}\s*号?\s*$")
_MIDNIGHT = time(0)


def words(visit: Visit) -> str:
    """The rest of an exact command; of a natural wording (不归我管 12) all but its number."""
    if _is_exact(visit):
        return visit.command.rest
    return _NUMBERED.sub("", normalize(visit.message.text)).strip()


def when(visit: Visit) -> tuple[Length | Moment | None, str]:
    """The time that was said, and the words without it."""
    said, rest = time_said(words(visit), local(visit))
    return said, rest if _is_exact(visit) else words(visit)


def _is_exact(visit: Visit) -> bool:
    return bool(visit.command.verb) and visit.command.exact


def local(visit: Visit) -> datetime:
    """Now, on the wall clock of the district."""
    return visit.now.astimezone(visit.office.rules.timezone).replace(tzinfo=None)


def moment(visit: Visit, day: date, clock: time) -> BusinessTime:
    """A time of the wall clock."""
    return BusinessTime(datetime.combine(day, clock, visit.office.rules.timezone))


def counted(visit: Visit, issue: Issue, said: Length) -> timedelta:
    """A length on the clock of an issue: a day of work is the working hours of a day, a week five of them."""
    day = visit.office.rules.working_time.day if issue.working_clock else timedelta(days=1)
    week = 5 * day if issue.working_clock else 7 * day
    unit = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": day, "w": week}[said.unit]
    return unit * said.amount


def end_of(visit: Visit, issue: Issue, said: Moment) -> BusinessTime:
    """A moment as a deadline: a mere day ends with its work; on the working clock it is a working day."""
    if said.clock is not None:
        return moment(visit, said.day, said.clock)
    working = visit.office.rules.working_time
    return moment(visit, _working_day(visit, said.day) if issue.working_clock else said.day, _last(working))


def _working_day(visit: Visit, day: date) -> date:
    working = visit.office.rules.working_time
    return working.next_working(moment(visit, day, _MIDNIGHT)).astimezone(working.tz).date()


def _last(working: WorkingTime) -> time:
    return working.windows[-1][1]


def morning_of(visit: Visit, said: Moment) -> BusinessTime:
    """A moment until which somebody wants quiet: a mere day begins with its work."""
    return moment(visit, said.day, said.clock or visit.office.rules.working_time.windows[0][0])


def end_of_leave(visit: Visit, said: Length | Moment) -> BusinessTime:
    """Until when somebody is away: 到 11-25 and 两天 include their last day, which is today for 一天."""
    working = visit.office.rules.working_time
    if isinstance(said, Moment):
        if said.clock is not None:
            return moment(visit, said.day, said.clock)
        return moment(visit, said.day + timedelta(days=1), _MIDNIGHT)
    if said.unit in {"m", "h"}:
        unit = timedelta(minutes=1) if said.unit == "m" else timedelta(hours=1)
        return BusinessTime(visit.now + unit * said.amount)
    if said.amount < 1:
        return working.add(visit.now, working.day * said.amount)
    days = math.ceil(said.amount) * (7 if said.unit == "w" else 1)
    return moment(visit, local(visit).date() + timedelta(days=days), _MIDNIGHT)
