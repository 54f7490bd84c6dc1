"""Dialogs: 退回, 转外部, 静音."""

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


def test_returned_with_a_reason_it_is_the_level_aboves(town: Town) -> None:
    town.report()
    said = town.say("li", "退回 1 这是隔壁路段的", "g-yimin")
    assert said.outcome == "returned"
    assert said.answer == "#1 已退回,由 王二 重新指派,您不用处理了。"
    assert (town.state(), town.issue().owner) == (State.RETURNED, "wang")
    assert "#1 李路 退回:这是隔壁路段的" in said.told("wang")
    assert "转派 1 @人" in said.told("wang")
    assert said.buttons("wang") == ["转派 1", "认领 1"]
    assert said.heard == {"wang"}, "the reporter is not bothered"


@pytest.mark.parametrize("words", ["不归我管 1", "1 派错了", "1不归我管", "1 不归我管,是环卫的"])
def test_natural_words_are_the_reason(town: Town, words: str) -> None:
    town.report()
    assert town.say("li", words).outcome == "returned"
    reason = town.history()[-1].reason
    assert reason in words
    assert "1" not in reason


def test_without_a_reason_it_is_asked_for(town: Town) -> None:
    town.report()
    said = town.say("li", "退回 1")
    assert said.answer == "#1 为什么退回?请写原因:退回 1 原因"
    assert town.state() is State.REPORTED


def test_without_a_number_the_only_one_is_meant(town: Town) -> None:
    town.report()
    assert town.say("li", "派错了").outcome == "returned"


def test_without_a_number_one_of_two_is_chosen(town: Town) -> None:
    town.report(28)
    town.report(30)
    asked = town.say("li", "退回 不是我的路段")
    assert asked.outcome == "asked_which"
    assert "1. #1" in asked.answer
    assert town.say("li", "2").outcome == "returned"
    assert (town.state(1), town.state(2)) == (State.REPORTED, State.RETURNED)
    assert town.history(2)[-1].reason == "不是我的路段"


def test_several_at_once_each_its_own_line(town: Town) -> None:
    town.report(28)
    town.report(30)
    town.say("li", "办结 2")
    said = town.say("li", "退回 1、2、9 派错了")
    assert said.answer.splitlines() == [
        "#1 已退回,由 王二 重新指派,您不用处理了。",
        "#2 现在是「已处理待确认」,不能退回",
        "#9 没有查到。请核对编号,或回复:我的上报",
    ]


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("bei", "returned"),  # the substitute
        ("wang", "returned"),  # level 2 of the section
        ("sun", "returned"),  # the supervisor
        ("guan", "returned"),
        ("wujin", "not_allowed"),  # the reporter
        ("qian", "unknown_number"),  # a chief elsewhere learns nothing
        ("zhou", "unknown_number"),  # nor does a supervisor elsewhere
        ("zhang", "unknown_number"),
    ],
)
def test_who_may_return(town: Town, who: str, outcome: str) -> None:
    town.report()
    assert town.say(who, "退回 1 派错了").outcome == outcome


def test_the_refusal_says_who_could(town: Town) -> None:
    town.report()
    assert town.say("wujin", "退回 1 派错了", "g-yimin").answer == "#1 不能由您退回,可由 李路 操作。"


def test_the_owner_hears_when_somebody_else_returned_it(town: Town) -> None:
    town.report()
    assert "已由 备岗 退回" in town.say("bei", "退回 1 派错了").told("li")


def test_claimed_again_what_was_left_of_the_time_is_left(town: Town) -> None:
    town.report()  # at 10:01, due at 14:01
    town.at("11-23 10:59").say("li", "退回 1 派错了")
    said = town.at("11-24 08:59").say("li", "认领 1")
    assert said.answer.startswith("#1 已认领,11-24 10:01 前处理")
    assert (town.issue().owner, town.issue().paused_at) == ("li", None)


def test_nobody_above_a_supervisor(town: Town) -> None:
    town.report()
    town.say("sun", "转派 1 @孙督")
    assert town.say("sun", "退回 1 派错了").answer == "#1 上面没有可退的人,请直接转派:转派 1 @人"


def test_undone_it_is_his_again(town: Town) -> None:
    town.report()
    town.say("li", "认领 1")
    town.say("li", "退回 1 派错了")
    said = town.say("li", "撤销")
    assert said.answer == "#1 已撤销「退回」,现在是「处理中」,责任人 李路。"
    assert "李路 撤销了刚才的「退回」" in said.told("wang")


# --- 转外部 ------------------------------------------------------------------------------------------------


def test_sent_outside_the_clock_stops_and_the_reporter_hears_where(town: Town) -> None:
    town.report()
    said = town.say("li", "转外部 1 数字城管 20261123001")
    assert said.outcome == "sent_outside"
    assert "数字城管 20261123001" in said.answer
    assert (town.state(), town.issue().external) == (State.SUSPENDED, "数字城管 20261123001")
    assert "#1 您反映的问题已转给 数字城管 20261123001 处理" in said.told("wujin")


def test_where_to_is_asked(town: Town) -> None:
    town.report()
    assert town.say("li", "转外部 1").outcome == "asked_where"
    assert town.state() is State.REPORTED


def test_12345_is_a_place_to_go(town: Town) -> None:
    town.report()
    town.say("li", "转12345 1")
    assert town.issue().external == "12345"


@pytest.mark.parametrize(
    ("who", "outcome"),
    [("bei", "sent_outside"), ("sun", "sent_outside"), ("wujin", "not_allowed"), ("qian", "unknown_number")],
)
def test_who_may_send_outside(town: Town, who: str, outcome: str) -> None:
    town.report()
    assert town.say(who, "转外部 1 数字城管 A-1").outcome == outcome


def test_what_is_done_is_not_sent_outside(town: Town) -> None:
    town.report()
    town.say("li", "办结 1")
    assert town.say("li", "转外部 1 数字城管").answer == "#1 现在是「已处理待确认」,不能转外部"


def test_undone_the_reporter_hears_that_too(town: Town) -> None:
    town.report()
    town.say("li", "转外部 1 数字城管 A-1")
    said = town.say("li", "撤销")
    assert town.state() is State.REPORTED
    assert "撤销了刚才的「转外部」" in said.told("wujin")


# --- 静音 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("静音 1 到 11:30", "11-23 11:30"),
        ("静音 1 1小时", "11-23 11:02"),
        ("静音 1 到 15:00", "11-23 14:01"),  # never beyond the deadline
        ("先别催 1", "11-23 14:01"),
        ("1 先别催", "11-23 14:01"),
        ("先别催", "11-23 14:01"),
    ],
)
def test_muted_until_then(town: Town, words: str, until: str) -> None:
    town.report()
    said = town.say("li", words)
    assert said.answer == f"#1 {until} 前不再催您,时限 11-23 14:01 不变。"
    assert said.heard == set()


def test_muted_until_the_next_morning_by_itself(town: Town) -> None:
    town.report(kind=("facility", "lamp"))  # two working days
    assert town.say("li", "先别催 1").answer.startswith("#1 11-24 08:00 前不再催您")


def test_danger_is_not_muted(town: Town) -> None:
    town.report(danger=True)
    assert town.say("li", "静音 1").answer == "#1 是危险问题,不能静音"


def test_what_is_late_is_not_muted(town: Town) -> None:
    town.report()
    assert "已超时,不能静音" in town.at("11-23 15:00").say("li", "静音 1").answer


@pytest.mark.parametrize(
    ("who", "outcome"),
    [("bei", "muted"), ("sun", "muted"), ("wujin", "not_allowed"), ("qian", "unknown_number")],
)
def test_who_may_mute(town: Town, who: str, outcome: str) -> None:
    town.report()
    assert town.say(who, "静音 1").outcome == outcome


def test_several_muted_and_undone_together(town: Town) -> None:
    town.report(28)
    town.report(30)
    assert len(town.say("li", "静音 1 2").answer.splitlines()) == 2
    assert town.say("li", "撤销").answer.count("已撤销「静音」") == 2
    assert (town.issue(1).muted_until, town.issue(2).muted_until) == (None, None)
