"""What will happen next by the business clock, for the sandbox page: an estimate from what is stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from config import Settings
from domain.clock import BusinessTime
from domain.issues import Issue, State
from domain.periods import Days, Kind
from domain.settings import LadderSteps
from domain.with_officer import stands_still
from store import issues, outbox
from store.database import Database

STEPS: Final = 50
_STEPS: Final = LadderSteps()
_NEXT: Final = {
    Kind.DAILY: timedelta(days=1),
    Kind.WEEKLY: timedelta(days=7),
    Kind.MONTHLY: timedelta(days=31),
}
_BY_STATE: Final = {State.RESOLVED: "auto_close", State.RETURNED: "returned", State.SUSPENDED: "review"}


def upcoming(database: Database, settings: Settings, now: BusinessTime) -> list[dict[str, Any]]:
    """Steps of issues, notices that quiet hours hold, summaries; the soonest first. ``what`` is one of
    unclaimed, before, deadline, late, reminder, officer, auto_close, returned, review, held, daily, weekly
    and monthly."""
    with database.read() as connection:
        found = [(issues.get(connection, number), at) for number, at in issues.upcoming(connection, STEPS)]
        waiting = outbox.held(connection, now)
    quiet = [{"at": at, "what": "held", "count": count} for at, count in waiting]
    summaries = _summaries(Days(settings.timezone, settings.summary_at), now)
    steps = [*(_step(issue, at) for issue, at in found if issue), *quiet, *summaries]
    ordered = sorted(steps, key=lambda step: step["at"])
    return [step | {"at": step["at"].astimezone(settings.timezone).isoformat()} for step in ordered]


def _step(issue: Issue, at: BusinessTime) -> dict[str, Any]:
    deadline = issue.deadline.isoformat()
    return {
        "at": at,
        "what": what(issue, at),
        "issue": issue.number,
        "owner": issue.owner,
        "deadline": deadline,
    }


def what(issue: Issue, at: BusinessTime) -> str:
    """The kind of an issue's next step at ``at``."""
    if issue.state in _BY_STATE:
        return _BY_STATE[issue.state]
    if stands_still(issue):
        return "officer"
    if at > issue.deadline:
        return "late"
    named = {
        issue.deadline: "deadline",
        issue.deadline - _STEPS.before: "before",
        issue.assigned_at + _STEPS.unclaimed: "unclaimed" if issue.state is State.REPORTED else "reminder",
    }
    return named.get(at, "reminder")


def _summaries(days: Days, now: BusinessTime) -> list[dict[str, Any]]:
    """The next one of each kind: the newest that is due one span after the last."""
    return [
        {"at": days.last_due(kind, BusinessTime(days.last_due(kind, now).at + length)).at, "what": kind.value}
        for kind, length in _NEXT.items()
    ]
