"""response_url: one call, within the hour, markdown; cards in 1:1 only."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.contract.sandbox.conftest import Sandbox
from tests.contract.sandbox.fake_bot import FakeBot

CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "#12 待认领"},
    "button_list": [{"text": "认领", "key": "认领:12"}],
    "task_id": "t-12",
}


def answer(bot: FakeBot, body: Any) -> Any:
    return requests.post(bot.callbacks[-1].json["response_url"], json=body, timeout=5).json()


def markdown(content: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": content}}


def test_in_a_group_the_answer_quotes_what_it_answers(sandbox: Sandbox, bot: FakeBot) -> None:
    asked = sandbox.say("门口有人乱停车")
    assert answer(bot, markdown("#12 已受理"))["errcode"] == 0
    message = sandbox.messages(chat="wr-yiminlu")[1]
    assert (message["sender"], message["name"], message["text"]) == ("robot", "路管家", "#12 已受理")
    assert message["quote"]["id"] == asked["msgid"]


def test_in_private_it_does_not_quote(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("待办", chat_id=None)
    answer(bot, markdown("没有待办"))
    assert sandbox.messages(chat="aibot:shop-yiminlu-2")[1]["quote"] is None


def test_nobody_is_mentioned_by_an_answer(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say()
    answer(bot, markdown("<@chief3-yiminlu> #12"))
    assert sandbox.messages()[1]["mentions"] == []


def test_the_second_call_is_refused(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say()
    assert answer(bot, markdown("一"))["errcode"] == 0
    assert answer(bot, markdown("二"))["errcode"] == 40029
    assert len(sandbox.messages()) == 2


def test_after_an_hour_it_is_refused(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say()
    sandbox.now.pass_by(3599)
    sandbox.say()
    sandbox.now.pass_by(1)
    late, intime = bot.callbacks[0].json["response_url"], bot.callbacks[1].json["response_url"]
    assert requests.post(late, json=markdown("晚了"), timeout=5).json()["errcode"] == 40029
    assert requests.post(intime, json=markdown("正好"), timeout=5).json()["errcode"] == 0


def test_an_unknown_code_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.post("/cgi-bin/aibot/response", markdown("x"), response_code="y")["errcode"] == 40029


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "text", "text": {"content": "x"}}, 40008),
        ({"msgtype": "stream", "stream": {"id": "1", "finish": True, "content": "x"}}, 40008),
        ({"msgtype": "template_card", "template_card": CARD}, 40008),
        (markdown(""), 44004),
        (markdown("路" * 6827), 40058),
    ],
)
def test_what_is_refused_in_a_group_leaves_the_one_call_open(
    sandbox: Sandbox, bot: FakeBot, body: Any, errcode: int
) -> None:
    sandbox.say()
    assert answer(bot, body)["errcode"] == errcode
    assert answer(bot, markdown("路" * 6826 + "ab"))["errcode"] == 0


def test_a_card_is_allowed_in_private_and_its_button_comes_back_as_an_event(
    sandbox: Sandbox, bot: FakeBot
) -> None:
    sandbox.say("待办", chat_id=None)
    assert answer(bot, {"msgtype": "template_card", "template_card": CARD})["errcode"] == 0
    card = sandbox.messages()[1]
    sandbox.post("/sandbox-api/press", {"message": card["id"], "key": "认领:12"})
    payload = bot.callbacks[1].json
    assert payload["event"]["template_card_event"] == {
        "card_type": "button_interaction",
        "event_key": "认领:12",
        "task_id": "t-12",
    }
    assert answer(bot, markdown("#12 已认领"))["errcode"] == 0
    assert sandbox.messages(chat="aibot:shop-yiminlu-2")[-1]["text"] == "#12 已认领"
