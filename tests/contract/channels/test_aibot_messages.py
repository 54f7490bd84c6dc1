"""The robot's payloads and the messages they become; authentic nonsense has a named outcome."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aibot.callback import AibotCallback
from bot.channel import Received
from domain.messages import ButtonClick, Chat, IncomingMessage, Location, Quote
from tests.contract.channels.sealing import AIBOT, AIBOT_SEAL, API, NOW, json_body

CALLBACK = AibotCallback(AIBOT, ("路管家", "路管家 小助手"), API)
REPLY = f"{API}/cgi-bin/aibot/response?response_code=abc"
FRAME: dict[str, Any] = {
    "msgid": "m1",
    "aibotid": "b1",
    "chatid": "c1",
    "chattype": "group",
    "from": {"userid": "u1"},
    "response_url": REPLY,
}


def received(payload: str) -> Received:
    sealed = AIBOT_SEAL.encrypt(payload)
    return CALLBACK.receive(AIBOT_SEAL.query(sealed), json_body(sealed), NOW)


def read(**body: Any) -> IncomingMessage:
    """The message of a payload with these fields changed; ``None`` leaves a field out."""
    payload = {name: value for name, value in {**FRAME, **body}.items() if value is not None}
    message = received(json.dumps(payload)).message
    assert IncomingMessage.from_json(message.to_json()) == message
    message.to_json().encode()  # storable
    return message


def text(content: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}}


def picture(address: str) -> dict[str, Any]:
    return {"msgtype": "image", "image": {"url": address}}


def test_a_group_text() -> None:
    message = read(**text("@路管家\u2005益民路12号井盖坏了"))
    assert message == IncomingMessage(
        channel="aibot",
        dedupe_key="aibot:b1:m1",
        chat=Chat("group", "c1"),
        sender="u1",
        kind="text",
        text="益民路12号井盖坏了",
        reply_to=REPLY,
    )


def test_a_single_chat_is_named_by_its_person() -> None:
    message = read(chattype="single", chatid=None, **text("待办"))
    assert message.chat == Chat("single", "u1")
    assert message.chat_key == "aibot:u1"


def test_a_mixed_message() -> None:
    items = [text("@路管家 看这里"), picture("https://a/1"), text("还有"), picture("https://a/2")]
    message = read(msgtype="mixed", mixed={"msg_item": items})
    assert (message.kind, message.text) == ("mixed", "看这里\n还有")
    assert message.pictures == ("https://a/1", "https://a/2")


def test_too_many_pictures_are_left_out() -> None:
    items = [picture(f"https://a/{number}") for number in range(5000)]
    assert len(read(msgtype="mixed", mixed={"msg_item": items}).pictures) == 20


def test_a_lone_picture_voice_and_place() -> None:
    assert read(**picture("https://a/1")).pictures == ("https://a/1",)
    voice = read(msgtype="voice", voice={"content": "垃圾没人收"})
    assert (voice.kind, voice.text) == ("voice", "垃圾没人收")
    place = read(msgtype="location", location={"latitude": 31.2, "longitude": "121.5", "name": "益民路"})
    assert (place.kind, place.location) == ("location", Location(31.2, 121.5, "益民路"))


QUOTES: list[tuple[object, Quote | None]] = [
    (text("#12 待认领"), Quote("#12 待认领")),
    (picture("https://a/1"), Quote("", ("https://a/1",))),
    ({"msgtype": "voice", "voice": {"content": "听不清"}}, Quote("听不清")),
    (
        {"msgtype": "mixed", "mixed": {"msg_item": [text("看"), picture("https://a/1")]}},
        Quote("看", ("https://a/1",)),
    ),
    ({"msgtype": "file", "file": {"url": "https://a/f"}}, Quote()),
    ({"msgtype": "text", "text": 5}, Quote()),
    ({"msgtype": ["text"]}, Quote()),
    ({}, Quote()),
    ("quoted", None),
]


@pytest.mark.parametrize(("quote", "expected"), QUOTES, ids=lambda value: repr(value)[:40])
def test_quotes(quote: object, expected: Quote | None) -> None:
    message = read(**text("@路管家 收到"), quote=quote)
    assert (message.text, message.quote) == ("收到", expected)


def test_long_text_is_kept_whole() -> None:
    assert read(**text("长" * 40_000)).text == "长" * 40_000


def test_surrogates_and_nul_are_replaced() -> None:
    message = received(json.dumps({**FRAME, **text("a\ud800b\udfffc\0d😀")})).message
    assert message.text == "a\ufffdb\ufffdc\ufffdd😀"
    raw = received(json.dumps({**FRAME, **text("x")}).replace('"x"', '"a\0b"'))
    assert (raw.message.text, raw.envelope.payload.count("\0")) == ("a\ufffdb", 0)


REPLIES = {
    REPLY: True,
    "https://QYAPI.weixin.qq.com:443/cgi-bin/aibot/response": True,
    "http://qyapi.weixin.qq.com/cgi-bin/aibot/response": False,
    "https://qyapi.weixin.qq.com:8443/x": False,
    "https://qyapi.weixin.qq.com.evil.com/x": False,
    "https://evil.com/?https://qyapi.weixin.qq.com/": False,
    "https://qyapi.weixin.qq.com@evil.com/x": False,
    "https://evil.com\\@qyapi.weixin.qq.com/x": False,
    "https://evil.com#@qyapi.weixin.qq.com/": False,
    "https://qyapi.weixin.qq.com\t.evil.com/": False,
    " https://qyapi.weixin.qq.com/": False,
    "//qyapi.weixin.qq.com/x": False,
    "https:qyapi.weixin.qq.com/x": False,
    "file:///etc/passwd": False,
    "https://[::1/x": False,
    "https://qyapi.weixin.qq.com:99999/x": False,
    "https://ｑｙapi.weixin.qq.com/": False,
    "http://127.0.0.1:6379/": False,
    "": False,
    REPLY + "x" * 5000: False,
}


@pytest.mark.parametrize(("address", "kept"), REPLIES.items(), ids=lambda value: repr(value)[:60])
def test_only_the_platforms_own_answer_address_is_kept(address: str, kept: bool) -> None:
    assert read(**text("x"), response_url=address).reply_to == (address if kept else None)


def test_an_answer_address_that_is_no_text() -> None:
    for address in (5, ["https://qyapi.weixin.qq.com/"], {"a": 1}, None):
        assert read(**text("x"), response_url=address).reply_to is None


def test_a_stand_in_on_this_machine_may_speak_http() -> None:
    callback = AibotCallback(AIBOT, (), "http://127.0.0.1:9000")
    for address, kept in [("http://127.0.0.1:9000/r", True), ("http://127.0.0.1:9001/r", False)]:
        sealed = AIBOT_SEAL.encrypt(json.dumps({**FRAME, **text("x"), "response_url": address}))
        message = callback.receive(AIBOT_SEAL.query(sealed), json_body(sealed), NOW).message
        assert message.reply_to == (address if kept else None)


def test_events_are_told_apart_by_their_payload() -> None:
    event = {"eventtype": "enter_chat", "enter_chat": {}}
    first = read(msgtype="event", event=event, create_time=1700000000)
    second = read(msgtype="event", event=event, create_time=1700000001)
    assert (first.kind, first.detail) == ("event", "event:enter_chat")
    assert first.dedupe_key.startswith("aibot#")
    assert first.dedupe_key != second.dedupe_key
    assert read(msgtype="event", event={"eventtype": "feedback_event"}).detail == "event:feedback_event"


def test_a_button_press() -> None:
    press = {"card_type": "button_interaction", "event_key": "认领:12", "task_id": "t-1"}
    message = read(msgtype="event", event={"eventtype": "template_card_event", "template_card_event": press})
    assert (message.kind, message.button) == ("button", ButtonClick("认领:12", "t-1", ""))
    assert (message.reply_to, message.detail) == (REPLY, "")


OUTCOMES: list[tuple[dict[str, Any], str]] = [
    ({"msgtype": "foo"}, "unknown_type:foo"),
    ({"msgtype": "foo\n\ud800" + "x" * 500}, "unknown_type:foo?\ufffd" + "x" * 59),
    ({"msgtype": "file", "file": {"url": "https://a/f"}}, "unsupported:file"),
    ({"msgtype": "video", "video": {"url": "https://a/v"}}, "unsupported:video"),
    ({"msgtype": None}, "malformed:missing msgtype"),
    ({"msgtype": 5}, "malformed:msgtype is no text"),
    ({"from": None, **text("x")}, "malformed:missing from"),
    ({"from": "u1", **text("x")}, "malformed:from is no object"),
    ({"from": {"userid": 5}, **text("x")}, "malformed:userid is no text"),
    ({"from": {"userid": ""}, **text("x")}, "malformed:missing userid"),
    ({"from": {"userid": "u" * 129}, **text("x")}, "malformed:userid too long"),
    ({"from": {"userid": "a\nb"}, **text("x")}, "malformed:userid not printable"),
    ({"chatid": None, **text("x")}, "malformed:missing chatid"),
    ({"chatid": 7, **text("x")}, "malformed:chatid is no text"),
    ({"chattype": "channel", **text("x")}, "malformed:chattype channel"),
    ({"chattype": None, **text("x")}, "malformed:missing chattype"),
    ({"msgid": None, **text("x")}, "malformed:missing msgid"),
    ({"msgid": "m" * 257, **text("x")}, "malformed:msgid too long"),
    ({"aibotid": None, **text("x")}, "malformed:missing aibotid"),
    ({"msgtype": "text"}, "malformed:missing text"),
    ({"msgtype": "text", "text": "x"}, "malformed:text is no object"),
    ({"msgtype": "text", "text": {}}, "malformed:missing content"),
    ({"msgtype": "text", "text": {"content": ["x"]}}, "malformed:content is no text"),
    ({"msgtype": "mixed", "mixed": {}}, "malformed:missing msg_item"),
    ({"msgtype": "mixed", "mixed": {"msg_item": [5]}}, "malformed:msg_item is no object"),
    ({"msgtype": "image", "image": {"url": "h" * 4097}}, "malformed:url too long"),
    (
        {"msgtype": "location", "location": {"latitude": True, "longitude": 1}},
        "malformed:latitude is no number",
    ),
    (
        {"msgtype": "location", "location": {"latitude": 91, "longitude": 1}},
        "malformed:latitude out of range",
    ),
    (
        {"msgtype": "location", "location": {"latitude": "nan", "longitude": 1}},
        "malformed:latitude out of range",
    ),
    (
        {"msgtype": "location", "location": {"latitude": 10**400, "longitude": 1}},
        "malformed:latitude is no number",
    ),
    ({"msgtype": "event"}, "malformed:missing event"),
    ({"msgtype": "event", "event": {}}, "malformed:missing eventtype"),
    (
        {"msgtype": "event", "event": {"eventtype": "template_card_event"}},
        "malformed:missing template_card_event",
    ),
]


@pytest.mark.parametrize(("body", "outcome"), OUTCOMES, ids=[outcome[:48] for _, outcome in OUTCOMES])
def test_authentic_nonsense_has_a_named_outcome(body: dict[str, Any], outcome: str) -> None:
    message = read(**body)
    assert (message.kind, message.detail) == ("unknown", outcome)


DOCUMENTS = {
    "": "malformed:not json",
    "not json": "malformed:not json",
    '{"a":': "malformed:not json",
    "[]": "malformed:not an object",
    "null": "malformed:not an object",
    "NaN": "malformed:not an object",
    '{"a": ' + "9" * 5000 + "}": "malformed:not json",
    "[" * 60_000: "malformed:json nested too deep",
    '{"a":' * 60_000: "malformed:json nested too deep",
    json.dumps({**FRAME, "msgtype": "text", "text": {"content": "x"}, "from": [[[[{}]]]]}): (
        "malformed:from is no object"
    ),
    json.dumps({**FRAME, "msgtype": "x", "deep": None}).replace(
        "null", "[" * 50 + "]" * 50
    ): "unknown_type:x",
}


@pytest.mark.parametrize(("document", "outcome"), DOCUMENTS.items(), ids=lambda value: value[:30])
def test_documents_that_are_none(document: str, outcome: str) -> None:
    result = received(document)
    assert (result.message.kind, result.ignored) == ("unknown", outcome)
    assert result.message.dedupe_key == f"aibot#{result.envelope.payload_hash.hex()}"


def test_what_is_known_of_a_malformed_message_is_kept() -> None:
    message = read(msgtype="text", text=None)
    assert (message.chat, message.sender, message.reply_to) == (Chat("group", "c1"), "u1", REPLY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=4), children, max_size=3)
    ),
    max_leaves=8,
)
TYPES = st.sampled_from(["text", "mixed", "image", "voice", "location", "event", "video", "quote", "?"])


@given(
    st.dictionaries(st.sampled_from([*FRAME, "msgtype", "text", "mixed", "quote", "event"]), JSON),
    TYPES,
    JSON,
)
def test_no_document_raises(changes: dict[str, Any], msgtype: str, body: object) -> None:
    read(**{"msgtype": msgtype, msgtype: body, **changes})
