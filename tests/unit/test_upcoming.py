"""What the sandbox page says comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.upcoming import what
from domain.clock import BusinessTime
from domain.issues import State
from tests.unit.test_issues import issue

ZHENGZHOU = ZoneInfo("Asia/Shanghai")


def at(clock: str) -> BusinessTime:
    return BusinessTime(datetime.fromisoformat(f"2026-11-24T{clock}").replace(tzinfo=ZHENGZHOU))


@pytest.mark.parametrize(
    ("state", "moment", "expected"),
    [
        (State.REPORTED, "09:10", "unclaimed"),
        (State.CLAIMED, "09:10", "reminder"),
        (State.REPORTED, "10:45", "before"),
        (State.CLAIMED, "11:00", "deadline"),
        (State.CLAIMED, "11:30", "late"),
        (State.REPORTED, "10:00", "reminder"),
        (State.RESOLVED, "15:00", "auto_close"),
        (State.RETURNED, "09:10", "returned"),
        (State.SUSPENDED, "17:00", "review"),
    ],
)
def test_a_step_is_named_by_state_and_time(state: State, moment: str, expected: str) -> None:
    given: dict[str, Any] = {"assigned_at": at("09:00"), "deadline": at("11:00")}
    assert what(issue(state, **given), at(moment)) == expected
