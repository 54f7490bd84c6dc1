"""What the tests of the time rules share: the default settings, and short ways to write moments.

All moments are 2026, in Shanghai, written ``11-20 17:30``. 2026-11-20 is a Friday.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from domain.clock import BusinessTime
from domain.deadlines import Clocks, promise
from domain.issues import Issue, State
from domain.quiet import Quiet, Span
from domain.rungs import LadderRules
from domain.taxonomy import Clock, Duration
from domain.working_time import WorkingTime
from workers.holidays import load_holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
WINDOWS = ((time(8), time(12)), (time(14), time(18)))
QUIET = (time(22), time(7))


def at(text: str) -> BusinessTime:
    """``11-20 17:30`` of 2026, or a whole ``2027-01-04 08:00``."""
    whole = text if text.count("-") == 2 else f"2026-{text}"
    return BusinessTime(datetime.fromisoformat(whole).replace(tzinfo=SHANGHAI))


def shown(t: BusinessTime | None) -> str | None:
    """The inverse of ``at`` for 2026; other years are shown whole."""
    if t is None:
        return None
    local = t.astimezone(SHANGHAI)
    return f"{local:%m-%d %H:%M}" if local.year == 2026 else f"{local:%Y-%m-%d %H:%M}"


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@cache
def working_time() -> WorkingTime:
    return WorkingTime(SHANGHAI, WINDOWS, load_holidays())


def clocks(*duty: Span) -> Clocks:
    return Clocks(working_time(), Quiet(SHANGHAI, QUIET, duty))


def rules(*duty: Span) -> LadderRules:
    return LadderRules(clocks(*duty), hours(24))


def issue(reported: str, duration: str, *duty: Span, danger: bool = False, **changes: Any) -> Issue:
    """A fresh one, reported then, with ``2h work`` or ``2h natural`` to do it."""
    length, clock = duration.split()
    made = promise(at(reported), Duration.parse(length, Clock(clock)), danger, clocks(*duty))
    fresh = Issue(
        number=12,
        state=State.REPORTED,
        category="parking",
        sub="nonmotor",
        subdistrict="解放路街道",
        section="益民路",
        text="门口乱停",
        reporter="shop-1",
        reported_at=made.since,
        assigned_at=made.since,
        duration=made.duration,
        working_clock=made.working_clock,
        deadline=made.deadline,
        owner="chief3",
        danger=danger,
    )
    return replace(fresh, **changes)
