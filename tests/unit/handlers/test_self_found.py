"""Dialogs: 随手办, what somebody who works here finds and fixes himself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.issues import State
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Town


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


def test_one_message_is_an_issue_closed_at_once(town: Town) -> None:
    said = town.say("li", "随手办 益民路 铲小广告3处", "g-yimin", picture=True)
    assert said.outcome == "self_found"
    assert said.answer == "#1 已记入自查自处:广告宣传·非法小广告,益民路"
    assert said.heard == set()
    issue = town.issue()
    assert (issue.state, issue.self_found, issue.owner, issue.on_time) == (State.CLOSED, True, "li", None)
    assert town.actions() == ["随手办"]


def test_nothing_ever_becomes_due_for_it(town: Town) -> None:
    town.say("li", "随手办 益民路 铲小广告3处", picture=True)
    assert town.next_step() is None


def test_the_picture_may_follow(town: Town) -> None:
    assert "10分钟内" in town.say("li", "随手办 益民路 清垃圾2处").answer
    assert town.say("li", "", picture=True).answer == "#1 照片已记入自查自处。"
    assert town.say("li", "查询 1").answer.splitlines()[:2] == [
        "#1 已结案 · 环境卫生·暴露垃圾 · 益民路",
        "责任人 李路 · 自查自处",
    ]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("随手办 益民路 铲小广告3处", "ads"),
        ("随手办 益民路28号 清垃圾2处", "garbage"),
        ("随手清 益民路 电动车乱停5辆", "parking"),
    ],
)
def test_its_category(town: Town, words: str, category: str) -> None:
    town.say("li", words, picture=True)
    assert town.issue().category == category


def test_without_a_road_it_is_ones_own(town: Town) -> None:
    town.say("li", "随手办 铲小广告3处", picture=True)
    assert town.issue().section == "益民路"


@pytest.mark.parametrize(
    ("who", "words", "outcome"),
    [
        ("bei", "随手办 益民路 铲小广告", "self_found"),
        ("sun", "随手办 益民路 铲小广告", "self_found"),
        ("zhang", "随手办 益民路 拖走僵尸车", "self_found"),
        ("sun", "随手办 铲小广告", "asked_where"),
        ("li", "随手办 大同路 铲小广告", "asked_where"),  # not his
        ("li", "随手办", "asked_what"),
        ("wujin", "随手办 益民路 铲小广告", "not_allowed"),
    ],
)
def test_who_and_where(town: Town, who: str, words: str, outcome: str) -> None:
    assert town.say(who, words, picture=True).outcome == outcome


def test_counted_apart_from_what_people_report(town: Town) -> None:
    town.report()
    town.say("li", "随手办 益民路 铲小广告3处", picture=True)
    town.say("li", "随手办 益民路 清垃圾2处", picture=True)
    found = town.counts("解放路街道")
    assert (found.self_found, found.reported, found.open, found.due, found.closed) == (2, 1, 1, 0, 0)
    assert (found.resolved, found.satisfied) == (0, 0)


def test_undone_it_counts_nowhere(town: Town) -> None:
    town.say("li", "随手办 益民路 铲小广告3处", picture=True)
    assert town.say("li", "撤销").answer == "#1 已撤销这条自查自处,不再计入。"
    assert town.counts("解放路街道").self_found == 0
    assert town.state() is State.CLOSED


@pytest.mark.parametrize(
    "words", ["认领 1", "办结 1", "退回 1 派错了", "转派 1 @备岗", "延期 1 1小时", "静音 1"]
)
def test_what_is_closed_stays_closed(town: Town, words: str) -> None:
    town.say("li", "随手办 益民路 铲小广告3处", picture=True)
    assert town.say("li", words).outcome == "not_possible"
