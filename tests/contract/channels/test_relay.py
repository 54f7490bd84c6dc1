"""``/relay/messages`` and ``/relay/pictures``: batches of the archive, honest and otherwise."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from bot.fields import Malformed
from bot.mentions import MentionStripper
from bot.relay.parse import NotForUs, Ours, parse
from domain.clock import MachineTime
from domain.messages import IncomingMessage
from store.tables import inbox, media
from tests.contract.channels.signed import SECRET, Caller, caller

MESSAGES, PICTURES = "/relay/messages", "/relay/pictures"


@pytest.fixture
def poller(tmp_path: Path) -> Iterator[Caller]:
    made = caller(tmp_path, RELAY_SECRET=SECRET, RELAY_OWN_IDS="assistant", WECOM_PUSH_NAMES="路管家通知")
    yield made
    made.database.close()


def line(msgid: str = "m1", text: str = "28号门口堵了", **fields: Any) -> dict[str, Any]:
    """A text as the archive has it."""
    now = int(time.time() * 1000)
    head = {"msgid": msgid, "action": "send", "from": "zhang", "roomid": "wr-1", "msgtime": now}
    return {**head, "msgtype": "text", "text": {"content": text}, **fields}


def batch(*lines: dict[str, Any] | str) -> bytes:
    written = (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in lines)
    return "\n".join(written).encode()


def kept(poller: Caller) -> list[IncomingMessage]:
    """What is in the inbox, in the order in which it will be handled."""
    with poller.database.read() as connection:
        rows = connection.execute(select(inbox.c.document).order_by(inbox.c.id)).scalars()
        return [IncomingMessage.from_json(row) for row in rows]


def kept_one(poller: Caller, **fields: Any) -> IncomingMessage:
    assert poller.send("POST", MESSAGES, batch(line(**fields))).get_json()["accepted"] == ["m1"]
    return kept(poller)[0]


def test_a_channel_that_is_off_has_no_route(tmp_path: Path) -> None:
    off = caller(tmp_path)
    assert off.send("POST", MESSAGES, b"{}").status_code == 404
    off.database.close()


def test_a_line_becomes_one_message(poller: Caller) -> None:
    said = kept_one(poller, text="  28号门口堵了 ", seq=9)
    assert (said.channel, said.dedupe_key, said.sender) == ("relay", "relay:m1", "zhang")
    assert (said.chat.kind, said.chat.id, said.text, said.mentioned) == (
        "group",
        "wr-1",
        "28号门口堵了",
        False,
    )
    assert said.sent_at == pytest.approx(time.time(), abs=5)


@pytest.mark.parametrize("words", ["@路管家 待办", "待办 @路管家", "＠路管家\u2005待办"])
def test_a_mention_is_found_and_taken_out(poller: Caller, words: str) -> None:
    said = kept_one(poller, text=words)
    assert (said.mentioned, said.text) == (True, "待办")


@pytest.mark.parametrize(
    "quoting",
    [
        "这是一条引用/回复消息：\n“李姐：\n#12 已受理”\n------\n收到",
        'This is a quote/reply:\n"李姐：\n#12 已受理"\n------\n收到',
        "「李姐：#12 已受理」\n- - - - - - - - - - - - - - -\n收到",
    ],
)
def test_a_quote_is_not_the_word_of_who_quotes(poller: Caller, quoting: str) -> None:
    said = kept_one(poller, text=quoting)
    assert said.text == "收到"
    assert said.quote is not None
    assert "#12 已受理" in said.quote.text


def test_several_parts_are_one_message(poller: Caller) -> None:
    parts = [{"type": "text", "content": json.dumps({"content": "看"})}, {"type": "image", "content": "{}"}]
    said = kept_one(poller, msgtype="mixed", mixed={"item": parts}, pictures=["ab" * 32])
    assert (said.kind, said.text, said.pictures) == ("mixed", "看", ("ab" * 32,))
    with poller.database.read() as connection:
        assert connection.execute(select(media.c.channel, media.c.ref)).one() == ("relay", "ab" * 32)


def test_a_place_is_kept(poller: Caller) -> None:
    place = {"latitude": 34.7, "longitude": 113.6, "address": "益民路28号"}
    said = kept_one(poller, msgtype="location", location=place)
    assert said.location is not None
    assert said.location.label == "益民路28号"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"from": "wbRobot1"}, "robot"),
        ({"from": "assistant"}, "robot"),
        ({"sender_name": "路管家通知"}, "robot"),
        ({"sender_name": "路管家"}, "robot"),
        ({"roomid": ""}, "not_a_group"),
        ({"action": "recall", "msgtype": "revoke"}, "action:recall"),
        ({"msgtype": "voice"}, "msgtype:voice"),
        ({"msgtype": "image", "image": {"sdkfileid": "x"}}, "msgtype:image"),
        ({"msgtime": int((time.time() - 25 * 3600) * 1000)}, "too_old"),
    ],
)
def test_what_is_not_for_the_bot_is_named_and_not_kept(
    poller: Caller, fields: dict[str, Any], reason: str
) -> None:
    answer = poller.send("POST", MESSAGES, batch(line(**fields))).get_json()
    assert answer["ignored"] == [{"line": 1, "msgid": "m1", "reason": reason}]
    assert kept(poller) == []


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ("{", "not json"),
        ("[1]", "not an object"),
        ({"from": None}, "missing from"),
        ({"msgid": ""}, "missing msgid"),
        ({"msgid": "x" * 129}, "msgid too long"),
        ({"msgtime": "yesterday"}, "msgtime is no whole number"),
        ({"msgtime": True}, "msgtime is no whole number"),
        ({"msgtime": int((time.time() + 3600) * 1000)}, "msgtime lies in the future"),
        ({"text": {"content": 7}}, "content is no text"),
        ({"pictures": ["../../etc/passwd"]}, "pictures holds something else than references of uploads"),
        ({"pictures": ["ab" * 32] * 10}, "pictures is no list of at most 9"),
        ({"msgtype": "mixed", "mixed": {"item": 3}}, "mixed.item is no list"),
    ],
)
def test_a_line_that_is_wrong_concerns_itself_alone(
    poller: Caller, spoilt: dict[str, Any] | str, reason: str
) -> None:
    wrong = (
        spoilt
        if isinstance(spoilt, str)
        else line("bad", **{k: v for k, v in spoilt.items() if k != "msgid"})
    )
    if isinstance(spoilt, dict) and "msgid" in spoilt:
        wrong = line(**spoilt)
    answer = poller.send("POST", MESSAGES, batch(line("a"), wrong, line("b"))).get_json()
    assert answer["accepted"] == ["a", "b"]
    assert [(each["line"], each["reason"]) for each in answer["refused"]] == [(2, reason)]


def test_overlapping_batches_have_one_effect_each(poller: Caller) -> None:
    first = poller.send("POST", MESSAGES, batch(line("a"), line("b"))).get_json()
    second = poller.send("POST", MESSAGES, batch(line("b"), line("c"), line("c"))).get_json()
    assert (first["accepted"], first["known"]) == (["a", "b"], [])
    assert (second["accepted"], second["known"]) == (["c"], ["b", "c"])
    assert [said.dedupe_key for said in kept(poller)] == ["relay:a", "relay:b", "relay:c"]


def test_a_batch_is_taken_in_the_order_of_the_archive(poller: Caller) -> None:
    now = int(time.time() * 1000)
    poller.send("POST", MESSAGES, batch(line("third", seq=3), line("first", seq=1), line("second", seq=2)))
    poller.send("POST", MESSAGES, batch(line("later", msgtime=now), line("earlier", msgtime=now - 5000)))
    assert [said.dedupe_key.removeprefix("relay:") for said in kept(poller)] == [
        "first", "second", "third", "earlier", "later",
    ]  # fmt: skip


def test_the_same_batch_again_is_harmless_and_another_under_its_name_is_refused(poller: Caller) -> None:
    body = batch(line("a"))
    assert poller.send("POST", MESSAGES, body, nonce="batch-0001").status_code == 200
    again = poller.send("POST", MESSAGES, body, nonce="batch-0001")
    assert (again.status_code, again.get_json()["known"]) == (200, ["a"])
    assert poller.send("POST", MESSAGES, batch(line("b")), nonce="batch-0001").status_code == 403
    assert len(kept(poller)) == 1


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another-secret-of-16"},
        {"at": time.time() - 400},
        {"at": time.time() + 400},
        {"nonce": "short"},
        {"nonce": "x" * 65},
        {"signed": b"another body"},
        {"headers": {"X-Signature": ""}},
        {"headers": {"X-Timestamp": "now"}},
        {"headers": {"X-Timestamp": ""}},
        {"headers": {"X-Nonce": ""}},
    ],
)
@pytest.mark.parametrize("path", [MESSAGES, PICTURES])
def test_what_is_not_authentic_gets_one_same_answer(poller: Caller, how: dict[str, Any], path: str) -> None:
    answer = poller.send("POST", path, batch(line()), **how)
    assert (answer.status_code, answer.get_data(as_text=True)) == (403, "forbidden")
    assert kept(poller) == []


def test_a_signature_is_good_for_one_route_only(poller: Caller) -> None:
    body = batch(line())
    taken = poller.send("POST", MESSAGES, body, nonce="nonce-of-a-route")
    headers = dict(taken.request.headers)
    assert poller.client.post(PICTURES, data=body, headers=headers).status_code == 403


def test_ten_thousand_messages_in_one_batch_are_told_to_be_split(poller: Caller) -> None:
    for body in (b"{}\n" * 10_000, batch(*(line(f"m{number}") for number in range(10_000)))):
        answer = poller.send("POST", MESSAGES, body)
        assert answer.status_code == 413
        assert "请分批" in answer.get_json()["error"]
    assert kept(poller) == []


def test_a_thousand_short_messages_are_taken(poller: Caller) -> None:
    lines = (line(f"m{number}", "好") for number in range(1000))
    answer = poller.send("POST", MESSAGES, batch(*lines)).get_json()
    assert len(answer["accepted"]) == 1000


def test_an_empty_batch_is_nothing(poller: Caller) -> None:
    assert poller.send("POST", MESSAGES, b"\n\n").get_json() == {
        "accepted": [], "ignored": [], "known": [], "refused": [],
    }  # fmt: skip


def test_a_full_inbox_asks_for_the_same_batch_again(tmp_path: Path) -> None:
    small = caller(tmp_path, RELAY_SECRET=SECRET, INBOX_LIMIT="2")
    answer = small.send("POST", MESSAGES, batch(line("a"), line("b"), line("c")))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert [said.dedupe_key for said in kept(small)] == ["relay:a", "relay:b"]
    small.database.close()


def test_a_database_that_is_away_is_a_503(tmp_path: Path) -> None:
    away = caller(tmp_path, RELAY_SECRET=SECRET, migrated=False)
    assert away.send("POST", MESSAGES, batch(line("a"))).status_code == 503
    away.database.close()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_kept_until_a_message_names_it(poller: Caller, tmp_path: Path) -> None:
    answers = [poller.send("POST", PICTURES, picture()).get_json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert (tmp_path / "media" / "incoming" / answers[0]["picture"]).read_bytes() == picture()


def test_what_is_no_picture_is_refused(poller: Caller) -> None:
    assert poller.send("POST", PICTURES, b"GIF").status_code == 422
    assert poller.send("POST", PICTURES, b"").status_code == 422
    assert poller.send("POST", PICTURES, b"\xff\xd8\xff" + b"x" * (10 * 1024 * 1024)).status_code == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["msgid", "from", "roomid", "msgtime", "msgtype", "action", "seq", "pictures", "sender_name", "text",
          "mixed", "location"]  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(FIELDS), JSON), st.sampled_from(["text", "mixed", "location", "image"])
)
def test_whatever_a_line_holds_it_is_taken_or_named(spoilt: dict[str, Any], msgtype: str) -> None:
    ours = Ours(frozenset(), frozenset({"路管家"}), MentionStripper(("路管家",)))
    whole = {**line(), "msgtype": msgtype, **spoilt}
    try:
        message = parse(json.dumps(whole), ours, MachineTime(datetime.now(UTC))).message
    except (Malformed, NotForUs) as fault:
        named = str(fault)
    else:
        named = message.dedupe_key
        assert IncomingMessage.from_json(message.to_json()) == message
    assert named
