"""Working time between many pairs of moments: the windows of a span laid out once, then looked up."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta

from domain.clock import BusinessTime
from domain.working_time import WorkingTime

DAY = timedelta(days=1)


class Stopwatch:
    """Counts working time within a span; what lies outside it is not counted. The same as
    ``WorkingTime.between`` there, at a fraction of the cost."""

    def __init__(self, working: WorkingTime, since: BusinessTime, until: BusinessTime) -> None:
        self._starts: list[float] = []
        self._ends: list[float] = []
        self._before: list[float] = []
        counted = 0.0
        day = since.astimezone(working.tz).date()
        last = until.astimezone(working.tz).date()
        while day <= last:
            if working.holidays.is_working_day(day):
                for window in working.windows:
                    start, end = (datetime.combine(day, clock, working.tz).timestamp() for clock in window)
                    self._starts.append(start)
                    self._ends.append(end)
                    self._before.append(counted)
                    counted += end - start
            day += DAY

    def seconds(self, a: float, b: float) -> float:
        """Seconds of working time from ``a`` to ``b``, both in seconds since the epoch."""
        return self._position(b) - self._position(a)

    def _position(self, moment: float) -> float:
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return 0.0
        return self._before[index] + min(moment, self._ends[index]) - self._starts[index]
