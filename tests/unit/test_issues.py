"""The states of an issue: what is possible, what is not, and what each change leaves behind.

The expected transitions are written out here by hand, from the design's table and not from the code's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import transitions
from domain.clock import BusinessTime
from domain.issues import (
    CLOSE_NAMES,
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
from domain.transitions import NotPossible

REPORTED, CLAIMED, RESOLVED, CLOSED = State.REPORTED, State.CLAIMED, State.RESOLVED, State.CLOSED
RETURNED, SUSPENDED, REJECTED, MERGED = State.RETURNED, State.SUSPENDED, State.REJECTED, State.MERGED

LI, WANG = Actor("li", "李路"), Actor("wang", "王二")
TEN = BusinessTime(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
DEADLINE = BusinessTime(TEN + timedelta(hours=2))

POSSIBLE: dict[Action, set[State]] = {
    Action.CLAIM: {REPORTED, RETURNED},
    Action.RESOLVE: {REPORTED, CLAIMED},
    Action.RETURN: {REPORTED, CLAIMED},
    Action.TRANSFER: {REPORTED, CLAIMED, RETURNED},
    Action.SUSPEND: {REPORTED, CLAIMED, RETURNED},
    Action.REJECT: {REPORTED, CLAIMED, RESOLVED, RETURNED, SUSPENDED},
    Action.MERGE: {REPORTED, CLAIMED, RESOLVED, RETURNED, SUSPENDED},
    Action.WITHDRAW: {REPORTED, CLAIMED, RESOLVED, RETURNED, SUSPENDED},
    Action.CONFIRM: {RESOLVED},
    Action.CLOSE_SILENT: {RESOLVED},
    Action.DISPUTE: {RESOLVED, CLOSED, REJECTED},
    Action.REOPEN: {RESOLVED, CLOSED, REJECTED},
    Action.RELEASE: {CLAIMED},
}
NAMES = {
    REPORTED: "待认领",
    CLAIMED: "处理中",
    RESOLVED: "已处理待确认",
    CLOSED: "已结案",
    RETURNED: "退回待派",
    SUSPENDED: "缓办",
    REJECTED: "不予受理",
    MERGED: "已并入",
}


def after(minutes: float) -> BusinessTime:
    return BusinessTime(TEN + timedelta(minutes=minutes))


def issue(state: State = REPORTED, **changes: object) -> Issue:
    """#12, reported at ten, due at noon."""
    plain = Issue(
        number=12,
        state=state,
        category="parking",
        sub="nonmotor",
        subdistrict="解放路街道",
        section="益民路",
        text="电动车堵门",
        reporter="wujin",
        reported_at=TEN,
        assigned_at=TEN,
        duration=timedelta(hours=2),
        working_clock=True,
        deadline=DEADLINE,
        owner="li",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def promise(hours: float = 5) -> Promise:
    since = after(60 * hours)
    return Promise(since, timedelta(hours=1), False, BusinessTime(since + timedelta(hours=1)))


def pairs(possible: bool) -> list[tuple[Action, State]]:
    return [
        (action, state)
        for action, sources in POSSIBLE.items()
        for state in State
        if (state in sources) is possible
    ]


@pytest.mark.parametrize(("action", "state"), pairs(True))
def test_it_may_happen(action: Action, state: State) -> None:
    transitions.require(issue(state), action)


@pytest.mark.parametrize(("action", "state"), pairs(False))
def test_it_may_not_happen_and_the_refusal_says_why(action: Action, state: State) -> None:
    with pytest.raises(NotPossible) as refused:
        transitions.require(issue(state), action)
    assert str(refused.value) == f"#12 现在是「{NAMES[state]}」,不能{action}"


def test_every_state_has_the_name_of_the_contract() -> None:
    assert dict(STATE_NAMES) == NAMES


def test_somebody_owes_something_in_the_open_states() -> None:
    assert {REPORTED, CLAIMED, RESOLVED, RETURNED, SUSPENDED} == OPEN
    assert {REPORTED, CLAIMED, RETURNED} == UNFINISHED


@pytest.mark.parametrize("state", [REPORTED, RETURNED])
def test_claiming_makes_the_claimer_its_owner(state: State) -> None:
    claimed = transitions.claim(issue(state, paused_at=after(1)), WANG, after(5))
    assert (claimed.state, claimed.owner) == (CLAIMED, "wang")
    assert (claimed.claimed_at, claimed.progress_at) == (after(5), after(5))
    # what was returned runs again; what an officer has still waits for him
    assert claimed.paused_at == (None if state is RETURNED else after(1))


@pytest.mark.parametrize("state", [CLAIMED, RESOLVED, CLOSED, SUSPENDED, REJECTED, MERGED])
def test_what_is_in_hand_or_over_cannot_be_claimed(state: State) -> None:
    with pytest.raises(NotPossible):
        transitions.claim(issue(state), LI, after(5))


def test_resolving_keeps_who_and_when() -> None:
    resolved = transitions.resolve(issue(CLAIMED, claimed_at=after(5)), WANG, after(90))
    assert resolved.state is RESOLVED
    assert (resolved.resolved_by, resolved.resolved_at, resolved.claimed_at) == ("wang", after(90), after(5))


def test_resolving_what_nobody_claimed_implies_the_claim() -> None:
    assert transitions.resolve(issue(REPORTED), LI, after(90)).claimed_at == after(90)


@pytest.mark.parametrize(
    ("minutes", "on_time"), [(0, True), (119, True), (120, True), (120.001, False), (1000, False)]
)
def test_on_time_is_judged_when_it_becomes_resolved(minutes: float, on_time: bool) -> None:
    assert transitions.resolve(issue(CLAIMED), LI, after(minutes)).on_time is on_time


def test_waiting_for_confirmation_does_not_make_it_late() -> None:
    resolved = transitions.resolve(issue(CLAIMED), LI, after(60))
    assert transitions.close(resolved, Action.CONFIRM, after(6000)).on_time is True


@pytest.mark.parametrize("state", [RESOLVED, CLOSED, RETURNED, SUSPENDED, REJECTED, MERGED])
def test_only_unfinished_work_in_the_owners_hands_is_resolved(state: State) -> None:
    with pytest.raises(NotPossible):
        transitions.resolve(issue(state), LI, after(5))


@pytest.mark.parametrize(
    ("state", "action", "reason", "name"),
    [
        (RESOLVED, Action.CONFIRM, CloseReason.CONFIRMED, "上报人确认"),
        (RESOLVED, Action.CLOSE_SILENT, CloseReason.SILENT, "逾期未确认"),
        (REPORTED, Action.WITHDRAW, CloseReason.WITHDRAWN, "上报人撤回"),
        (CLAIMED, Action.WITHDRAW, CloseReason.WITHDRAWN, "上报人撤回"),
        (RESOLVED, Action.WITHDRAW, CloseReason.WITHDRAWN, "上报人撤回"),
        (RETURNED, Action.WITHDRAW, CloseReason.WITHDRAWN, "上报人撤回"),
        (SUSPENDED, Action.WITHDRAW, CloseReason.WITHDRAWN, "上报人撤回"),
    ],
)
def test_the_reasons_of_closing_are_kept_apart(
    state: State, action: Action, reason: CloseReason, name: str
) -> None:
    closed = transitions.close(issue(state), action, after(9))
    assert (closed.state, closed.close_reason, closed.closed_at) == (CLOSED, reason, after(9))
    assert CLOSE_NAMES[reason] == name


@pytest.mark.parametrize("action", [Action.CONFIRM, Action.CLOSE_SILENT])
@pytest.mark.parametrize("state", [REPORTED, CLAIMED, CLOSED, RETURNED, SUSPENDED, REJECTED, MERGED])
def test_only_what_is_resolved_is_confirmed(state: State, action: Action) -> None:
    with pytest.raises(NotPossible):
        transitions.close(issue(state), action, after(9))


@pytest.mark.parametrize("state", [CLOSED, REJECTED, MERGED])
def test_what_is_over_is_not_withdrawn(state: State) -> None:
    with pytest.raises(NotPossible):
        transitions.close(issue(state), Action.WITHDRAW, after(9))


def test_rejecting_is_not_closing() -> None:
    rejected = transitions.rejected(issue(CLAIMED), after(9))
    assert (rejected.state, rejected.close_reason) == (REJECTED, None)


@pytest.mark.parametrize("action", [Action.DISPUTE, Action.REOPEN])
@pytest.mark.parametrize("state", [RESOLVED, CLOSED, REJECTED])
def test_reopened_it_goes_back_to_its_owner(state: State, action: Action) -> None:
    done = issue(
        state,
        claimed_at=after(1),
        resolved_at=after(60),
        resolved_by="li",
        on_time=True,
        closed_at=after(70),
        close_reason=CloseReason.CONFIRMED,
        paused_at=after(2),
        state_before=CLAIMED,
        cycle=3,
    )
    again = transitions.reopen(done, action, promise(), owner_still_responsible=True)
    assert (again.state, again.owner, again.reopened, again.cycle) == (CLAIMED, "li", 1, 4)
    assert (again.assigned_at, again.claimed_at, again.progress_at) == (after(300),) * 3
    assert (again.deadline, again.duration, again.working_clock) == (after(360), timedelta(hours=1), False)
    assert (again.resolved_at, again.resolved_by, again.on_time) == (None, None, None)
    assert (again.closed_at, again.close_reason) == (None, None)
    assert (again.paused_at, again.state_before) == (None, None)


def test_reopened_without_its_owner_it_is_to_be_claimed() -> None:
    done = issue(CLOSED, claimed_at=after(1))
    again = transitions.reopen(done, Action.REOPEN, promise(), owner_still_responsible=False)
    assert (again.state, again.claimed_at, again.progress_at) == (REPORTED, None, None)


def test_reopening_counts_up() -> None:
    again = issue(RESOLVED)
    for times in (1, 2, 3):
        again = transitions.reopen(again, Action.DISPUTE, promise(), owner_still_responsible=True)
        assert again.reopened == times
        again = transitions.resolve(again, LI, after(310))


@pytest.mark.parametrize("state", [REPORTED, CLAIMED, RETURNED, SUSPENDED, MERGED])
def test_what_is_not_done_cannot_be_reopened(state: State) -> None:
    for action in (Action.DISPUTE, Action.REOPEN):
        with pytest.raises(NotPossible):
            transitions.reopen(issue(state), action, promise(), owner_still_responsible=True)


def test_a_stale_claim_is_released() -> None:
    released = transitions.release(issue(CLAIMED, claimed_at=after(1), progress_at=after(2)))
    assert (released.state, released.owner) == (REPORTED, "li")
    assert (released.claimed_at, released.progress_at) == (None, None)
    assert (released.deadline, released.cycle) == (DEADLINE, 1)


@pytest.mark.parametrize("state", [CLAIMED, RETURNED])
def test_transferred_it_is_to_be_claimed_by_another(state: State) -> None:
    moved = transitions.transferred(issue(state, claimed_at=after(1), paused_at=after(2)), "wang")
    assert (moved.state, moved.owner) == (REPORTED, "wang")
    assert (moved.claimed_at, moved.progress_at, moved.paused_at) == (None, None, None)


def test_progress_keeps_the_claim_fresh_and_nothing_else() -> None:
    before = issue(CLAIMED, claimed_at=after(1), progress_at=after(1))
    assert transitions.progressed(before, after(50)) == replace(before, progress_at=after(50))


def test_handing_over_changes_the_owner_alone() -> None:
    before = issue(CLAIMED)
    assert transitions.handed_to(before, "wang") == replace(before, owner="wang")
    assert transitions.handed_to(before, None).owner is None


def test_a_fresh_promise_starts_a_new_cycle() -> None:
    again = transitions.promised(issue(CLAIMED, cycle=4), promise())
    assert (again.cycle, again.assigned_at, again.deadline) == (5, after(300), after(360))
    assert again.state is CLAIMED


def test_what_needs_a_state_says_which_one_it_is_in() -> None:
    transitions.require_state(issue(CLAIMED), CLAIMED, "登记进展")
    with pytest.raises(NotPossible) as refused:
        transitions.require_state(issue(REPORTED), CLAIMED, "登记进展")
    assert str(refused.value) == "#12 现在是「待认领」,不能登记进展"


def test_a_change_is_recorded_with_its_actor_time_and_reason() -> None:
    before = issue(REPORTED)
    changed = transitions.claim(before, LI, after(5))
    assert transitions.record(before, changed, Action.CLAIM, LI, after(5), "马上到") == Event(
        12, Action.CLAIM, "li", "李路", after(5), REPORTED, CLAIMED, "马上到"
    )


def test_a_refused_change_changes_nothing() -> None:
    before = issue(CLOSED)
    with pytest.raises(NotPossible):
        transitions.claim(before, WANG, after(5))
    assert before == issue(CLOSED)
