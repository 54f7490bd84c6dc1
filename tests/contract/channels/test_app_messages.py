"""The app's XML and the messages it becomes; authentic nonsense has a named outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app_channel.callback import AppCallback
from bot.channel import Received
from domain.messages import ButtonClick, Chat, IncomingMessage, Location
from tests.contract.channels.sealing import APP, APP_SEAL, NOW, xml_body

CALLBACK = AppCallback(APP)
FRAME = {
    "ToUserName": "wwcorp",
    "FromUserName": "chief1",
    "CreateTime": "1348831860",
    "MsgId": "4561255354251345929",
    "AgentID": "1000002",
}


def received(payload: str) -> Received:
    sealed = APP_SEAL.encrypt(payload)
    return CALLBACK.receive(APP_SEAL.query(sealed), xml_body(sealed), NOW)


def xml(**fields: str) -> str:
    elements = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{elements}</xml>"


def read(**fields: str | None) -> IncomingMessage:
    given_fields = {name: value for name, value in {**FRAME, **fields}.items() if value is not None}
    message = received(xml(**given_fields)).message
    assert IncomingMessage.from_json(message.to_json()) == message
    return message


def test_a_text() -> None:
    assert read(MsgType="text", Content=" 收到 12 ") == IncomingMessage(
        channel="app_channel",
        dedupe_key="app_channel:1000002:4561255354251345929",
        chat=Chat("single", "chief1"),
        sender="chief1",
        kind="text",
        text="收到 12",
    )


def test_pictures_keep_both_references() -> None:
    both = read(MsgType="image", PicUrl="https://p.qpic.cn/1", MediaId="MEDIA-1")
    assert (both.kind, both.pictures) == ("image", ("https://p.qpic.cn/1 media:MEDIA-1",))
    assert read(MsgType="image", MediaId="MEDIA-1").pictures == ("media:MEDIA-1",)
    assert read(MsgType="image", PicUrl="https://p.qpic.cn/1").pictures == ("https://p.qpic.cn/1",)


def test_voice_with_and_without_transcript() -> None:
    assert read(MsgType="voice", MediaId="m", Recognition="有人摆摊").text == "有人摆摊"
    silent = read(MsgType="voice", MediaId="m")
    assert (silent.kind, silent.text) == ("voice", "")


def test_a_place_and_a_link() -> None:
    place = read(MsgType="location", Location_X="23.134", Location_Y="113.358", Label="益民路 12 号")
    assert (place.kind, place.location) == ("location", Location(23.134, 113.358, "益民路 12 号"))
    link = read(MsgType="link", Title="标题", Description="", Url="https://a/b")
    assert (link.kind, link.text) == ("text", "标题\nhttps://a/b")


def test_a_button_press() -> None:
    fields = {"Event": "template_card_event", "EventKey": "认领:12", "TaskId": "t-1", "ResponseCode": "rc"}
    message = read(MsgType="event", MsgId=None, **fields)
    assert (message.kind, message.button) == ("button", ButtonClick("认领:12", "t-1", "rc"))
    assert message.dedupe_key.startswith("app_channel#")


def test_two_presses_in_one_second_are_two() -> None:
    presses = [
        read(MsgType="event", MsgId=None, Event="template_card_event", EventKey=key, TaskId="t-1")
        for key in ("认领:12", "退回:12")
    ]
    assert presses[0].dedupe_key != presses[1].dedupe_key


@pytest.mark.parametrize(
    "event", ["subscribe", "unsubscribe", "enter_agent", "click", "LOCATION", "unheard_of"]
)
def test_other_events_are_named(event: str) -> None:
    message = read(MsgType="event", MsgId=None, Event=event, EventKey="")
    assert (message.kind, message.detail) == ("event", f"event:{event}")


OUTCOMES: list[tuple[dict[str, str | None], str]] = [
    ({"MsgType": "video", "MediaId": "m"}, "unsupported:video"),
    ({"MsgType": "shortvideo", "MediaId": "m"}, "unsupported:shortvideo"),
    ({"MsgType": "foo"}, "unknown_type:foo"),
    ({}, "malformed:missing MsgType"),
    ({"MsgType": "text"}, "malformed:missing Content"),
    ({"MsgType": "text", "Content": "x", "FromUserName": None}, "malformed:missing FromUserName"),
    ({"MsgType": "text", "Content": "x", "FromUserName": "u" * 129}, "malformed:FromUserName too long"),
    ({"MsgType": "text", "Content": "x", "MsgId": None}, "malformed:missing MsgId"),
    ({"MsgType": "image"}, "malformed:missing PicUrl"),
    ({"MsgType": "location", "Location_X": "x", "Location_Y": "1"}, "malformed:Location_X is no number"),
    ({"MsgType": "location", "Location_X": "1"}, "malformed:Location_Y is no number"),
    ({"MsgType": "location", "Location_X": "inf", "Location_Y": "1"}, "malformed:Location_X out of range"),
    ({"MsgType": "event"}, "malformed:missing Event"),
    ({"MsgType": "event", "Event": "template_card_event"}, "malformed:missing EventKey"),
]


@pytest.mark.parametrize(("fields", "outcome"), OUTCOMES, ids=[outcome for _, outcome in OUTCOMES])
def test_authentic_nonsense_has_a_named_outcome(fields: dict[str, str | None], outcome: str) -> None:
    message = read(**fields)
    assert (message.kind, message.detail) == ("unknown", outcome)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'
DOCUMENTS = {
    BOMB: "malformed:doctype",
    BOMB.replace("DOCTYPE", "doctype"): "malformed:doctype",
    "": "malformed:not the platform's xml",
    "{}": "malformed:not the platform's xml",
    "<xml>": "malformed:not the platform's xml",
    "<xml/>": "malformed:not the platform's xml",
    "<xml>text</xml>": "malformed:not the platform's xml",
    "<a/>": "malformed:missing xml",
    "<xml><MsgType>text</MsgType><MsgType>text</MsgType></xml>": "malformed:not the platform's xml",
    "<xml><MsgType><a>text</a></MsgType></xml>": "malformed:not the platform's xml",
    "<xml><MsgType>&undefined;</MsgType></xml>": "malformed:not the platform's xml",
    "<xml>"
    + "<a>" * 20_000
    + "</a>" * 20_000
    + "<MsgType>x</MsgType></xml>": "malformed:missing FromUserName",
    xml(FromUserName="u", MsgType="text", MsgId="1") + "x": "malformed:not the platform's xml",
    xml(FromUserName="u", MsgType="text", MsgId="1").replace("</xml>", "<Content><b/></Content></xml>"): (
        "malformed:Content is no text"
    ),
    "<xml><MsgType>text</MsgType><FromUserName>u</FromUserName><FromUserName>v</FromUserName></xml>": (
        "malformed:FromUserName is no text"
    ),
}


@pytest.mark.parametrize(("document", "outcome"), DOCUMENTS.items(), ids=lambda value: value[:36])
def test_documents_that_are_none(document: str, outcome: str) -> None:
    result = received(document)
    assert (result.message.kind, result.ignored) == ("unknown", outcome)
    assert result.message.dedupe_key == f"app_channel#{result.envelope.payload_hash.hex()}"


@given(st.text(max_size=200))
def test_no_document_raises(text: str) -> None:
    received(text.encode("utf-8", "replace").decode())


@given(st.sampled_from(["text", "image", "event", "location", "voice", "link"]), st.text(max_size=40))
def test_no_field_raises(kind: str, content: str) -> None:
    escaped = content.replace("&", "&amp;").replace("<", "&lt;").encode("utf-8", "replace").decode()
    fields = "".join(f"<{name}>{escaped}</{name}>" for name in ("Content", "Event", "PicUrl", "Location_X"))
    received(f"<xml><FromUserName>u</FromUserName><MsgId>1</MsgId><MsgType>{kind}</MsgType>{fields}</xml>")


def test_the_robots_name_typed_out_of_habit_is_stripped() -> None:
    sealed = APP_SEAL.encrypt(xml(**FRAME, MsgType="text", Content="@路管家 收到 12"))
    named = AppCallback(APP, ["路管家"])
    assert named.receive(APP_SEAL.query(sealed), xml_body(sealed), NOW).message.text == "收到 12"
