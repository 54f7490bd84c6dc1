"""The sandbox as the 公众号's platform: what it posts, what it takes, and how often."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from wechatpy import parse_message

from sandbox.samples import picture_bytes
from sandbox.settings import DEFAULTS
from tests.contract.sandbox.conftest import Sandbox
from tests.contract.sandbox.fake_bot import FakeBot

HER = "shop-yiminlu-2"
SEND = "/mp/cgi-bin/message/custom/send"


def does(sandbox: Sandbox, kind: str = "text", text: str = "门口有人乱停车", **fields: Any) -> Any:
    return sandbox.say(text, via="mp", chat_id=None, mention=False, kind=kind, **fields)


def token(sandbox: Sandbox, **wrong: str) -> Any:
    asked = {
        "grant_type": "client_credential",
        "appid": DEFAULTS["WECHAT_MP_APP_ID"],
        "secret": DEFAULTS["WECHAT_MP_SECRET"],
        **wrong,
    }
    return sandbox.post("/mp/cgi-bin/stable_token", asked)


def openid(sandbox: Sandbox) -> str:
    return str(sandbox.post("/sandbox-api/followers", {"person": HER})["openid"])


def send(sandbox: Sandbox, **fields: Any) -> int:
    body = {"touser": openid(sandbox), "msgtype": "text", "text": {"content": "已受理"}, **fields}
    return int(sandbox.post(SEND, body, access_token=token(sandbox)["access_token"])["errcode"])


def test_what_a_follower_does_is_what_wechatpy_reads(sandbox: Sandbox, bot: FakeBot) -> None:
    does(sandbox, "follow", "益民路")
    does(sandbox)
    does(sandbox, "voice", "井盖坏了")
    does(sandbox, pictures=["stall"], text="")
    does(sandbox, "scan", "大同路")
    does(sandbox, "click", "我的上报")
    does(sandbox, "unfollow", "")
    came, word, voice, picture, scanned, tapped, left = (parse_message(each.plain) for each in bot.callbacks)
    assert (came.event, came.scene_id) == ("subscribe_scan", "益民路")
    assert (word.type, word.content, word.source) == ("text", "门口有人乱停车", openid(sandbox))
    assert (voice.type, voice.recognition) == ("voice", "井盖坏了")
    assert requests.get(picture.image, timeout=5).content == picture_bytes("stall")
    assert (scanned.event, scanned.scene_id) == ("scan", "大同路")
    assert (tapped.event, tapped.key) == ("click", "我的上报")
    assert left.event == "unsubscribe"
    assert {"signature", "timestamp", "nonce"} == set(bot.callbacks[0].query)


def test_only_what_has_an_id_is_counted_as_said(sandbox: Sandbox) -> None:
    for kind in ("follow", "scan", "click", "unfollow"):
        does(sandbox, kind, "益民路")
    assert sandbox.get("/sandbox-api/tally")["said"] == 0
    does(sandbox)
    assert sandbox.get("/sandbox-api/tally")["said"] == 1


def test_five_to_a_word_within_48_hours(sandbox: Sandbox) -> None:
    assert send(sandbox) == 43004
    does(sandbox)
    assert [send(sandbox) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    does(sandbox)
    sandbox.now.pass_by(48 * 3600 - 1)
    assert send(sandbox) == 0
    sandbox.now.pass_by(2)
    assert send(sandbox) == 45015


def test_three_to_a_tap_within_a_minute(sandbox: Sandbox) -> None:
    does(sandbox, "follow", "")
    assert [send(sandbox) for _ in range(4)] == [0, 0, 0, 45047]
    sandbox.now.pass_by(61)
    assert send(sandbox) == 45015
    does(sandbox, "unfollow", "")
    assert send(sandbox) == 43004
    assert send(sandbox, touser="oNobody") == 40003


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": {"content": " "}}, 44004),
        ({"text": {"content": "字" * 683}}, 45002),
        ({"msgtype": "news"}, 40008),
        ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": "好了吗", "list": []}}, 47001),
    ],
)
def test_what_it_refuses_costs_nothing(sandbox: Sandbox, fields: dict[str, Any], code: int) -> None:
    does(sandbox)
    assert send(sandbox, **fields) == code
    assert [send(sandbox) for _ in range(6)][4:] == [0, 45047]


def test_a_line_to_tap_comes_back_as_its_text(sandbox: Sandbox, bot: FakeBot) -> None:
    does(sandbox)
    lines = [{"id": "1", "content": "满意 1"}, {"id": "2", "content": "不满意 1"}]
    assert send(sandbox, msgtype="msgmenu", msgmenu={"head_content": "#1 弄好了吗?", "list": lines}) == 0
    shown = sandbox.messages(chat=f"mp:{HER}")[-1]
    sandbox.post("/sandbox-api/press", {"message": shown["id"], "key": "不满意 1"})
    tapped = parse_message(bot.callbacks[-1].plain)
    assert (tapped.type, tapped.content, tapped._data["bizmsgmenuid"]) == ("text", "不满意 1", "2")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"appid": "wxother"}, 40013), ({"secret": "no"}, 40125), ({"grant_type": "x"}, 40002)],
)
def test_tokens(sandbox: Sandbox, wrong: dict[str, str], code: int) -> None:
    assert token(sandbox, **wrong)["errcode"] == code
    first, again = token(sandbox), token(sandbox)
    assert first["access_token"] == again["access_token"]
    assert "errcode" not in first
    assert sandbox.post(SEND, {}, access_token=sandbox.token())["errcode"] == 40001


def test_a_notice_goes_to_whom_asked_for_it(sandbox: Sandbox) -> None:
    does(sandbox)
    body = {"touser": openid(sandbox), "template_id": "T", "data": {"thing1": {"value": "益民路"}}}
    access = {"access_token": token(sandbox)["access_token"]}
    path = "/mp/cgi-bin/message/subscribe/bizsend"
    assert sandbox.post(path, body, **access)["errcode"] == 43101
    sandbox.post("/sandbox-api/followers", {"person": HER, "action": "subscribe"})
    assert sandbox.post(path, body, **access)["errcode"] == 0
    long = {**body, "data": {"thing1": {"value": "益" * 21}}}
    assert sandbox.post(path, long, **access)["errcode"] == 47003


def test_codes_and_menu(sandbox: Sandbox) -> None:
    access = {"access_token": token(sandbox)["access_token"]}
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "益民路"}}}
    assert sandbox.post("/mp/cgi-bin/qrcode/create", scene, **access)["url"].startswith(
        "http://weixin.qq.com/q/"
    )
    scene["action_info"] = {"scene": {"scene_str": "益" * 65}}
    assert sandbox.post("/mp/cgi-bin/qrcode/create", scene, **access)["errcode"] == 40053
    button = {"type": "click", "name": "我的上报", "key": "我的上报"}
    assert sandbox.post("/mp/cgi-bin/menu/create", {"button": [button]}, **access)["errcode"] == 0
    four = {"button": [button] * 4}
    assert sandbox.post("/mp/cgi-bin/menu/create", four, **access)["errcode"] == 40016
    assert sandbox.get("/sandbox-api/state")["menu"] == [button]
