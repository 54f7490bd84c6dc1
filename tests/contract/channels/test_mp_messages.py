"""The 公众号's XML, in safe mode and in the open, and the messages it becomes."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Query
from bot.mp.callback import MpCallback
from domain.errors import CallbackRefused
from domain.messages import ButtonClick, Chat, IncomingMessage, Location, MessageKind
from tests.contract.channels.sealing import MP, MP_SEAL, NOW, xml_body

SAFE = MpCallback(MP)
PLAIN = MpCallback(replace(MP, aes_key=""))
FRAME = {
    "ToUserName": "gh_office",
    "FromUserName": "oWujin-1_Ab",
    "CreateTime": "1795424400",
    "MsgId": "23456789012345678",
}


def xml(**fields: str | None) -> str:
    whole = {**FRAME, **fields}
    return f"<xml>{''.join(f'<{k}><![CDATA[{v}]]></{k}>' for k, v in whole.items() if v is not None)}</xml>"


def plain_query(nonce: str = "nonce-1", token: str = MP.token) -> dict[str, list[str]]:
    stamp = MP_SEAL.timestamp
    signed = "".join(sorted([token, stamp, nonce])).encode()
    signature = hashlib.sha1(signed, usedforsecurity=False).hexdigest()
    return {"signature": [signature], "timestamp": [stamp], "nonce": [nonce], "openid": ["oWujin-1_Ab"]}


def read(**fields: str | None) -> IncomingMessage:
    """The same message by either mode."""
    payload = xml(**fields)
    sealed = MP_SEAL.encrypt(payload)
    query = {**plain_query(), **MP_SEAL.query(sealed), "encrypt_type": ["aes"]}
    safe = SAFE.receive(query, xml_body(sealed), NOW).message
    assert PLAIN.receive(plain_query(), payload.encode(), NOW).message == safe
    assert IncomingMessage.from_json(safe.to_json()) == safe
    return safe


def test_a_text() -> None:
    assert read(MsgType="text", Content=" 28号门口又堵了 ") == IncomingMessage(
        channel="mp",
        dedupe_key="mp:gh_office:23456789012345678",
        chat=Chat("single", "mp:oWujin-1_Ab"),
        sender="mp:oWujin-1_Ab",
        kind="text",
        text="28号门口又堵了",
    )


def test_picture_voice_and_place() -> None:
    picture = read(MsgType="image", PicUrl="http://mmbiz.qpic.cn/1", MediaId="M-1")
    assert (picture.kind, picture.pictures) == ("image", ("http://mmbiz.qpic.cn/1 media:M-1",))
    voice = read(MsgType="voice", MediaId="m", Format="amr", Recognition="有人摆摊")
    assert (voice.kind, voice.text) == ("voice", "有人摆摊")
    place = read(MsgType="location", Location_X="34.75", Location_Y="113.65", Label="益民路28号")
    assert (place.kind, place.location) == ("location", Location(34.75, 113.65, "益民路28号"))


@pytest.mark.parametrize(
    ("event", "key", "kind", "scene"),
    [
        ("subscribe", None, "follow", ""),
        ("subscribe", "", "follow", ""),
        ("subscribe", "qrscene_益民路", "follow", "益民路"),
        ("SCAN", "益民路", "scan", "益民路"),
        ("unsubscribe", "", "unfollow", ""),
    ],
)
def test_coming_and_going(event: str, key: str | None, kind: MessageKind, scene: str) -> None:
    message = read(MsgType="event", MsgId=None, Event=event, EventKey=key, Ticket="T")
    assert (message.kind, message.text, message.detail) == (kind, scene, "")
    assert message.dedupe_key.startswith("mp#")


def test_taps_are_buttons() -> None:
    menu = read(MsgType="event", MsgId=None, Event="CLICK", EventKey="我的上报")
    assert (menu.kind, menu.button) == ("button", ButtonClick("我的上报", "", ""))
    line = read(MsgType="text", Content="满意 12", bizmsgmenuid="1")
    assert (line.kind, line.button, line.text) == ("button", ButtonClick("满意 12", "", ""), "")
    assert line.dedupe_key == "mp:gh_office:23456789012345678"


def test_other_events_of_one_second_are_told_apart() -> None:
    sent = [read(MsgType="event", MsgId=None, Event="TEMPLATESENDJOBFINISH", MsgID=str(n)) for n in (1, 2)]
    assert [each.detail for each in sent] == ["event:templatesendjobfinish"] * 2
    assert len({each.dedupe_key for each in sent}) == 2


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"MsgType": "text", "Content": "x", "FromUserName": None}, "malformed:missing FromUserName"),
        ({"MsgType": "text", "Content": "x", "FromUserName": "o" * 65}, "malformed:FromUserName too long"),
        ({"MsgType": "text", "Content": None}, "malformed:missing Content"),
        ({"MsgType": None, "Content": "x"}, "malformed:missing MsgType"),
        ({"MsgType": "location", "Location_X": "91", "Location_Y": "0"}, "malformed:Location_X out of range"),
        ({"MsgType": "shortvideo", "MediaId": "m"}, "unsupported:shortvideo"),
        ({"MsgType": "hologram"}, "unknown_type:hologram"),
    ],
)
def test_authentic_nonsense_has_a_named_outcome(fields: dict[str, str | None], detail: str) -> None:
    message = read(**fields)
    assert (message.kind, message.detail) == ("unknown", detail)


# --- the address itself -------------------------------------------------------------------------------------


def test_the_echo_comes_back_as_it_is_in_either_mode() -> None:
    for callback in (SAFE, PLAIN):
        assert callback.verify({**plain_query(), "echostr": ["5927+48/=X"]}, NOW) == "5927+48/=X"
        wrongs: list[Query] = [{"signature": ["0" * 40]}, {"echostr": []}, {"timestamp": ["1"]}]
        for wrong in wrongs:
            with pytest.raises(CallbackRefused):
                callback.verify({**plain_query(), "echostr": ["59274"], **wrong}, NOW)


def refused(callback: MpCallback, query: Query, body: bytes) -> str:
    with pytest.raises(CallbackRefused) as caught:
        callback.receive(query, body, NOW)
    return caught.value.reason


def test_where_a_key_is_configured_nothing_plain_is_taken() -> None:
    body = xml(MsgType="text", Content="x").encode()
    assert refused(SAFE, plain_query(), body) == "not exactly one Encrypt element"
    sealed = xml_body(MP_SEAL.encrypt("<xml></xml>"))
    assert refused(SAFE, plain_query(), sealed) == "query parameter msg_signature: 0 values"


def test_both_forms_at_once_count_as_encrypted() -> None:
    """兼容模式: what stands beside the encrypted part is signed by nobody."""
    sealed = MP_SEAL.encrypt(xml(MsgType="text", Content="真的"))
    open_part = xml(MsgType="text", Content="假的").removesuffix("</xml>")
    body = f"{open_part}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
    message = SAFE.receive({**plain_query(), **MP_SEAL.query(sealed)}, body, NOW).message
    assert message.text == "真的"


def test_a_message_for_another_account_is_refused() -> None:
    seal = replace(MP_SEAL, receiver="wxother")
    sealed = seal.encrypt(xml(MsgType="text", Content="x"))
    assert refused(SAFE, seal.query(sealed), xml_body(sealed)) == "wrong receiver id"


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"\xff\xfe", b"<xml>", b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', b"{}"],
)
def test_bodies_that_are_none(body: bytes) -> None:
    assert refused(PLAIN, plain_query(), body)


def test_a_wrong_signature_in_the_open() -> None:
    assert refused(PLAIN, plain_query(token="stolen"), xml(MsgType="text").encode()) == "wrong signature"


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda inside: f"<xml>{inside}</xml>".encode("utf-8", "replace"))
)
def test_no_body_raises_anything_else(body: bytes) -> None:
    """Refused, or a message with a named outcome."""
    try:
        message = PLAIN.receive(plain_query(), body, NOW).message
    except CallbackRefused:
        return
    assert IncomingMessage.from_json(message.to_json()) == message
    assert message.kind != "unknown" or message.detail
