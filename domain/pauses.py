"""What lets an issue rest: 退回 and 转外部 stop its clock, 静音 its reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain.clock import BusinessTime
from domain.issues import STATE_NAMES, UNFINISHED, Action, Issue, State
from domain.transitions import NotPossible, require
from domain.with_officer import stands_still
from domain.working_time import WorkingTime


def returned(issue: Issue, above: str, now: BusinessTime) -> Issue:
    """退回: the level above owns it until it is assigned again; until then its deadline stands still."""
    require(issue, Action.RETURN)
    return replace(
        issue,
        state=State.RETURNED,
        owner=above,
        paused_at=now,
        claimed_at=None,
        progress_at=None,
        muted_until=None,
    )


def sent_outside(issue: Issue, where: str, now: BusinessTime) -> Issue:
    """转外部: somebody else's system has it; suspended, looked at weekly (``domain.rungs``)."""
    if issue.state not in UNFINISHED:
        raise NotPossible(f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,不能转外部")
    return replace(
        issue,
        state=State.SUSPENDED,
        state_before=issue.state,
        paused_at=issue.paused_at or now,
        review_at=None,
        external=where,
    )


def next_morning(now: BusinessTime, working: WorkingTime) -> BusinessTime:
    """When the next working day begins."""
    local = now.astimezone(working.tz)
    midnight = datetime(local.year, local.month, local.day, tzinfo=working.tz) + timedelta(days=1)
    return working.next_working(BusinessTime(midnight))


def muted(issue: Issue, until: BusinessTime, now: BusinessTime) -> Issue:
    """静音: no reminders to the owner before ``until``, and at the latest until the deadline."""
    if issue.state not in {State.REPORTED, State.CLAIMED}:
        raise NotPossible(f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,没有催办可静音")
    if stands_still(issue):
        raise NotPossible(f"#{issue.number} 部门协办期间时限暂停,不会催您,不用静音")
    if issue.danger:
        raise NotPossible(f"#{issue.number} 是危险问题,不能静音")
    if now >= issue.deadline:
        raise NotPossible(f"#{issue.number} 已超时,不能静音;需要时间请回复:延期 {issue.number} 时长 原因")
    if until <= now:
        raise NotPossible(f"#{issue.number} 静音的时间已经过了")
    return replace(issue, muted_until=min(until, issue.deadline))
