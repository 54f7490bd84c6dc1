"""What may happen to an issue, and the changed value it leads to (design contract §3).

Every function takes a value and returns the changed one, or raises ``NotPossible`` with a sentence for the
person who tried; who is allowed to is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.clock import BusinessTime
from domain.errors import LuguanjiaError
from domain.issues import (
    OPEN,
    STATE_NAMES,
    UNFINISHED,
    Action,
    Actor,
    CloseReason,
    Event,
    Issue,
    Promise,
    State,
)


class NotPossible(LuguanjiaError):
    """The state does not allow this; ``str`` is the sentence for the person who tried."""


@dataclass(frozen=True, slots=True)
class _Rule:
    sources: frozenset[State]
    target: State


TRANSITIONS: Mapping[Action, _Rule] = {
    Action.CLAIM: _Rule(frozenset({State.REPORTED, State.RETURNED}), State.CLAIMED),
    Action.RESOLVE: _Rule(frozenset({State.REPORTED, State.CLAIMED}), State.RESOLVED),
    Action.RETURN: _Rule(frozenset({State.REPORTED, State.CLAIMED}), State.RETURNED),
    Action.TRANSFER: _Rule(UNFINISHED, State.REPORTED),
    Action.SUSPEND: _Rule(UNFINISHED, State.SUSPENDED),
    Action.REJECT: _Rule(OPEN, State.REJECTED),
    Action.MERGE: _Rule(OPEN, State.MERGED),
    Action.WITHDRAW: _Rule(OPEN, State.CLOSED),
    Action.CONFIRM: _Rule(frozenset({State.RESOLVED}), State.CLOSED),
    Action.CLOSE_SILENT: _Rule(frozenset({State.RESOLVED}), State.CLOSED),
    Action.DISPUTE: _Rule(frozenset({State.RESOLVED, State.CLOSED, State.REJECTED}), State.CLAIMED),
    Action.REOPEN: _Rule(frozenset({State.RESOLVED, State.CLOSED, State.REJECTED}), State.CLAIMED),
    Action.RELEASE: _Rule(frozenset({State.CLAIMED}), State.REPORTED),
}
"""Action → states it is possible from, and the state it leads to. RESUME leads to ``state_before``; a
reopened issue whose owner is no longer responsible goes to REPORTED instead (``reopen``)."""


def require(issue: Issue, action: Action) -> None:
    """Raises ``NotPossible`` unless ``action`` is possible in the issue's present state."""
    rule = TRANSITIONS[action]
    if issue.state not in rule.sources:
        raise NotPossible(f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,不能{action}")


def require_state(issue: Issue, state: State, doing: str) -> None:
    """Raises ``NotPossible`` unless the issue is in ``state``; for what changes no state."""
    if issue.state is not state:
        raise NotPossible(f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,不能{doing}")


def record(
    issue: Issue, changed: Issue, action: Action, actor: Actor, now: BusinessTime, reason: str = ""
) -> Event:
    """The event that records the change from ``issue`` to ``changed``."""
    return Event(issue.number, action, actor.userid, actor.name, now, issue.state, changed.state, reason)


def claim(issue: Issue, actor: Actor, now: BusinessTime) -> Issue:
    """认领: ``actor`` takes it in hand. Claiming a returned issue makes him its owner again."""
    require(issue, Action.CLAIM)
    paused_at = None if issue.state is State.RETURNED else issue.paused_at
    claimed = replace(issue, state=State.CLAIMED, owner=actor.userid, claimed_at=now, progress_at=now)
    return replace(claimed, paused_at=paused_at)


def resolve(issue: Issue, actor: Actor, now: BusinessTime) -> Issue:
    """办结: done, to be confirmed. Whether it was on time is judged here and nowhere else."""
    require(issue, Action.RESOLVE)
    return replace(
        issue,
        state=State.RESOLVED,
        claimed_at=issue.claimed_at or now,
        resolved_at=now,
        resolved_by=actor.userid,
        on_time=now <= issue.deadline,
        verified=None,
    )


def close(issue: Issue, action: Action, now: BusinessTime) -> Issue:
    """满意, silence or 撤回: closed with its reason."""
    require(issue, action)
    reasons = {
        Action.CONFIRM: CloseReason.CONFIRMED,
        Action.CLOSE_SILENT: CloseReason.SILENT,
        Action.WITHDRAW: CloseReason.WITHDRAWN,
    }
    return replace(issue, state=State.CLOSED, closed_at=now, close_reason=reasons[action])


def promised(issue: Issue, promise: Promise) -> Issue:
    """The issue with a fresh deadline: a new cycle of reminders starts."""
    return replace(
        issue,
        assigned_at=promise.since,
        duration=promise.duration,
        working_clock=promise.working_clock,
        deadline=promise.deadline,
        cycle=issue.cycle + 1,
    )


def reopen(issue: Issue, action: Action, promise: Promise, *, owner_still_responsible: bool) -> Issue:
    """不满意 or 重开: back to the same owner while he is still responsible, else to be claimed anew."""
    require(issue, action)
    state = State.CLAIMED if owner_still_responsible else State.REPORTED
    return replace(
        promised(issue, promise),
        state=state,
        claimed_at=promise.since if state is State.CLAIMED else None,
        progress_at=promise.since if state is State.CLAIMED else None,
        resolved_at=None,
        resolved_by=None,
        on_time=None,
        closed_at=None,
        close_reason=None,
        paused_at=None,  # rejected or withdrawn while it stood still
        state_before=None,
        review_at=None,
        reopened=issue.reopened + 1,
    )


def release(issue: Issue) -> Issue:
    """Claimed, but nothing happened for the category's own duration: to be claimed again."""
    require(issue, Action.RELEASE)
    return replace(issue, state=State.REPORTED, claimed_at=None, progress_at=None)


def progressed(issue: Issue, now: BusinessTime) -> Issue:
    """Word of progress: the claim does not go stale."""
    return replace(issue, progress_at=now)


def handed_to(issue: Issue, owner: str | None) -> Issue:
    """The same issue with another owner."""
    return replace(issue, owner=owner)


def transferred(issue: Issue, owner: str | None) -> Issue:
    """转派: a new owner, who has yet to claim it."""
    require(issue, Action.TRANSFER)
    return replace(
        issue, state=State.REPORTED, owner=owner, claimed_at=None, progress_at=None, paused_at=None
    )


def rejected(issue: Issue, now: BusinessTime) -> Issue:
    """不予受理."""
    require(issue, Action.REJECT)
    return replace(issue, state=State.REJECTED, closed_at=now)
