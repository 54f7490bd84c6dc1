"""When work counts as sent back: histories written out by hand. Monday 2026-11-23 is a working day."""

from __future__ import annotations

import pytest

from domain.clock import BusinessTime
from domain.issues import Action, State
from domain.rework import Judgement, moments
from tests.unit.domain.cases import at, shown, working_time

RESOLVED, CLOSED, CLAIMED = State.RESOLVED, State.CLOSED, State.CLAIMED


def disputed(when: str) -> Judgement:
    return Judgement(Action.DISPUTE, at(when), RESOLVED, CLAIMED)


def taken_back(when: str) -> Judgement:
    return Judgement(Action.UNDO, at(when), CLAIMED, RESOLVED)


def reopened(when: str) -> Judgement:
    return Judgement(Action.REOPEN, at(when), CLOSED, CLAIMED)


def passed(when: str, before: State = RESOLVED) -> Judgement:
    return Judgement(Action.VERIFY, at(when), before, RESOLVED)


def failed(when: str, before: State = RESOLVED) -> Judgement:
    return Judgement(Action.VERIFY, at(when), before, CLAIMED)


def one_working_day_later(t: BusinessTime) -> BusinessTime:
    return working_time().add_days(t, 1)


def rework(*history: Judgement) -> list[str | None]:
    return [shown(when) for when in moments(history, one_working_day_later)]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], []),
        ([passed("11-23 10:00")], []),
        ([failed("11-23 10:00")], ["11-23 10:00"]),
        ([disputed("11-23 10:00")], ["11-24 10:00"]),
        ([disputed("11-27 15:00")], ["11-30 15:00"]),  # over a weekend
        ([disputed("11-23 10:00"), passed("11-24 10:00", CLAIMED)], []),
        ([disputed("11-23 10:00"), passed("11-24 10:01")], ["11-24 10:00"]),
        ([disputed("11-23 10:00"), failed("11-23 15:00", CLAIMED)], ["11-23 15:00"]),
        ([disputed("11-23 10:00"), failed("11-25 15:00")], ["11-24 10:00", "11-25 15:00"]),
        ([disputed("11-23 10:00"), disputed("11-23 16:00")], ["11-24 10:00", "11-24 16:00"]),
        ([disputed("11-23 10:00"), disputed("11-23 16:00"), passed("11-23 17:00", CLAIMED)], []),
        ([disputed("11-23 10:00"), taken_back("11-23 10:05")], []),
        ([failed("11-23 10:00"), taken_back("11-23 10:05")], []),
        ([reopened("11-23 10:00")], []),
        ([disputed("11-20 10:00"), reopened("11-23 10:00"), taken_back("11-23 10:05")], ["11-23 10:00"]),
    ],
)
def test_rework(history: list[Judgement], expected: list[str]) -> None:
    assert rework(*history) == expected


def test_taking_back_something_else_changes_nothing() -> None:
    unclaimed = Judgement(Action.UNDO, at("11-23 11:00"), CLAIMED, State.REPORTED)
    unconfirmed = Judgement(Action.UNDO, at("11-23 11:00"), CLOSED, RESOLVED)
    assert rework(failed("11-23 10:00"), unclaimed, unconfirmed) == ["11-23 10:00"]
