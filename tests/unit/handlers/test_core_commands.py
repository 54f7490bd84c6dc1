"""The main commands in the chat: who may, in which state, in which words, and what the others hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.clock import BusinessTime
from domain.issues import State
from domain.roster import Duty, Person, Role
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import CITY, Town

GARBAGE = ("garbage", "exposed")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


def resolved(town: Town, number: int = 1) -> None:
    town.say("li", f"收到 {number}")
    assert town.say("li", f"办结 {number}").outcome == "resolved"


class TestClaim:
    @pytest.mark.parametrize(
        "words",
        ["认领 1", "收到 1", "1 收到", "#1收到", "1号 收到", "收到１", "收到 1!", "我来 1", "收到1号"],
    )
    def test_it_is_said_in_many_ways(self, town: Town, words: str) -> None:
        town.report()
        said = town.say("li", words)
        assert said.outcome == "claimed"
        assert said.answer.startswith("#1 已认领,11-23 14:01 前处理")
        assert (town.state(), town.issue().owner) == (State.CLAIMED, "li")

    @pytest.mark.parametrize("words", ["收到", "我来", "马上到", "认领"])
    def test_without_a_number_the_only_one_is_meant(self, town: Town, words: str) -> None:
        town.report()
        assert town.say("li", words, "g-yimin").outcome == "claimed"

    @pytest.mark.parametrize("who", ["li", "woLi", "bei", "wang", "zhao", "sun", "guan"])
    def test_those_responsible_may(self, town: Town, who: str) -> None:
        town.report()
        assert town.say(who, "认领 1").outcome == "claimed"

    def test_an_alias_is_the_same_person(self, town: Town) -> None:
        town.report()
        town.say("woLi", "认领 1")
        assert town.issue().owner == "li"
        assert town.history()[-1].actor == "li"

    @pytest.mark.parametrize("who", ["wujin", "huimian"])
    def test_merchants_may_not_and_hear_who_may(self, town: Town, who: str) -> None:
        town.report()
        said = town.say(who, "认领 1", "g-yimin")
        assert (said.outcome, said.answer) == ("not_allowed", "#1 不能由您认领,可由 李路 操作。")
        assert town.state() is State.REPORTED

    @pytest.mark.parametrize("who", ["qian", "zhou", "dan", "zhang", "stranger"])
    def test_to_others_it_is_like_a_number_that_does_not_exist(self, town: Town, who: str) -> None:
        town.report()
        hidden, missing = town.say(who, "认领 1"), town.say(who, "认领 7")
        assert (hidden.outcome, missing.outcome) == ("unknown_number", "unknown_number")
        assert hidden.answer == missing.answer.replace("#7", "#1")

    def test_claiming_twice_is_once(self, town: Town) -> None:
        town.report()
        town.say("li", "认领 1")
        again = town.say("li", "认领 1")
        assert again.outcome == "claimed_already"
        assert town.actions() == ["上报", "认领"]

    def test_what_another_has_in_hand_is_not_claimed(self, town: Town) -> None:
        town.report()
        town.say("bei", "认领 1")
        assert town.say("wang", "认领 1").answer == "#1 现在是「处理中」,不能认领"

    def test_the_reporter_hears_of_it_one_to_one(self, town: Town) -> None:
        town.report()
        said = town.say("li", "认领 1", "g-yimin")
        assert said.told("wujin") == "#1 李路 已认领,正在去处理。"
        assert said.groups == set()

    def test_several_at_once_each_have_their_line(self, town: Town) -> None:
        for house in (12, 40, 60):
            town.report(house)
        said = town.say("li", "认领 1、2,9 3")
        assert [line.split()[0] for line in said.answer.splitlines()] == ["#1", "#2", "#9", "#3"]
        assert "没有查到" in said.answer
        assert [town.state(number) for number in (1, 2, 3)] == [State.CLAIMED] * 3

    def test_a_refusal_of_one_does_not_stop_the_others(self, town: Town) -> None:
        town.report(12)
        town.report(12, section="大同路")
        said = town.say("li", "认领 2 1")
        assert [town.state(1), town.state(2)] == [State.CLAIMED, State.REPORTED]
        assert len(said.answer.splitlines()) == 2

    def test_a_quoted_message_names_the_issue(self, town: Town) -> None:
        town.report(12)
        town.report(40)
        assert town.say("li", "收到", "g-yimin", quote="#2 新问题:停车秩序 像 #1 一样").outcome == "claimed"
        assert [town.state(1), town.state(2)] == [State.REPORTED, State.CLAIMED]

    def test_a_number_of_ones_own_beats_the_quoted_one(self, town: Town) -> None:
        town.report(12)
        town.report(40)
        town.say("li", "收到 1", "g-yimin", quote="#2 新问题")
        assert [town.state(1), town.state(2)] == [State.CLAIMED, State.REPORTED]

    def test_a_button_is_as_good_as_words(self, town: Town) -> None:
        town.report()
        assert town.say("li", "认领 1", press=True).outcome == "claimed"


class TestWhichOne:
    def asked(self, town: Town) -> None:
        town.report(12)
        town.report(40)
        said = town.say("li", "收到", "g-yimin")
        assert said.outcome == "asked_which"
        assert said.answer.splitlines()[0] == "要认领哪一件?回复序号(@路管家)"
        assert [line[:5] for line in said.answer.splitlines()[1:]] == ["1. #1", "2. #2"]

    def test_a_choice_takes_the_command_up_again(self, town: Town) -> None:
        self.asked(town)
        assert town.say("li", "2", "g-yimin").outcome == "claimed"
        assert [town.state(1), town.state(2)] == [State.REPORTED, State.CLAIMED]

    def test_a_choice_counts_once(self, town: Town) -> None:
        self.asked(town)
        town.say("li", "2", "g-yimin")
        assert town.say("li", "1", "g-yimin").outcome != "claimed"

    def test_another_persons_choice_does_not_count(self, town: Town) -> None:
        self.asked(town)
        town.say("wang", "2", "g-yimin")
        assert town.state(2) is State.REPORTED

    def test_a_choice_in_another_chat_does_not_count(self, town: Town) -> None:
        self.asked(town)
        town.say("li", "2")
        assert town.state(2) is State.REPORTED

    def test_a_number_beyond_the_list_does_not_count(self, town: Town) -> None:
        self.asked(town)
        town.say("li", "3", "g-yimin")
        assert [town.state(1), town.state(2)] == [State.REPORTED] * 2

    def test_after_ten_minutes_it_does_not_count(self, town: Town) -> None:
        self.asked(town)
        town.now = BusinessTime(town.now + timedelta(minutes=10))
        town.say("li", "2", "g-yimin")
        assert town.state(2) is State.REPORTED

    def test_another_command_comes_first(self, town: Town) -> None:
        self.asked(town)
        assert town.say("li", "收到 1", "g-yimin").outcome == "claimed"

    def test_with_nothing_to_claim_it_says_so(self, town: Town) -> None:
        assert town.say("li", "认领").answer == "没有可以「认领」的问题。可带编号再试,例如:认领 12"


class TestResolve:
    @pytest.mark.parametrize("words", ["办结 1", "1处理好了", "1 弄好了", "搞定了 1", "办结 1 已劝离"])
    def test_it_is_said_in_many_ways(self, town: Town, words: str) -> None:
        town.report()
        town.say("li", "收到 1")
        said = town.say("li", words)
        assert (said.outcome, said.answer) == ("resolved", "#1 已登记办结,等上报人确认。")
        assert town.state() is State.RESOLVED

    def test_from_reported_it_implies_the_claim(self, town: Town) -> None:
        town.report()
        town.say("li", "办结 1")
        assert town.actions() == ["上报", "认领", "办结"]

    def test_the_reporter_is_asked_with_buttons_and_the_group_told_how(self, town: Town) -> None:
        town.report()
        said = town.say("li", "办结 1")
        assert said.buttons("wujin") == ["满意 1", "不满意 1"]
        (asked,) = [each for each in said.messages if each.reply_with]
        assert asked.reply_with.startswith("满意 1 或 不满意 1")
        assert "24小时内不回复按已处理结案" in asked.text

    def test_late_work_says_so(self, town: Town) -> None:
        town.report()
        town.at("11-23 15:00")
        assert town.say("li", "办结 1").answer == "#1 已登记办结(已超时),等上报人确认。"
        assert town.issue().on_time is False

    def test_a_category_with_proof_asks_for_a_picture(self, town: Town) -> None:
        town.report(kind=GARBAGE)
        said = town.say("li", "办结 1", "g-yimin")
        assert said.outcome == "asked_proof"
        assert said.answer.startswith("#1 请")
        assert town.state() is State.REPORTED
        assert town.say("li", "", "g-yimin", picture=True).outcome == "resolved"
        assert town.state() is State.RESOLVED

    def test_a_picture_with_the_command_is_enough(self, town: Town) -> None:
        town.report(kind=GARBAGE)
        assert town.say("li", "办结 1", "g-yimin", picture=True).outcome == "resolved"

    def test_a_reason_for_no_picture_is_enough(self, town: Town) -> None:
        town.report(kind=GARBAGE)
        assert town.say("li", "办结 1 无照片 手机坏了").outcome == "resolved"
        assert town.history()[-1].reason.startswith("无照片")

    def test_one_picture_proves_all_that_were_asked_for(self, town: Town) -> None:
        town.report(12, GARBAGE)
        town.report(40, GARBAGE)
        town.say("li", "办结 1 2")
        said = town.say("li", "", picture=True)
        assert [town.state(1), town.state(2)] == [State.RESOLVED] * 2
        assert len(said.answer.splitlines()) == 2

    def test_somebody_elses_picture_proves_nothing(self, town: Town) -> None:
        town.report(kind=GARBAGE)
        town.say("li", "办结 1", "g-yimin")
        town.say("wujin", "看", "g-yimin", picture=True)
        assert town.state() is State.REPORTED

    def test_a_picture_after_ten_minutes_proves_nothing_by_itself(self, town: Town) -> None:
        town.report(kind=GARBAGE)
        town.say("li", "办结 1", "g-yimin")
        town.now = BusinessTime(town.now + timedelta(minutes=10))
        town.say("li", "", "g-yimin", picture=True)
        assert town.state() is State.REPORTED

    @pytest.mark.parametrize("who", ["huimian", "stranger"])
    def test_others_may_not(self, town: Town, who: str) -> None:
        town.report(60)
        town.say(who, "办结 1", "g-yimin")
        assert town.state() is State.REPORTED

    @pytest.mark.parametrize("words", ["办结 1", "认领 1", "退回 1 不归我"])
    def test_what_is_closed_stays_closed(self, town: Town, words: str) -> None:
        town.report()
        resolved(town)
        town.say("wujin", "满意 1")
        assert "已结案" in town.say("li", words).answer
        assert town.state() is State.CLOSED


class TestProgress:
    @pytest.mark.parametrize("words", ["进展 1 已联系交警", "正在处理 1"])
    def test_it_is_noted(self, town: Town, words: str) -> None:
        town.report()
        town.say("li", "收到 1")
        assert town.say("li", words).outcome == "progress"
        assert town.issue().progress_at == town.now

    def test_what_nobody_claimed_has_none(self, town: Town) -> None:
        town.report()
        assert town.say("li", "进展 1 快了").answer == "#1 现在是「待认领」,不能登记进展"


class TestConfirm:
    def test_the_reporter_closes_it_and_the_owner_hears(self, town: Town) -> None:
        town.report()
        resolved(town)
        said = town.say("wujin", "满意 1", "g-yimin")
        assert (said.outcome, said.answer) == ("confirmed", "#1 已结案,谢谢您的反馈。")
        assert said.told("li") == "#1 上报人已确认满意,结案。"
        assert (town.state(), town.issue().close_reason) == ("closed", "confirmed")

    @pytest.mark.parametrize("who", ["huimian", "li", "wang"])
    def test_others_may_not(self, town: Town, who: str) -> None:
        town.report()
        resolved(town)
        assert town.say(who, "满意 1", "g-yimin").outcome == "not_allowed"
        assert town.state() is State.RESOLVED

    @pytest.mark.parametrize("who", ["sun", "guan"])
    def test_a_supervisor_may(self, town: Town, who: str) -> None:
        town.report()
        resolved(town)
        assert town.say(who, "满意 1").outcome == "confirmed"

    def test_nobody_confirms_what_he_resolved_himself(self, town: Town) -> None:
        town.report()
        town.say("sun", "办结 1")
        assert town.say("sun", "满意 1").outcome == "not_allowed"
        assert town.state() is State.RESOLVED


class TestReopen:
    def test_back_to_its_owner_with_a_new_deadline(self, town: Town) -> None:
        town.report()
        resolved(town)
        said = town.say("wujin", "不满意 1 还是堵着", "g-yimin")
        assert said.outcome == "reopened"
        assert said.answer.startswith("#1 已重新处理,责任人 李路,新时限 11-23 14:")
        assert "还是堵着" in said.told("li")
        assert (town.state(), town.issue().owner, town.issue().reopened) == (State.CLAIMED, "li", 1)

    def test_an_owner_who_is_no_longer_responsible_does_not_get_it_back(self, town: Town) -> None:
        town.report()
        resolved(town)
        duties = tuple(replace(duty, userid="bei") if duty.userid == "li" else duty for duty in CITY.duties)
        people = tuple(
            replace(each, substitute=None) if each.userid == "li" else each for each in CITY.people
        )
        town.roster = replace(CITY, duties=duties, people=people)
        town.say("wujin", "不满意 1 还是堵着")
        assert (town.state(), town.issue().owner) == (State.REPORTED, "bei")

    def test_an_owner_who_left_does_not_get_it_back(self, town: Town) -> None:
        town.report()
        resolved(town)
        people = (
            *(each for each in CITY.people if each.userid != "li"),
            Person("xin", "新人", Role.CHIEF, 3),
        )
        duties = (*(duty for duty in CITY.duties if duty.userid != "li"), Duty("益民路", 3, "xin"))
        town.roster = replace(CITY, people=people, duties=duties)
        town.say("wujin", "不满意 1 还是堵着")
        assert (town.state(), town.issue().owner) == (State.REPORTED, "xin")

    def test_until_three_working_days_after_closing(self, town: Town) -> None:
        town.report()
        resolved(town)
        town.say("wujin", "满意 1")
        town.at("11-27 09:00")
        assert "不能重开" in town.say("wujin", "重开 1").answer
        town.at("11-26 09:00")
        assert town.say("wujin", "重开 1 又堵了").outcome == "reopened"

    @pytest.mark.parametrize("who", ["huimian", "qian", "stranger"])
    def test_others_may_not(self, town: Town, who: str) -> None:
        town.report()
        resolved(town)
        town.say(who, "不满意 1 不好", "g-yimin")
        assert town.state() is State.RESOLVED


class TestQuery:
    def test_the_first_line_is_fixed_then_owner_deadline_history(self, town: Town) -> None:
        town.report(kind=("parking", "motor"))
        lines = town.say("wujin", "查询 1").answer.splitlines()
        assert lines[0] == "#1 待认领 · 停车秩序·机动车乱停放 · 益民路"
        assert lines[1] == "责任人 李路 · 时限 11-23 14:01"
        assert lines[-1].startswith("11-23 10:01 上报 ")

    @pytest.mark.parametrize("words", ["查询 1", "1 查询", "#1", "查一下1", "1号怎么样了", "进度 1"])
    def test_it_is_asked_in_many_ways(self, town: Town, words: str) -> None:
        town.report()
        assert town.say("wujin", words).answer.startswith("#1 待认领 · ")

    def test_every_state_has_its_word(self, town: Town) -> None:
        town.report()
        words = []
        for who, command in (("li", "收到 1"), ("li", "办结 1"), ("wujin", "满意 1")):
            words.append(town.say("wujin", "查询 1").answer.splitlines()[0].split()[1])
            town.say(who, command)
        words.append(town.say("wujin", "查询 1").answer.splitlines()[0].split()[1])
        assert words == ["待认领", "处理中", "已处理待确认", "已结案"]

    def test_several_are_answered_together(self, town: Town) -> None:
        town.report(12)
        town.report(40)
        answer = town.say("wujin", "查询 1 2 9").answer
        assert "#1 待认领" in answer
        assert "#2 待认领" in answer
        assert "#9 没有查到" in answer

    def test_what_one_may_not_see_is_unknown(self, town: Town) -> None:
        town.report()
        hidden, missing = town.say("bianli", "查询 1").answer, town.say("bianli", "查询 7").answer
        assert hidden == missing.replace("#7", "#1")

    def test_a_lateness_is_shown(self, town: Town) -> None:
        town.report()
        town.at("11-23 15:00")
        assert town.say("wujin", "查询 1").answer.splitlines()[1].endswith("已超时")

    def test_without_a_number_it_is_what_i_reported(self, town: Town) -> None:
        town.report(12)
        assert town.say("wujin", "查询").answer.splitlines()[0] == "您的上报 1 件"
        assert "还没有上报过" in town.say("huimian", "我的上报").answer


class TestTodo:
    def test_a_chief_sees_his_own_the_most_urgent_first(self, town: Town) -> None:
        town.report(12)
        town.report(40, danger=True)
        lines = town.say("li", "待办").answer.splitlines()
        assert lines[0] == "待办 2 件"
        assert [line.lstrip("⚠")[:2] for line in lines[1:3]] == ["#2", "#1"]

    def test_what_is_resolved_is_no_longer_there(self, town: Town) -> None:
        town.report()
        resolved(town)
        assert "没有待办" in town.say("li", "待办").answer

    def test_a_supervisor_sees_his_subdistrict_and_no_other(self, town: Town) -> None:
        town.report(12)
        town.report(12, section="大同路")
        assert "#1" in town.say("sun", "待办").answer
        assert "#2" not in town.say("sun", "待办").answer

    def test_a_merchant_has_none(self, town: Town) -> None:
        town.report()
        assert "没有待办" in town.say("wujin", "待办").answer


class TestHelp:
    def test_everyone_sees_what_he_can_do(self, town: Town) -> None:
        chief, merchant = town.say("li", "帮助").answer, town.say("wujin", "帮助").answer
        supervisor = town.say("sun", "帮助").answer
        assert "【路长】" in chief
        assert "【督导】" not in chief
        assert "【督导】" in supervisor
        assert "【路长】" not in merchant
        assert "【上报】" in merchant

    def test_in_a_group_it_teaches_how_to_send_a_picture(self, town: Town) -> None:
        assert "引用照片" in town.say("wujin", "帮助", "g-yimin").answer
        assert "引用照片" not in town.say("wujin", "帮助").answer


def test_a_near_miss_is_asked_back(town: Town) -> None:
    town.report()
    said = town.say("li", "人领 1")
    assert (said.outcome, said.answer) == ("did_you_mean", "您是不是想说:认领 1")
    assert town.state() is State.REPORTED


def test_thanks_from_a_merchant_are_no_command(town: Town) -> None:
    assert town.say("wujin", "谢谢", "g-yimin").answer == ""
