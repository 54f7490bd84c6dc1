"""Which days are worked: weekends, public holidays, and the weekends worked to make up for them (调休)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

ANNOUNCED_BY = (11, 15)
"""Month and day from which next year's official schedule ought to be known (it comes in November)."""


@dataclass(frozen=True)
class Holidays:
    """Days that differ from the plain week. ``off``: holidays; ``work``: make-up days, which win where a
    day is in both; ``years``: those whose official schedule is in here. In other years Saturday and Sunday
    are off and nothing else is."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.work:
            return True
        return day not in self.off and day.weekday() < 5

    def missing_years(self, today: date) -> tuple[int, ...]:
        """Years about which somebody must be warned now: this one, and late in the year the next."""
        soon = [today.year + 1] if (today.month, today.day) >= ANNOUNCED_BY else []
        return tuple(year for year in (today.year, *soon) if year not in self.years)

    @cached_property
    def _weekdays_off(self) -> list[date]:
        return sorted(day for day in self.off - self.work if day.weekday() < 5)

    @cached_property
    def _weekends_worked(self) -> list[date]:
        return sorted(day for day in self.work if day.weekday() >= 5)

    def working_days_before(self, day: date) -> int:
        """How many working days there were before ``day``, counted from the beginning of the calendar."""
        weeks, rest = divmod(day.toordinal() - 1, 7)  # day 1 of the calendar was a Monday
        plain = 5 * weeks + min(rest, 5)
        return plain - bisect_left(self._weekdays_off, day) + bisect_left(self._weekends_worked, day)

    def working_day(self, index: int) -> date:
        """The working day with ``index`` working days before it."""
        if index not in self._found:  # the same few days are asked for again and again
            ordinals = range(1, date.max.toordinal())
            place = bisect_right(
                ordinals, index, key=lambda ordinal: self.working_days_before(date.fromordinal(ordinal))
            )
            self._found[index] = date.fromordinal(ordinals[place - 1])
        return self._found[index]

    @cached_property
    def _found(self) -> dict[int, date]:
        return {}
