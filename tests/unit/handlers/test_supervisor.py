"""督办, 超时, 缓办, 挂账, 恢复, 不予受理: who may, what follows, and what everybody hears."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.issues import State
from tests.unit.handlers.supervisor_harness import DIRTY, Street, street
from tests.unit.handlers.town import moment

__all__ = ["street"]

VERBS = (
    "督办 1 要求",
    "缓办 1 等施工",
    "挂账 1 12-01 等资金",
    "恢复 1",
    "不予受理 1 小区内部 物业",
    "核查 1 通过",
    "拆分 1",
)


@pytest.mark.parametrize("said", VERBS)
@pytest.mark.parametrize("who", ["li", "bei", "wang", "zhao", "wujin"])
def test_only_supervisors_do_it_and_the_refusal_names_them(street: Street, who: str, said: str) -> None:
    street.claimed()
    heard = street.say(who, said)
    assert heard.outcome == "not_allowed"
    assert "孙督" in heard.answer
    assert street.state() is State.CLAIMED


@pytest.mark.parametrize("said", VERBS)
@pytest.mark.parametrize("who", ["zhou", "bianli", "zhang", "stranger"])
def test_whoever_may_not_know_of_it_hears_the_same_as_of_an_unknown_number(
    street: Street, who: str, said: str
) -> None:
    street.claimed()
    known, unknown = street.say(who, said), street.say(who, said.replace(" 1 ", " 7 ").replace(" 1", " 7"))
    assert known.outcome == unknown.outcome == "unknown_number"
    assert known.answer.replace("#1", "#7") == unknown.answer
    assert not known.heard


@pytest.mark.parametrize("said", VERBS)
def test_an_unknown_number_is_said_to_be_unknown(street: Street, said: str) -> None:
    assert street.say("sun", said).answer.startswith("#1 没有查到")


# --- 督办 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["sun", "guan"])
def test_supervising_tells_owner_and_level_2(street: Street, who: str) -> None:
    street.claimed()
    heard = street.say(who, "督办 1 今天必须清完")
    assert heard.outcome == "supervised"
    assert heard.answer.startswith("#1 已督办,已告知王二")
    assert "11-24 18:00" in heard.answer
    assert heard.heard == {"li", "wang"}
    assert "要求:今天必须清完" in heard.told("li")
    assert heard.told("li").endswith("书面回复:进展 1 情况")
    assert street.actions()[-1] == "督办"
    assert street.issue().supervised_at == street.now


@pytest.mark.parametrize("said", ["督办1 清完", "1 督办 清完", "重点督办 #1 清完", "请督办 1", "督办"])
def test_it_may_be_said_in_many_ways(street: Street, said: str) -> None:
    street.claimed()
    assert street.say("sun", said).outcome == "supervised"


def test_without_a_number_several_are_offered(street: Street) -> None:
    street.claimed()
    street.reported(DIRTY, "huimian")
    asked = street.say("sun", "督办")
    assert asked.outcome == "asked_which"
    assert street.say("sun", "2").outcome == "supervised"
    assert street.issue(2).supervised_at is not None


def test_several_at_once_get_a_line_each(street: Street) -> None:
    street.claimed()
    street.reported(DIRTY, "huimian")
    heard = street.say("sun", "督办 1、2、9 今天清完")
    assert [line[:2] for line in heard.answer.splitlines() if line.startswith("#")] == ["#1", "#2", "#9"]


@pytest.mark.parametrize("how", ["resolved", "closed"])
def test_what_is_done_is_not_supervised(street: Street, how: str) -> None:
    getattr(street, how)()
    assert street.say("sun", "督办 1").outcome == "not_possible"


def test_an_unanswered_supervision_is_brought_up_once(street: Street) -> None:
    street.claimed()
    street.say("sun", "督办 1 今天必须清完")
    street.tick()
    street.now = moment("11-24 17:59")
    assert "书面回复" not in street.heard(street.tick(), "sun")
    street.now = moment("11-24 18:00")
    assert "#1 督办未按时书面回复" in street.heard(street.tick(), "sun")
    assert "书面回复" not in street.heard(street.tick(timedelta(days=1)), "sun")


def test_an_answered_one_is_not(street: Street) -> None:
    street.claimed()
    street.say("sun", "督办 1 今天必须清完")
    assert street.say("li", "进展 1 已联系清运公司,明早到").outcome == "progress"
    street.now = moment("11-24 18:00")
    assert "书面回复" not in street.heard(street.tick(), "sun")


def test_supervised_ones_come_first_and_are_marked(street: Street) -> None:
    street.reported()
    street.reported(DIRTY, "huimian")
    street.say("sun", "督办 2")
    rows = street.say("li", "待办").answer.splitlines()
    assert rows[1].startswith("【督办】#2")
    assert rows[2].startswith("#1")


# --- 超时 -------------------------------------------------------------------------------------------------
def test_overdue_lists_the_latest_first(street: Street) -> None:
    street.reported(DIRTY, "huimian")
    street.reported()
    street.now = moment("11-24 17:00")
    for who in ("sun", "wang", "li", "guan"):
        rows = street.say(who, "超时").answer.splitlines()
        assert rows[0] == "超时 2 件(最久的在前)"
        assert [row[:2] for row in rows[1:]] == ["#2", "#1"]
    assert street.say("zhou", "超时清单").answer == "没有超时的问题。"
    assert street.say("wujin", "超时").outcome == "not_allowed"


def test_overdue_shows_fifteen_and_the_total(street: Street) -> None:
    for house in range(1, 18):
        street.reported(f"{house}号门口垃圾堆成山没人清")
    street.now = moment("11-25 10:00")
    answer = street.say("sun", "超时").answer
    assert answer.startswith("超时 17 件")
    assert "共17件" in answer
    assert answer.count("#") == 15


# --- 缓办, 恢复 --------------------------------------------------------------------------------------------
def test_a_pause_stops_the_clock(street: Street) -> None:
    street.claimed()
    before = street.issue().deadline
    assert street.say("sun", "缓办 1").outcome == "asked_reason"
    heard = street.say("sun", "缓办 1 等管线施工结束")
    assert heard.outcome == "suspended"
    assert "等管线施工结束" in heard.told("li")
    assert "等管线施工结束" in heard.told("wujin")
    assert street.say("sun", "查询 1").answer.startswith("#1 缓办 · ")
    street.now = moment("11-24 09:00")
    back = street.say("sun", "恢复 1")
    assert back.outcome == "resumed"
    assert (street.state(), street.issue().deadline > before) == (State.CLAIMED, True)
    assert "已恢复办理" in back.told("li")
    assert "已恢复办理" in back.told("wujin")


@pytest.mark.parametrize("how", ["resolved", "closed"])
def test_what_is_done_cannot_wait(street: Street, how: str) -> None:
    getattr(street, how)()
    assert street.say("sun", "缓办 1 等施工").outcome == "not_possible"
    assert street.say("sun", "挂账 1 12-01 等资金").outcome == "not_possible"
    assert street.say("sun", "恢复 1").outcome == "not_possible"


def test_pausing_several(street: Street) -> None:
    street.claimed()
    street.reported(DIRTY, "huimian")
    assert street.say("sun", "缓办 1 2 下雪").outcome == "suspended"
    assert street.say("sun", "1、2 恢复").outcome == "resumed"
    assert (street.state(1), street.state(2)) == (State.CLAIMED, State.REPORTED)


def test_what_was_handed_outside_comes_back_by_its_owner(street: Street) -> None:
    street.claimed()
    assert street.say("li", "转外部 1 数字城管 A2026").outcome
    assert street.issue().external
    assert street.say("wujin", "恢复 1").outcome == "not_allowed"
    assert street.say("li", "恢复 1").outcome == "resumed"
    assert (street.issue().external, street.state()) == ("", State.CLAIMED)


# --- 挂账 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("挂账 1", "asked_reason"),
        ("挂账 1 等资金", "asked_reason"),
        ("挂账 1 12-01", "asked_reason"),
        ("挂账 1 11-23 等资金", "not_possible"),
        ("挂账 1 2026-11-01 等资金", "not_possible"),
        ("挂账 1 12-01 等资金", "shelved"),
        ("挂账 1 下周一 等资金", "shelved"),
        ("挂账 1 30天后 等资金", "shelved"),
        ("1 挂账 12月1日 等资金", "shelved"),
    ],
)
def test_shelving_wants_a_date_to_come_and_a_reason(street: Street, said: str, outcome: str) -> None:
    street.claimed()
    assert street.say("sun", said).outcome == outcome
    assert street.state() is (State.SUSPENDED if outcome == "shelved" else State.CLAIMED)


def test_a_shelved_one_is_brought_up_on_its_day(street: Street) -> None:
    street.claimed()
    heard = street.say("sun", "挂账 1 12-01 等资金")
    assert "2026-12-01" in heard.answer
    assert street.issue().review_at == moment("12-01 08:00")
    street.now = moment("11-30 18:00")
    assert not street.tick()
    street.now = moment("12-01 08:00")
    assert "复核" in street.heard(street.tick(), "sun")


# --- 不予受理 ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("不予受理 1", "原因、去处"),
        ("不予受理 1 小区内部道路", "去处"),
        ("不予受理 1 物业", "原因"),
    ],
)
def test_rejecting_wants_reason_and_destination(street: Street, said: str, missing: str) -> None:
    street.claimed()
    heard = street.say("sun", said)
    assert f"还缺{missing}," in heard.answer
    assert street.state() is State.CLAIMED


@pytest.mark.parametrize("how", ["reported", "claimed", "resolved"])
def test_the_reporter_is_told_where_to_go(street: Street, how: str) -> None:
    getattr(street, how)()
    heard = street.say("sun", "不予受理 1 小区内部道路 物业")
    assert (heard.outcome, street.state()) == ("rejected", State.REJECTED)
    assert "小区内部道路" in heard.told("wujin")
    assert "请联系:物业" in heard.told("wujin")
    assert "不用处理了" in heard.told("li")
    assert street.say("sun", "不予受理 1 小区内部道路 物业").outcome == "not_possible"
    assert street.say("wujin", "重开 1 这是马路边").outcome == "reopened"
    assert street.state() is State.CLAIMED


def test_words_of_others_are_shown_not_obeyed(street: Street) -> None:
    street.claimed()
    heard = street.say("sun", "不予受理 1 <@all>小区 物业")
    assert "<@all>" not in heard.told("wujin")


# --- 帮助 -------------------------------------------------------------------------------------------------
def test_help_shows_a_supervisor_what_he_can_do_and_a_merchant_not(street: Street) -> None:
    text = street.say("sun", "帮助").answer
    for verb in ("督办", "缓办", "挂账", "恢复", "不予受理", "核查", "合并", "拆分", "顺延", "超时"):
        assert verb in text
        assert verb not in street.say("wujin", "帮助").answer
    assert len(text.splitlines()) <= 16
