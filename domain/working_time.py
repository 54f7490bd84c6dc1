"""Time that counts only while people work.

Working time is measured by the wall clock of one time zone: every working day has the same windows. Each
moment has a position, the working time since the beginning of the calendar, so that adding and subtracting
are arithmetic and cost the same for an hour and for ten years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import pairwise

from domain.clock import BusinessTime
from domain.holidays import Holidays

NOTHING = timedelta(0)


@dataclass(frozen=True)
class WorkingTime:
    """Working hours of one time zone. ``windows``: spans of every working day, in order, none over
    midnight; a window's end no longer belongs to it. Raises ``ValueError`` for windows out of order."""

    tz: tzinfo
    windows: tuple[tuple[time, time], ...]
    holidays: Holidays

    def __post_init__(self) -> None:
        borders = [border for window in self.windows for border in window]
        if not borders or any(second < first for first, second in pairwise(borders)):
            raise ValueError("working hours must be spans of one day, in order")
        if self.day <= NOTHING:
            raise ValueError("a working day must have some length")

    @cached_property
    def day(self) -> timedelta:
        """The working time of one working day: the sum of its windows."""
        return sum((_length(window) for window in self.windows), NOTHING)

    def is_working(self, t: BusinessTime) -> bool:
        """Whether ``t`` is in working hours; 12:00 sharp is not when the window ends at 12:00."""
        local = self._local(t)
        return self.holidays.is_working_day(local.date()) and any(
            start <= local.time() < end for start, end in self.windows
        )

    def next_working(self, t: BusinessTime) -> BusinessTime:
        """``t`` itself in working hours, else the start of the next window."""
        if self.is_working(t):
            return t
        day, done = self._place(t)
        for start, end in self.windows:
            if done < (length := _length((start, end))):
                return self._moment(datetime.combine(day, start))
            done -= length
        return self._moment(datetime.combine(self._working_day_after(day), self.windows[0][0]))

    def add(self, t: BusinessTime, duration: timedelta) -> BusinessTime:
        """The earliest moment with ``duration`` of working time after ``t``.

        A moment outside working hours counts as the next working one, and a span that uses up a window
        ends with it: two hours after 10:00 is 12:00, not 14:00. ``duration`` must be positive.
        """
        if duration <= NOTHING:
            raise ValueError("duration must be positive")
        days, rest = divmod(self._position(t) + duration, self.day)
        if rest == NOTHING:
            days, rest = days - 1, self.day
        day = self.holidays.working_day(days)
        for window in self.windows:
            if rest <= (length := _length(window)):
                return self._moment(datetime.combine(day, window[0]) + rest)
            rest -= length
        raise AssertionError("a day is as long as its windows")

    def add_days(self, t: BusinessTime, days: int) -> BusinessTime:
        """``days`` working days after ``t``: the same time of day that many working days later. Counted
        from a window's very start, as for all that is reported outside working hours, the same position is
        the end of the window before: a day from Monday 20:00 ends on Tuesday with the last window."""
        return self.add(t, days * self.day)

    def end_of_next_day(self, t: BusinessTime) -> BusinessTime:
        """The end of the first working day after the day of ``t``."""
        midnight = datetime.combine(self._local(t).date() + timedelta(days=1), time.min)
        return self.add(self._moment(midnight), self.day)

    def between(self, a: BusinessTime, b: BusinessTime) -> timedelta:
        """The working time from ``a`` to ``b``; negative if ``b`` is earlier."""
        return self._position(b) - self._position(a)

    def _local(self, t: BusinessTime) -> datetime:
        return t.astimezone(self.tz).replace(tzinfo=None)

    def _moment(self, local: datetime) -> BusinessTime:
        # Through UTC, so that a time which a change of clocks skips becomes one that exists.
        return BusinessTime(local.replace(tzinfo=self.tz).astimezone(UTC).astimezone(self.tz))

    def _working_day_after(self, day: date) -> date:
        return self.holidays.working_day(self.holidays.working_days_before(day + timedelta(days=1)))

    def _place(self, t: BusinessTime) -> tuple[date, timedelta]:
        """The working day ``t`` falls on or before, and how much of it is over by then."""
        local = self._local(t)
        day = local.date()
        if not self.holidays.is_working_day(day):
            return self._working_day_after(day), NOTHING
        return day, sum((_worked(window, local) for window in self.windows), NOTHING)

    def _position(self, t: BusinessTime) -> timedelta:
        day, done = self._place(t)
        return self.holidays.working_days_before(day) * self.day + done


def _length(window: tuple[time, time]) -> timedelta:
    start, end = window
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


def _worked(window: tuple[time, time], local: datetime) -> timedelta:
    """How much of ``window`` is over at a local time of the same day."""
    since_start = local - datetime.combine(local.date(), window[0])
    return min(max(since_start, NOTHING), _length(window))
