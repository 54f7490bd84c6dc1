"""Frames of the long connection: JSON texts with a command, an id, and a body or a result."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.fields import Malformed, json_object, label, token


class Command(StrEnum):
    """What a frame wants."""

    SUBSCRIBE = "aibot_subscribe"
    PING = "ping"
    MESSAGE = "aibot_msg_callback"
    EVENT = "aibot_event_callback"
    RESPOND = "aibot_respond_msg"
    WELCOME = "aibot_respond_welcome_msg"
    UPDATE = "aibot_respond_update_msg"
    SEND = "aibot_send_msg"
    UPLOAD_BEGIN = "aibot_upload_media_init"
    UPLOAD_PART = "aibot_upload_media_chunk"
    UPLOAD_END = "aibot_upload_media_finish"


CALLBACKS = frozenset({Command.MESSAGE, Command.EVENT})
KICKED = "disconnected_event"


@dataclass(frozen=True, slots=True)
class Frame:
    """command: empty for the result of a request of ours, whose id it repeats. code: that result, 0 is
    success; None for a callback."""

    command: str
    req_id: str
    body: Mapping[str, object] = field(default_factory=dict)
    code: int | None = None
    message: str = ""

    @property
    def says_kicked(self) -> bool:
        """Whether it says that another connection has taken our place."""
        event = self.body.get("event")
        return self.command == Command.EVENT and isinstance(event, dict) and event.get("eventtype") == KICKED


def read(text: str | bytes) -> Frame:
    """Raises ``Malformed`` for what is no frame."""
    document = json_object(text if isinstance(text, str) else text.decode("utf-8", "replace"))
    headers, body = document.get("headers"), document.get("body")
    if not isinstance(headers, dict):
        raise Malformed("missing headers")
    command, code, message = document.get("cmd", ""), document.get("errcode"), document.get("errmsg", "")
    return Frame(
        command if isinstance(command, str) else "",
        token(headers, "req_id", 256),
        body if isinstance(body, dict) else {},
        code if isinstance(code, int) else None,
        label(message) if isinstance(message, str) else "",
    )


def write(command: Command, req_id: str, body: Mapping[str, object] | None = None) -> str:
    """The frame as it goes over the wire."""
    frame: dict[str, object] = {"cmd": command, "headers": {"req_id": req_id}}
    if body is not None:
        frame["body"] = body
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def fresh_id(command: Command) -> str:
    """An id for a request of ours."""
    return f"{command}-{secrets.token_hex(8)}"
