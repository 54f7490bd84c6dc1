"""Which two reports are one problem, and which is the return of another: written out case by case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.issues import CloseReason, Issue, State
from domain.same_problem import is_same, near_equal, recurred, same
from tests.unit.domain.cases import at, issue

NOW = at("11-23 10:00")
AT_28 = {"house_number": 28}
AT_12 = {"house_number": 12}
WUJIN = {"shop": "益民五金店"}
HUIMIAN = {"shop": "益民烩面馆"}
CROSSING = {"landmark": "民主路口"}


def known(**changes: Any) -> Issue:
    return issue("11-23 09:00", "2h work", **changes)


def closed(at_: str, **changes: Any) -> Issue:
    ended = {"state": State.CLOSED, "closed_at": at(at_), "close_reason": CloseReason.CONFIRMED}
    return known(**AT_28, **(ended | changes))


@pytest.mark.parametrize(
    ("there", "reported", "expected"),
    [
        (AT_28, AT_28, True),
        (WUJIN, WUJIN, True),
        (CROSSING, CROSSING, True),
        (AT_28 | WUJIN, AT_28, True),
        (AT_28 | WUJIN, WUJIN, True),
        (AT_28 | CROSSING, CROSSING, True),
        (AT_28, AT_12, False),
        (WUJIN, HUIMIAN, False),
        (AT_28 | CROSSING, AT_12 | CROSSING, False),  # one crossing, two houses
        (WUJIN | AT_28, HUIMIAN | AT_28, False),  # one house, two shops
        (AT_28, WUJIN, False),  # nothing says that they are one
        (AT_28, CROSSING, False),
        (AT_28, {}, False),  # only one of them names a place
        ({}, AT_28, False),
        ({}, {}, True),  # neither does, and the texts are equal
        ({}, {"text": "门口电动车又乱停了"}, False),
        (AT_28, AT_28 | {"text": "车多得走不过去"}, True),  # other words, same house
        (AT_28, AT_28 | {"section": "大同路"}, False),
        (AT_28, AT_28 | {"category": "garbage"}, False),
        (AT_28, AT_28 | {"sub": "motor"}, True),  # the category counts, not its kind
        (AT_28 | {"section": None}, AT_28 | {"section": None}, False),
        (AT_28, AT_28 | {"pending": frozenset({"section"})}, False),
        (AT_28 | {"pending": frozenset({"section"})}, AT_28, False),
        (AT_28, AT_28 | {"pending": frozenset({"category"}), "text": ""}, False),  # a picture without words
        (AT_28, AT_28 | {"pending": frozenset({"category"})}, True),  # assumed, but in the same words
        (AT_28, AT_28 | {"danger": True}, False),  # never hidden behind a nuisance
        (AT_28 | {"danger": True}, AT_28, True),
    ],
)
def test_same_section_category_and_place_are_one_problem(
    there: dict[str, Any], reported: dict[str, Any], *, expected: bool
) -> None:
    assert is_same(known(**there), known(**reported)) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("路灯不亮", "路灯不亮", True),
        ("路灯不亮", "路灯 不亮!", True),
        ("路灯不亮", "路灯不亮了", True),
        ("ABC路灯不亮", "abc路灯不亮", True),
        ("有人在路边乱贴小广告", "有人路边乱贴小广告", True),
        ("路灯不亮", "路灯坏了", False),
        ("路灯不亮", "井盖没了", False),
        ("垃圾", "垃圾", False),  # too little to be sure
        ("", "", False),
        ("3号灯杆的路灯不亮", "5号灯杆的路灯不亮", False),
        ("东头路灯一直不亮", "西头路灯一直不亮", False),
        ("单号那边路灯不亮", "双号那边路灯不亮", False),
        ("垃圾桶满了没人清", "垃圾桶满了没有人清", True),
        ("垃圾桶满了没人清", "烧烤摊的烟太大了", False),
    ],
)
def test_texts_are_near_equal_by_their_pairs_of_characters(one: str, other: str, *, expected: bool) -> None:
    assert near_equal(one, other) is expected
    assert near_equal(other, one) is expected


@pytest.mark.parametrize(
    "there",
    [
        known(**AT_28),
        known(**AT_28, state=State.CLAIMED),
        known(**AT_28, state=State.RESOLVED),
        known(**AT_28, state=State.RETURNED),
        known(**AT_28, state=State.SUSPENDED),
        closed("11-22 10:00"),
        closed("11-23 09:30", close_reason=CloseReason.SILENT),
    ],
)
def test_a_problem_is_the_same_while_open_and_for_24_hours(there: Issue) -> None:
    assert same([there], known(**AT_28), NOW) is there


@pytest.mark.parametrize(
    "there",
    [
        closed("11-22 09:59"),
        closed("11-23 09:30", close_reason=CloseReason.WITHDRAWN),
        closed("11-23 09:30", self_found=True),
        known(**AT_28, state=State.REJECTED, closed_at=at("11-23 09:30")),
        known(**AT_28, state=State.MERGED, closed_at=at("11-23 09:30")),
    ],
)
def test_what_ended_before_or_otherwise_is_not_the_same(there: Issue) -> None:
    assert same([there], known(**AT_28), NOW) is None


def test_an_open_one_comes_before_one_closed_just_now() -> None:
    over, waiting = closed("11-23 09:30"), known(**AT_28, number=7)
    assert same([over, waiting], known(**AT_28), NOW) is waiting


@pytest.mark.parametrize(("at_", "expected"), [("10-24 10:00", True), ("10-24 09:59", False)])
def test_it_recurs_within_thirty_days(at_: str, *, expected: bool) -> None:
    assert (recurred([closed(at_)], known(**AT_28), NOW) is not None) is expected


def test_it_recurs_only_at_a_named_place_of_the_same_kind() -> None:
    before = closed("11-10 10:00")
    assert recurred([before], known(**AT_28), NOW) is before
    assert recurred([before], known(**AT_12), NOW) is None
    assert recurred([replace(before, house_number=None)], known(), NOW) is None
    assert recurred([before], known(**AT_28, category="garbage"), NOW) is None
    assert recurred([replace(before, close_reason=CloseReason.WITHDRAWN)], known(**AT_28), NOW) is None
    assert recurred([known(**AT_28)], known(**AT_28), NOW) is None, "it is not over yet"
