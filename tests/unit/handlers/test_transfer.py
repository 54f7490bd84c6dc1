"""Dialogs: 转派 and 协办."""

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


@pytest.mark.parametrize(
    ("words", "owner", "reason"),
    [
        ("转派 1 @备岗 我在外地", "bei", "我在外地"),
        ("转派 1 备岗", "bei", ""),
        ("转派 1 bei 我在外地", "bei", "我在外地"),
        ("1 转给备岗", "bei", ""),
        ("转派1给备岗", "bei", ""),
        ("转派 1 交警 车没人挪", "zhang", "车没人挪"),
        ("转派 1 交警 张三", "zhang", ""),
        ("转派 1 @张三", "zhang", ""),
        ("转给备岗 1", "bei", ""),
        ("这得交警来 1", "zhang", ""),
        ("1 这得交警来处理", "zhang", ""),
        ("1 这得城管来", "cheng", ""),
        ("转派 1 大同路 在那边", "qian", "在那边"),
        ("转派 1 大同路路长", "qian", ""),
    ],
)
def test_the_target_by_any_name(town: Town, words: str, owner: str, reason: str) -> None:
    town.report()
    said = town.say("li", words)
    assert said.outcome == "transferred"
    assert (town.state(), town.issue().owner) == (State.REPORTED, owner)
    assert town.history()[-1].reason.partition(":")[2] == reason


def test_the_new_owner_gets_a_fresh_deadline_and_hears_of_it(town: Town) -> None:
    town.report()
    town.say("li", "认领 1")
    said = town.at("11-23 13:59").say("li", "转派 1 @张三 车没人挪")
    assert said.answer == "#1 已转派给 交警 张三,新时限 11-23 16:00。"
    assert said.told("zhang").startswith("#1 李路 转派给您:车没人挪")
    assert said.buttons("zhang") == ["认领 1", "办结 1", "转派 1"]
    assert said.heard == {"zhang"}
    assert town.issue().claimed_at is None
    assert town.say("zhang", "收到").outcome == "claimed"


def test_the_old_owner_hears_when_somebody_else_did_it(town: Town) -> None:
    town.report()
    assert town.say("sun", "转派 1 @备岗").told("li") == "#1 已由 孙督 转派,您不用处理了。"


def test_another_road_means_the_problem_lies_there(town: Town) -> None:
    town.report()
    town.say("li", "转派 1 大同路")
    assert (town.issue().section, town.issue().subdistrict) == ("大同路", "一马路街道")
    assert town.say("qian", "查询 1").outcome == "queried"


def test_the_own_road_means_its_owner(town: Town) -> None:
    town.report()
    town.say("li", "转派 1 @张三")
    assert town.say("sun", "转派 1 益民路").outcome == "transferred"
    assert town.issue().owner == "li"


def test_an_unknown_name_is_answered_by_who_is_possible(town: Town) -> None:
    town.report()
    said = town.say("li", "转派 1 @没这人 不归我")
    assert said.outcome == "asked_whom"
    assert said.answer.splitlines() == [
        "#1 没有找到「没这人」。转派给谁?回复序号(@路管家)",
        "1. 交警 张三",  # the officers for this category first
        "2. 城管 陈城",
        "3. 备岗(三级)",
        "4. 王二(二级)",
    ]
    assert town.say("li", "3").outcome == "transferred"
    assert (town.issue().owner, town.history()[-1].reason) == ("bei", "给 备岗:不归我")


def test_the_question_may_be_answered_by_name(town: Town) -> None:
    town.report()
    town.say("li", "转派 1")
    assert town.say("li", "备岗").outcome == "transferred"


def test_several_are_asked_about_once(town: Town) -> None:
    town.report(28)
    town.report(30)
    town.say("li", "转派 1 2")
    town.say("li", "1")
    assert (town.issue(1).owner, town.issue(2).owner) == ("zhang", "zhang")


def test_several_at_once(town: Town) -> None:
    town.report(28)
    town.report(30)
    said = town.say("li", "转派 1 2 9 @备岗")
    assert [line[:6] for line in said.answer.splitlines()] == ["#1 已转派", "#2 已转派", "#9 没有查"]


def test_nobody_elsewhere_is_named_or_chosen(town: Town) -> None:
    town.report()
    said = town.say("li", "转派 1 @钱大")
    assert said.outcome == "asked_whom"
    assert "钱大" not in said.answer.partition("」")[2]


def test_a_person_on_leave_is_stood_in_for(town: Town) -> None:
    town.report()
    town.say("sun", "转派 1 @张三")
    town.say("li", "请假")
    said = town.say("sun", "转派 1 @李路")
    assert town.issue().owner == "bei"
    assert "李路 请假" in said.answer


def test_to_whom_it_belongs_already_is_refused(town: Town) -> None:
    town.report()
    assert town.say("sun", "转派 1 @李路").answer.startswith("#1 现在就由 李路 负责")


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("bei", "transferred"),
        ("wang", "transferred"),
        ("guan", "transferred"),
        ("wujin", "not_allowed"),
        ("qian", "unknown_number"),
    ],
)
def test_who_may_transfer(town: Town, who: str, outcome: str) -> None:
    town.report()
    assert town.say(who, "转派 1 @张三").outcome == outcome


@pytest.mark.parametrize("before", ["办结 1", "转外部 1 数字城管"])
def test_what_cannot_be_transferred(town: Town, before: str) -> None:
    town.report()
    town.say("li", before)
    assert town.say("li", "转派 1 @张三").outcome == "not_possible"


def test_undone_the_old_owner_has_it_and_the_new_one_hears(town: Town) -> None:
    town.report()
    town.say("li", "转派 1 @张三")
    said = town.say("li", "撤销")
    assert town.issue().owner == "li"
    assert "撤销了刚才的「转派」" in said.told("zhang")


def test_claimed_by_the_new_owner_it_cannot_be_undone(town: Town) -> None:
    town.report()
    town.say("li", "转派 1 @张三")
    town.say("zhang", "收到 1")
    assert town.say("li", "撤销").answer == "#1 已有人接着办理,不能撤销。请看:查询 1"
    assert town.issue().owner == "zhang"


# --- 协办 --------------------------------------------------------------------------------------------------


def test_a_helper_hears_and_the_owner_stays(town: Town) -> None:
    town.report()
    said = town.say("li", "协办 1 交警 车主不在")
    assert said.answer.splitlines()[0] == "#1 已请 交警 张三 协办,责任人不变。"
    assert (town.issue().owner, town.issue().helpers) == ("li", frozenset({"zhang"}))
    assert said.told("zhang").startswith("#1 李路 请您协办:车主不在")
    assert said.buttons("zhang") == ["进展 1 已到现场", "办结 1"]


def test_without_a_department_the_categorys_officers_are_proposed(town: Town) -> None:
    town.report()
    said = town.say("li", "协办 1")
    assert said.answer.splitlines() == ["#1 请谁协办?回复序号(@路管家)", "1. 交警 张三", "2. 城管 陈城"]
    assert town.say("li", "2").outcome == "co_handled"
    assert town.issue().helpers == {"cheng"}


def test_a_department_without_officer_is_not_known(town: Town) -> None:
    town.report()
    assert town.say("li", "协办 1 消防").outcome == "asked_whom"


def test_a_helper_sees_reports_on_and_resolves_it_for_the_owner(town: Town) -> None:
    town.report()
    town.say("li", "协办 1 交警")
    assert "#1 待认领" in town.say("zhang", "待办").answer
    assert town.say("zhang", "进展 1 已到现场", press=True).outcome == "progress"
    said = town.say("zhang", "办结 1")
    assert said.outcome == "resolved"
    assert (town.issue().owner, town.issue().resolved_by) == ("li", "zhang")
    assert "交警 张三 已登记办结" in said.told("li")


@pytest.mark.parametrize(
    "words", ["转派 1 @备岗", "延期 1 1小时", "静音 1", "转外部 1 数字城管", "协办 1 城管"]
)
def test_what_a_helper_may_not_decide(town: Town, words: str) -> None:
    town.report()
    town.say("li", "协办 1 交警")
    said = town.say("zhang", words)
    assert said.outcome == "not_allowed"
    assert "可由 李路 操作" in said.answer


def test_a_helper_returns_only_his_part(town: Town) -> None:
    town.report()
    town.say("li", "协办 1 交警")
    said = town.say("zhang", "退回 1 不是机动车")
    assert (town.issue().owner, town.issue().helpers) == ("li", frozenset())
    assert "交警 张三 不能协办:不是机动车" in said.told("li")
    assert town.say("zhang", "查询 1").outcome == "unknown_number"


def test_asked_twice_it_says_so(town: Town) -> None:
    town.report()
    town.say("li", "协办 1 交警")
    assert town.say("li", "协办 1 交警").answer == "#1 交警 张三 已经在办,不用再请"


@pytest.mark.parametrize(
    ("who", "outcome"),
    [("bei", "co_handled"), ("sun", "co_handled"), ("wujin", "not_allowed"), ("qian", "unknown_number")],
)
def test_who_may_ask_for_help(town: Town, who: str, outcome: str) -> None:
    town.report()
    assert town.say(who, "协办 1 交警").outcome == outcome


def test_what_is_done_needs_no_help(town: Town) -> None:
    town.report()
    town.say("li", "办结 1")
    assert town.say("li", "协办 1 交警").answer == "#1 现在是「已处理待确认」,不能协办"


def test_undone_the_helper_is_out_and_hears_it(town: Town) -> None:
    town.report()
    town.say("li", "协办 1 交警")
    said = town.say("li", "撤销")
    assert town.issue().helpers == frozenset()
    assert "撤销了刚才的「协办」" in said.told("zhang")


def test_what_an_officer_owns_and_co_handles_is_offered_together(town: Town) -> None:
    town.report(28)
    town.report(30)
    town.say("li", "转派 1 @张三")
    town.say("li", "协办 2 交警")
    answer = town.say("zhang", "办结").answer
    assert "1. #1 " in answer
    assert "2. #2 " in answer
