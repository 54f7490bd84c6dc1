"""One street problem: its states, what may happen to it, and the record of what did.

``Issue`` is a value; ``apply`` returns the changed value together with the ``Event`` that records the
change, or raises ``NotPossible`` with a sentence for the person who tried. Design contract §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from domain.clock import BusinessTime


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
    HELP_OVER = "协办到时"
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
    TAKE_UP = "立案"


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

    owner, reporter, resolved_by: userids. chat_id: the group it was reported in, None for 1:1.
    pending: what is assumed and still to be verified (待核): ``section``, ``category``. assigned_at:
    when the present owner's clock started. duration and clock: the promise its deadline was made
    from. cycle: grows with every fresh assignment or deadline, so that each reminder step is unique
    within it. paused_at: since when the deadline stands still (returned, suspended, with an officer).
    state_before: where 恢复 leads. review_at: when a suspended issue is looked at again. external: who
    handles it outside and under which number (转外部). muted_until: no reminders before (静音).
    supervised_at: since when under 督办. extensions: how often the deadline was moved by 延期. helpers:
    userids of co-handling officers (协办). verified: what 核查 found. merged_into: the issue this one was
    merged into. recurrence_of: the closed issue it is 复发 of. self_found: 自查自处, counted apart from
    群众反映 everywhere. version: compare-and-set.
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

    @property
    def private(self) -> bool:
        """Whether he said it 1:1, so that no group learns that it was he."""
        return self.chat_id is None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: userid and the name the history shows (``交警 张三``)."""

    userid: str
    name: str


SYSTEM = Actor("", "系统")


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline as it was made: from when, how long on which clock, until when."""

    since: BusinessTime
    duration: timedelta
    working_clock: bool
    deadline: BusinessTime
