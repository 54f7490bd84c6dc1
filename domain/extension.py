"""延期: a deadline moved by word of the one who is to do it, or of the one above him."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from domain.clock import BusinessTime
from domain.deadlines import Clocks
from domain.issues import Action, Event, Issue, Promise, State
from domain.taxonomy import Duration
from domain.transitions import NotPossible, promised
from domain.with_officer import helped

LONGEST = timedelta(days=60)
"""Natural time; what takes longer is a matter for 挂账."""

EXTENDABLE = frozenset({State.REPORTED, State.CLAIMED})

_SETTLES = frozenset(
    {
        Action.EXTEND, Action.REFUSE_EXTENSION, Action.RETURN, Action.TRANSFER, Action.RESOLVE,
        Action.SUSPEND, Action.EXTERNAL, Action.REJECT, Action.MERGE, Action.WITHDRAW,
        Action.POSTPONE, Action.DISPUTE, Action.REOPEN, Action.UNDO,
    }
)  # fmt: skip
"""What makes an open request for more time void."""


def later_by(issue: Issue, length: timedelta, now: BusinessTime, clocks: Clocks) -> BusinessTime:
    """The deadline plus ``length`` of the issue's own clock; what is late counts from now."""
    return clocks.of(issue).add(max(now, issue.deadline), length)


def require_later(issue: Issue, until: BusinessTime, now: BusinessTime) -> None:
    """Raises ``NotPossible`` unless ``until`` is a later deadline, and not absurdly late."""
    if until <= max(now, issue.deadline):
        raise NotPossible(f"#{issue.number} 要延到的时间不晚于现在的时限,不用延期")
    if until - now > LONGEST:
        raise NotPossible(f"#{issue.number} 最多延期{LONGEST.days}天;更久请督导办理挂账")


def alone(issue: Issue, until: BusinessTime, now: BusinessTime, own: Duration, clocks: Clocks) -> bool:
    """Whether the owner may do this by himself: once, in time, by no more than the category's own duration
    ``own``, and never where people may be hurt."""
    in_time = now <= issue.deadline and not issue.danger
    longer = clocks.of(issue).between(issue.deadline, until)
    return in_time and issue.extensions == 0 and longer <= clocks.length(own)


def extended(issue: Issue, until: BusinessTime, now: BusinessTime, clocks: Clocks) -> Issue:
    """With the new deadline, in a new cycle of reminders; the claim does not go stale before it."""
    length = max(issue.duration, clocks.of(issue).between(now, until))
    paused_at = now if helped(issue) else None  # what is left by an officer's end counts from here
    changed = promised(issue, Promise(now, length, issue.working_clock, until))
    progress = now if issue.state is State.CLAIMED else issue.progress_at
    return replace(changed, extensions=issue.extensions + 1, progress_at=progress, paused_at=paused_at)


def open_request(history: Iterable[Event]) -> Event | None:
    """The request for more time that nobody has answered yet."""
    found: Event | None = None
    for event in history:
        if event.action is Action.ASK_EXTENSION:
            found = event
        elif event.action in _SETTLES:
            found = None
    return found
