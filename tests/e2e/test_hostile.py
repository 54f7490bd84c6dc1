"""Input that no honest platform sends, over the real HTTP route: the status of each, and what is recorded."""

from __future__ import annotations

import base64
import json
import random
import secrets
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from sqlalchemy import select

from store.tables import inbox
from tests.fleet import STREETS, Fleet
from tests.fleet.wire import Sealed, Via, Wire

SIZE_CAP = 256 * 1024
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)

Make = Callable[[Wire], Sealed]
Post = Callable[[Wire], requests.Response]


@pytest.fixture(params=["aibot", "app"])
def wire(request: pytest.FixtureRequest, shared_fleet: Fleet) -> Wire:
    via: Via = request.param
    return shared_fleet.wire(via)


@pytest.fixture
def nothing_recorded(shared_fleet: Fleet) -> Iterator[None]:
    """The test leaves no trace in the inbox."""
    before = shared_fleet.records.last_inbox_id()
    yield
    assert shared_fleet.records.last_inbox_id() == before


def outcomes(fleet: Fleet, since: int) -> list[str]:
    """Outcomes of what was recorded since, as soon as all of it is handled."""

    def handled() -> list[str] | None:
        rows = fleet.records.inbox_since(since)
        return [row.outcome for row in rows] if all(row.state == "done" for row in rows) else None

    return fleet.wait_for(handled, what="all are handled")


# --- not authentic: one same 403 -------------------------------------------------------------------------


def at(seconds: float) -> Make:
    """Signed at another time."""
    return lambda wire: wire.signed(wire.cipher.encrypt(wire.text("hello")), at=time.time() + seconds)


def encrypted(text: str) -> Make:
    """Something else in the place of the encrypted text, but signed."""
    return lambda wire: wire.signed(text)


def body(content: bytes) -> Make:
    """An honest query with another body."""
    return lambda wire: wire.sealed(wire.text("hello")).with_body(content)


def repeated(wire: Wire) -> Sealed:
    """A parameter given twice."""
    sealed = wire.sealed(wire.text("hello"))
    return sealed.with_query(timestamp=[sealed.query["timestamp"]] * 2)  # type: ignore[arg-type]


def cut_short(wire: Wire) -> Sealed:
    whole = base64.b64decode(wire.cipher.encrypt(wire.text("hello")))
    return wire.signed(base64.b64encode(whole[:-7]).decode())


def too_long_a_length(wire: Wire) -> Sealed:
    raw = b"r" * 16 + b"\xff\xff\xff\xff" + b"hello"
    return wire.signed(base64.b64encode(wire.cipher.encrypt_bytes(raw)).decode())


def not_utf8(wire: Wire) -> Sealed:
    raw = b"r" * 16 + (3).to_bytes(4, "big") + b"\xff\xfe\xfd" + wire.cipher.receiveid.encode()
    return wire.signed(base64.b64encode(wire.cipher.encrypt_bytes(raw)).decode())


REFUSED: dict[str, Make] = {
    "a wrong signature": lambda wire: wire.sealed(wire.text("hello")).with_query(msg_signature="0" * 40),
    "a signature in other letters": lambda wire: wire.sealed(wire.text("hello")).with_query(
        msg_signature="签" * 40
    ),
    "no signature": lambda wire: wire.sealed(wire.text("hello")).with_query(msg_signature=""),
    "another nonce than was signed": lambda wire: wire.sealed(wire.text("hello")).with_query(nonce="1"),
    "too old": at(-310),
    "from the future": at(310),
    "a timestamp that is none": lambda wire: wire.sealed(wire.text("hello")).with_query(timestamp="１２３"),
    "a parameter given twice": repeated,
    "another receiver": lambda wire: wire.sealed(wire.text("hello"), receiveid="wwSomebodyElse"),
    "padding of zero": lambda wire: wire.with_padding(wire.text("hello"), b"\0"),
    "padding over 32": lambda wire: wire.with_padding(wire.text("hello"), b"\x21" * 33),
    "padding that differs": lambda wire: wire.with_padding(wire.text("hello"), b"\x02\x03\x03"),
    "no whole blocks": cut_short,
    "a length beyond the end": too_long_a_length,
    "not UTF-8 inside": not_utf8,
    "nothing encrypted": encrypted(""),
    "not base64": encrypted("!!!!"),
    "an empty body": body(b""),
    "neither JSON nor XML": body(b"\x00\xff\x00"),
    "a list": body(b"[]"),
    "a number to decrypt": body(b'{"encrypt": 5}'),
    "nesting without end": body(b"[" * 100_000),
    "an entity bomb": body(f"{BOMB}<xml><Encrypt>&c;</Encrypt></xml>".encode()),
    "two texts to decrypt": body(b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>"),
}


@pytest.mark.usefixtures("nothing_recorded")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_authentic_is_refused_without_a_word(wire: Wire, name: str) -> None:
    answer = wire.post(REFUSED[name](wire))
    assert (answer.status_code, answer.text) == (403, "forbidden")


def test_a_nonce_with_another_payload_is_refused_and_with_the_same_one_taken_once(
    wire: Wire, shared_fleet: Fleet
) -> None:
    since, nonce = shared_fleet.records.last_inbox_id(), secrets.token_hex(8)
    plain = wire.text("今天天气真不错啊")
    first = wire.signed(wire.cipher.encrypt(plain), nonce)
    again = wire.signed(wire.cipher.encrypt(plain), nonce)
    other = wire.signed(wire.cipher.encrypt(wire.text("28号门口电动车乱停")), nonce)
    assert first.body != again.body
    statuses = [wire.post(sealed).status_code for sealed in (first, first, again, other, first)]
    assert statuses == [200, 200, 200, 403, 200]
    assert len(outcomes(shared_fleet, since)) == 1


@pytest.mark.parametrize("seconds", [-290, 290])
def test_clocks_may_differ_by_five_minutes(wire: Wire, seconds: int) -> None:
    assert wire.post(at(seconds)(wire)).status_code == 200


@pytest.mark.usefixtures("nothing_recorded")
@pytest.mark.parametrize("size", [SIZE_CAP + 1, 1024 * 1024])
def test_a_body_over_the_cap_is_not_even_read(wire: Wire, size: int) -> None:
    sealed = wire.sealed(wire.text("hello"))
    assert wire.post(sealed.with_body(b"x" * size)).status_code == 413
    assert wire.post(sealed.with_body(wire.envelope("A" * size))).status_code == 413


@pytest.mark.usefixtures("nothing_recorded")
def test_a_body_of_untold_length_over_the_cap_is_refused(wire: Wire) -> None:
    sealed = wire.sealed(wire.text("hello"))
    chunks = (b"x" * 65_536 for _ in range(16))
    assert wire.post(sealed, data=chunks).status_code in {403, 413}


# --- authentic, but strange inside: 200 and a named outcome -------------------------------------------------

STRANGE_JSON: dict[str, tuple[str, str]] = {
    "not JSON": ("{'msgid': oops", "ignored:malformed:not json"),
    "nothing": ("", "ignored:malformed:not json"),
    "a list": ("[1, 2]", "ignored:malformed:not an object"),
    "nesting without end": ("[" * 50_000, "ignored:malformed:json nested too deep"),
    "nobody": (json.dumps({"msgtype": "text", "msgid": "1"}), "ignored:malformed:missing from"),
    "a name that is none": (json.dumps({"from": {"userid": 7}}), "ignored:malformed:userid is no text"),
}
STRANGE_XML: dict[str, tuple[str, str]] = {
    "not XML": ("<xml><oops", "ignored:malformed:not the platform's xml"),
    "nothing": ("", "ignored:malformed:not the platform's xml"),
    "an entity bomb inside": (f"{BOMB}<xml><Content>&c;</Content></xml>", "ignored:malformed:doctype"),
    "nobody": ("<xml><MsgType>text</MsgType></xml>", "ignored:malformed:missing FromUserName"),
}


STRANGE_FIELDS: dict[str, tuple[dict[str, object], str]] = {
    "an unknown type": ({"msgtype": "hologram"}, "ignored:unknown_type:hologram"),
    "a file": ({"msgtype": "file", "file": {"url": "x"}}, "ignored:unsupported:file"),
    "an event": ({"msgtype": "event", "event": {"eventtype": "enter_chat"}}, "ignored:event:enter_chat"),
    "an unknown event": ({"msgtype": "event", "event": {"eventtype": "quake"}}, "ignored:event:quake"),
    "text that is none": ({"text": {"content": ["a"]}}, "ignored:malformed:content is no text"),
    "no kind of chat": ({"chattype": "séance"}, "ignored:malformed:chattype séance"),
    "an id beyond measure": ({"from": {"userid": "u" * 5000}}, "ignored:malformed:userid too long"),
}
"""Honest messages of the robot with one strange field."""


@pytest.mark.parametrize("name", STRANGE_JSON)
def test_the_robot_records_what_is_malformed(shared_fleet: Fleet, name: str) -> None:
    plain, outcome = STRANGE_JSON[name]
    _is_recorded(shared_fleet, shared_fleet.wire("aibot"), plain, outcome)


@pytest.mark.parametrize("name", STRANGE_FIELDS)
def test_the_robot_records_what_is_strange(shared_fleet: Fleet, name: str) -> None:
    fields, outcome = STRANGE_FIELDS[name]
    wire = shared_fleet.wire("aibot")
    _is_recorded(shared_fleet, wire, wire.text("hello", **fields), outcome)


@pytest.mark.parametrize("name", STRANGE_XML)
def test_the_app_records_what_is_malformed(shared_fleet: Fleet, name: str) -> None:
    plain, outcome = STRANGE_XML[name]
    _is_recorded(shared_fleet, shared_fleet.wire("app"), plain, outcome)


def test_the_app_records_an_unknown_type(shared_fleet: Fleet) -> None:
    wire = shared_fleet.wire("app")
    plain = wire.text("hello").replace("<MsgType>text", "<MsgType>hologram")
    _is_recorded(shared_fleet, wire, plain, "ignored:unknown_type:hologram")


def _is_recorded(fleet: Fleet, wire: Wire, plain: str, outcome: str) -> None:
    since, place = fleet.records.last_inbox_id(), fleet.town.last()
    answer = wire.post(plain)
    assert (answer.status_code, answer.content) == (200, b"")
    assert outcomes(fleet, since) == [outcome[:40]]
    assert fleet.pushed(place) == []


def test_lone_surrogates_and_nul_are_replaced_before_they_are_stored(shared_fleet: Fleet) -> None:
    wire, street = shared_fleet.wire("aibot"), STREETS["ermalu"]
    since, before = shared_fleet.records.last_inbox_id(), shared_fleet.records.last_number()
    sender = {"userid": street.shop()}
    plain = wire.text("28号门口电动车\ud83d乱停\0把路\udc00堵死了", **{"from": sender})
    assert "\\ud83d" in plain
    assert wire.post(plain).status_code == 200
    assert outcomes(shared_fleet, since) == ["reported"]
    (issue,) = shared_fleet.records.issues_since(before)
    assert issue.text == "28号门口电动车\ufffd乱停\ufffd把路\ufffd堵死了"


def test_nul_in_the_apps_words_costs_no_error(shared_fleet: Fleet) -> None:
    wire, since = shared_fleet.wire("app"), shared_fleet.records.last_inbox_id()
    assert wire.post(wire.text("28号门口\0电动车乱停把路堵死了")).status_code == 200
    assert len(outcomes(shared_fleet, since)) == 1


def test_an_answer_goes_to_the_platform_alone(shared_fleet: Fleet) -> None:
    """A response_url of any other host is not called; the answer goes by webhook instead."""
    wire, street = shared_fleet.wire("aibot"), STREETS["ermalu"]
    place = shared_fleet.town.last()
    fields = {
        "chattype": "group",
        "chatid": street.group,
        "from": {"userid": street.shop(1)},
        "response_url": "http://169.254.169.254/latest/meta-data",
    }
    assert wire.post(wire.text("@路管家 12号门口电动车乱停把路堵死了", **fields)).status_code == 200
    (answer,) = shared_fleet.wait_for(lambda: shared_fleet.pushed(place, street.group), what="the answer")
    assert answer["sender"] == "push"
    assert "已受理" in answer["text"]
    assert "169.254" not in shared_fleet.daemons["worker"].log.read_text("utf-8")


def test_the_content_type_does_not_matter(wire: Wire, shared_fleet: Fleet) -> None:
    since = shared_fleet.records.last_inbox_id()
    types = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "nonsense"]
    for content_type in types:
        sealed = wire.sealed(wire.text("今天天气真不错啊"))
        answer = wire.post(sealed, headers={"Content-Type": content_type})
        assert answer.status_code == 200, content_type
    assert len(outcomes(shared_fleet, since)) == len(types)


# --- the rest of the surface ----------------------------------------------------------------------------


def test_the_platforms_check_gets_the_bare_plaintext(wire: Wire, shared_fleet: Fleet) -> None:
    for plain in ("1616140317555161061", "带中文 与+/= <&> \n 的明文"):
        echo = wire.cipher.encrypt(plain)
        answer = wire.verify(echo, wire.signed(echo).query)
        assert (answer.status_code, answer.content) == (200, plain.encode())
    assert shared_fleet.town.post("verify", {"via": wire.via})["ok"]


def test_a_wrong_check_is_refused(wire: Wire) -> None:
    echo = wire.cipher.encrypt("5")
    honest = wire.signed(echo).query
    for query in ({}, {**honest, "msg_signature": "0" * 40}, {**honest, "timestamp": "1"}):
        assert (wire.verify(echo, query).status_code, wire.verify(echo, query).text) == (403, "forbidden")
    alien = wire.cipher.encrypt("5", "wwSomebodyElse")
    assert wire.verify(alien, wire.signed(alien).query).status_code == 403


def test_other_routes_and_methods_are_closed(shared_fleet: Fleet) -> None:
    assert shared_fleet.http("POST", "/callback/telegram").status_code == 404
    assert shared_fleet.http("PUT", "/callback/aibot").status_code == 405
    assert shared_fleet.http("GET", "/callback").status_code == 404
    assert shared_fleet.http("GET", "/healthz").text == "ok"
    assert shared_fleet.http("GET", "/readyz").status_code == 200
    assert shared_fleet.http("GET", "/metrics").status_code == 200
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert shared_fleet.http("GET", "/sandbox/roster", headers=forwarded).status_code == 403


def test_no_input_whatsoever_is_a_500(wire: Wire, shared_fleet: Fleet) -> None:
    dice = random.Random(20261124)
    honest = wire.sealed(wire.text("今天天气真不错啊"))
    seen = set()
    for _ in range(150):
        noisy = bytearray(honest.body)
        for _ in range(dice.randint(1, 8)):
            noisy[dice.randrange(len(noisy))] = dice.randrange(256)
        query = dict(honest.query)
        if dice.random() < 0.3:
            query[dice.choice(list(query))] = "".join(chr(dice.randrange(1, 0x2FF)) for _ in range(12))
        seen.add(wire.post(Sealed(query, bytes(noisy))).status_code)
    assert seen <= {200, 403}
    assert "request failed" not in shared_fleet.daemons["web"].log.read_text("utf-8")


def test_whatever_an_authentic_payload_holds_is_taken_and_handled(wire: Wire, shared_fleet: Fleet) -> None:
    since, dice = shared_fleet.records.last_inbox_id(), random.Random(20261125)
    for _ in range(100):
        noisy = list(wire.text("28号门口电动车乱停把路堵死了"))
        for _ in range(dice.randint(1, 6)):
            noisy[dice.randrange(len(noisy))] = dice.choice('"{}[]<>&\\\0\u202e界0😀')
        assert wire.post("".join(noisy)).status_code == 200
    assert all(outcomes(shared_fleet, since))
    assert shared_fleet.records.count(select(inbox.c.id).where(inbox.c.state == "parked")) == 0
