"""What an issue needs now: the latest of its rungs that is due, the earlier ones overtaken by it.

A jump of the clock is like a standstill: nothing here looks at what happened between two ticks, only at the
issue, the names already done, and now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.clock import BusinessTime
from domain.issues import Issue
from domain.rungs import Audience, Kind, LadderRules, Rung, rungs

__all__ = ["ACTS", "Audience", "Due", "Kind", "LadderRules", "Rung", "due", "next_at", "rungs"]

ACTS = frozenset({Kind.RELEASE, Kind.AUTO_CLOSE, Kind.HELP_OVER})
"""Kinds that change the issue; no reminder may supersede them."""


@dataclass(frozen=True, slots=True)
class Due:
    """What to do now: at most one rung. ``superseded``: earlier ones to record as overtaken; their
    audiences were added to ``send``. ``next_at``: when to look again if nothing else happens to the issue;
    None: never."""

    send: Rung | None
    superseded: tuple[Rung, ...]
    next_at: BusinessTime | None


def due(issue: Issue, done: frozenset[str], now: BusinessTime, rules: LadderRules) -> Due:
    """What the issue needs at ``now``. ``done``: names of this cycle's rungs that were sent or superseded.

    Only the latest due rung is sent, or the act that is due; whoever the others would have told is told by
    it. While it may not be sent, nothing is superseded.
    """
    waiting = _waiting(issue, done, now, rules)
    ripe = [rung for rung in waiting if rung.at <= now]
    later = min((rung.at for rung in waiting if rung.at > now), default=None)
    if not ripe:
        return Due(None, (), later)
    chosen = next((rung for rung in ripe if rung.kind in ACTS), ripe[-1])
    allowed = now if chosen.kind is Kind.AUTO_CLOSE else rules.sendable_from(issue, now)
    if allowed > now:
        return Due(None, (), allowed if later is None else min(allowed, later))
    superseded = tuple(rung for rung in ripe if rung is not chosen)
    audiences = chosen.audiences.union(*(rung.audiences for rung in superseded))
    return Due(replace(chosen, audiences=audiences), superseded, later)


def next_at(issue: Issue, done: frozenset[str], now: BusinessTime, rules: LadderRules) -> BusinessTime | None:
    """When the ladder is to be looked at next; a time not after ``now`` means at once."""
    return min((rung.at for rung in _waiting(issue, done, now, rules)), default=None)


def _waiting(issue: Issue, done: frozenset[str], now: BusinessTime, rules: LadderRules) -> list[Rung]:
    """Rungs still to come. A reminder from before the last one done is overtaken: a claim that expired
    would bring "unclaimed" back."""
    planned = rungs(issue, rules, now)
    last = max((rung.at for rung in planned if rung.name in done and rung.at <= now), default=None)
    return [
        rung
        for rung in planned
        if rung.name not in done and (last is None or rung.at >= last or rung.kind is not Kind.REMINDER)
    ]
