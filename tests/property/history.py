"""What the history of issues may look like, by hand: which change, from where to where, by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.property.model import (
    OPEN,
    Known,
    Recorded,
    decides,
    manages,
    only_helps,
    watches,
    works_on,
)
from tests.property.rights import OFFICERS, SHOP_NAME, SHOP_ON, STAFF

AT_WORK = {"reported", "claimed", "returned"}
ENDED = {"closed", "rejected"}
AGAIN = {(before, after) for before in ("resolved", *ENDED) for after in ("claimed", "reported")}

CHANGES: Mapping[str, set[tuple[str, str]]] = {
    "认领": {("reported", "claimed"), ("returned", "claimed")},
    "办结": {("claimed", "resolved")},
    "退回": {("reported", "returned"), ("claimed", "returned")},
    "转派": {(before, "reported") for before in AT_WORK},
    "缓办": {(before, "suspended") for before in AT_WORK},
    "转外部": {(before, "suspended") for before in AT_WORK},
    "恢复": {("suspended", after) for after in AT_WORK},
    "不予受理": {(before, "rejected") for before in OPEN},
    "合并": {(before, "merged") for before in OPEN},
    "拆分": {("merged", after) for after in OPEN},
    "撤回": {(before, "closed") for before in OPEN},
    "满意": {("resolved", "closed")},
    "无回复自动结案": {("resolved", "closed")},
    "不满意": {("resolved", "claimed"), ("resolved", "reported")},
    "重开": AGAIN,
    "认领过期": {("claimed", "reported")},
    "核查": {*AGAIN, ("claimed", "resolved"), ("reported", "resolved")},
}
"""Every change of state there is, by its action; what is not named here changes none. 撤销 is foretold issue
by issue."""

MUST_CHANGE = {"认领", "办结", "退回", "缓办", "转外部", "恢复", "不予受理", "合并", "满意", "认领过期"}
BY_THE_SYSTEM = {"无回复自动结案", "认领过期", "提醒", "协办到时"}


def _reporter(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return who in issue.reporters | reporters


def _works(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return works_on(who, issue)


def _concerned(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return works_on(who, issue) or _reporter(who, issue, reporters)


def _decides(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return decides(who, issue)


def _watches(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return watches(who, issue)


def _shop(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return who in SHOP_NAME and SHOP_ON[who] == issue.street


def _judges(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return _reporter(who, issue, reporters) or watches(who, issue)


def _self_found(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return who in STAFF and (manages(who, issue) or who in OFFICERS)


def _anyone(who: str, issue: Known, reporters: frozenset[str]) -> bool:
    return True


ALLOWED: Mapping[str, Callable[[str, Known, frozenset[str]], bool]] = {
    "认领": _works,
    "办结": _works,
    "进展": _works,
    "退回": _decides,
    "转派": _concerned,  # also what 改路段 comes to
    "协办": _works,
    "转外部": _decides,
    "静音": _decides,
    "延期": _decides,
    "申请延期": _decides,
    "不同意延期": _decides,
    "缓办": _watches,
    "恢复": _works,
    "不予受理": _works,  # 不是上报, said by those who work there
    "合并": _watches,
    "拆分": _concerned,
    "核查": _watches,
    "督办": _watches,
    "顺延": _watches,
    "撤回": _reporter,
    "匿名": _reporter,
    "满意": _judges,
    "不满意": _concerned,
    "重开": _concerned,
    "补充": _concerned,
    "催办": _concerned,
    "更正": _concerned,
    "我也反映": _reporter,
    "复发": _reporter,
    "上报": _reporter,
    "有异议": _shop,
    "随手办": _self_found,
    "撤销": _anyone,  # one's own last deed, foretold issue by issue
}


def check(events: Sequence[Recorded], before: Mapping[int, Known], after: Mapping[int, Known]) -> None:
    """New events against the issues as they were before and after them."""
    chain = {number: issue.state for number, issue in before.items()}
    for event in events:
        first = event.number not in chain
        was = chain.setdefault(event.number, event.before)
        assert event.before == was, f"not chained: {event}"
        assert first == (event.action in {"上报", "随手办"}), f"first of its issue: {event}"
        _check_change(event)
        chain[event.number] = event.after
        if event.actor:
            issue = before.get(event.number, after[event.number])
            _check_actor(event, issue, after[event.number].reporters)
        else:
            assert event.action in BY_THE_SYSTEM, f"by nobody: {event}"
    for number, issue in after.items():
        assert chain.get(number) == issue.state, f"#{number} changed without an event"


def _check_change(event: Recorded) -> None:
    change = (event.before, event.after)
    if event.action == "撤销":
        return
    if change[0] == change[1]:
        helps_no_more = event.action == "不予受理"
        assert event.action not in MUST_CHANGE or helps_no_more, f"changes nothing: {event}"
        return
    by_the_shop = event.action == "办结" and event.reason == "自行整改" and change == ("reported", "resolved")
    assert by_the_shop or change in CHANGES.get(event.action, set()), f"impossible change: {event}"


def _check_actor(event: Recorded, issue: Known, reporters: frozenset[str]) -> None:
    if event.action == "办结" and event.reason == "自行整改":
        assert _shop(event.actor, issue, reporters), f"no shop of this street: {event}"
        return
    assert ALLOWED[event.action](event.actor, issue, reporters), f"may not: {event} {issue}"
    if event.action == "满意":
        assert issue.resolved_by != event.actor, f"confirms his own work: {event}"


def check_issue(issue: Known) -> None:
    """What must hold of every issue at any time: closed is not resolved, and says why."""
    if issue.state == "closed":
        assert issue.closed_at is not None
    else:
        assert issue.close_reason is None, issue
    if issue.state == "resolved":
        assert issue.resolved_by is not None, issue
    assert (issue.state == "merged") == (issue.merged_into is not None), issue
    assert issue.state != "suspended" or issue.before_pause is not None, issue
    assert issue.owner is None or not only_helps(issue.owner, issue), issue
