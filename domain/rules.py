"""The district's rules of time, as configured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta, tzinfo

from domain.quiet import Window
from domain.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Rules:
    """working_time: WORK_HOURS and the holidays. quiet: QUIET_HOURS. auto_close: AUTO_CLOSE_HOURS, natural.
    summary_at: local time of the daily summary. keep_pictures, keep_texts: how long they are kept."""

    working_time: WorkingTime
    quiet: Window
    auto_close: timedelta
    summary_at: time
    keep_pictures: timedelta = timedelta(days=90)
    keep_texts: timedelta = timedelta(days=730)

    @property
    def timezone(self) -> tzinfo:
        """The district's time zone."""
        return self.working_time.tz
