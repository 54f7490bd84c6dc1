"""自建应用: tokens, message/send, cards, media; one test per limit and error code of wecom.md."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from wechatpy.enterprise import parse_message

from sandbox.samples import sample
from sandbox.settings import DEFAULTS
from tests.contract.sandbox.conftest import TEXT, Sandbox
from tests.contract.sandbox.fake_bot import FakeBot

AGENT = int(DEFAULTS["WECOM_AGENT_ID"])
BUTTONS = [{"text": "收到", "key": "认领:12", "style": 1}, {"text": "转派", "key": "转派:12"}]
CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "#12 待认领", "desc": "益民路"},
    "sub_title_text": "门口有人乱停车",
    "button_list": BUTTONS,
    "task_id": "task-12",
}


def card(**changes: Any) -> dict[str, Any]:
    return {"msgtype": "template_card", "template_card": {**CARD, **changes}}


def test_gettoken_gives_the_same_token_until_it_ends(sandbox: Sandbox) -> None:
    query = {"corpid": DEFAULTS["WECOM_CORP_ID"], "corpsecret": DEFAULTS["WECOM_APP_SECRET"]}
    first = sandbox.get("/cgi-bin/gettoken", **query)
    sandbox.now.pass_by(7199)
    second = sandbox.get("/cgi-bin/gettoken", **query)
    sandbox.now.pass_by(1)
    third = sandbox.get("/cgi-bin/gettoken", **query)
    assert (first["errcode"], first["expires_in"], second["expires_in"]) == (0, 7200, 1)
    assert first["access_token"] == second["access_token"] != third["access_token"]


@pytest.mark.parametrize(
    ("corp_id", "secret", "errcode"),
    [(DEFAULTS["WECOM_CORP_ID"], "wrong", 40001), ("wrong", DEFAULTS["WECOM_APP_SECRET"], 40013)],
)
def test_a_wrong_secret_is_40001_and_a_wrong_corp_40013(
    sandbox: Sandbox, corp_id: str, secret: str, errcode: int
) -> None:
    assert sandbox.get("/cgi-bin/gettoken", corpid=corp_id, corpsecret=secret)["errcode"] == errcode


def test_bad_missing_and_expired_tokens(sandbox: Sandbox) -> None:
    token = sandbox.token()
    assert sandbox.app_send(TEXT, "nonsense")["errcode"] == 40014
    assert sandbox.post("/cgi-bin/message/send", TEXT)["errcode"] == 41001
    sandbox.now.pass_by(7200)
    assert sandbox.app_send(TEXT, token)["errcode"] == 42001
    assert sandbox.app_send(TEXT)["errcode"] == 0


def test_tokens_can_be_spoilt_on_demand(sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.post("/sandbox-api/tokens", {"action": "expire"})
    assert sandbox.app_send(TEXT, token)["errcode"] == 42001
    sandbox.post("/sandbox-api/tokens", {"action": "revoke"})
    assert sandbox.app_send(TEXT, token)["errcode"] == 40014


def test_a_text_stands_in_the_persons_own_chat(sandbox: Sandbox) -> None:
    answer = sandbox.app_send(TEXT)
    (message,) = sandbox.messages(person="chief3-yiminlu")
    assert (answer["errcode"], "invaliduser" in answer) == (0, False)
    assert (message["chat"], message["sender"], message["text"]) == ("app:chief3-yiminlu", "app", "您好")
    assert sandbox.messages(person="shop-yiminlu-2") == []


def test_unknown_people_come_back_and_the_others_get_it(sandbox: Sandbox) -> None:
    answer = sandbox.app_send({**TEXT, "touser": "nobody|chief3-yiminlu|nobody-2"})
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody|nobody-2")
    assert [message["chat"] for message in sandbox.messages()] == ["app:chief3-yiminlu"]


def test_all_means_everybody(sandbox: Sandbox) -> None:
    sandbox.app_send({**TEXT, "touser": "@all"})
    assert len(sandbox.messages()) == 5


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({**TEXT, "agentid": 1}, 40056),
        ({**TEXT, "touser": ""}, 40035),
        ({**TEXT, "touser": "|".join(str(n) for n in range(1001))}, 40035),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "路" * 683}}, 40058),
        ({"msgtype": "markdown", "markdown": {"content": "a" * 2049}}, 40058),
        ({"msgtype": "textcard", "textcard": {"title": "x", "description": "路" * 171}}, 40058),
        ({"msgtype": "textcard", "textcard": {"title": "x"}}, 44004),
        ({"msgtype": "news"}, 40008),
        (card(task_id=""), 40035),
        (card(task_id="空 格"), 40035),
        (card(button_list=BUTTONS * 4), 40016),
        (card(button_list=[{"text": "无键"}]), 40016),
        (card(button_list=[{"text": "长", "key": "k" * 1025}]), 40058),
        (card(card_type="unknown"), 40008),
    ],
)
def test_a_wrong_message_is_refused(sandbox: Sandbox, body: dict[str, Any], errcode: int) -> None:
    assert sandbox.app_send(body)["errcode"] == errcode
    assert sandbox.messages() == []


def test_over_thirty_a_minute_is_dropped_in_silence(sandbox: Sandbox) -> None:
    token = sandbox.token()
    answers = [sandbox.app_send(TEXT, token)["errcode"] for _ in range(31)]
    assert answers == [0] * 31
    assert len(sandbox.messages()) == 30
    assert sandbox.calls(endpoint="message_send")[-1]["note"] == "dropped, over 30 a minute: chief3-yiminlu"
    sandbox.now.pass_by(60)
    sandbox.app_send(TEXT, token)
    assert len(sandbox.messages()) == 31


def test_a_repetition_is_dropped_only_if_asked_for_and_within_the_interval(sandbox: Sandbox) -> None:
    checked = {**TEXT, "enable_duplicate_check": 1, "duplicate_check_interval": 600}
    sandbox.app_send(checked)
    assert sandbox.app_send(checked)["errcode"] == 0
    assert sandbox.calls(endpoint="message_send")[-1]["note"] == "duplicate: not delivered"
    sandbox.app_send({**checked, "text": {"content": "另一句"}})
    sandbox.app_send({**checked, "touser": "sup-jiefang"})
    sandbox.app_send(TEXT)
    assert len(sandbox.messages()) == 4
    sandbox.now.pass_by(600)
    sandbox.app_send(checked)
    assert len(sandbox.messages()) == 5


def test_the_interval_is_at_most_four_hours(sandbox: Sandbox) -> None:
    checked = {**TEXT, "enable_duplicate_check": 1, "duplicate_check_interval": 86400}
    sandbox.app_send(checked)
    sandbox.now.pass_by(4 * 3600)
    sandbox.app_send(checked)
    assert len(sandbox.messages()) == 2


def test_a_task_id_is_good_for_one_card(sandbox: Sandbox) -> None:
    sandbox.app_send(card())
    assert sandbox.app_send(card(sub_title_text="又一件"))["errcode"] == 0
    assert sandbox.calls(endpoint="message_send")[-1]["note"] == "task_id used before: not delivered"
    assert len(sandbox.messages()) == 1


def press(sandbox: Sandbox, message: str, key: str = "认领:12") -> Any:
    return sandbox.post("/sandbox-api/press", {"message": message, "key": key})


def test_a_button_comes_back_once_as_the_vendors_event(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.answers.append(503)
    sandbox.app_send(card())
    result = press(sandbox, sandbox.messages()[0]["id"])
    fields = bot.callbacks[0].xml
    assert [delivery["status"] for delivery in result["deliveries"]] == [503]
    assert len(bot.callbacks) == 1
    assert parse_message(bot.callbacks[0].plain).source == "chief3-yiminlu"
    assert fields["Event"] == "template_card_event"
    assert (fields["EventKey"], fields["TaskId"]) == ("认领:12", "task-12")
    assert (fields["CardType"], fields["AgentID"]) == ("button_interaction", str(AGENT))


def test_a_button_that_is_not_there_cannot_be_pressed(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.app_send(card())
    assert "认领:12" in press(sandbox, sandbox.messages()[0]["id"], "别的")["error"]
    assert "no card" in press(sandbox, "nothing")["error"]
    assert bot.callbacks == []


def update(sandbox: Sandbox, code: str, **change: Any) -> Any:
    body = {"userids": ["chief3-yiminlu"], "agentid": AGENT, "response_code": code, **change}
    return sandbox.post("/cgi-bin/message/update_template_card", body, access_token=sandbox.token())


def test_a_response_code_updates_the_card_once(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.app_send(card())
    message = sandbox.messages()[0]["id"]
    press(sandbox, message)
    code = bot.callbacks[0].xml["ResponseCode"]
    change = {"button": {"replace_name": "已认领"}}
    assert update(sandbox, code, **change)["errcode"] == 0
    assert sandbox.messages()[0]["card"]["done"] == "已认领"
    assert update(sandbox, code, **change)["errcode"] == 40029
    assert "已认领" in press(sandbox, message)["error"]


def test_a_card_can_be_replaced_whole_for_72_hours(sandbox: Sandbox) -> None:
    codes = [sandbox.app_send(card(task_id=f"task-{n}"))["response_code"] for n in (1, 2)]
    new = {**CARD, "main_title": {"title": "#12 处理中"}}
    sandbox.now.pass_by(72 * 3600 - 1)
    assert update(sandbox, codes[0], template_card=new)["errcode"] == 0
    sandbox.now.pass_by(1)
    assert update(sandbox, codes[1], template_card=new)["errcode"] == 40029
    assert sandbox.messages()[0]["card"]["title"] == "#12 处理中"


def test_a_card_update_is_checked(sandbox: Sandbox) -> None:
    assert update(sandbox, "unknown", button={"replace_name": "x"})["errcode"] == 40029
    assert update(sandbox, "unknown")["errcode"] == 40035
    assert update(sandbox, "unknown", button={})["errcode"] == 40035
    assert update(sandbox, "unknown", agentid=1)["errcode"] == 40056


def media(sandbox: Sandbox, url: str) -> int:
    return requests.get(url, timeout=5).status_code


def test_pictures_live_five_minutes(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("看", pictures=["garbage"])
    url = bot.callbacks[0].json["mixed"]["msg_item"][1]["image"]["url"]
    sandbox.now.pass_by(299)
    assert media(sandbox, url) == 200
    sandbox.now.pass_by(2)
    assert media(sandbox, url) == 403
    assert media(sandbox, sandbox.url("/media/unknown")) == 404


def test_media_get_wants_a_token_and_a_known_id(sandbox: Sandbox) -> None:
    path, token = "/cgi-bin/media/get", sandbox.token()
    assert sandbox.get(path, access_token="bad", media_id="x")["errcode"] == 40014
    assert sandbox.get(path, access_token=token, media_id="x")["errcode"] == 40007


def uploaded(sandbox: Sandbox, data: bytes, kind: str, token: str | None = None) -> Any:
    return requests.post(
        sandbox.url("/cgi-bin/media/upload"),
        params={"access_token": token or sandbox.token(), "type": kind},
        files={"media": ("日报.png", data)},
        timeout=5,
    ).json()


def test_an_uploaded_picture_or_file_is_shown_to_one_person(sandbox: Sandbox) -> None:
    picture = uploaded(sandbox, sample("clean"), "image")
    assert (picture["errcode"], picture["type"]) == (0, "image")
    assert sandbox.app_send({"msgtype": "image", "image": {"media_id": picture["media_id"]}})["errcode"] == 0
    file = uploaded(sandbox, b"workbook", "file")
    assert sandbox.app_send({"msgtype": "file", "file": {"media_id": file["media_id"]}})["errcode"] == 0
    first, second = sandbox.messages(chat="app:chief3-yiminlu")
    assert requests.get(sandbox.url(first["pictures"][0]), timeout=5).content == sample("clean")
    assert second["text"] == "日报.png"
    assert requests.get(sandbox.url(second["file"]), timeout=5).content == b"workbook"


def test_uploads_of_the_app_are_checked(sandbox: Sandbox) -> None:
    assert uploaded(sandbox, b"workbook", "file", token="old")["errcode"] == 40014
    assert uploaded(sandbox, b"12345", "file")["errcode"] == 40006
    assert uploaded(sandbox, b"GIF89a..", "image")["errcode"] == 40005
    assert uploaded(sandbox, b"\x89PNG".ljust(10 * 1024 * 1024 + 1), "image")["errcode"] == 40009
    assert uploaded(sandbox, b"voice...", "voice")["errcode"] == 40004
    missing = sandbox.post("/cgi-bin/media/upload", {}, access_token=sandbox.token(), type="file")
    assert missing["errcode"] == 40035


def test_an_upload_is_good_for_its_own_kind_and_three_days(sandbox: Sandbox) -> None:
    media_id = uploaded(sandbox, b"workbook", "file")["media_id"]
    wrong = {"msgtype": "image", "image": {"media_id": media_id}}
    right = {"msgtype": "file", "file": {"media_id": media_id}}
    assert sandbox.app_send(wrong)["errcode"] == 40007
    sandbox.now.pass_by(3 * 86400 + 1)
    assert sandbox.app_send(right)["errcode"] == 40007
