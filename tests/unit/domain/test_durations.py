"""How long claims and handlings took, in seconds of a clock that always runs."""

from __future__ import annotations

import pytest

from domain.durations import Step, durations

Told = list[tuple[str, float, str, str]]


def taken(*steps: tuple[str, float, str, str]) -> list[tuple[str, float]]:
    found = durations((Step(*step) for step in steps), lambda a, b: b - a)
    return [("claim" if each.claim else "handling", each.seconds) for each in found]


REPORTED = ("上报", 0.0, "reported", "reported")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([("认领", 10, "reported", "claimed"), ("办结", 40, "claimed", "resolved")],
         [("claim", 10), ("handling", 40)]),
        # 办结 at once implies the claim
        ([("认领", 30, "reported", "claimed"), ("办结", 30, "claimed", "resolved")],
         [("claim", 30), ("handling", 30)]),
        # transferred: the new owner's time begins; the handling goes on
        ([("转派", 20, "reported", "reported"), ("认领", 25, "reported", "claimed"),
          ("办结", 40, "claimed", "resolved")], [("claim", 5), ("handling", 40)]),
        # returned and suspended count for nobody
        ([("退回", 10, "reported", "returned"), ("转派", 50, "returned", "reported"),
          ("认领", 55, "reported", "claimed"), ("缓办", 60, "claimed", "suspended"),
          ("恢复", 90, "suspended", "claimed"), ("办结", 100, "claimed", "resolved")],
         [("claim", 5), ("handling", 30)]),
        # a lapsed claim does not start it anew
        ([("认领", 10, "reported", "claimed"), ("认领过期", 50, "claimed", "reported"),
          ("认领", 60, "reported", "claimed")], [("claim", 10), ("claim", 60)]),
        # sent back: the second handling is counted by itself
        ([("认领", 10, "reported", "claimed"), ("办结", 20, "claimed", "resolved"),
          ("不满意", 70, "resolved", "claimed"), ("办结", 75, "claimed", "resolved")],
         [("claim", 10), ("handling", 20), ("handling", 5)]),
        # what was taken back did not happen, and its time goes on
        ([("认领", 10, "reported", "claimed"), ("办结", 20, "claimed", "resolved"),
          ("撤销", 25, "resolved", "claimed"), ("办结", 40, "claimed", "resolved")],
         [("claim", 10), ("handling", 40)]),
        ([("认领", 10, "reported", "claimed"), ("办结", 10, "claimed", "resolved"),
          ("撤销", 15, "resolved", "reported"), ("认领", 30, "reported", "claimed")], [("claim", 30)]),
    ],
)  # fmt: skip
def test_what_took_how_long(steps: Told, expected: list[tuple[str, float]]) -> None:
    assert taken(REPORTED, *steps) == expected


def test_nothing_took_no_time() -> None:
    assert taken() == taken(REPORTED) == []
