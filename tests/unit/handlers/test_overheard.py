"""What was said in a group, not to the bot: it acts where that is certain, and says nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.issues import State
from tests.unit.handlers.merchant_harness import GROUP, Heard, Street, Told, street
from tests.unit.handlers.town import NIGHT

DARK = Told("facility", "lamp", 12, confidence=0.98)
"""A kind that asks for no proof."""


@pytest.fixture
def yimin(tmp_path: Path) -> Iterator[Street]:
    yield from street(tmp_path, archive=True)


def reported(yimin: Street, told: Told = DARK) -> int:
    """五金店 speaks of a problem in the group, to nobody in particular."""
    return yimin.report("wujin", "12号路灯又不亮", told, overheard=True).issue


def silent(heard: Heard) -> bool:
    return heard.drafts == ()


def test_a_report_is_taken_and_answered_in_the_group(yimin: Street) -> None:
    heard = yimin.report("wujin", "12号路灯又不亮", DARK, overheard=True)
    assert heard.outcome == "reported"
    assert "#1 已受理" in heard.to(GROUP)
    assert "#1 新问题" in heard.to("li")


def test_the_answer_names_whom_it_is_for(yimin: Street) -> None:
    heard = yimin.report("wujin", "12号路灯又不亮", DARK, overheard=True)
    assert [draft.mentions for draft in heard.drafts if draft.address.target == GROUP] == [("wujin",)]
    stranger = yimin.report("wm-stranger", "7号路灯又不亮", replace(DARK, house=7), overheard=True)
    assert [draft.mentions for draft in stranger.drafts if draft.address.target == GROUP] == [()]


def test_help_says_that_the_group_is_heard(yimin: Street) -> None:
    assert "立案 3" in yimin.say("li", "帮助").answer
    assert "群里直接说也听得到" in yimin.say("wujin", "帮助").answer


def test_what_is_likely_but_not_certain_is_no_report_here(yimin: Street) -> None:
    heard = yimin.report("wujin", "12号路灯又不亮", replace(DARK, confidence=0.96), overheard=True)
    assert (heard.outcome, silent(heard)) == ("doubtful", True)


@pytest.mark.parametrize(
    "words", ["我顺路", "算我一个", "认领 1", "办结 1", "1处理好了", "我去看看", "处理好了"]
)
def test_a_reporter_takes_no_work_in_hand_and_hears_nothing(yimin: Street, words: str) -> None:
    number = reported(yimin)
    assert silent(yimin.say("wujin", words, overheard=True))
    assert yimin.issue(number).state is State.REPORTED


def test_only_so_many_words_answer_a_question(yimin: Street) -> None:
    """The report of somebody in a group of two streets: which one is meant?"""
    asked = yimin.report(
        "wx-stranger", "路灯又不亮", replace(DARK, house=None), overheard=True, group="g-area"
    )
    assert "请问在哪条路" in asked.to("g-area")
    for words in ("让他到后门", "大同路那家面馆真好吃"):
        assert silent(yimin.say("wx-stranger", words, overheard=True, group="g-area"))
    assert "#1 已更正" in yimin.say("wx-stranger", "2", overheard=True, group="g-area").to("g-area")


def test_the_owner_of_a_street_who_speaks_of_it_reports_nothing(yimin: Street) -> None:
    heard = yimin.report("li", "12号路灯又不亮,我叫人来清", DARK, overheard=True)
    assert (heard.outcome, silent(heard)) == ("own_street", True)


def test_his_leader_does_report(yimin: Street) -> None:
    assert yimin.report("wang", "12号路灯又不亮", DARK, overheard=True).outcome == "reported"


@pytest.mark.parametrize(
    "words", ["今天生意怎么样", "帮助", "待办", "查询 77", "办结 77", "认领 12 99", "撒销"]
)
@pytest.mark.parametrize("who", ["wujin", "li", "wx-stranger"])
def test_nothing_is_said_to_those_who_did_not_ask(yimin: Street, who: str, words: str) -> None:
    assert silent(yimin.say(who, words, overheard=True))


def test_a_group_that_is_not_registered_hears_nothing(yimin: Street) -> None:
    assert silent(yimin.say("wujin", "帮助", overheard=True, group="g-unheard-of"))
    assert silent(yimin.report("wujin", "门口堵了", overheard=True, group="g-unheard-of"))


@pytest.mark.parametrize(("words", "state"), [
    ("认领 1", State.CLAIMED),
    ("收到 1", State.CLAIMED),
    ("我去看看", State.CLAIMED),
    ("收到", State.REPORTED),
    ("收到了", State.REPORTED),
    ("我来", State.REPORTED),
    ("处理好了", State.REPORTED),
    ("1处理好了", State.RESOLVED),
])  # fmt: skip
def test_what_its_owner_says_of_a_fresh_problem(yimin: Street, words: str, state: State) -> None:
    number = reported(yimin)
    heard = yimin.say("li", words, overheard=True)
    assert yimin.issue(number).state is state
    assert silent(heard) == (state is State.REPORTED)


@pytest.mark.parametrize(("words", "state"), [
    ("处理好了", State.RESOLVED),
    ("办结", State.CLAIMED),
    ("好了", State.CLAIMED),
    ("走了", State.CLAIMED),
    ("谢谢", State.CLAIMED),
])  # fmt: skip
def test_what_its_owner_says_of_a_problem_in_hand(yimin: Street, words: str, state: State) -> None:
    number = reported(yimin)
    yimin.say("li", "认领 1", overheard=True)
    yimin.say("li", words, overheard=True)
    assert yimin.issue(number).state is state


def test_what_is_said_an_hour_later_takes_nothing_in_hand(yimin: Street) -> None:
    number = reported(yimin)
    yimin.later(hours=1)
    assert silent(yimin.say("li", "我去看看", overheard=True))
    assert yimin.issue(number).state is State.REPORTED


def test_a_push_says_that_the_group_is_heard(yimin: Street) -> None:
    yimin.app = False
    told = yimin.report("wujin", "12号路灯又不亮", DARK, overheard=True).to(GROUP)
    assert "回复:收到 1" in told
    assert "不接收回复" not in told


def test_short_words_with_a_picture_say_enough(yimin: Street) -> None:
    number = reported(yimin)
    yimin.say("li", "认领 1", overheard=True)
    assert yimin.say("li", "好了", overheard=True, pictures=1).outcome == "resolved"
    assert yimin.pictures(number) == [True]


def test_a_picture_before_the_words_is_their_proof(yimin: Street) -> None:
    number = reported(yimin, Told(house=12, confidence=0.98))
    yimin.say("li", "认领 1", overheard=True)
    held = yimin.photo("li", overheard=True)
    assert (held.outcome, silent(held)) == ("picture_held", True)
    assert yimin.say("li", "好了", overheard=True).outcome == "resolved"
    assert yimin.pictures(number) == [True]


def test_two_in_hand_need_a_number(yimin: Street) -> None:
    reported(yimin)
    yimin.report("huimian", "7号路灯不亮", replace(DARK, house=7), overheard=True)
    yimin.say("li", "认领 1 2", overheard=True)
    heard = yimin.say("li", "处理好了", overheard=True)
    assert (silent(heard), yimin.issue(1).state, yimin.issue(2).state) == (True, State.CLAIMED, State.CLAIMED)


def test_a_house_number_is_not_taken_for_an_issue_of_somebody_else(yimin: Street) -> None:
    number = reported(yimin)
    assert silent(yimin.say("huimian", "1号处理好了", overheard=True))
    assert yimin.issue(number).state is State.REPORTED


@pytest.mark.parametrize(("words", "state"), [
    ("满意", State.CLOSED),
    ("满意 1", State.CLOSED),
    ("谢谢", State.RESOLVED),
    ("可以", State.RESOLVED),
    ("没弄干净", State.CLAIMED),
    ("不满意 1 还剩半张", State.CLAIMED),
])  # fmt: skip
def test_what_the_reporter_says_of_the_result(yimin: Street, words: str, state: State) -> None:
    number = reported(yimin)
    yimin.say("li", "办结 1", overheard=True)
    yimin.say("wujin", words, overheard=True)
    assert yimin.issue(number).state is state


def test_a_short_word_that_quotes_us_is_about_what_it_quotes(yimin: Street) -> None:
    number = reported(yimin)
    yimin.say("li", "收到", overheard=True, quote="#1 新问题:小广告")
    assert yimin.issue(number).state is State.CLAIMED


def test_others_may_not_do_it_and_hear_nothing(yimin: Street) -> None:
    number = reported(yimin)
    for who in ("huimian", "qian", "wx-stranger"):
        assert silent(yimin.say(who, "办结 1", overheard=True))
    assert yimin.issue(number).state is State.REPORTED


def test_a_picture_after_the_words_belongs_to_them(yimin: Street) -> None:
    number = reported(yimin)
    heard = yimin.photo("wujin", overheard=True)
    assert (heard.outcome, silent(heard), yimin.pictures(number)) == ("supplemented", True, [False])


def test_a_picture_before_the_words_belongs_to_them_too(yimin: Street) -> None:
    assert yimin.photo("wujin", overheard=True).outcome == "picture_held"
    assert yimin.pictures(reported(yimin)) == [False]


# --- what may be a report ----------------------------------------------------------------------


def test_what_is_doubtful_is_silent_and_listed_once_an_hour(yimin: Street) -> None:
    heard = yimin.say("wujin", "门口那个又来了吧", overheard=True, likely=0.6)
    assert (heard.outcome, silent(heard)) == ("doubtful", True)
    (listed,) = yimin.list_doubts("li")
    assert "1. 益民路商户群 10:00 益民五金店:门口那个又来了吧" in listed.text
    assert "立案 1" in listed.text
    yimin.say("huimian", "这味儿咋回事", overheard=True, likely=0.6)
    assert yimin.list_doubts("li") == ()
    yimin.later(hours=1, minutes=1)
    (second,) = yimin.list_doubts("li")
    assert "2. 益民路商户群 10:00 益民烩面馆:这味儿咋回事" in second.text
    assert "又来了" not in second.text


def test_nobody_is_shown_doubts_in_quiet_hours(yimin: Street) -> None:
    yimin.now = NIGHT
    yimin.say("wujin", "门口那个又来了吧", overheard=True, likely=0.6)
    assert yimin.list_doubts("li") == ()
    yimin.later(hours=9)
    assert len(yimin.list_doubts("li")) == 1


def test_what_may_be_dangerous_is_told_at_once(yimin: Street) -> None:
    yimin.now = NIGHT
    heard = yimin.say("wujin", "那边是不是煤气味", overheard=True, likely=0.6, guess=("facility", "pipe"))
    assert "110" in heard.to("li")
    assert heard.to(GROUP) == ""


def test_the_owner_takes_one_up(yimin: Street) -> None:
    yimin.say("wujin", "门口那个又来了吧", overheard=True, likely=0.6, pictures=1)
    yimin.list_doubts("li")
    heard = yimin.say("li", "立案 1", single=True)
    assert heard.outcome == "taken_up"
    assert "#1 已立案(第1条)" in heard.answer
    assert "#1 已受理" in heard.to(GROUP)
    issue = yimin.issue(1)
    assert (issue.reporter, issue.owner, issue.text) == ("wujin", "li", "门口那个又来了吧")
    assert (yimin.actions(1), yimin.pictures(1)) == (["上报", "立案"], [False])
    assert "没有第1条" in yimin.say("li", "立案 1", single=True).answer


def test_only_its_owner_takes_it_up_and_only_for_a_day(yimin: Street) -> None:
    yimin.say("wujin", "门口那个又来了吧", overheard=True, likely=0.6)
    yimin.list_doubts("li")
    assert "没有第1条" in yimin.say("wang", "立案 1", single=True).answer
    assert "立案 3" in yimin.say("li", "立案", single=True).answer


def test_those_who_work_here_are_never_doubtful(yimin: Street) -> None:
    assert yimin.say("li", "门口那个又来了吧", overheard=True, likely=0.6).outcome == "overheard:chatter"


# --- the same words by two channels ------------------------------------------------------------


def test_what_came_by_the_robot_has_no_second_effect(yimin: Street) -> None:
    first = yimin.report("wujin", "12号路灯又不亮", DARK)
    second = yimin.report("wujin", "12号路灯 又不亮", DARK, relayed=True)
    assert (first.outcome, second.outcome, silent(second)) == ("reported", "heard_already", True)


def test_nor_has_what_came_by_the_archive_first(yimin: Street) -> None:
    assert yimin.report("wujin", "12号路灯又不亮", DARK, relayed=True).outcome == "reported"
    assert yimin.report("wujin", "12号路灯又不亮", DARK).outcome == "heard_already"


def test_what_is_said_twice_is_meant_twice(yimin: Street) -> None:
    heard = [yimin.say("li", "待办", relayed=relayed).outcome for relayed in (False, False, True, True)]
    assert heard == ["todo", "todo", "heard_already", "heard_already"]


def test_others_words_and_those_of_an_hour_ago_are_no_echo(yimin: Street) -> None:
    yimin.say("li", "待办")
    assert yimin.say("wang", "待办", relayed=True).outcome == "todo"
    yimin.later(hours=1)
    assert yimin.say("li", "待办", relayed=True).outcome == "todo"
