"""What is not authentic is refused, by every channel, with one exception type and nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aibot.callback import AibotCallback
from bot.app_channel.callback import AppCallback
from bot.channel import Callback, Query
from bot.mp.callback import MpCallback
from domain.clock import MachineTime
from domain.errors import CallbackRefused
from tests.contract.channels.sealing import (
    AES_KEY,
    AIBOT,
    AIBOT_SEAL,
    API,
    APP,
    APP_SEAL,
    MP,
    MP_SEAL,
    NOW,
    Seal,
    json_body,
    pad,
    xml_body,
)


@dataclass(frozen=True)
class Channel:
    callback: Callback
    seal: Seal
    body: Callable[[str], bytes]
    payload: str

    def refused(self, query: Query, body: bytes, now: MachineTime = NOW) -> str:
        with pytest.raises(CallbackRefused) as caught:
            self.callback.receive(query, body, now)
        return caught.value.reason

    def refused_seal(self, seal: Seal, encrypted: str | None = None) -> str:
        sealed = encrypted or seal.encrypt(self.payload)
        return self.refused(seal.query(sealed), self.body(sealed))


ROBOT_CHANNEL = Channel(AibotCallback(AIBOT, ("路管家",), API), AIBOT_SEAL, json_body, '{"msgtype":"x"}')
APP_CHANNEL = Channel(AppCallback(APP), APP_SEAL, xml_body, "<xml><MsgType>text</MsgType></xml>")
MP_CHANNEL = Channel(MpCallback(MP), MP_SEAL, xml_body, "<xml><MsgType>text</MsgType></xml>")


@pytest.fixture(params=[ROBOT_CHANNEL, APP_CHANNEL, MP_CHANNEL], ids=["aibot", "app", "mp"])
def channel(request: pytest.FixtureRequest) -> Channel:
    chosen: Channel = request.param
    return chosen


def test_the_right_seal_is_taken(channel: Channel) -> None:
    sealed = channel.seal.encrypt(channel.payload)
    envelope = channel.callback.receive(channel.seal.query(sealed), channel.body(sealed), NOW).envelope
    assert (envelope.payload, envelope.nonce) == (channel.payload, "nonce-1")
    again = channel.seal.encrypt(channel.payload)
    other = channel.callback.receive(channel.seal.query(again), channel.body(again), NOW).envelope
    assert again != sealed
    assert other.payload_hash == envelope.payload_hash


def test_wrong_signature(channel: Channel) -> None:
    sealed = channel.seal.encrypt(channel.payload)
    query = {**channel.seal.query(sealed), "msg_signature": ["0" * 40]}
    assert channel.refused(query, channel.body(sealed)) == "wrong signature"
    assert channel.refused_seal(channel.seal.but(token="stolen")) != ""
    assert channel.refused({**query, "msg_signature": ["é\ud800"]}, channel.body(sealed)) == "wrong signature"


def test_another_body_under_a_good_signature(channel: Channel) -> None:
    sealed = channel.seal.encrypt(channel.payload)
    query = channel.seal.query(sealed)
    assert channel.refused(query, channel.body(channel.seal.encrypt("{}"))) == "wrong signature"


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**9])
def test_stale_and_future(channel: Channel, seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert channel.refused_seal(channel.seal.but(timestamp=stamp)) == "timestamp outside the window"


@pytest.mark.parametrize("seconds", [-299, 299])
def test_inside_the_window(channel: Channel, seconds: int) -> None:
    seal = channel.seal.but(timestamp=str(int((NOW + timedelta(seconds=seconds)).timestamp())))
    sealed = seal.encrypt(channel.payload)
    assert channel.callback.receive(seal.query(sealed), channel.body(sealed), NOW).envelope.nonce == "nonce-1"


@pytest.mark.parametrize(
    "stamp", ["", "-1", "1_795_424_400", "１７９５４２４４００", "1e9", "nan", "9" * 400]
)
def test_timestamps_that_are_none(channel: Channel, stamp: str) -> None:
    assert channel.refused_seal(channel.seal.but(timestamp=stamp)).startswith(
        ("timestamp", "query parameter")
    )


@pytest.mark.parametrize("nonce", ["n" * 129, "a\nb", "a\0b", "随机"])
def test_nonces_that_could_not_be_kept(channel: Channel, nonce: str) -> None:
    assert channel.refused_seal(channel.seal.but(nonce=nonce)) == "nonce is not a short printable text"


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
@pytest.mark.parametrize("how", ["missing", "empty", "twice"])
def test_parameters_missing_or_repeated(channel: Channel, name: str, how: str) -> None:
    sealed = channel.seal.encrypt(channel.payload)
    query = channel.seal.query(sealed)
    if how == "missing":
        del query[name]
    else:
        query[name] = [""] if how == "empty" else query[name] * 2
    assert channel.refused(query, channel.body(sealed)).startswith(f"query parameter {name}")


def test_wrong_receiver(channel: Channel) -> None:
    for receiver in ("wwother", "", "wwcorp", "wwcorp1"):
        if receiver != channel.seal.receiver:
            assert channel.refused_seal(channel.seal.but(receiver=receiver)) == "wrong receiver id"


def test_another_key(channel: Channel) -> None:
    other = channel.seal.but(key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
    assert channel.refused_seal(other) != ""


def plain(channel: Channel, length: int | None = None) -> bytes:
    message = channel.payload.encode()
    size = len(message) if length is None else length
    return os.urandom(16) + size.to_bytes(4, "big") + message + channel.seal.receiver.encode()


@pytest.mark.parametrize("padding", [0, 33, 255])
def test_impossible_padding(channel: Channel, padding: int) -> None:
    content = plain(channel)
    raw = content + bytes([padding]) * (32 - len(content) % 32)
    assert channel.refused_seal(channel.seal, channel.seal.encrypt_raw(raw)) == "cannot decrypt: bad padding"


def test_inconsistent_padding(channel: Channel) -> None:
    content = plain(channel) + b"x" * 40
    content = content[: len(content) // 32 * 32 - 8]
    raw = content + b"\1" * 7 + b"\x08"
    assert channel.refused_seal(channel.seal, channel.seal.encrypt_raw(raw)) == "cannot decrypt: bad padding"


@pytest.mark.parametrize("length", [2**32 - 1, 2**31, 500])
def test_length_beyond_the_content(channel: Channel, length: int) -> None:
    sealed = channel.seal.encrypt_raw(pad(plain(channel, length)))
    assert channel.refused_seal(channel.seal, sealed) == "length field exceeds the content"


def test_content_too_short_for_a_head(channel: Channel) -> None:
    sealed = channel.seal.encrypt_raw(pad(b"short"))
    assert channel.refused_seal(channel.seal, sealed) == "length field exceeds the content"


@pytest.mark.parametrize("sealed", ["A", "AAAA", "!!!!", "AAAAAAAAAAAAAAAAAAAAAA==", "====", "é" * 24])
def test_no_cipher_text(channel: Channel, sealed: str) -> None:
    assert channel.refused_seal(channel.seal, sealed) != ""


def test_a_payload_that_is_not_utf8(channel: Channel) -> None:
    assert channel.refused_seal(channel.seal, channel.seal.encrypt(b"\xff\xfe")) == "payload is not UTF-8"


DEEP = b"[" * 100_000
ROBOT_BODIES = [
    b"",
    b"null",
    b"[]",
    b'"encrypt"',
    b"{}",
    b'{"encrypt": 1}',
    b'{"encrypt": NaN}',
    b'{"encrypt": null}',
    b'{"encrypt": ["A"]}',
    b'{"encrypt": {"a": 1}}',
    b'{"encrypt": ' + b"9" * 5000 + b"}",
    b'{"encrypt": "' + b"\\ud800" + b'"}',
    b'{"encrypt": ' + DEEP + b"}",
    DEEP,
    b"\xff\xfe\x00",
    b"<xml><Encrypt>A</Encrypt></xml>",
]


@pytest.mark.parametrize("body", ROBOT_BODIES, ids=lambda body: repr(body[:24]))
def test_robot_bodies_that_are_none(body: bytes) -> None:
    assert ROBOT_CHANNEL.refused(AIBOT_SEAL.query("A"), body) != ""


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<xml><Encrypt>&b;</Encrypt></xml>"""
APP_BODIES = {
    b"": "body is not the platform's XML",
    b"{}": "body is not the platform's XML",
    b"<xml></xml>": "not exactly one Encrypt element",
    b"<xml><Encrypt>A</Encrypt><Encrypt>A</Encrypt></xml>": "not exactly one Encrypt element",
    b"<xml></Encrypt>A<Encrypt></xml>": "wrong signature",
    b"<xml><Encrypt>A</Encrypt>": "body is not the platform's XML",
    b"<xml><Encrypt>\xe8\xb7\xaf</Encrypt></xml>": "Encrypt is not base64",
    BOMB: "document type declared in the body",
    BOMB.replace(b"DOCTYPE", b"doctype"): "document type declared in the body",
}


@pytest.mark.parametrize(("body", "reason"), APP_BODIES.items(), ids=lambda value: repr(value[:24]))
def test_app_bodies_that_are_none(body: bytes, reason: str) -> None:
    assert APP_CHANNEL.refused(APP_SEAL.query("A"), body) == reason


@pytest.mark.parametrize("channel", [ROBOT_CHANNEL, APP_CHANNEL], ids=["aibot", "app"])
def test_the_address_check_refuses_the_same(channel: Channel) -> None:
    """The 公众号 signs its check otherwise, see test_mp_messages."""
    echo = channel.seal.encrypt("12345")
    query = {**channel.seal.query(echo), "echostr": [echo]}
    assert channel.callback.verify(query, NOW) == "12345"
    wrong: list[Query] = [
        {**query, "msg_signature": ["0" * 40]},
        {**query, "echostr": []},
        {**query, "echostr": [echo, echo]},
        {**query, "echostr": [echo.replace("+", " ") + " "]},
    ]
    for bad in wrong:
        with pytest.raises(CallbackRefused):
            channel.callback.verify(bad, NOW)
    with pytest.raises(CallbackRefused):
        channel.callback.verify(query, MachineTime(NOW + timedelta(minutes=6)))


@given(st.binary(max_size=300), st.dictionaries(st.sampled_from(["timestamp", "nonce"]), st.lists(st.text())))
def test_no_input_raises_anything_else(body: bytes, extra: dict[str, list[str]]) -> None:
    for channel in (ROBOT_CHANNEL, APP_CHANNEL, MP_CHANNEL):
        query = {**channel.seal.query("A"), **extra}
        assert channel.refused(query, body) != ""


@given(st.binary(min_size=0, max_size=400))
def test_no_plaintext_raises_anything_else(content: bytes) -> None:
    raw = content + b"\0" * (-len(content) % 16)
    for channel in (ROBOT_CHANNEL, APP_CHANNEL, MP_CHANNEL):
        sealed = channel.seal.encrypt_raw(raw)
        try:
            channel.callback.receive(channel.seal.query(sealed), channel.body(sealed), NOW)
        except CallbackRefused:
            continue


def test_signature_is_checked_before_anything_is_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> bytes:
        raise AssertionError("decrypted an unsigned body")

    callback = AibotCallback(AIBOT, (), API)
    monkeypatch.setattr("bot.security.FileCipher.decrypt", explode)
    sealed = AIBOT_SEAL.encrypt(json.dumps({}))
    with pytest.raises(CallbackRefused):
        callback.receive(AIBOT_SEAL.but(token="x").query(sealed), json_body(sealed), NOW)
    assert len(AES_KEY) == 43
