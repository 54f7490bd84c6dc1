"""One street problem: its states, what may happen to it, and the record of what did.

``Issue`` is a value; ``apply`` returns the changed value together with the ``Event`` that records the
change, or raises ``NotPossible`` with a sentence for the person who tried. Design contract §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from domain.clock import BusinessTime
from domain.errors import LuguanjiaError


class State(StrEnum):
    REPORTED = "reported"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    MERGED = "merged"


STATE_NAMES: Mapping[State, str] = {
    State.REPORTED: "待认领",
    State.CLAIMED: "处理中",
    State.RESOLVED: "已处理待确认",
    State.CLOSED: "已结案",
    State.RETURNED: "退回待派",
    State.SUSPENDED: "缓办",
    State.REJECTED: "不予受理",
    State.MERGED: "已并入",
}

OPEN = frozenset({State.REPORTED, State.CLAIMED, State.RESOLVED, State.RETURNED, State.SUSPENDED})
"""States in which somebody still owes something."""

UNFINISHED = frozenset({State.REPORTED, State.CLAIMED, State.RETURNED})
"""States in which the problem is still on the street and its clock may run."""


class Action(StrEnum):
    """What may happen to an issue; the value is what its history shows."""

    REPORT = "上报"
    CLAIM = "认领"
    RESOLVE = "办结"
    RETURN = "退回"
    TRANSFER = "转派"
    SUSPEND = "缓办"
    RESUME = "恢复"
    REJECT = "不予受理"
    MERGE = "合并"
    WITHDRAW = "撤回"
    CONFIRM = "满意"
    CLOSE_SILENT = "无回复自动结案"
    DISPUTE = "不满意"
    REOPEN = "重开"
    RELEASE = "认领过期"
    UNDO = "撤销"
    PROGRESS = "进展"
    SUPPLEMENT = "补充"
    STEP = "提醒"
    CORRECT = "更正"
    PICTURE_LOST = "图片未取到"
    EXTEND = "延期"
    ASK_EXTENSION = "申请延期"
    REFUSE_EXTENSION = "不同意延期"
    CO_HANDLE = "协办"
    EXTERNAL = "转外部"
    MUTE = "静音"
    URGE = "催办"
    JOIN = "我也反映"
    HIDE = "匿名"
    SUPERVISE = "督办"
    POSTPONE = "顺延"
    VERIFY = "核查"
    SPLIT = "拆分"
    SELF_FOUND = "随手办"
    OBJECT = "有异议"
    RECURRENCE = "复发"


class CloseReason(StrEnum):
    """Why an issue is closed; closed is not solved, so these are kept apart in every figure."""

    CONFIRMED = "confirmed"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


CLOSE_NAMES: Mapping[CloseReason, str] = {
    CloseReason.CONFIRMED: "上报人确认",
    CloseReason.SILENT: "逾期未确认",
    CloseReason.WITHDRAWN: "上报人撤回",
}

REOPEN_WORKING_DAYS = 3

ON_BEHALF_OF = "on_behalf_of"
"""Key in an event's data: the owner for whom a supervisor or an administrator did it (代办)."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem with one owner and one deadline.

    owner, reporter, resolved_by: userids. chat_id: the group it was reported in, None for 1:1. pending:
    what is assumed and still to be verified (待核): ``section``, ``category``. assigned_at: when the present
    owner's clock started. duration and clock: the promise its deadline was made from. cycle: grows with every
    fresh assignment or deadline, so that each reminder step is unique within it. paused_at: since when the
    deadline stands still (returned, suspended). state_before: where 恢复 leads. review_at: when a suspended
    issue is looked at again. external: who handles it outside and under which number (转外部). muted_until:
    no reminders before (静音). supervised_at: since when under 督办. extensions: how often the deadline was
    moved by 延期. helpers: userids of co-handling officers (协办). verified: what 核查 found. merged_into:
    the issue this one was merged into. recurrence_of: the closed issue it is 复发 of. self_found: 自查自处,
    counted apart from 群众反映 everywhere. version: compare-and-set.
    """

    number: int
    state: State
    category: str
    sub: str
    subdistrict: str
    section: str | None
    text: str
    reporter: str
    reported_at: BusinessTime
    assigned_at: BusinessTime
    duration: timedelta
    working_clock: bool
    deadline: BusinessTime
    owner: str | None = None
    chat_id: str | None = None
    house_number: int | None = None
    shop: str | None = None
    landmark: str | None = None
    danger: bool = False
    pending: frozenset[str] = frozenset()
    claimed_at: BusinessTime | None = None
    progress_at: BusinessTime | None = None
    resolved_at: BusinessTime | None = None
    resolved_by: str | None = None
    on_time: bool | None = None
    closed_at: BusinessTime | None = None
    close_reason: CloseReason | None = None
    reopened: int = 0
    paused_at: BusinessTime | None = None
    state_before: State | None = None
    review_at: BusinessTime | None = None
    external: str = ""
    muted_until: BusinessTime | None = None
    supervised_at: BusinessTime | None = None
    extensions: int = 0
    helpers: frozenset[str] = frozenset()
    verified: bool | None = None
    merged_into: int | None = None
    recurrence_of: int | None = None
    self_found: bool = False
    cycle: int = 1
    version: int = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of an issue's append-only history. ``actor`` is a userid, ``""`` for the system; the name
    is kept as it was at that time."""

    number: int
    action: Action
    actor: str
    actor_name: str
    at: BusinessTime
    before: State
    after: State
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reporter:
    """One of those who reported an issue. chat_id: the group he said it in, None for 1:1."""

    userid: str
    chat_id: str | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: userid and the name the history shows (``交警 张三``)."""

    userid: str
    name: str


SYSTEM = Actor("", "系统")


class NotPossible(LuguanjiaError):
    """The state does not allow this; ``str`` is the sentence for the person who tried."""


@dataclass(frozen=True, slots=True)
class _Rule:
    sources: frozenset[State]
    target: State


ANY_OPEN = OPEN
TRANSITIONS: Mapping[Action, _Rule] = {
    Action.CLAIM: _Rule(frozenset({State.REPORTED, State.RETURNED}), State.CLAIMED),
    Action.RESOLVE: _Rule(frozenset({State.REPORTED, State.CLAIMED}), State.RESOLVED),
    Action.RETURN: _Rule(frozenset({State.REPORTED, State.CLAIMED}), State.RETURNED),
    Action.TRANSFER: _Rule(UNFINISHED, State.REPORTED),
    Action.SUSPEND: _Rule(UNFINISHED, State.SUSPENDED),
    Action.REJECT: _Rule(ANY_OPEN, State.REJECTED),
    Action.MERGE: _Rule(ANY_OPEN, State.MERGED),
    Action.WITHDRAW: _Rule(ANY_OPEN, State.CLOSED),
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
    return replace(
        issue, state=State.CLAIMED, owner=actor.userid, claimed_at=now, progress_at=now, paused_at=None
    )


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


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline as it was made: from when, how long on which clock, until when."""

    since: BusinessTime
    duration: timedelta
    working_clock: bool
    deadline: BusinessTime


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
