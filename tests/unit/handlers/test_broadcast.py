"""Dialogs: 通知, 确认, 收到, who has read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.clock import BusinessTime
from domain.outgoing import ToGroup
from store import roster as rosters
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Said, Town


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    for here in chief_harness.town(tmp_path):
        with here.database.write() as connection:
            for chat_id in ("g-yimin", "g-area"):
                rosters.set_push_key(connection, chat_id, f"key-{chat_id}")
        yield here


def pushed(said: Said) -> dict[str, str]:
    return {each.to.chat_id: each.text for each in said.messages if isinstance(each.to, ToGroup)}


def sent(town: Town, words: str = "通知 益民路 明早8点检查占道,请收好物品") -> Said:
    assert town.say("sun", words).outcome == "broadcast_previewed"
    return town.say("sun", "确认")


def test_a_preview_goes_to_nobody_and_is_sent_by_confirming(town: Town) -> None:
    first = town.say("sun", "通知 益民路 明早8点检查占道,请收好物品")
    assert first.answer.splitlines() == [
        "【预览】将发到 1 个群:益民路商户群",
        "明早8点检查占道,请收好物品",
        "确认无误请在10分钟内回复:确认(@路管家);要改请重发",
    ]
    assert pushed(first) == {}
    second = town.say("sun", "确认")
    assert second.answer == "【通知1】已发往 1 个群(静音时段的到时再发)。看谁收到请发:通知 1"
    assert pushed(second) == {"g-yimin": "【通知1】明早8点检查占道,请收好物品\n—— 孙督"}
    assert [draft.text.splitlines()[2:] for draft in second.drafts if draft.address.route == "webhook"] == [
        ["回复请@路管家 收到通知 1", "(本通知不接收回复,请@路管家)"]
    ]
    assert town.say("sun", "确认").outcome == "nothing_to_confirm", "once only"


def test_every_group_gets_it_once(town: Town) -> None:
    said = sent_by_zhou(town, "通知 全街道 今晚有雨")
    assert list(pushed(said)) == ["g-area"]
    assert list(pushed(sent_by_zhou(town, "通知 大同路、钱塘路 今晚有雨"))) == ["g-area"]


def sent_by_zhou(town: Town, words: str) -> Said:
    town.say("zhou", words)
    return town.say("zhou", "确认")


def test_ten_minutes_later_it_is_not_sent(town: Town) -> None:
    town.say("sun", "通知 益民路 内容")
    town.now = BusinessTime(town.now + timedelta(minutes=11))
    assert town.say("sun", "确认").outcome == "nothing_to_confirm"


def test_something_else_in_between_does_not_send_it(town: Town) -> None:
    town.say("sun", "通知 益民路 内容")
    assert pushed(town.say("sun", "待办")) == {}
    assert list(pushed(town.say("sun", "确认"))) == ["g-yimin"]


@pytest.mark.parametrize(
    ("who", "words", "outcome"),
    [
        ("wujin", "通知 益民路 内容", "not_allowed"),
        ("li", "通知 益民路 内容", "not_allowed"),
        ("sun", "通知 大同路 内容", "asked_place"),
        ("sun", "通知 益民路、大同路 内容", "asked_place"),
        ("sun", "通知 无名路 内容", "asked_place"),
        ("sun", "通知", "asked_place"),
        ("sun", "通知 益民路", "asked_place"),
        ("sun", "通知 益民路 " + "长" * 501, "too_long"),
        ("guan", "通知 全街道 内容", "asked_place"),
        ("guan", "通知 二马路 内容", "no_group"),
        ("guan", "通知 大同路 内容", "broadcast_previewed"),
    ],
)
def test_who_may_speak_where(town: Town, who: str, words: str, outcome: str) -> None:
    assert town.say(who, words).outcome == outcome


def test_words_are_harmless_and_numbers_masked(town: Town) -> None:
    said = sent(town, "通知 益民路 <@all> 请打13800138000\n第二行")
    assert pushed(said)["g-yimin"].splitlines()[:2] == ["【通知1】＜＠all＞ 请打138＊＊＊＊8000", "第二行"]


@pytest.mark.parametrize("words", ["收到通知 1", "收到 通知1", "收到"])
def test_reading_is_counted_once_and_listed(town: Town, words: str) -> None:
    sent(town)
    assert town.say("wujin", words, "g-yimin").answer == "通知1 已登记收到。"
    assert town.say("wujin", words, "g-yimin").answer == "通知1 之前已登记收到。"
    assert town.say("sun", "通知 1").answer.splitlines()[1:] == [
        "明早8点检查占道,请收好物品",
        "收到 1 人:益民五金店",
        "名册内未回复 2 人:益民烩面馆、李路",
    ]


def test_a_quoted_broadcast_is_read(town: Town) -> None:
    sent(town)
    said = town.say("huimian", "收到", "g-yimin", quote="【通知1】明早8点检查占道\n—— 孙督")
    assert said.outcome == "broadcast_read"


def test_to_a_chief_with_something_to_claim_it_still_means_claiming(town: Town) -> None:
    sent(town)
    town.report(28)
    assert town.say("li", "收到", "g-yimin").outcome == "claimed"
    assert town.say("li", "收到", "g-yimin").outcome == "broadcast_read"


def test_who_may_see_who_has_read_it(town: Town) -> None:
    sent(town)
    assert town.say("zhou", "通知 1").outcome == "unknown_broadcast"
    assert town.say("guan", "通知 1").outcome == "broadcast_results"
    assert town.say("wujin", "收到通知 9").outcome == "unknown_broadcast"


def test_groups_that_cannot_be_reached_are_named(town: Town) -> None:
    town.pilot = frozenset({"g-yimin"})
    assert town.say("zhou", "通知 全街道 内容").answer == (
        "一马路街道 的群都发不了(没有推送 key 或不在试点):一马路片区群"
    )
