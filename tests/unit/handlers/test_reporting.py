"""A report in the chat: what its writer and its owner are told, and the one question it may cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.clock import BusinessTime
from domain.issues import State
from domain.messages import Chat, IncomingMessage, MessageKind
from nlp.reading import Place, Problem, Reading
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Said, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


def understood(town: Town, who: str, group: str | None, reading: Reading, text: str = "这里有问题") -> Said:
    """A message whose reading is given."""
    town._messages += 1
    town.now = BusinessTime(town.now + timedelta(minutes=1))
    chat = Chat("group", group) if group else Chat("single", who)
    return town._read(
        IncomingMessage("aibot", f"u{town._messages}", chat, who, "text", text), town._messages, reading
    )


def unsure(category: str = "parking", *, danger: bool = False, **place: object) -> Reading:
    """A report whose kind is not certain."""
    problem = Problem(category, "", 0.4)
    return Reading("report", 0.6, place=Place(**place), problems=(problem,), danger=danger)  # type: ignore[arg-type]


def test_a_receipt_says_number_kind_place_owner_and_deadline(town: Town) -> None:
    said = town.say("wujin", "电动车堵门", "g-yimin")
    assert said.outcome == "reported"
    assert said.answer.splitlines()[:3] == [
        "#1 已受理:停车秩序·非机动车乱停放",
        "地点 益民路28号 益民五金店",
        "责任人 李路 · 处理时限 11-23 14:01",
    ]
    assert town.state() is State.REPORTED


def test_its_owner_is_told_with_buttons(town: Town) -> None:
    said = town.say("wujin", "电动车堵门", "g-yimin")
    assert said.heard == {"li"}
    assert said.told("li").splitlines() == [
        "#1 新问题:停车秩序·非机动车乱停放",
        "地点 益民路28号 益民五金店",
        "益民五金店:电动车堵门",
        "请于 11-23 14:01 前处理",
    ]
    assert said.buttons("li")[:2] == ["认领 1", "办结 1"]


def test_the_group_gets_at_most_two_messages(town: Town) -> None:
    said = town.say("wujin", "电动车堵门", "g-yimin")
    to_group = [draft for draft in said.drafts if draft.address.route in {"reply", "webhook"}]
    assert len(to_group) <= 2
    assert len([message for message in said.messages if message.purpose == "answer"]) == 1


def test_a_known_shop_is_not_asked_where(town: Town) -> None:
    assert town.say("bianli", "门口有垃圾", "g-area").outcome == "reported"
    assert (town.issue().section, town.issue().house_number, town.issue().owner) == ("大同路", 56, "qian")


def test_a_named_place_beats_the_writers_own(town: Town) -> None:
    town.say("wujin", "大同路12号门口有垃圾", "g-yimin")
    assert (town.issue().section, town.issue().house_number, town.issue().owner) == ("大同路", 12, "qian")


def test_a_group_of_one_section_says_where(town: Town) -> None:
    assert town.say("stranger", "电动车堵门", "g-yimin").outcome == "reported"
    assert town.issue().section == "益民路"
    assert town.issue().reporter == "stranger"


@pytest.mark.parametrize(("number", "owner"), [(7, "dan"), (8, "shuang"), (None, "feng")])
def test_the_part_of_the_street_decides_who_owns_it(town: Town, number: int | None, owner: str) -> None:
    place = f"二马路{number}号" if number else "二马路"
    town.say("stranger", f"{place}电动车堵路", "g-erma")
    assert town.issue().owner == owner


def test_an_absent_owner_is_replaced_by_his_substitute(town: Town) -> None:
    town.say("li", "请假")
    assert town.say("wujin", "电动车堵门", "g-yimin").heard == {"bei"}
    assert town.issue().owner == "bei"


def test_danger_begins_with_the_emergency_numbers_and_tells_level_two(town: Town) -> None:
    said = town.say("wujin", "井盖没了有人掉下去了", "g-yimin")
    assert said.answer.splitlines()[0] == "⚠ 有人员危险请先拨 119 / 110 / 120"
    assert said.heard == {"li", "wang"}
    assert said.told("wang").startswith("⚠ 危险 #1")
    assert all(draft.danger for draft in said.drafts)


def test_danger_at_night_is_told_at_once(town: Town) -> None:
    town.at("11-23 23:30")
    said = town.say("wujin", "井盖没了有人掉下去了", "g-yimin")
    assert {draft.held_until for draft in said.drafts} == {None}


def test_at_night_the_owner_is_told_in_the_morning_and_the_writer_at_once(town: Town) -> None:
    town.at("11-23 23:30")
    said = town.say("wujin", "电动车堵门", "g-yimin")
    held = {message.address.route: message.held_until for message in said.drafts}
    assert held["app"] is not None
    assert all(draft.held_until is None for draft in said.drafts if draft.purpose == "answer")


def test_the_writers_words_obey_nobody_and_hide_numbers(town: Town) -> None:
    town.say("stranger", "<@all> 电动车堵门 打13812345678 [点这](http://a.cn)", "g-yimin")
    told = town.say("li", "查询 1").answer
    assert "<@" not in told
    assert "13812345678" not in told
    assert "](http" not in told


def test_a_long_report_is_shown_cut_and_kept_whole(town: Town) -> None:
    text = "电动车堵门" + "很久了" * 2000
    said = town.say("wujin", text, "g-yimin")
    assert town.issue().text == text
    assert "…" in said.told("li")


class TestWhichSection:
    def asked(self, town: Town) -> Said:
        return town.say("stranger", "电动车堵路", "g-area")

    def test_the_likeliest_is_assumed_and_the_clock_runs(self, town: Town) -> None:
        said = self.asked(town)
        assert said.outcome == "reported_pending"
        assert said.answer.splitlines()[-1] == "#1 请问在哪条路?1.大同路 2.钱塘路 回复序号或路名(@路管家)"
        assert "大同路(待核)" in said.answer
        assert town.issue().owner == "qian"
        assert town.issue().pending == {"section"}

    @pytest.mark.parametrize("words", ["2", "钱塘路", "选2", "第二个", "２", "在钱塘路"])
    def test_an_answer_moves_it_and_tells_both_owners(self, town: Town, words: str) -> None:
        self.asked(town)
        said = town.say("stranger", words, "g-area")
        assert said.outcome == "corrected"
        assert (town.issue().section, town.issue().owner, town.issue().pending) == (
            "钱塘路",
            "tang",
            frozenset(),
        )
        assert said.heard >= {"qian", "tang"}

    def test_the_house_number_in_the_answer_counts(self, town: Town) -> None:
        self.asked(town)
        town.say("stranger", "钱塘路30号", "g-area")
        assert (town.issue().section, town.issue().house_number) == ("钱塘路", 30)

    def test_another_report_is_no_answer(self, town: Town) -> None:
        self.asked(town)
        hawker = Problem("vending", "hawker", 0.95)
        place = Place(section="益民路", house_number=28)
        reading = Reading("report", 0.9, place=place, problems=(hawker,))
        assert understood(town, "stranger", "g-area", reading, "益民路28号有人摆摊").issue == 2
        assert town.issue(1).section == "大同路"

    def test_somebody_elses_number_is_no_answer(self, town: Town) -> None:
        self.asked(town)
        town.say("bianli", "2", "g-area")
        assert town.issue().pending == {"section"}

    def test_a_number_that_was_not_offered_is_no_answer(self, town: Town) -> None:
        self.asked(town)
        town.say("stranger", "7", "g-area")
        assert town.issue().pending == {"section"}

    def test_after_ten_minutes_the_question_is_forgotten(self, town: Town) -> None:
        self.asked(town)
        town.now = BusinessTime(town.now + timedelta(minutes=10))
        town.say("stranger", "2", "g-area")
        assert town.issue().pending == {"section"}

    def test_an_answer_after_the_claim_still_counts(self, town: Town) -> None:
        self.asked(town)
        town.say("qian", "收到 1")
        assert town.say("stranger", "2", "g-area").outcome == "corrected"
        assert (town.issue().owner, town.state()) == ("tang", State.REPORTED)

    def test_one_to_one_without_a_place_nothing_is_assumed(self, town: Town) -> None:
        said = town.say("stranger", "电动车堵路")
        assert said.outcome == "reported_pending"
        assert "路段待定(待核)" in said.answer
        assert "责任人 待指派" in said.answer
        assert (town.issue().section, town.issue().owner, said.heard) == (None, None, set())
        assert town.say("stranger", "益民路").outcome == "corrected"
        assert town.issue().owner == "li"


class TestWhichCategory:
    def test_the_kinds_are_offered(self, town: Town) -> None:
        said = understood(town, "wujin", "g-yimin", unsure())
        assert said.outcome == "reported_pending"
        assert "停车秩序(待核)" in said.answer
        assert said.answer.splitlines()[-1].startswith("#1 请问是哪类问题?1.停车秩序 ")

    @pytest.mark.parametrize("words", ["2", "环境卫生"])
    def test_an_answer_sets_kind_and_deadline(self, town: Town, words: str) -> None:
        understood(town, "wujin", "g-yimin", unsure())
        assert town.say("wujin", words, "g-yimin").outcome == "corrected"
        assert (town.issue().category, town.issue().pending) == ("garbage", frozenset())

    def test_a_bare_answer_does_not_end_a_danger(self, town: Town) -> None:
        understood(town, "wujin", "g-yimin", unsure(danger=True))
        town.say("wujin", "2", "g-yimin")
        assert town.issue().danger

    def test_another_report_is_no_answer(self, town: Town) -> None:
        understood(town, "wujin", "g-yimin", unsure())
        said = town.say("wujin", "益民路60号门口有一大堆垃圾没人清理", "g-yimin")
        assert said.issue == 2

    def test_where_comes_before_what(self, town: Town) -> None:
        said = understood(town, "stranger", "g-area", unsure())
        assert "请问在哪条路" in said.answer
        assert "请问是哪类问题" not in said.answer


class TestNoReport:
    def test_an_unregistered_group_is_told_once(self, town: Town) -> None:
        said = town.say("wujin", "电动车堵门", "wr-unknown_1")
        assert said.outcome == "unregistered_group"
        assert "wr-unknown_1" in said.answer
        assert town.say("wujin", "电动车堵门", "wr-unknown_1").answer == ""

    def test_small_talk_gets_one_hint_an_hour(self, town: Town) -> None:
        assert "帮助" in town.say("wujin", "今天天气不错", "g-yimin").answer
        assert town.say("wujin", "今天天气真不错", "g-yimin").answer == ""
        town.now = BusinessTime(town.now + timedelta(hours=1))
        assert "帮助" in town.say("wujin", "今天天气不错", "g-yimin").answer

    def test_everyone_has_his_own_hint(self, town: Town) -> None:
        assert town.say("wujin", "今天天气不错", "g-yimin").answer
        assert town.say("huimian", "今天天气不错", "g-yimin").answer

    def test_a_bare_mention_gets_a_hint(self, town: Town) -> None:
        assert town.say("wujin", "", "g-yimin").outcome == "hint:empty"

    def test_a_bare_number_finishes_nothing(self, town: Town) -> None:
        town.report()
        assert town.say("li", "1", "g-yimin").outcome != "resolved"
        assert town.state() is State.REPORTED

    def test_an_overheard_line_is_answered_with_silence(self, town: Town) -> None:
        overheard = IncomingMessage(
            "aibot", "o1", Chat("group", "g-yimin"), "wujin", "text", "今天天气不错", mentioned=False
        )
        said = town._read(overheard, 1, Reading("chatter", 0.9))
        assert (said.outcome, said.messages) == ("overheard:chatter", ())

    @pytest.mark.parametrize("kind", ["event", "unknown"])
    def test_what_is_no_message_has_a_named_outcome(self, town: Town, kind: MessageKind) -> None:
        event = IncomingMessage(
            "aibot",
            "e1",
            Chat("single", "wujin"),
            "wujin",
            kind,
            detail="event:enter_chat",
        )
        said = town._read(event, 1, Reading("chatter", 1.0))
        assert (said.outcome, said.messages) == ("ignored:event:enter_chat", ())
