"""Dialogs of a waiting reporter: 补充, 催办, 撤回, 满意, 不满意, each by the right and the wrong person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.issues import Action, CloseReason, State
from domain.outgoing import Purpose
from tests.unit.handlers import merchant_harness
from tests.unit.handlers.merchant_harness import Street, Told
from tests.unit.handlers.town import moment

DIRTY = Told("garbage", "exposed", house=28)


@pytest.fixture(name="street")
def _street(tmp_path: Path) -> Iterator[Street]:
    """#1 is 五金店's, reported in the group."""
    for street in merchant_harness.street(tmp_path):
        assert street.report("wujin", "门口电动车堵路", Told(house=28)).issue == 1
        yield street


# --- 补充 ----------------------------------------------------------------------


@pytest.mark.parametrize("words", ["补充 1 又多了三辆", "1 补充 又多了三辆", "补充 #1:又多了三辆"])
def test_words_are_added(street: Street, words: str) -> None:
    heard = street.say("wujin", words)
    assert heard.answer == "#1 已补充说明,会转给处理人。"
    assert heard.to("li").startswith("#1 上报人补充:又多了三辆")
    assert street.history(1)[-1].reason == "又多了三辆"


def test_a_picture_is_added_without_a_number(street: Street) -> None:
    heard = street.say("wujin", "补充", pictures=1)
    assert heard.answer == "#1 已补充照片1张,会转给处理人。"
    assert street.pictures(1) == [False]


def test_an_empty_supplement_is_asked_about(street: Street) -> None:
    assert street.say("wujin", "补充 1").outcome == "asked_supplement"
    assert street.actions(1) == ["上报"]


def test_who_did_not_report_is_shown_how_to_join(street: Street) -> None:
    heard = street.say("huimian", "补充 1 也堵着我家")
    assert heard.outcome == "not_allowed"
    assert "我也反映 1" in heard.answer
    assert street.say("huimian", "补充 77 也堵着我家").answer.startswith("#77 没有查到")


def test_nothing_is_added_to_what_is_over(street: Street) -> None:
    street.say("wujin", "撤回 1")
    assert street.say("wujin", "补充 1 又多了三辆").answer == "#1 现在是「已结案」,不能补充"


# --- 催办 ----------------------------------------------------------------------


@pytest.mark.parametrize("words", ["催办 1", "1催办", "还没人来", "几点来", "催办"])
def test_the_owner_is_reminded_and_the_answer_tells_how_it_stands(street: Street, words: str) -> None:
    heard = street.say("wujin", words)
    assert heard.answer.splitlines()[0] == "#1 已登记催办,已提醒责任人。"
    assert heard.answer.splitlines()[-1] == "待认领 · 责任人 李路 · 处理时限 11-23 12:00"
    reminder = next(draft for draft in heard.drafts if draft.address.target == "li")
    assert reminder.purpose is Purpose.REMINDER
    assert "上报人催办(第1次)" in reminder.text
    assert street.actions(1) == ["上报", "催办"]


def test_twice_within_half_an_hour_is_once(street: Street) -> None:
    street.say("wujin", "催办 1")
    street.later(minutes=29)
    again = street.say("wujin", "催办 1")
    assert (again.outcome, again.others) == ("urged_already", "")
    assert street.actions(1) == ["上报", "催办"]
    street.later(minutes=1)
    assert "第2次" in street.say("wujin", "催办 1").to("li")


def test_each_person_and_issue_counts_by_itself(street: Street) -> None:
    street.report("huimian", "28号车堵着", Told(house=28))
    street.report("wujin", "门口垃圾", DIRTY)
    assert street.say("wujin", "催办 1 2").to("li").count("上报人催办") == 2
    assert "第2次" in street.say("huimian", "催办 1").to("li")


def test_outside_working_hours_the_reminder_waits(street: Street) -> None:
    street.now = moment("11-23 19:00")
    heard = street.say("wujin", "催办 1")
    assert "11-24 08:00 提醒责任人" in heard.answer
    reminder = next(draft for draft in heard.drafts if draft.address.target == "li")
    assert reminder.held_until == moment("11-24 08:00")


def test_who_cannot_urge_is_told_why(street: Street) -> None:
    assert "我也反映 1" in street.say("huimian", "催办 1").answer
    assert street.say("huimian", "还没人来").outcome == "chatter"
    assert street.say("wujin", "催办 9").outcome == "unknown_number"
    street.say("li", "办结 1")
    assert "看好了请回复:满意 1" in street.say("wujin", "催办 1").answer
    street.say("wujin", "满意 1")
    assert street.say("wujin", "催办 1").answer == "#1 现在是「已结案」,不能催办。"
    assert "催办" not in street.actions(1)


def test_a_supervisor_may_urge(street: Street) -> None:
    assert street.say("sun", "催办 1", single=True).outcome == "urged"


# --- 撤回 ----------------------------------------------------------------------


def test_one_of_several_takes_only_himself_out(street: Street) -> None:
    street.say("huimian", "我也反映 1")
    heard = street.say("wujin", "车走了")
    assert (heard.outcome, heard.others) == ("left", "")
    assert street.issue(1).state is State.REPORTED
    assert street.reporters(1) == {"huimian"}
    assert street.say("wujin", "撤回 1").outcome == "withdrawn_already"
    assert street.actions(1).count("撤回") == 1
    last = street.say("huimian", "撤回 1")
    assert street.issue(1).close_reason is CloseReason.WITHDRAWN
    assert "上报人已撤回" in last.to("li")


def test_that_it_was_no_report_is_said_for_oneself_only(street: Street) -> None:
    street.say("huimian", "我也反映 1")
    assert street.say("wujin", "不是上报 1").outcome == "left"
    assert street.say("li", "不是上报 1").to("huimian")
    assert street.issue(1).state is State.REJECTED


def test_a_stranger_cannot_withdraw(street: Street) -> None:
    assert street.say("huimian", "撤回 1").outcome == "not_allowed"
    assert street.issue(1).state is State.REPORTED


# --- 满意 ----------------------------------------------------------------------


@pytest.mark.parametrize("words", ["好了", "可以了", "谢谢", "👍", "满意", "满意 1", "1好了", "搞定了"])
def test_natural_words_confirm(street: Street, words: str) -> None:
    street.say("li", "办结 1")
    assert street.say("wujin", words).outcome == "confirmed"
    assert street.issue(1).close_reason is CloseReason.CONFIRMED


def test_a_rating_is_kept_and_never_asked_for(street: Street) -> None:
    assert "评分" not in street.say("li", "办结 1").others
    street.say("wujin", "满意 1 5")
    assert street.history(1)[-1].data == {"rating": "5"}


def test_confirming_twice_is_once(street: Street) -> None:
    street.say("li", "办结 1")
    street.say("wujin", "满意 1")
    assert street.say("wujin", "满意 1").outcome == "confirmed_already"
    assert street.actions(1).count("满意") == 1


def test_thanks_with_nothing_to_confirm_are_no_command(street: Street) -> None:
    assert street.say("huimian", "谢谢").outcome == "chatter"
    assert street.say("huimian", "满意 1").outcome == "not_allowed"
    early = street.say("wujin", "好了 1")
    assert "还没登记办结" in early.answer
    assert "撤回 1" in early.answer


def test_nobody_confirms_what_he_resolved_himself(street: Street) -> None:
    street.report("li", "28号垃圾满了", Told("garbage", "overflow", house=28))
    street.say("li", "办结 2", pictures=1)
    assert street.say("li", "满意 2").outcome == "not_allowed"
    assert street.issue(2).state is State.RESOLVED


# --- 不满意 ----------------------------------------------------------------------


@pytest.mark.parametrize("words", ["不满意 1 还有两辆", "没弄好", "还在", "1还在"])
def test_a_reason_brings_it_back_to_its_owner(street: Street, words: str) -> None:
    street.say("li", "办结 1")
    heard = street.say("wujin", words)
    assert heard.outcome == "reopened"
    assert street.issue(1).state is State.CLAIMED
    assert heard.to("li").startswith("#1 上报人不满意:")
    assert street.say("wujin", "不满意 1 还有两辆").outcome == "reopened_already"
    assert street.actions(1).count("不满意") == 1


def test_a_bare_press_is_asked_for_its_reason(street: Street) -> None:
    street.say("li", "办结 1")
    assert street.press("wujin", "不满意 1").outcome == "asked_reason"
    assert street.issue(1).state is State.RESOLVED
    heard = street.say("wujin", "轮子还压着盲道呢", single=True)
    assert heard.outcome == "reopened"
    assert "轮子还压着盲道呢" in heard.to("li")


def test_a_picture_is_reason_enough(street: Street) -> None:
    street.say("li", "办结 1")
    assert street.say("wujin", "不满意 1", pictures=1).outcome == "reopened"
    street.say("li", "办结 1")
    street.press("wujin", "不满意 1")
    assert street.photo("wujin").outcome == "reopened"
    assert street.pictures(1) == [False, False]


def test_another_report_is_not_taken_for_the_reason(street: Street) -> None:
    street.say("li", "办结 1")
    street.say("wujin", "不满意 1", single=True)
    heard = street.report("wujin", "12号门口井盖没了", Told("facility", "manhole", house=12), single=True)
    assert heard.outcome == "reported"
    assert street.issue(1).state is State.RESOLVED


def test_after_a_silent_end_no_number_is_needed(street: Street) -> None:
    street.say("li", "办结 1")
    street.later(hours=25)
    assert [draft.address.target for draft in street.tick(1)] == ["wujin"]
    assert street.issue(1).close_reason is CloseReason.SILENT
    assert street.say("wujin", "还在").outcome == "reopened"
    assert [event.action for event in street.history(1)][-1] is Action.REOPEN


def test_every_reporter_hears_of_a_silent_end(street: Street) -> None:
    street.say("huimian", "我也反映 1")
    street.say("li", "办结 1")
    street.later(hours=25)
    assert {draft.address.target for draft in street.tick(1)} == {"wujin", "huimian"}
