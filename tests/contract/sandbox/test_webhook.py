"""消息推送: one test per limit and error code of wecom.md."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
import requests

from sandbox.samples import sample
from tests.contract.sandbox.conftest import TEXT, Sandbox


def text(content: object, **more: Any) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content, **more}}


def markdown(content: str, kind: str = "markdown") -> dict[str, Any]:
    return {"msgtype": kind, kind: {"content": content}}


def image(data: bytes, md5: str | None = None) -> dict[str, Any]:
    digest = md5 or hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"msgtype": "image", "image": {"base64": base64.b64encode(data).decode(), "md5": digest}}


def test_a_text_stands_in_the_group_with_its_mentions(sandbox: Sandbox) -> None:
    answer = sandbox.push(text("请处理 #12", mentioned_list=["chief3-yiminlu", "@all"]))
    (message,) = sandbox.messages(chat="wr-yiminlu")
    assert answer == {"errcode": 0, "errmsg": "ok"}
    assert (message["sender"], message["text"]) == ("push", "请处理 #12")
    assert message["mentions"] == ["chief3-yiminlu", "@all"]


def test_markdown_mentions_by_userid_and_markdown_v2_does_not(sandbox: Sandbox) -> None:
    sandbox.push(markdown("<@chief3-yiminlu> #12 <@sup-jiefang>"))
    sandbox.push(markdown("| a | <@chief3-yiminlu> |", "markdown_v2"))
    assert [m["mentions"] for m in sandbox.messages()] == [["chief3-yiminlu", "sup-jiefang"], []]


@pytest.mark.parametrize(
    ("fits", "too_long"),
    [
        (text("路" * 682 + "ab"), text("路" * 682 + "abc")),
        (markdown("路" * 1365 + "a"), markdown("路" * 1365 + "ab")),
        (markdown("a" * 4096, "markdown_v2"), markdown("a" * 4097, "markdown_v2")),
    ],
)
def test_length_is_counted_in_bytes(sandbox: Sandbox, fits: Any, too_long: Any) -> None:
    assert sandbox.push(fits)["errcode"] == 0
    assert sandbox.push(too_long)["errcode"] == 40058
    assert len(sandbox.messages()) == 1


def test_twenty_a_minute_per_key(sandbox: Sandbox) -> None:
    assert [sandbox.push(TEXT)["errcode"] for _ in range(21)] == [0] * 20 + [45009]
    assert sandbox.push(TEXT, key="key-sup-jiefang")["errcode"] == 0
    sandbox.now.pass_by(59)
    assert sandbox.push(TEXT)["errcode"] == 45009
    sandbox.now.pass_by(1)
    assert sandbox.push(TEXT)["errcode"] == 0
    assert len(sandbox.messages(chat="wr-yiminlu")) == 21


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (text(""), 44004),
        (text("  \n"), 44004),
        ({"msgtype": "text", "text": {}}, 44004),
        ({"msgtype": "text"}, 40035),
        (text(17), 40035),
        (text("x", mentioned_list="chief3-yiminlu"), 40035),
        ({"msgtype": "stream", "stream": {"content": "x"}}, 40008),
        ({}, 40008),
        ([], 47001),
        ("text", 47001),
        ({"msgtype": "template_card", "template_card": {"card_type": "button_interaction"}}, 40008),
        ({"msgtype": "template_card", "template_card": {"card_type": "text_notice"}}, 44004),
    ],
)
def test_a_wrong_body_is_refused(sandbox: Sandbox, body: Any, errcode: int) -> None:
    assert sandbox.push(body)["errcode"] == errcode
    assert sandbox.messages() == []


def test_invalid_json_is_47001_as_http_200(sandbox: Sandbox) -> None:
    answer = requests.post(
        sandbox.url("/cgi-bin/webhook/send"), params={"key": "key-yiminlu"}, data=b"{oops", timeout=5
    )
    assert (answer.status_code, answer.json()["errcode"]) == (200, 47001)


@pytest.mark.parametrize("key", ["", "key-nobody"])
def test_an_unknown_key_is_93000(sandbox: Sandbox, key: str) -> None:
    assert sandbox.push(TEXT, key=key)["errcode"] == 93000


def test_a_notice_card_is_shown(sandbox: Sandbox) -> None:
    card = {"card_type": "text_notice", "main_title": {"title": "日报", "desc": "3 件"}}
    assert sandbox.push({"msgtype": "template_card", "template_card": card})["errcode"] == 0
    assert sandbox.messages()[0]["text"] == "日报\n3 件"


def test_an_image_is_shown(sandbox: Sandbox) -> None:
    assert sandbox.push(image(sample("clean")))["errcode"] == 0
    (address,) = sandbox.messages()[0]["pictures"]
    assert requests.get(sandbox.url(address), timeout=5).content == sample("clean")


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (image(sample("clean"), md5="0" * 32), 301019),
        (image(b"\x89PNG" + b"0" * (2 * 1024 * 1024 - 3)), 40009),
        (image(b"GIF89a"), 40004),
        ({"msgtype": "image", "image": {"base64": "***", "md5": ""}}, 40035),
        ({"msgtype": "image", "image": {"base64": "", "md5": ""}}, 44004),
    ],
)
def test_a_wrong_image_is_refused(sandbox: Sandbox, body: Any, errcode: int) -> None:
    assert sandbox.push(body)["errcode"] == errcode


def upload(sandbox: Sandbox, data: bytes, key: str = "key-yiminlu", kind: str = "file") -> Any:
    return requests.post(
        sandbox.url("/cgi-bin/webhook/upload_media"),
        params={"key": key, "type": kind},
        files={"media": ("台账.xlsx", data)},
        timeout=5,
    ).json()


def test_an_uploaded_file_is_sent_by_its_own_key_for_three_days(sandbox: Sandbox) -> None:
    answer = upload(sandbox, b"workbook")
    body = {"msgtype": "file", "file": {"media_id": answer["media_id"]}}
    assert (answer["errcode"], answer["type"]) == (0, "file")
    assert sandbox.push(body)["errcode"] == 0
    message = sandbox.messages()[0]
    assert message["text"] == "台账.xlsx"
    assert requests.get(sandbox.url(message["file"]), timeout=5).content == b"workbook"
    assert sandbox.push(body, key="key-sup-jiefang")["errcode"] == 40007
    sandbox.now.pass_by(3 * 86400 + 1)
    assert sandbox.push(body)["errcode"] == 40007


def test_uploads_are_checked(sandbox: Sandbox) -> None:
    assert upload(sandbox, b"workbook", key="nobody")["errcode"] == 93000
    assert upload(sandbox, b"12345")["errcode"] == 40006
    assert upload(sandbox, b"workbook", kind="video")["errcode"] == 40005
    missing = sandbox.post("/cgi-bin/webhook/upload_media", {}, key="key-yiminlu", type="file")
    assert missing["errcode"] == 40035
