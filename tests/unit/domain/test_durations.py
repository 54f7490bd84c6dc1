"""How long claims and handlings took, in seconds of a clock that always runs."""

from __future__ import annotations

import pytest

from domain.durations import Step, durations

Told = list[Step]


def step(action: str, at: float, states: str, whose: str = "", deed: int | None = None) -> Step:
    """``states``: before and after, with > between them where they differ. All is done by one person."""
    before, _, after = states.partition(">")
    return Step(action, at, before, after or before, whose, "li", deed)


def taken(*steps: Step) -> list[tuple[str, float]]:
    found = durations(steps, lambda a, b: b - a)
    return [("claim" if each.claim else "handling", each.seconds) for each in found]


REPORTED = step("上报", 0.0, "reported")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([step("认领", 10, "reported>claimed"), step("办结", 40, "claimed>resolved")],
         [("claim", 10), ("handling", 40)]),
        # 办结 at once implies the claim
        ([step("认领", 30, "reported>claimed"), step("办结", 30, "claimed>resolved")],
         [("claim", 30), ("handling", 30)]),
        # transferred: the new owner's time begins; the handling goes on
        ([step("转派", 20, "reported"), step("认领", 25, "reported>claimed"),
          step("办结", 40, "claimed>resolved")], [("claim", 5), ("handling", 40)]),
        # returned and suspended count for nobody
        ([step("退回", 10, "reported>returned"), step("转派", 50, "returned>reported"),
          step("认领", 55, "reported>claimed"), step("缓办", 60, "claimed>suspended"),
          step("恢复", 90, "suspended>claimed"), step("办结", 100, "claimed>resolved")],
         [("claim", 5), ("handling", 30)]),
        # a lapsed claim does not start it anew
        ([step("认领", 10, "reported>claimed"), step("认领过期", 50, "claimed>reported"),
          step("认领", 60, "reported>claimed")], [("claim", 10), ("claim", 60)]),
        # sent back: the second handling is counted by itself
        ([step("认领", 10, "reported>claimed"), step("办结", 20, "claimed>resolved"),
          step("不满意", 70, "resolved>claimed"), step("办结", 75, "claimed>resolved")],
         [("claim", 10), ("handling", 20), ("handling", 5)]),
    ],
)  # fmt: skip
def test_what_took_how_long(steps: Told, expected: list[tuple[str, float]]) -> None:
    assert taken(REPORTED, *steps) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # what was taken back did not happen, and its time goes on
        ([step("认领", 10, "reported>claimed", "", 1), step("办结", 20, "claimed>resolved", "", 2),
          step("撤销", 25, "resolved>claimed"), step("办结", 40, "claimed>resolved", "", 3)],
         [("claim", 10), ("handling", 40)]),
        # one message that was two steps
        ([step("认领", 10, "reported>claimed", "", 1), step("办结", 10, "claimed>resolved", "", 1),
          step("撤销", 15, "resolved>reported"), step("认领", 30, "reported>claimed", "", 2)],
         [("claim", 30)]),
        # a transfer, and one that leaves the clock alone
        ([step("转派", 10, "reported", "", 1), step("撤销", 12, "reported"),
          step("认领", 30, "reported>claimed", "", 2)], [("claim", 30)]),
        ([step("认领", 10, "reported>claimed", "", 1), step("延期", 15, "claimed", "", 2),
          step("撤销", 16, "claimed"), step("办结", 40, "claimed>resolved", "", 3)],
         [("claim", 10), ("handling", 40)]),
        # 协办 that was taken back held nothing up
        ([step("认领", 10, "reported>claimed", "", 1), step("协办", 15, "claimed", "helped", 2),
          step("撤销", 25, "claimed", "owner"), step("办结", 40, "claimed>resolved", "", 3)],
         [("claim", 10), ("handling", 40)]),
    ],
)  # fmt: skip
def test_what_was_taken_back_took_no_time(steps: Told, expected: list[tuple[str, float]]) -> None:
    assert taken(REPORTED, *steps) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # an officer helps from 20 to 50, and gives his part back
        ([step("认领", 10, "reported>claimed"), step("协办", 20, "claimed", "helped"),
          step("协办", 50, "claimed", "owner"), step("办结", 60, "claimed>resolved")],
         [("claim", 10), ("handling", 30)]),
        # he resolves it himself; it was not even claimed when he was asked
        ([step("协办", 20, "reported", "helped"), step("认领", 70, "reported>claimed"),
          step("办结", 70, "claimed>resolved", "owner")], [("claim", 20), ("handling", 20)]),
        # he never answers: from 80 on it is the chief's time again
        ([step("认领", 10, "reported>claimed"), step("协办", 20, "claimed", "helped"),
          step("协办到时", 80, "claimed", "owner"), step("办结", 90, "claimed>resolved")],
         [("claim", 10), ("handling", 30)]),
        # transferred to an officer, who resolves it: his own time
        ([step("认领", 10, "reported>claimed"), step("转派", 30, "claimed>reported", "officer"),
          step("认领", 35, "reported>claimed"), step("办结", 50, "claimed>resolved")],
         [("claim", 10), ("claim", 5), ("handling", 20)]),
        # transferred to an officer, who gives it back: none of his time is the chief's
        ([step("认领", 10, "reported>claimed"), step("转派", 30, "claimed>reported", "officer"),
          step("退回", 90, "reported>returned", "owner"), step("转派", 95, "returned>reported", "owner"),
          step("认领", 97, "reported>claimed"), step("办结", 100, "claimed>resolved")],
         [("claim", 10), ("claim", 2), ("handling", 35)]),
        # from one officer to the next, and sent back after that: the chief begins anew
        ([step("转派", 30, "reported", "officer"), step("转派", 40, "reported", "officer"),
          step("转派", 45, "reported", "owner"), step("办结", 50, "reported>resolved"),
          step("不满意", 70, "resolved>claimed"), step("办结", 75, "claimed>resolved")],
         [("handling", 35), ("handling", 5)]),
    ],
)  # fmt: skip
def test_time_with_an_officer_is_not_the_chiefs(steps: Told, expected: list[tuple[str, float]]) -> None:
    assert taken(REPORTED, *steps) == expected


def test_nothing_took_no_time() -> None:
    assert taken() == taken(REPORTED) == []
