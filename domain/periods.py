"""The spans summaries cover: the 24 hours before SUMMARY_AT, the calendar week, the calendar month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from domain.clock import BusinessTime

DAY = timedelta(days=1)
MORNING = time(9)
"""When the weekly (Monday) and the monthly (the 1st) summary are due."""


class Kind(StrEnum):
    """The value names it in records; ``NAMES`` is what people call it."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


NAMES: Mapping[Kind, str] = {Kind.DAILY: "日报", Kind.WEEKLY: "周报", Kind.MONTHLY: "月报"}


@dataclass(frozen=True, slots=True)
class Span:
    """From just after ``since`` up to and including ``until``. A month counts the issues that were reported
    in it (by 上报时间), a day and a week what happened in them."""

    kind: Kind
    since: BusinessTime
    until: BusinessTime

    @property
    def by_report_time(self) -> bool:
        return self.kind is Kind.MONTHLY


@dataclass(frozen=True, slots=True)
class Due:
    """A summary that is due at a moment, and what it covers."""

    at: BusinessTime
    span: Span


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar of one time zone with its hour of the daily summary."""

    tz: tzinfo
    summary_at: time

    def last_due(self, kind: Kind, now: BusinessTime) -> Due:
        """The newest summary of a kind that is due."""
        today = now.astimezone(self.tz).date()
        if kind is Kind.DAILY:
            at = self._moment(today, self.summary_at)
            at = at if at <= now else self._moment(today - DAY, self.summary_at)
            return Due(at, self.day_until(at))
        begin = today - timedelta(days=today.weekday()) if kind is Kind.WEEKLY else today.replace(day=1)
        if now < self._moment(begin, MORNING):
            begin = self._begin(kind, begin - DAY)
        return Due(self._moment(begin, MORNING), self.holding(kind, begin - DAY))

    def day_until(self, until: BusinessTime) -> Span:
        """The 24 hours before a moment."""
        return Span(Kind.DAILY, BusinessTime(until - DAY), until)

    def holding(self, kind: Kind, day: date) -> Span:
        """The whole day (as the daily summary of that date covers it), week or month that holds a date."""
        if kind is Kind.DAILY:
            return self.day_until(self._moment(day, self.summary_at))
        begin = self._begin(kind, day)
        after = begin + 7 * DAY if kind is Kind.WEEKLY else (begin + 31 * DAY).replace(day=1)
        return Span(kind, self._moment(begin, time.min), self._moment(after, time.min))

    def before(self, span: Span) -> Span:
        """The period before, of the same kind; for one that is not over yet, as long a part of it."""
        if span.kind is Kind.DAILY:
            return self.day_until(span.since)
        earlier = self.holding(span.kind, span.since.astimezone(self.tz).date() - DAY)
        same_part = BusinessTime(earlier.since + (span.until - span.since))
        whole = span == self.holding(span.kind, span.since.astimezone(self.tz).date())
        return earlier if whole else Span(span.kind, earlier.since, min(earlier.until, same_part))

    def steps(self, span: Span) -> list[tuple[str, BusinessTime]]:
        """What a picture shows a period by, as label and end: two hours of a day, days of a longer one."""
        found: list[tuple[str, BusinessTime]] = []
        begin = span.since
        while begin < span.until:
            local = begin.astimezone(self.tz)
            if span.kind is Kind.DAILY:
                label, end = f"{local.hour}时", BusinessTime(begin + timedelta(hours=2))
            else:
                label, end = f"{local.day}日", self._moment(local.date() + DAY, time.min)
            found.append((label, min(end, span.until)))
            begin = end
        return found

    def _begin(self, kind: Kind, day: date) -> date:
        return day - timedelta(days=day.weekday()) if kind is Kind.WEEKLY else day.replace(day=1)

    def _moment(self, day: date, clock: time) -> BusinessTime:
        return BusinessTime(datetime.combine(day, clock, self.tz))
