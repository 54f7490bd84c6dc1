"""督办, 缓办, 挂账, 恢复, 核查: what a supervisor does to an issue. Design contract §3."""

from __future__ import annotations

from dataclasses import replace

from domain import issues, transitions
from domain.clock import BusinessTime
from domain.issues import STATE_NAMES, Action, Issue, Promise, State
from domain.transitions import NotPossible

RESUMABLE_CLOCK = frozenset({State.REPORTED, State.CLAIMED})
"""States in which the deadline runs, and is given anew after a pause."""

DONE = frozenset({State.RESOLVED, State.CLOSED})


def supervised(issue: Issue, now: BusinessTime) -> Issue:
    """督办: a written reply is due from now on."""
    if issue.state not in issues.UNFINISHED:
        raise NotPossible(f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,不能督办")
    return replace(issue, supervised_at=now)


def suspended(issue: Issue, now: BusinessTime, review_at: BusinessTime | None = None) -> Issue:
    """缓办, or 挂账 with a date of review: the clock stands still; where it did already (returned, with
    an officer), since then."""
    transitions.require(issue, Action.SUSPEND)
    return replace(
        issue,
        state=State.SUSPENDED,
        state_before=issue.state,
        paused_at=issue.paused_at or now,
        review_at=review_at,
        external="",
    )


def resumed(issue: Issue, promise: Promise) -> Issue:
    """恢复: back to the state before, with what was left of the time; a returned one still waits."""
    transitions.require_state(issue, State.SUSPENDED, "恢复")
    before = issue.state_before or State.REPORTED
    woken = replace(issue, state=before, state_before=None, review_at=None, external="")
    return continued(woken, promise) if before in RESUMABLE_CLOCK else woken


def continued(issue: Issue, promise: Promise) -> Issue:
    """The clock runs again. A claim is as fresh as the promise: nobody could work in the pause."""
    claimed = issue.state is State.CLAIMED
    return replace(
        transitions.promised(issue, promise),
        paused_at=None,
        claimed_at=promise.since if claimed else issue.claimed_at,
        progress_at=promise.since if claimed else issue.progress_at,
    )


def passed(now_is: Issue, found: Issue) -> Issue:
    """核查 通过. ``found``: as it was found done. Where a reporter disputed that since, he is overruled: it
    counts as done again, when and by whom it was."""
    return replace(found, verified=True, cycle=now_is.cycle)
