"""Until when something is promised, by the clock its category has.

A deadline never runs while its notice is lawfully held: the working clock stands still outside working
hours, the natural clock in quiet hours, unless it is about danger or somebody is on duty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Protocol

from domain.clock import BusinessTime
from domain.issues import Issue, Promise
from domain.quiet import Quiet
from domain.taxonomy import Clock, Duration
from domain.working_time import NOTHING, WorkingTime


class Counting(Protocol):
    """A clock that counts some hours and not others."""

    def add(self, t: BusinessTime, duration: timedelta) -> BusinessTime:
        """The earliest moment with ``duration`` counted after ``t``."""

    def between(self, a: BusinessTime, b: BusinessTime) -> timedelta:
        """What was counted from ``a`` to ``b``; negative if ``b`` is earlier."""


@dataclass(frozen=True, slots=True)
class NaturalTime:
    """Round the clock, but not in quiet hours; None: without a pause. Costs one step per day."""

    quiet: Quiet | None

    def add(self, t: BusinessTime, duration: timedelta) -> BusinessTime:
        # Arithmetic of two local times would ignore a change of clocks; that of UTC does not.
        now, left = t.astimezone(UTC), duration
        for start, end in self.quiet.pauses(t) if self.quiet else ():
            if left <= start.astimezone(UTC) - now:
                break
            left -= max(start.astimezone(UTC) - now, NOTHING)
            now = max(end.astimezone(UTC), now)
        return BusinessTime((now + left).astimezone(t.tzinfo))

    def between(self, a: BusinessTime, b: BusinessTime) -> timedelta:
        if b < a:
            return -self.between(b, a)
        begin, finish = a.astimezone(UTC), b.astimezone(UTC)
        counted = finish - begin
        for start, end in self.quiet.pauses(a) if self.quiet else ():
            if start >= b:
                break
            counted -= min(end.astimezone(UTC), finish) - max(start.astimezone(UTC), begin)
        return counted


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks of a subdistrict: its working hours and its quiet hours with their duty."""

    working: WorkingTime
    quiet: Quiet

    def counting(self, working_clock: bool, danger: bool) -> Counting:
        """The clock a deadline runs by."""
        if working_clock:
            return self.working
        return NaturalTime(None if danger else self.quiet)

    def of(self, issue: Issue) -> Counting:
        """The clock this issue's deadline runs by."""
        return self.counting(issue.working_clock, issue.danger)

    def length(self, duration: Duration) -> timedelta:
        """A duration in counted time. On the working clock a day is the sum of a day's working hours, so
        that a timedelta is all an issue needs to keep; on the natural clock it is 24 hours."""
        day = self.working.day if duration.clock is Clock.WORK else timedelta(days=1)
        unit = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": day}[duration.unit]
        return duration.amount * unit


def promise(since: BusinessTime, duration: Duration, danger: bool, clocks: Clocks) -> Promise:
    """The deadline of what is assigned at ``since``: fresh report, transfer, reopening."""
    length, working_clock = clocks.length(duration), duration.clock is Clock.WORK
    deadline = clocks.counting(working_clock, danger).add(since, length)
    return Promise(since, length, working_clock, deadline)


def resumed(issue: Issue, now: BusinessTime, clocks: Clocks) -> Promise:
    """The deadline after a pause (returned, suspended): what was left when it began is left now. What
    was late already is due at once; the pause is not counted against anyone."""
    paused_at = issue.paused_at or now
    left = clocks.of(issue).between(paused_at, issue.deadline)
    deadline = clocks.of(issue).add(now, left) if left > NOTHING else now
    return Promise(now, issue.duration, issue.working_clock, deadline)
