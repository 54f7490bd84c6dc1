"""督办, 缓办, 挂账, 恢复, 合并, 拆分, 顺延 as changes of an issue, and the written reply that 督办 wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import deadlines, merging, supervision, transitions
from domain.issues import Actor, Issue, State
from domain.postponing import Delay, postponed
from domain.rungs import rungs
from domain.taxonomy import Clock
from domain.transitions import NotPossible
from tests.unit.domain.cases import at, clocks, issue, rules, shown, working_time

CHIEF = Actor("chief3", "李路长")
BIKES = issue("11-23 10:00", "2h work")  # due at noon


def claimed(when: str = "11-23 10:10") -> Issue:
    return transitions.claim(BIKES, CHIEF, at(when))


def reply_due(one: Issue) -> str | None:
    found = [rung for rung in rungs(one, rules(), at("11-23 11:00")) if rung.name.startswith("supervised")]
    return shown(found[0].at) if found else None


def resumed(one: Issue, when: str) -> Issue:
    return supervision.resumed(one, deadlines.resumed(one, at(when), clocks()))


# --- 督办 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("supervised", "due"),
    [
        ("11-23 11:00", "11-24 18:00"),
        ("11-23 07:00", "11-24 18:00"),
        ("11-27 17:59", "11-30 18:00"),  # Friday
        ("11-28 12:00", "11-30 18:00"),  # Saturday
    ],
)
def test_a_reply_is_due_at_the_end_of_the_next_working_day(supervised: str, due: str) -> None:
    assert shown(working_time().end_of_next_day(at(supervised))) == due
    assert reply_due(supervision.supervised(BIKES, at(supervised))) == due


def test_claiming_is_not_yet_a_reply() -> None:
    assert reply_due(supervision.supervised(claimed("11-23 10:10"), at("11-23 10:30"))) == "11-24 18:00"
    one = supervision.supervised(BIKES, at("11-23 10:30"))
    assert reply_due(transitions.claim(one, CHIEF, at("11-23 10:40"))) == "11-24 18:00"


def test_word_of_progress_is_a_reply() -> None:
    one = supervision.supervised(claimed(), at("11-23 10:30"))
    assert reply_due(transitions.progressed(one, at("11-23 10:50"))) is None


def test_word_from_before_is_none() -> None:
    one = transitions.progressed(claimed(), at("11-23 10:20"))
    assert reply_due(supervision.supervised(one, at("11-23 10:30"))) == "11-24 18:00"


def test_whoever_takes_over_has_as_long() -> None:
    one = supervision.supervised(BIKES, at("11-23 10:30"))
    assert reply_due(replace(one, assigned_at=at("11-24 09:00"))) == "11-25 18:00"


@pytest.mark.parametrize(
    "state", [State.RESOLVED, State.CLOSED, State.REJECTED, State.MERGED, State.SUSPENDED]
)
def test_only_unfinished_work_is_supervised(state: State) -> None:
    with pytest.raises(NotPossible):
        supervision.supervised(replace(BIKES, state=state), at("11-23 10:30"))


# --- 缓办, 挂账, 恢复 --------------------------------------------------------------------------------------
def test_a_pause_counts_against_nobody() -> None:
    paused = supervision.suspended(claimed(), at("11-23 11:00"))
    assert (paused.state, paused.state_before, paused.paused_at) == (
        State.SUSPENDED,
        State.CLAIMED,
        at("11-23 11:00"),
    )
    back = resumed(paused, "11-30 09:00")
    assert (back.state, shown(back.deadline)) == (State.CLAIMED, "11-30 10:00")
    assert (back.paused_at, back.state_before, back.cycle) == (None, None, BIKES.cycle + 1)


def test_a_claim_does_not_go_stale_in_a_pause() -> None:
    back = resumed(supervision.suspended(claimed(), at("11-23 11:00")), "11-30 09:00")
    release = next(
        rung for rung in rungs(back, rules(), at("11-30 09:00")) if rung.name.startswith("release")
    )
    assert shown(release.at) == "11-30 11:00"


def test_what_was_late_is_due_at_once() -> None:
    back = resumed(supervision.suspended(BIKES, at("11-23 15:00")), "11-30 09:00")
    assert (back.state, shown(back.deadline)) == (State.REPORTED, "11-30 09:00")


def test_a_returned_one_still_waits_to_be_assigned() -> None:
    returned = replace(BIKES, state=State.RETURNED, paused_at=at("11-23 10:30"))
    paused = supervision.suspended(returned, at("11-24 10:00"), at("12-01 08:00"))
    assert (paused.paused_at, paused.review_at) == (at("11-23 10:30"), at("12-01 08:00"))
    back = resumed(paused, "11-30 09:00")
    assert (back.state, back.paused_at, back.review_at) == (State.RETURNED, at("11-23 10:30"), None)
    assert back.deadline == BIKES.deadline


def test_what_was_outside_comes_back() -> None:
    outside = replace(supervision.suspended(BIKES, at("11-23 11:00")), external="数字城管 A1")
    assert resumed(outside, "11-24 10:00").external == ""


@pytest.mark.parametrize("state", set(State) - {State.SUSPENDED})
def test_only_what_rests_is_resumed(state: State) -> None:
    with pytest.raises(NotPossible):
        resumed(replace(BIKES, state=state), "11-24 10:00")


# --- 合并, 拆分 --------------------------------------------------------------------------------------------
def test_merged_and_split_again() -> None:
    other = replace(BIKES, number=13)
    gone = merging.merged(other, BIKES, at("11-23 11:00"))
    assert (gone.state, gone.merged_into) == (State.MERGED, 12)
    promise = deadlines.resumed(replace(other, paused_at=at("11-23 11:00")), at("11-24 09:00"), clocks())
    back = merging.separated(gone, other, promise)
    assert (back.state, back.merged_into, shown(back.deadline)) == (State.REPORTED, None, "11-24 10:00")


@pytest.mark.parametrize(
    ("changes", "into"),
    [
        ({"number": 12}, {}),
        ({"state": State.CLOSED}, {}),
        ({"state": State.MERGED}, {}),
        ({}, {"state": State.CLOSED}),
        ({}, {"state": State.MERGED}),
        ({}, {"subdistrict": "一马路街道"}),
    ],
)
def test_impossible_merges(changes: dict[str, object], into: dict[str, object]) -> None:
    source = replace(replace(BIKES, number=13), **changes)  # type: ignore[arg-type]
    with pytest.raises(NotPossible):
        merging.merged(source, replace(BIKES, **into), at("11-23 11:00"))  # type: ignore[arg-type]


# --- 顺延 --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "delay", "deadline"),
    [
        ("2h work", Delay(1, "d"), "11-24 12:00"),
        ("2h work", Delay(0.5, "d"), "11-23 18:00"),
        ("2h work", Delay(3, "h"), "11-23 17:00"),
        ("2h work", Delay(1, "w"), "11-30 12:00"),
        ("2h natural", Delay(2, "h"), "11-23 14:00"),
        ("2h natural", Delay(90, "m"), "11-23 13:30"),
    ],
)
def test_each_deadline_moves_by_its_own_clock(kind: str, delay: Delay, deadline: str) -> None:
    one = issue("11-23 10:00", kind)
    later = postponed(one, delay, clocks())
    assert shown(later.deadline) == deadline
    assert (later.cycle, later.assigned_at, later.duration) == (one.cycle + 1, one.assigned_at, one.duration)


def test_a_week_is_five_working_days_or_seven() -> None:
    assert Delay(1, "w").length(Clock.WORK, clocks()) == timedelta(hours=40)
    assert Delay(1, "w").length(Clock.NATURAL, clocks()) == timedelta(days=7)
