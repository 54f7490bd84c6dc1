"""智能机器人 payloads, JSON (DOC 100719 messages, 101027 events)."""

from __future__ import annotations

import json
from typing import Any

from sandbox.callbacks.said import Picture, Press, Quoted, Said

AIBOT_ID = "aib-sandbox"


def message(said: Said, response_url: str | None) -> str:
    """The decrypted body of one message callback; by long connection it has no response_url."""
    payload: dict[str, Any] = {
        "msgid": said.msgid,
        "aibotid": AIBOT_ID,
        **({"chatid": said.chat_id, "chattype": "group"} if said.chat_id else {"chattype": "single"}),
        "from": {"userid": said.person},
        **_address(response_url),
        **_body(said),
    }
    if said.quote:
        payload["quote"] = _quote(said.quote)
    return dump(payload)


def press(pressed: Press, response_url: str | None) -> str:
    """A press on a card that the robot sent in 1:1."""
    detail = {"card_type": pressed.card_type, "event_key": pressed.key, "task_id": pressed.task_id}
    event = {"eventtype": "template_card_event", "template_card_event": detail}
    return dump(
        {
            "msgid": pressed.msgid,
            "create_time": pressed.at,
            "aibotid": AIBOT_ID,
            "chattype": "single",
            "from": {"userid": pressed.person},
            **_address(response_url),
            "msgtype": "event",
            "event": event,
        }
    )


def dump(payload: dict[str, Any]) -> str:
    """UTF-8 JSON; a lone surrogate, which UTF-8 cannot carry, is escaped as some clients do."""
    text = json.dumps(payload, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(payload)
    return text


def _address(response_url: str | None) -> dict[str, Any]:
    return {} if response_url is None else {"response_url": response_url}


def _image(picture: Picture) -> dict[str, Any]:
    key = {"aeskey": picture.aeskey} if picture.aeskey else {}
    return {"msgtype": "image", "image": {"url": picture.url, **key}}


def _body(said: Said) -> dict[str, Any]:
    images = [_image(picture) for picture in said.pictures]
    if said.kind == "enter":
        event = {"msgtype": "event", "create_time": said.at, "event": {"eventtype": "enter_chat"}}
        return dict(event)
    if said.kind == "voice":
        return {"msgtype": "voice", "voice": {"content": said.text}}
    if not images:
        return {"msgtype": "text", "text": {"content": said.text}}
    if not said.text and len(images) == 1:
        return images[0]
    words = [{"msgtype": "text", "text": {"content": said.text}}] if said.text else []
    return {"msgtype": "mixed", "mixed": {"msg_item": words + images}}


def _quote(quoted: Quoted) -> dict[str, Any]:
    images = [_image(picture) for picture in quoted.pictures]
    if not images:
        return {"msgtype": "text", "text": {"content": quoted.text}}
    if not quoted.text and len(images) == 1:
        return images[0]
    words = [{"msgtype": "text", "text": {"content": quoted.text}}] if quoted.text else []
    return {"msgtype": "mixed", "mixed": {"msg_item": words + images}}
