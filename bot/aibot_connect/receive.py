"""A callback frame into what the inbox keeps: the same message, under the same key, as by callback."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from bot.addresses import AllowedAddresses
from bot.aibot.parse import parse
from bot.aibot_connect.frames import Frame
from bot.mentions import MentionStripper
from domain.messages import IncomingMessage
from store.arrivals import Arrival

ENTERED = "event:enter_chat"


class Receiver:
    """names: display names to strip from the text."""

    def __init__(self, names: Sequence[str]) -> None:
        self._strip = MentionStripper(names)
        self._no_address = AllowedAddresses("")

    def arrival(self, frame: Frame) -> Arrival:
        """Never fails: what cannot be understood is a message that says so."""
        payload = json.dumps(frame.body, ensure_ascii=True, sort_keys=True)
        digest = hashlib.sha256(payload.encode())
        message = parse(payload, digest.hexdigest(), self._strip, self._no_address)
        return Arrival(_answerable(message, frame.req_id), f"frame:{digest.hexdigest()}", digest.digest())


def _answerable(message: IncomingMessage, req_id: str) -> IncomingMessage:
    """How it is answered: by the frame's id, for an event within five seconds."""
    if message.button is not None:
        handle = f"{req_id}|{message.button.task_id}"
        return replace(message, reply_by="update", button=replace(message.button, response_code=handle))
    if message.detail == ENTERED:
        return replace(message, reply_by="welcome", reply_to=req_id)
    return replace(message, reply_by="respond", reply_to=req_id if message.kind != "event" else None)
