"""A merchant on plain WeChat reports by the 公众号, and hears how it goes on as often as he may be told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.clock import BusinessTime
from domain.errors import NotBeforeNextWord, SendError
from domain.outgoing import Delivery
from store.database import Database
from tests.integration.phones import Street
from tests.unit.handlers.town import MORNING

HE, SHE = "oHe-1", "oShe-2"
TOO_LATE = NotBeforeNextWord("response out of time limit", 45015)
TOO_MANY = NotBeforeNextWord("response count limit", 45047)
LEFT = SendError("require subscribe", permanent=True, code=43004)
CLAIMED = "#{} 李路 已认领,正在去处理。"


@pytest.fixture(name="street")
def _street(database: Database, tmp_path: Path) -> Street:
    return Street(database, tmp_path)


def reported(street: Street, *doors: int) -> None:
    """He reports something at each of these doors of 益民路, numbered from 1."""
    for door in doors:
        street.writes(HE, f"益民路{door}号门口电动车乱停把路堵死了")
    street.in_group()


def test_the_whole_life_of_a_report(street: Street) -> None:
    (receipt,) = street.writes(HE, "益民路28号门口电动车乱停把路堵死了")
    assert receipt.startswith("#1 已受理:停车秩序·非机动车乱停放\n地点 益民路28号")
    assert "商户反映:益民路28号门口电动车乱停把路堵死了" in street.in_group()
    street.says("li", "收到 1")
    assert street.phone(HE) == [CLAIMED.format(1)]
    street.says("li", "办结 1 无照片 已挪开")
    (asked,) = street.phone(HE)
    assert asked.startswith("#1 停车秩序·非机动车乱停放 处理人说弄好了")
    assert [each.key for each in street.shown(HE)[-1].buttons] == ["满意 1", "不满意 1"]
    assert street.taps(HE, "满意 1") == ["#1 已结案,谢谢您的反馈。"]
    assert "oHe" not in street.in_group()


def test_a_voice_a_picture_and_a_place(street: Street) -> None:
    heard = street.posts(
        HE, MsgType="voice", MediaId="m", Format="amr", Recognition="益民路12号门口垃圾没人清。"
    )
    assert heard[0].startswith("#1 已受理:环境卫生")
    place = {"Location_X": "34.7", "Location_Y": "113.6", "Label": "益民路28号"}
    assert street.posts(HE, MsgType="location", **place) == ["#1 已补充位置。"]
    photo = {"PicUrl": "http://mmbiz.qpic.cn/1", "MediaId": "M1"}
    assert street.posts(HE, MsgType="image", **photo) == ["#1 已补充照片。"]
    assert street.says("li", "查询 1").count("补充") == 2
    (asked,) = street.posts(SHE, MsgType="location", **place)
    assert asked.startswith("#2 已受理:")
    assert "地点 益民路28号" in asked
    assert "#2 请问是哪类问题?1." in asked
    assert "@" not in asked


# --- how often and how long --------------------------------------------------------------------------------


def test_five_messages_to_one_word_and_the_rest_at_the_next(street: Street) -> None:
    reported(street, 2, 4, 6, 8, 10, 12)
    for number in range(1, 7):
        street.says("li", f"收到 {number}")
    assert street.phone(HE) == [CLAIMED.format(number) for number in (1, 2, 3, 4)]
    assert [state for state, text in street.rows(HE) if "已认领" in text][4:] == ["asleep", "asleep"]
    street.deliver()
    assert street.phone(HE) == []
    answer, waited = street.writes(HE, "查询 1")
    assert answer.startswith("#1 处理中")
    assert waited == f"{CLAIMED.format(5)}\n\n{CLAIMED.format(6)}"


def test_after_two_days_it_waits_for_his_word_and_costs_nothing_until_then(street: Street) -> None:
    reported(street, 28)
    street.two_days_pass(HE)
    street.says("li", "收到 1")
    assert (street.phone(HE), street.room(HE)) == ([], 0)
    assert street.figure("outbox_asleep") == 1
    assert street.figure("outbox_moving") == 0
    assert street.rows(HE)[-1] == ("asleep", CLAIMED.format(1))
    assert street.writes(HE, "我的上报")[1:] == [CLAIMED.format(1)]


@pytest.mark.parametrize("refusal", [TOO_LATE, TOO_MANY], ids=["45015", "45047"])
def test_the_platform_may_know_better(street: Street, refusal: SendError) -> None:
    reported(street, 28)
    street.platform_says(refusal)
    street.says("li", "收到 1")
    tried = len(street.shown(HE))
    street.deliver()
    assert len(street.shown(HE)) == tried
    assert street.rows(HE)[-1][0] == "asleep"
    street.platform_says(None)
    street.phone(HE)
    assert street.writes(HE, "我的上报")[1:] == [CLAIMED.format(1)]


def test_what_never_reached_the_platform_costs_nothing(street: Street) -> None:
    reported(street, 28)
    assert street.room(HE) == 4
    street.platform_says(SendError("cannot connect", permanent=False))
    street.says("li", "收到 1")
    assert street.room(HE) == 4
    street.platform_says(SendError("no answer", permanent=False, uncertain=True))
    street.says("li", "办结 1 无照片 挪了")
    assert street.rows(HE)[-1][0] == "waiting"


def test_a_question_that_has_its_answer_is_asked_no_more(street: Street) -> None:
    """Two reporters: the second says 满意 while the first cannot be told."""
    reported(street, 28)
    street.writes(SHE, "益民路28号门口电动车乱停把路堵死了")
    street.two_days_pass(HE)
    street.says("li", "收到 1")
    street.says("li", "办结 1 无照片 挪了")
    street.taps(SHE, "满意 1")
    heard = street.writes(HE, "我的上报")
    assert "已结案" in heard[0]
    assert [text for text in heard if "弄好了" in text] == []


def test_several_questions_at_once_keep_their_lines(street: Street) -> None:
    reported(street, 2, 4)
    street.two_days_pass(HE)
    for number in (1, 2):
        street.says("li", f"办结 {number} 无照片 挪了")
    _, waited = street.writes(HE, "我的上报")
    assert "#1" in waited
    assert "#2" in waited
    keys = [button.key for button in street.shown(HE)[-1].buttons]
    assert keys == ["满意 1", "不满意 1", "满意 2", "不满意 2"]


def test_news_of_a_month_ago_is_none(street: Street) -> None:
    reported(street, 28)
    street.two_days_pass(HE)
    street.says("li", "收到 1")
    street.ages(HE, timedelta(days=31))
    assert len(street.writes(HE, "我的上报")) == 1
    assert ("void", CLAIMED.format(1)) in street.rows(HE)


# --- 订阅通知 ----------------------------------------------------------------------------------------

NEWS = """编号:1
状态:处理中
路段:益民路
类别:停车秩序
说明:李路 已认领,正在去处理。
时间:2026年11月23日 10:00"""


def test_where_a_template_is_configured_he_is_told_that_something_waits(street: Street) -> None:
    knocks = street.template()
    reported(street, 28)
    street.two_days_pass(HE)
    street.says("li", "收到 1")
    street.deliver()
    assert [(each.target, each.text) for each in knocks.sent] == [(HE, NEWS)]
    street.says("li", "办结 1 无照片 挪了")
    street.deliver()
    assert knocks.sent[-1].text.splitlines()[1] == "状态:待您确认"
    assert len(knocks.sent) == 2
    assert len(street.writes(HE, "我的上报")) == 2
    street.deliver()
    assert len(knocks.sent) == 2


def test_who_did_not_subscribe_is_nobodys_fault(street: Street) -> None:
    knocks = street.template()
    knocks.fault = lambda _: SendError("refused", permanent=True, code=43101)
    reported(street, 28)
    street.two_days_pass(HE)
    street.says("li", "收到 1")
    street.deliver()
    assert [state for state, _ in street.rows(HE)][-2:] == ["asleep", "void"]
    assert len(street.writes(HE, "我的上报")) == 2


# --- coming and going --------------------------------------------------------------------------------------


def test_a_poster_opens_a_chat_that_knows_the_street(street: Street) -> None:
    (welcome,) = street.event(HE, "subscribe", "qrscene_益民路")
    assert welcome.startswith("益民路 · 街面问题随手报")
    assert (street.outcome(), street.room(HE)) == ("followed", 2)
    (receipt,) = street.writes(HE, "28号门口电动车乱停把路堵死了")
    assert "地点 益民路28号" in receipt


@pytest.mark.parametrize("key", ["", "qrscene_没有的路", "qrscene_"])
def test_without_a_street_the_greeting_asks_for_it(street: Street, key: str) -> None:
    (welcome,) = street.event(HE, "subscribe", key)
    assert welcome.startswith("街面问题随手报\n请直接发一句话")
    street.writes(HE, "门口电动车乱停把路堵死了")
    assert street.outcome() == "reported_pending"


def test_scanning_again_moves_him_and_a_shop_brings_him_back(street: Street) -> None:
    street.event(HE, "subscribe", "qrscene_益民路")
    (here,) = street.event(HE, "SCAN", "大同路")
    assert here.startswith("您在 大同路(路长 钱大)。")
    assert "地点 大同路9号" in street.writes(HE, "9号门口电动车乱停把路堵死了")[0]
    street.writes(HE, "我是 益民路12号 烩面馆")
    street.says("li", "同意绑定 烩面馆")
    assert street.phone(HE) == ["已确认您是 益民路12号 益民烩面馆。以后上报不用再写地址。"]
    assert "地点 大同路11号" in street.writes(HE, "11号门口电动车乱停把路堵死了")[0]
    street.at(BusinessTime(MORNING + timedelta(hours=2)))
    assert "地点 益民路12号" in street.writes(HE, "门口电动车乱停把路堵死了")[0]


def test_who_leaves_hears_no_more_and_who_comes_back_does(street: Street) -> None:
    reported(street, 28)
    street.two_days_pass(HE)
    street.says("li", "收到 1")
    assert street.event(HE, "unsubscribe") == []
    assert (street.outcome(), street.rows(HE)[-1][0]) == ("unfollowed", "void")
    street.platform_says(LEFT)
    street.says("li", "办结 1 无照片 挪了")
    assert street.rows(HE)[-1][0] == "void"
    street.platform_says(None)
    street.phone(HE)
    assert len(street.event(HE, "subscribe")) == 1
    assert "已处理待确认" in street.writes(HE, "查询 1")[0]


def test_who_left_unnoticed_is_found_out(street: Street) -> None:
    reported(street, 28)
    street.platform_says(LEFT)
    street.says("li", "收到 1")
    assert street.rows(HE)[-1][0] == "void"
    street.says("li", "办结 1 无照片 挪了")
    assert street.rows(HE)[-1][0] == "void"


def test_the_menu_allows_three_within_a_minute(street: Street) -> None:
    street.event(HE, "subscribe")
    assert street.event(HE, "CLICK", "帮助")[0].startswith("【上报】")
    assert street.room(HE) == 2
    assert street.event(HE, "CLICK", "我的上报") == ["您还没有上报过问题。发现问题直接说一句话、拍张照就行。"]


def test_other_events_say_and_open_nothing(street: Street) -> None:
    for name in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"):
        assert street.event(HE, name, "x") == []
    assert street.room(HE) == 0


def test_a_word_that_comes_while_the_platform_still_refuses_opens_the_phone_again(street: Street) -> None:
    reported(street, 28)

    def refused(_: Delivery) -> SendError:
        street.platform_says(None)
        street.arrives(HE, "查询 1")
        return TOO_MANY

    street.senders["mp"].fault = refused
    street.says("li", "收到 1")
    street.deliver()
    answer, claimed = sorted(street.phone(HE)[1:], key=lambda text: "已认领" in text)
    assert (answer.startswith("#1 处理中"), claimed) == (True, CLAIMED.format(1))
    assert {state for state, _ in street.rows(HE)} == {"sent"}
