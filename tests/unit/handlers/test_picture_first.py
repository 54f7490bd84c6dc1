"""A picture before its command, from one who solves problems: held, offered, used once for one message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.issues import State
from tests.unit.handlers import merchant_harness
from tests.unit.handlers.merchant_harness import Street, Told


@pytest.fixture(name="street")
def _street(tmp_path: Path) -> Iterator[Street]:
    """李路 owns #1 and #2, which ask for a photo, and #3, which does not."""
    for street in merchant_harness.street(tmp_path):
        street.report("wujin", "门口垃圾", Told("garbage", "exposed", house=28))
        street.report("huimian", "小广告", Told("ads", "sticker", house=12))
        street.report("wujin", "电动车堵路", Told(house=28))
        yield street


def states(street: Street) -> list[State]:
    return [street.issue(number).state for number in (1, 2, 3)]


DONE, OPEN = State.RESOLVED, State.REPORTED


def test_it_is_offered(street: Street) -> None:
    heard = street.photo("li")
    assert heard.outcome == "asked_picture"
    head, *rows = heard.answer.splitlines()
    assert head.startswith("照片用于哪件?10分钟内回复序号即登记办结")
    assert [row[:5] for row in rows] == ["1. #3", "2. #1", "3. #2", "4. 新问"], "the most urgent first"
    assert states(street) == [OPEN, OPEN, OPEN]


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("2", [DONE, OPEN, OPEN]),
        ("2 3", [DONE, DONE, OPEN]),
        ("2、3", [DONE, DONE, OPEN]),
        ("2和3", [DONE, DONE, OPEN]),
        ("用于 #1", [DONE, OPEN, OPEN]),
        ("#1 #2", [DONE, DONE, OPEN]),
        ("用于 #1、#2", [DONE, DONE, OPEN]),
        ("7", [OPEN, OPEN, OPEN]),
        ("2 7", [OPEN, OPEN, OPEN]),
    ],
)
def test_the_answer_says_what_it_shows(street: Street, words: str, after: list[State]) -> None:
    street.photo("li")
    street.say("li", words, single=True)
    assert states(street) == after
    assert [street.pictures(number) for number in (1, 2, 3)] == [
        [True] if state is DONE else [] for state in after
    ]


def test_new_problem_makes_it_a_report(street: Street) -> None:
    street.photo("li")
    heard = street.say("li", "4", single=True)
    assert heard.issue == 4
    assert street.pictures(4) == [False]
    assert street.say("li", "办结 1").outcome == "asked_proof", "it is used up"


def test_new_problem_may_be_said_in_words(street: Street) -> None:
    street.photo("li")
    assert street.say("li", "新问题", single=True).issue == 4


@pytest.mark.parametrize("single", [True, False])
def test_the_next_resolution_uses_it_as_its_proof(street: Street, *, single: bool) -> None:
    street.photo("li")
    heard = street.say("li", "办结 1 2", single=single)
    assert states(street) == [DONE, DONE, OPEN]
    assert street.pictures(1) == street.pictures(2) == [True]
    assert "已附处理后照片1张" in heard.to("wujin")
    assert street.say("li", "办结 3").outcome == "resolved"
    assert street.pictures(3) == [], "once"


def test_it_is_held_for_ten_minutes(street: Street) -> None:
    street.photo("li")
    street.later(minutes=11)
    assert street.say("li", "2", single=True).outcome != "resolved"
    assert street.say("li", "办结 1").outcome == "asked_proof"


def test_it_is_held_for_its_sender_only(street: Street) -> None:
    street.photo("li")
    assert street.say("bei", "办结 1").outcome == "asked_proof"


def test_a_picture_after_the_resolution_completes_it(street: Street) -> None:
    assert street.say("li", "办结 1 2", single=True).outcome == "asked_proof"
    assert street.photo("li").outcome == "resolved"
    assert states(street) == [DONE, DONE, OPEN]
    assert street.pictures(1) == street.pictures(2) == [True]


def test_with_nothing_in_hand_it_is_a_report(street: Street) -> None:
    assert street.photo("feng").outcome == "reported_pending"


def test_a_merchants_picture_goes_with_his_report(street: Street) -> None:
    assert street.photo("wujin").outcome == "supplemented"
    street.later(minutes=30)
    assert street.photo("wujin").outcome == "reported_pending"


def test_what_was_resolved_meanwhile_is_left_alone(street: Street) -> None:
    street.photo("li")
    street.say("bei", "办结 3")
    street.say("li", "1 2", single=True)
    assert states(street) == [DONE, OPEN, DONE]
    assert street.actions(3).count("办结") == 1
