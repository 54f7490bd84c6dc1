"""顺延: all deadlines of a place moved for a reason that nobody can help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.deadlines import Clocks
from domain.issues import Issue, Promise
from domain.taxonomy import Clock, Duration
from domain.transitions import promised

LONGEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Delay:
    """How long: so many ``m``, ``h``, ``d`` or ``w``; a day is one of the clock it is counted by."""

    amount: float
    unit: str

    def length(self, clock: Clock, clocks: Clocks) -> timedelta:
        """In counted time of one clock. A week is five working days, or seven."""
        week = 5 if clock is Clock.WORK else 7
        days = self.amount * week if self.unit == "w" else self.amount
        return clocks.length(Duration(1, "d" if self.unit == "w" else self.unit, clock)) * days


def postponed(issue: Issue, delay: Delay, clocks: Clocks) -> Issue:
    """With a later deadline by the issue's own clock; since when it counts stays as it was."""
    length = delay.length(Clock.WORK if issue.working_clock else Clock.NATURAL, clocks)
    deadline = clocks.of(issue).add(issue.deadline, length)
    return promised(issue, Promise(issue.assigned_at, issue.duration, issue.working_clock, deadline))
