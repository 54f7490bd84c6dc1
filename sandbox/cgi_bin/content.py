"""The message bodies of the API, checked as the platform checks them and turned into what people see."""

from __future__ import annotations

import re
from typing import Any

from sandbox.cgi_bin.errors import ApiError
from sandbox.transcript import Button, Card, Draft

MENTION = re.compile(r"<@([^<>@]{1,64})>")
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
NOTICE_CARDS = ("text_notice", "news_notice")
BUTTON_CARDS = ("button_interaction", "vote_interaction", "multiple_interaction")


def part(body: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under ``name``; the platform answers 40035 when it is missing or no object."""
    value = body.get(name)
    if not isinstance(value, dict):
        raise ApiError(40035, f"{name} must be an object")
    return value


def content(fields: dict[str, Any], most_bytes: int) -> str:
    """``content``: not empty, at most so many bytes of UTF-8."""
    value = fields.get("content", "")
    if not isinstance(value, str):
        raise ApiError(40035, "content must be a string")
    if not value.strip():
        raise ApiError(44004)
    if len(value.encode("utf-8", "surrogatepass")) > most_bytes:
        raise ApiError(40058, f"content is over {most_bytes} bytes")
    return value


def text(body: dict[str, Any], most_bytes: int) -> Draft:
    fields = part(body, "text")
    mentions = fields.get("mentioned_list") or []
    if not isinstance(mentions, list) or not all(isinstance(name, str) for name in mentions):
        raise ApiError(40035, "mentioned_list must be a list of strings")
    return Draft("text", content(fields, most_bytes), tuple(mentions))


def markdown(body: dict[str, Any], name: str, most_bytes: int, *, mentions: bool) -> Draft:
    """``mentions``: whether ``<@userid>`` reaches anybody in this kind of message."""
    value = content(part(body, name), most_bytes)
    return Draft(name, value, tuple(dict.fromkeys(MENTION.findall(value))) if mentions else ())


def card(body: dict[str, Any], types: tuple[str, ...]) -> Draft:
    """A template card of one of the types that this channel may send."""
    raw = part(body, "template_card")
    if raw.get("card_type") not in types:
        raise ApiError(40008, f"card_type must be one of {', '.join(types)}")
    shown = parse_card(raw)
    if not shown.title and not shown.desc:
        raise ApiError(44004, "main_title or sub_title_text is needed")
    return Draft("card", card_text(shown), card=shown)


def parse_card(raw: dict[str, Any]) -> Card:
    card_type, task_id = str(raw.get("card_type", "")), raw.get("task_id") or ""
    buttons = _buttons(raw) if card_type in BUTTON_CARDS else ()
    if card_type in BUTTON_CARDS and not (isinstance(task_id, str) and TASK_ID.fullmatch(task_id)):
        raise ApiError(40035, "task_id must be 1 to 128 of 0-9 a-z A-Z _ - @")
    title = raw.get("main_title") or {}
    desc = [title.get("desc"), raw.get("sub_title_text"), *_lines(raw)]
    return Card(
        card_type=card_type,
        title=str(title.get("title") or ""),
        desc="\n".join(str(line) for line in desc if line),
        task_id=str(task_id),
        buttons=buttons,
    )


def card_text(shown: Card) -> str:
    return "\n".join(line for line in (shown.title, shown.desc) if line)


def _buttons(raw: dict[str, Any]) -> tuple[Button, ...]:
    listed = raw.get("button_list") or [raw.get("submit_button")]
    if not isinstance(listed, list) or not 1 <= len(listed) <= 6:
        raise ApiError(40016, "1 to 6 buttons")
    for button in listed:
        if not isinstance(button, dict) or not button.get("text") or not isinstance(button.get("key"), str):
            raise ApiError(40016, "a button needs text and key")
        if not 1 <= len(button["key"].encode()) <= 1024:
            raise ApiError(40058, "a button's key has 1 to 1024 bytes")
    return tuple(Button(str(button["text"]), button["key"]) for button in listed)


def _lines(raw: dict[str, Any]) -> list[str]:
    listed = raw.get("horizontal_content_list") or []
    return [f"{row.get('keyname', '')}:{row.get('value', '')}" for row in listed if isinstance(row, dict)]
