"""The three ways out against a stand-in that answers as wecom.md says the platform does."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from bot.access_token import TokenManager
from bot.aibot.sender import ReplySender
from bot.app_channel.client import AppClient, AppIssuer
from bot.app_channel.sender import AppSender
from bot.http_client import Bounds
from bot.platform_api import PlatformApi
from bot.webhook_push.sender import WebhookSender
from domain.clock import MachineTime
from domain.errors import SendError
from domain.outgoing import Button, Delivery, Sender
from tests.contract.channels.sealing import APP
from tests.contract.channels.stand_in import Reply, StandIn, says

MEDIA = Path("nowhere")
SECRET = "s3cr3t-value/+="
QUICK = Bounds(connect=0.5, read=0.3, total=0.6, size=10_000)


@dataclass
class Way:
    """One sender, a delivery for it, and where its call arrives."""

    sender: Sender
    delivery: Delivery
    path: str


def reply_way(platform: StandIn) -> Way:
    target = f"{platform.base}/cgi-bin/aibot/response?response_code={SECRET}"
    return Way(
        ReplySender(PlatformApi(platform.base, QUICK)),
        Delivery("reply", target, "**#12** 已登记", "1"),
        "/cgi-bin/aibot/response",
    )


def webhook_way(platform: StandIn) -> Way:
    sender = WebhookSender(PlatformApi(platform.base, QUICK), {"chat-1": SECRET}.get, MEDIA)
    delivery = Delivery("webhook", "chat-1", "#12 请认领", "2", mentions=("chief1", "@all", ""))
    return Way(sender, delivery, "/cgi-bin/webhook/send")


def app_way(platform: StandIn) -> Way:
    platform.answers["/cgi-bin/gettoken"] = says(0, access_token=SECRET, expires_in=7200)
    api = PlatformApi(platform.base, QUICK)
    tokens = TokenManager(
        AppIssuer(replace(APP, secret=SECRET), api), None, lambda: MachineTime(datetime.now(UTC))
    )
    sender = AppSender(AppClient(api, tokens, APP.agent_id), MEDIA)
    return Way(sender, Delivery("app", "Chief1", "#12 请认领", "outbox-3"), "/cgi-bin/message/send")


WAYS: dict[str, Callable[[StandIn], Way]] = {"reply": reply_way, "webhook": webhook_way, "app": app_way}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, platform: StandIn) -> Way:
    return WAYS[request.param](platform)


def failed(way: Way, delivery: Delivery | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        way.sender.send(delivery or way.delivery)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert SECRET not in shown
    return caught.value


def test_reply(platform: StandIn) -> None:
    way = reply_way(platform)
    platform.answers[way.path] = says(0)
    way.sender.send(way.delivery)
    [asked] = platform.asked
    assert (asked.method, asked.query) == ("POST", {"response_code": SECRET.replace("+", " ")})
    assert asked.document == {"msgtype": "markdown", "markdown": {"content": "**#12** 已登记"}}
    assert b"\\u" not in asked.raw


def test_webhook(platform: StandIn) -> None:
    way = webhook_way(platform)
    platform.answers[way.path] = says(0)
    way.sender.send(way.delivery)
    [asked] = platform.asked
    assert asked.query == {"key": SECRET}
    assert asked.document == {
        "msgtype": "text",
        "text": {"content": "#12 请认领", "mentioned_list": ["chief1"]},
    }


def test_app_text(platform: StandIn) -> None:
    way = app_way(platform)
    platform.answers[way.path] = says(0, invaliduser="")
    way.sender.send(way.delivery)
    asked = platform.asked[-1]
    assert asked.query == {"access_token": SECRET}
    assert asked.document == {
        "touser": "Chief1",
        "agentid": APP.agent_id,
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 600,
        "msgtype": "text",
        "text": {"content": "#12 请认领"},
    }


def test_app_card(platform: StandIn) -> None:
    way = app_way(platform)
    platform.answers[way.path] = says(0)
    buttons = (Button("认领", "认领:12"), Button("退回", "退回:12"))
    way.sender.send(replace(way.delivery, text="#12 新问题\n益民路12号\n截止 11-23 18:00", buttons=buttons))
    document = platform.asked[-1].document
    assert document["msgtype"] == "template_card"
    assert document["template_card"] == {
        "card_type": "button_interaction",
        "main_title": {"title": "#12 新问题"},
        "sub_title_text": "益民路12号\n截止 11-23 18:00",
        "task_id": "outbox-3",
        "button_list": [{"text": "认领", "key": "认领:12"}, {"text": "退回", "key": "退回:12"}],
    }


def test_a_pressed_card_is_updated(platform: StandIn) -> None:
    way = app_way(platform)
    assert isinstance(way.sender, AppSender)
    platform.answers["/cgi-bin/message/update_template_card"] = says(0)
    way.sender.update_card("rc-1", "已认领", "chief1")
    assert platform.asked[-1].document == {
        "userids": ["chief1"],
        "agentid": APP.agent_id,
        "response_code": "rc-1",
        "button": {"replace_name": "已认领"},
    }
    platform.answers["/cgi-bin/message/update_template_card"] = says(40029, "response_code used")
    with pytest.raises(SendError) as caught:
        way.sender.update_card("rc-1", "已认领", "chief1")
    assert caught.value.permanent


@pytest.mark.parametrize("code", [40058, 44004, 93000, 93004, 93008, 60020, 81013, 301002, 40008, 99999])
def test_final_codes(way: Way, platform: StandIn, code: int) -> None:
    platform.answers[way.path] = says(code, f"refused {SECRET}\n")
    error = failed(way)
    assert (error.permanent, error.code, error.uncertain, error.retry_after) == (True, code, False, None)


@pytest.mark.parametrize(("code", "wait"), [(-1, None), (45009, 60), (45033, 5), (45047, 60), (6000, None)])
def test_passing_codes(way: Way, platform: StandIn, code: int, wait: float | None) -> None:
    platform.answers[way.path] = says(code, "busy")
    error = failed(way)
    assert (error.permanent, error.code, error.uncertain, error.retry_after) == (False, code, False, wait)


STATUSES = [
    (500, False, False),
    (502, False, True),
    (503, False, False),
    (504, False, True),
    (429, False, False),
    (408, False, False),
    (301, False, False),
    (403, True, False),
    (404, True, False),
]


@pytest.mark.parametrize(("status", "permanent", "uncertain"), STATUSES)
def test_http_errors(way: Way, platform: StandIn, status: int, permanent: bool, uncertain: bool) -> None:
    platform.answers[way.path] = Reply(b"{}", status, {"Location": "http://127.0.0.1:1/"})
    error = failed(way)
    assert (error.permanent, error.uncertain, error.code) == (permanent, uncertain, status)


UNREADABLE = [
    b"",
    b"<html>login</html>",
    b"[]",
    b"null",
    b'{"errmsg": "ok"}',
    b'{"errcode": "0"}',
    b'{"errcode": true}',
    b'{"errcode": 0',
    b"[" * 9_000,
    b"\xff\xfe",
    b" " * 20_000,
]


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: repr(body[:16]))
def test_an_unreadable_answer_is_uncertain(way: Way, platform: StandIn, body: bytes) -> None:
    platform.answers[way.path] = Reply(body)
    error = failed(way)
    assert (error.permanent, error.uncertain) == (False, True)


def drop(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def hang(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(2)
    handler.connection.recv(1)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    try:
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.connection.settimeout(0.1)
            try:
                handler.connection.recv(1)
            except TimeoutError:
                continue
    except OSError:
        return


def break_off(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"errcode": 0}')


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\x01\x02 not http\r\n\r\n")


def squeezed(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")


@pytest.mark.parametrize("act", [drop, hang, drip, break_off, nonsense, squeezed])
def test_a_lost_answer_is_uncertain(
    way: Way, platform: StandIn, act: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    platform.answers[way.path] = Reply(act=act)
    error = failed(way)
    assert (error.permanent, error.uncertain) == (False, True)


def test_nobody_there_is_certain() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        sender = WebhookSender(PlatformApi(base, QUICK), lambda _: SECRET, MEDIA)
        with pytest.raises(SendError) as caught:
            sender.send(Delivery("webhook", "chat-1", "text", "1"))
    assert (caught.value.permanent, caught.value.uncertain) == (False, False)
    assert caught.value.reason == "cannot connect"


def test_length_is_checked_before_the_call(way: Way, platform: StandIn) -> None:
    platform.answers[way.path] = says(0)
    most = way.sender.max_bytes
    way.sender.send(replace(way.delivery, text="路" * (most // 3)))
    calls = len(platform.asked)
    assert failed(way, replace(way.delivery, text="路" * (most // 3) + "管")).code == 40058
    assert failed(way, replace(way.delivery, text=" \n ")).code == 44004
    assert len(platform.asked) == calls


def test_lone_surrogates_do_not_stop_a_message(way: Way, platform: StandIn) -> None:
    platform.answers[way.path] = says(0)
    way.sender.send(replace(way.delivery, text="a\ud800b"))
    assert b"a?b" in platform.asked[-1].raw


def test_a_used_answer_address(platform: StandIn) -> None:
    way = reply_way(platform)
    platform.answers[way.path] = says(40029, "invalid response_code, response_code used")
    error = failed(way)
    assert (error.permanent, error.already_delivered, error.code) == (True, True, 40029)
    for words in ("response_code expired", "response_code unused"):
        platform.answers[way.path] = says(40029, words)
        assert (failed(way).permanent, failed(way).already_delivered) == (True, False)


@pytest.mark.parametrize("target", ["https://evil.com/x", "http://127.0.0.1:1/x", "file:///etc/passwd", ""])
def test_answers_go_nowhere_else(platform: StandIn, target: str) -> None:
    way = reply_way(platform)
    assert failed(way, replace(way.delivery, target=target)).permanent
    assert platform.asked == []


def test_a_group_without_key(platform: StandIn) -> None:
    way = webhook_way(platform)
    error = failed(way, replace(way.delivery, target="chat-2"))
    assert error.permanent
    assert error.reason.startswith("no push key")
    assert platform.asked == []


@pytest.mark.parametrize(
    "answer", [{"invaliduser": "chief1"}, {"invaliduser": "a|CHIEF1"}, {"unlicenseduser": "chief1"}]
)
def test_partial_success_is_a_failure(platform: StandIn, answer: dict[str, str]) -> None:
    way = app_way(platform)
    platform.answers[way.path] = says(0, **answer)
    error = failed(way)
    assert (error.permanent, error.code) == (True, 81013)


@pytest.mark.parametrize("target", ["@all", "a|b", ""])
def test_the_app_writes_to_one_person_only(platform: StandIn, target: str) -> None:
    way = app_way(platform)
    assert failed(way, replace(way.delivery, target=target)).permanent
    assert platform.asked == []


def test_a_repeated_card_was_delivered(platform: StandIn) -> None:
    way = app_way(platform)
    platform.answers[way.path] = says(42014, "taskid has existed")
    error = failed(way, replace(way.delivery, buttons=(Button("认领", "认领:12"),)))
    assert (error.permanent, error.already_delivered) == (True, True)


@pytest.mark.parametrize("code", [40014, 42001, 40001])
def test_a_refused_token_is_renewed_once(platform: StandIn, code: int) -> None:
    way = app_way(platform)
    platform.answers[way.path] = says(code, "token")
    assert failed(way).code == code
    assert platform.paths().count("/cgi-bin/gettoken") == 2
    assert platform.paths().count(way.path) == 2


def test_secrets_are_in_no_log(
    way: Way, platform: StandIn, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (says(0), says(93000), Reply(act=drop), Reply(act=nonsense), Reply(b"", 302)):
        platform.answers[way.path] = answer
        try:
            way.sender.send(way.delivery)
        except SendError:
            logging.getLogger("test").exception("delivery failed")
    assert SECRET not in caplog.text
    assert "%2B" not in caplog.text
    assert SECRET not in "".join(capfd.readouterr())
