"""Dialogs: 请假, 销假, 路长."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Town


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


def test_on_leave_the_substitute_gets_what_is_new_and_may_do_what_is_old(town: Town) -> None:
    town.report(28)
    said = town.say("li", "请假 到 11-25")
    assert said.answer == "已登记请假到 11-25(含当天),新问题由 备岗 代办。您名下未办 1 件也可由其办理。"
    assert "李路 请假到 11-25(含当天),由您代办" in said.told("bei")
    assert "#1 待认领" in said.told("bei")
    town.report(30)
    assert town.issue(2).owner == "bei"
    assert town.say("bei", "办结 1").outcome == "resolved"


@pytest.mark.parametrize(
    ("words", "last", "back"),
    [
        ("请假 到 11-25", "11-25 23:59", "11-26 00:00"),
        ("请假 到明天", "11-24 23:59", "11-25 00:00"),
        ("请假 到 15:00", "11-23 14:59", "11-23 15:00"),
        ("请假 两天", "11-24 23:59", "11-25 00:00"),
        ("请假 半天", "11-23 15:59", "11-23 16:01"),
        ("我今天请假", "11-23 23:59", "11-24 00:00"),
        ("请假", "12-31 23:59", ""),
    ],
)
def test_until_when(town: Town, words: str, last: str, back: str) -> None:
    assert town.say("li", words).outcome == "on_leave"
    assert town.at(last).away("li")
    assert not back or not town.at(back).away("li")


@pytest.mark.parametrize(
    ("words", "before", "first", "last", "back"),
    [
        ("请假 12月1日到12月3日", "11-30 23:59", "12-01 00:00", "12-03 23:59", "12-04 00:00"),
        ("请假 12-01 到 12-03", "11-30 23:59", "12-01 00:00", "12-03 23:59", "12-04 00:00"),
        ("请假 12月1日到3日", "11-30 23:59", "12-01 00:00", "12-03 23:59", "12-04 00:00"),
        ("请假 明天", "11-23 23:59", "11-24 00:00", "11-24 23:59", "11-25 00:00"),
        ("我明天请假", "11-23 23:59", "11-24 00:00", "11-24 23:59", "11-25 00:00"),
        ("请假 后天起三天", "11-24 23:59", "11-25 00:00", "11-27 23:59", "11-28 00:00"),
        ("请假 12月1日起", "11-30 23:59", "12-01 00:00", "12-31 23:59", ""),
        ("请假 下周一到周三", "11-29 23:59", "11-30 00:00", "12-02 23:59", "12-03 00:00"),
        ("请假 明天14:00到18:00", "11-24 13:59", "11-24 14:00", "11-24 17:59", "11-24 18:00"),
    ],
)
def test_leave_that_begins_later(
    town: Town, words: str, before: str, first: str, last: str, back: str
) -> None:
    assert town.say("li", words).outcome == "on_leave"
    assert not town.away("li")
    assert not town.at(before).away("li")
    assert town.at(first).away("li")
    assert town.at(last).away("li")
    assert not back or not town.at(back).away("li")


def test_a_leave_to_come_is_told_and_can_be_called_off(town: Town) -> None:
    said = town.say("li", "请假 12月1日到12月3日")
    assert said.answer == ("已登记请假 12-01 到 12-03(含当天),期间新问题由 备岗 代办。改主意请发:销假")
    assert said.told("bei") == "李路 将于 12-01 到 12-03(含当天) 请假,由您代办,期间的新问题会直接派给您。"
    town.report(28)
    assert town.issue(1).owner == "li"
    town.at("12-01 09:00").report(30)
    assert town.issue(2).owner == "bei"
    off = town.at("11-25 09:00").say("li", "销假")
    assert off.answer == "已取消登记的请假。"
    assert off.told("bei") == "李路 取消了登记的请假,不用代办了。"
    assert not town.at("12-01 09:00").away("li")


def test_a_leave_now_and_one_to_come_stand_beside_each_other(town: Town) -> None:
    town.say("li", "请假 到明天")
    town.say("li", "请假 12月1日到12月3日")
    assert town.away("li")
    assert town.say("li", "销假").answer == "欢迎回来,已销假。12-01 起的请假仍有效,要取消请再发一次:销假"
    assert not town.away("li")
    assert town.at("12-02 09:00").away("li")


def test_a_leave_replaces_what_it_overlaps(town: Town) -> None:
    town.say("li", "请假 12月1日到12月3日")
    town.say("li", "请假 12月2日到12月8日")
    assert not town.at("12-01 09:00").away("li")
    assert town.at("12-07 09:00").away("li")


def test_back_again(town: Town) -> None:
    town.say("li", "请假")
    town.report()
    said = town.say("li", "我回来了")
    assert said.answer == "欢迎回来,已销假。"
    assert said.told("bei") == "李路 已销假,新问题恢复派给本人。"
    town.report(30)
    assert (town.issue(1).owner, town.issue(2).owner) == ("bei", "li")


def test_who_was_not_away(town: Town) -> None:
    assert town.say("li", "销假").answer == "您没有在请假。"


def test_without_substitute_it_warns(town: Town) -> None:
    said = town.say("wang", "请假 到明天")
    assert "⚠ 名册里没有备岗在岗,新问题会转上级。" in said.answer
    assert said.heard == set()


def test_a_substitute_on_leave_himself_stands_in_for_nobody(town: Town) -> None:
    town.say("bei", "请假")
    assert "⚠" in town.say("li", "请假").answer


@pytest.mark.parametrize(
    "words",
    ["请假 到 2026-11-20", "请假 到 2027-11-20", "请假 到 99-99", "请假 2027-11-20", "请假 12-05到12-03"],
)
def test_leave_ends_after_it_began_and_within_reason(town: Town, words: str) -> None:
    assert town.say("li", words).outcome == "asked_time"
    assert not town.away("li")


@pytest.mark.parametrize("words", ["请假", "销假"])
def test_not_for_merchants(town: Town, words: str) -> None:
    assert town.say("wujin", words).outcome == "not_allowed"


# --- 路长 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["wujin", "li", "zhou", "stranger"])
def test_who_is_responsible_for_a_road(town: Town, who: str) -> None:
    assert town.say(who, "路长 益民路").answer.splitlines() == [
        "益民路 · 解放路街道",
        "一级 赵一(解放路街道)",
        "二级 王二(解放路街道)",
        "三级 李路(解放路街道) 备岗 备岗",
    ]


def test_level_four_with_its_house_numbers(town: Town) -> None:
    answer = town.say("wujin", "路长 二马路").answer
    assert "四级(单号) 单四" in answer
    assert "四级(双号) 双四" in answer


def test_by_its_alias(town: Town) -> None:
    assert town.say("wujin", "路长 益民街").answer.startswith("益民路 · ")


def test_who_is_on_leave_is_marked(town: Town) -> None:
    town.say("li", "请假")
    assert "三级 李路(解放路街道),请假中 备岗 备岗" in town.say("wujin", "路长 益民路").answer


@pytest.mark.parametrize(
    ("who", "group", "road"),
    [("wujin", "g-yimin", "益民路"), ("li", None, "益民路"), ("chaguan", None, "二马路")],
)
def test_without_a_name_ones_own_road(town: Town, who: str, group: str | None, road: str) -> None:
    assert town.say(who, "路长", group).answer.startswith(f"{road} · ")


def test_a_group_of_several_roads_shows_them_all(town: Town) -> None:
    answer = town.say("bianli", "路长", "g-area").answer
    assert "大同路 · " in answer
    assert "钱塘路 · " in answer


def test_an_unknown_road(town: Town) -> None:
    assert town.say("wujin", "路长 无名路").answer.startswith("名册里没有「无名路」。")


def test_who_is_responsible_for_a_number_is_a_query(town: Town) -> None:
    town.report()
    assert town.say("wujin", "谁负责 1").answer.startswith("#1 待认领")


@pytest.mark.parametrize("words", ["益民路谁负责", "益民路归谁管", "益民路路长是谁", "谁负责 益民路"])
def test_natural_questions_for_the_chief(town: Town, words: str) -> None:
    assert town.say("wujin", words).answer.startswith("益民路 · ")


def test_leave_without_a_space(town: Town) -> None:
    assert town.say("li", "请假到11-25").outcome == "on_leave"
