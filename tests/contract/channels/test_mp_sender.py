"""What goes out to a follower, and what each refusal of the 公众号 means for the message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access_token import TokenManager
from bot.http_client import Bounds
from bot.mp.client import MpIssuer
from bot.mp.notice_sender import NoticeSender, fitted
from bot.mp.sender import MpSender
from bot.platform_api import PlatformApi
from bot.token_client import TokenClient
from config import TemplateSettings
from domain.clock import MachineTime
from domain.errors import NotBeforeNextWord, SendError
from domain.outgoing import Attachment, Button, Delivery
from tests.contract.channels.sealing import MP
from tests.contract.channels.stand_in import Asked, Reply, StandIn, says

NOTIFY = "/cgi-bin/message/subscribe/bizsend"
SEND = "/cgi-bin/message/custom/send"
TOKEN = "/cgi-bin/stable_token"
WORD = Delivery("mp", "oWujin", "#12 已受理:停车秩序", "o1")


def sender(platform: StandIn, media: Path = Path()) -> MpSender:
    platform.answers.setdefault(TOKEN, Reply(b'{"access_token":"t-1","expires_in":7200}'))
    platform.answers.setdefault(SEND, says(0))
    api = PlatformApi(platform.base, Bounds(connect=1, read=1, total=2), terse=True)
    tokens = TokenManager(MpIssuer(MP, api), None, lambda: MachineTime(datetime.now(UTC)))
    return MpSender(TokenClient(api, tokens), media)


def test_a_text(platform: StandIn) -> None:
    sender(platform).send(WORD)
    token, sent = platform.asked
    assert token.document == {
        "grant_type": "client_credential",
        "appid": "wxapp1",
        "secret": "mp-secret",
        "force_refresh": False,
    }
    assert (sent.path, sent.query) == (SEND, {"access_token": "t-1"})
    assert sent.document == {
        "touser": "oWujin",
        "msgtype": "text",
        "text": {"content": "#12 已受理:停车秩序"},
    }


def test_buttons_are_lines_to_tap_that_say_what_they_mean(platform: StandIn) -> None:
    buttons = (Button("好了", "满意 12"), Button("没好", "不满意 12"))
    sender(platform).send(replace(WORD, buttons=buttons))
    document = platform.asked[-1].document
    assert document["msgtype"] == "msgmenu"
    assert document["msgmenu"] == {
        "head_content": "#12 已受理:停车秩序",
        "list": [{"id": "1", "content": "满意 12"}, {"id": "2", "content": "不满意 12"}],
        "tail_content": "",
    }


def test_a_picture_is_uploaded_once_however_often_it_is_tried(platform: StandIn, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"\x89PNG-picture")
    platform.answers["/cgi-bin/media/upload"] = Reply(b'{"type":"image","media_id":"M-1","created_at":1}')
    way = sender(platform, tmp_path)
    for _ in range(2):
        way.send(replace(WORD, attachment=Attachment("image", "p.png", "日报.png")))
    uploads = [asked for asked in platform.asked if asked.path.endswith("upload")]
    assert len(uploads) == 1
    assert platform.asked[-1].document["image"] == {"media_id": "M-1"}


def failed(platform: StandIn, code: int) -> SendError:
    platform.answers[SEND] = says(code, "refused")
    with pytest.raises(SendError) as caught:
        sender(platform).send(WORD)
    return caught.value


@pytest.mark.parametrize("code", [45015, 45047])
def test_a_closed_window_waits_for_the_next_word(platform: StandIn, code: int) -> None:
    error = failed(platform, code)
    assert isinstance(error, NotBeforeNextWord)
    assert (error.permanent, error.code) == (False, code)


@pytest.mark.parametrize(
    ("code", "permanent"),
    [(43004, True), (40003, True), (48001, True), (45002, True), (45009, False), (-1, False), (40001, False)],
)
def test_what_trying_again_can_cure(platform: StandIn, code: int, permanent: bool) -> None:
    error = failed(platform, code)
    assert (error.permanent, error.code, isinstance(error, NotBeforeNextWord)) == (permanent, code, False)


def test_a_refused_token_is_forced_anew_only_if_the_platform_insists_on_it(platform: StandIn) -> None:
    """Another program may have renewed it meanwhile: then the plain question is enough."""

    def issue(asked: Asked) -> Reply:
        return says(0, access_token="t-2" if asked.document["force_refresh"] else "t-1", expires_in=7200)

    def take(asked: Asked) -> Reply:
        return says(0 if asked.query["access_token"] == "t-2" else 42001)

    platform.answers |= {TOKEN: issue, SEND: take}
    sender(platform).send(WORD)
    asked = [(each.path, each.document.get("force_refresh")) for each in platform.asked]
    assert asked == [(TOKEN, False), (SEND, None), (TOKEN, False), (TOKEN, True), (SEND, None)]


# --- 订阅通知 --------------------------------------------------------------------------------

TEMPLATE = TemplateSettings(
    "T-1",
    (
        ("character_string1", "编号"),
        ("phrase2", "状态"),
        ("thing3", "说明"),
        ("time4", "时间"),
        ("thing5", "路段"),
    ),
)
NEWS = """编号:12
状态:待您确认
路段:益民路
类别:停车秩序
说明:停车秩序·非机动车乱停放 处理人说弄好了,已附处理后照片1张
时间:2026年11月23日 10:00"""


def test_a_notice_fills_the_template_with_what_its_keywords_take(platform: StandIn) -> None:
    platform.answers[NOTIFY] = says(0)
    client = sender(platform)._client
    NoticeSender(client, TEMPLATE).send(Delivery("mp_notice", "oWujin", NEWS, "o2"))
    assert platform.asked[-1].document == {
        "touser": "oWujin",
        "template_id": "T-1",
        "data": {
            "character_string1": {"value": "12"},
            "phrase2": {"value": "待您确认"},
            "thing3": {"value": "停车秩序·非机动车乱停放 处理人说弄好…"},
            "time4": {"value": "2026年11月23日 10:00"},
            "thing5": {"value": "益民路"},
        },
    }


@pytest.mark.parametrize(
    ("keyword", "value", "filled"),
    [
        ("phrase2", "已处理待确认!", "已处理待确"),
        ("number1", "#12", "12"),
        ("date3", "2026年11月23日 10:00", "2026年11月23日"),
        ("character_string1", "益民路", "无"),
        ("thing9", "", "无"),
        ("short_thing1", "停车秩序管理", "停车秩序…"),
    ],
)
def test_values_are_cut_to_their_keyword(keyword: str, value: str, filled: str) -> None:
    assert fitted(keyword, value) == filled


@pytest.mark.parametrize("code", [43101, 40037, 47003])
def test_a_notice_nobody_wants_or_that_does_not_fit_is_final(platform: StandIn, code: int) -> None:
    platform.answers[NOTIFY] = says(code)
    with pytest.raises(SendError) as caught:
        NoticeSender(sender(platform)._client, TEMPLATE).send(Delivery("mp_notice", "o", NEWS, "o2"))
    assert (caught.value.permanent, caught.value.code) == (True, code)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"oops"])
def test_an_answer_that_says_nothing_is_no_success(platform: StandIn, body: bytes) -> None:
    platform.answers[SEND] = Reply(body)
    with pytest.raises(SendError) as caught:
        sender(platform).send(WORD)
    assert (caught.value.permanent, caught.value.uncertain) == (False, True)


def test_a_wrong_secret_is_told_as_such(platform: StandIn) -> None:
    platform.answers[TOKEN] = says(40125, "invalid appsecret mp-secret")
    with pytest.raises(SendError) as caught:
        sender(platform).send(WORD)
    assert "WECHAT_MP_SECRET" in caught.value.reason
    assert caught.value.permanent
