"""合并 and 拆分: one street problem that was reported as two issues."""

from __future__ import annotations

from dataclasses import replace

from domain import issues, transitions
from domain.clock import BusinessTime
from domain.issues import OPEN, STATE_NAMES, Action, Issue, Promise
from domain.supervision import RESUMABLE_CLOCK, continued
from domain.transitions import NotPossible


def merged(issue: Issue, into: Issue, now: BusinessTime) -> Issue:
    """``issue`` is the same problem as ``into`` and goes on there. Raises ``NotPossible``."""
    transitions.require(issue, Action.MERGE)
    if issue.number == into.number:
        raise NotPossible(f"#{issue.number} 不能并入自己")
    if into.state not in OPEN:
        raise NotPossible(f"#{issue.number} 不能并入:#{into.number} 现在是「{STATE_NAMES[into.state]}」")
    if issue.subdistrict != into.subdistrict:
        raise NotPossible(f"#{issue.number} 与 #{into.number} 不在同一街道,不能合并")
    if issue.danger and not into.danger:
        raise NotPossible(f"#{issue.number} 是危险问题,请反过来:合并 {into.number} 到 {issue.number}")
    return replace(issue, state=issues.State.MERGED, merged_into=into.number, closed_at=now)


def separated(now_is: Issue, before: Issue, promise: Promise) -> Issue:
    """拆分: as it was before it was merged; the time in between counts against nobody."""
    transitions.require_state(now_is, issues.State.MERGED, "拆分")
    return continued(before, promise) if before.state in RESUMABLE_CLOCK else before
