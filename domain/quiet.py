"""Quiet hours: when people are left alone, unless somebody is on duty (值班)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from domain.clock import BusinessTime
from domain.roster_rows import Shift

Window = tuple[time, time]
"""A daily span of local time; an end not after its start is on the next day. The end is outside it."""

Span = tuple[BusinessTime, BusinessTime]
"""From a moment until just before another."""

ONE_DAY = timedelta(days=1)


def span_of(day: date, window: Window, tz: tzinfo) -> Span:
    """The span of ``window`` that begins on ``day``."""
    start, end = window
    last = day if end > start else day + ONE_DAY
    return (
        BusinessTime(datetime.combine(day, start, tz)),
        BusinessTime(datetime.combine(last, end, tz)),
    )


def held_until(t: BusinessTime, window: Window, tz: tzinfo) -> BusinessTime:
    """The end of the quiet hours that ``t`` falls in; ``t`` itself outside them."""
    return Quiet(tz, window).held_until(t)


def duty_spans(shifts: Iterable[Shift], subdistrict: str, tz: tzinfo) -> tuple[Span, ...]:
    """When somebody is on duty in a subdistrict."""
    return tuple(
        span_of(shift.day, (shift.start, shift.end), tz)
        for shift in shifts
        if shift.subdistrict == subdistrict
    )


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quiet hours of one subdistrict. While somebody is on duty it is not quiet: notices reach him,
    so deadlines run."""

    tz: tzinfo
    window: Window
    duty: tuple[Span, ...] = ()

    def held_until(self, t: BusinessTime) -> BusinessTime:
        """When what is due at ``t`` may be sent: ``t`` itself, or the end of the quiet around it."""
        for start, end in self.pauses(t):
            if start > t:
                return t
            if end > t:
                return end
        raise AssertionError("pauses never end")

    def pauses(self, since: BusinessTime) -> Iterator[Span]:
        """All quiet spans that end after ``since``, in order and without end."""
        day = since.astimezone(self.tz).date() - ONE_DAY
        while True:
            for start, end in self._without_duty(span_of(day, self.window, self.tz)):
                if end > since:
                    yield start, end
            day += ONE_DAY

    def _without_duty(self, span: Span) -> list[Span]:
        pieces = [span]
        for begin, finish in self.duty:
            if finish <= span[0] or begin >= span[1]:
                continue
            cut = [[(start, min(end, begin)), (max(start, finish), end)] for start, end in pieces]
            pieces = [(start, end) for both in cut for start, end in both if start < end]
        return pieces
