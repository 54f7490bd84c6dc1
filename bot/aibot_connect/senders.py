"""Ways out through the long connection (vendor's document 101463), each a ``domain.outgoing.Sender``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.aibot_connect.frames import Command
from bot.aibot_connect.link import Link
from bot.aibot_connect.upload import Uploader
from bot.app_channel.card import button_card
from bot.error_codes import FINISHED, NOBODY_SPOKE
from bot.platform_api import Answer, checked_text
from domain.errors import SendError
from domain.outgoing import MAX_BYTES, Delivery

GROUP, SINGLE = 2, 1
"""The platform's ``chat_type``."""


class RespondSender:
    """Route ``respond``: the answer to a frame, as a stream that is finished at once. The stream's id is that
    of the row, so that a repetition cannot stand there twice."""

    max_bytes = MAX_BYTES["respond"]

    def __init__(self, link: Link) -> None:
        self._link = link

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``."""
        text = checked_text(delivery.text, self.max_bytes)
        stream = {"id": _stream_id(delivery), "finish": True, "content": text}
        body = {"msgtype": "stream", "stream": stream}
        answer = self._link.request(Command.RESPOND, body, delivery.target)
        if answer.code in FINISHED:  # it was finished by the call whose result got lost
            raise SendError(answer.message, permanent=True, code=answer.code, already_delivered=True)
        _check(answer)


class PushSender:
    """Routes ``chat`` and ``direct``: a group or a person, unasked. Only where somebody has spoken to the
    robot; it cannot mention anyone, so that a group is told by name whom it is about.

    spoken: whether somebody has. name_of: what a userid is called.
    """

    def __init__(
        self, link: Link, media_dir: Path, spoken: Callable[[str], bool], name_of: Callable[[str], str]
    ) -> None:
        self._link = link
        self._uploader = Uploader(link, media_dir)
        self._spoken = spoken
        self._name_of = name_of
        self.max_bytes = MAX_BYTES["chat"]

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``, permanent where nobody has spoken."""
        if not self._spoken(delivery.target):
            raise Answer(NOBODY_SPOKE, "").error()
        kind = GROUP if delivery.route == "chat" else SINGLE
        body = {"chatid": delivery.target, "chat_type": kind, **self._message(delivery)}
        _check(self._link.request(Command.SEND, body))

    def _message(self, delivery: Delivery) -> Mapping[str, object]:
        if delivery.attachment is not None:
            media_id = self._uploader.media_id(delivery, delivery.attachment)
            return {"msgtype": delivery.attachment.kind, delivery.attachment.kind: {"media_id": media_id}}
        text = checked_text(delivery.text, MAX_BYTES[delivery.route])
        if delivery.buttons and delivery.route == "direct":
            return {"msgtype": "template_card", "template_card": button_card(delivery)}
        if delivery.route == "chat" and delivery.mentions:
            text = f"{' '.join(f'@{self._name_of(userid)}' for userid in delivery.mentions)}\n{text}"
        return {"msgtype": "markdown", "markdown": {"content": text}}


class WelcomeSender:
    """Route ``welcome``: a text to who has just opened the chat with the robot, within five seconds."""

    max_bytes = MAX_BYTES["welcome"]

    def __init__(self, link: Link) -> None:
        self._link = link

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``."""
        text = checked_text(delivery.text, self.max_bytes)
        body = {"msgtype": "text", "text": {"content": text}}
        _check(self._link.request(Command.WELCOME, body, delivery.target))


class UpdateSender:
    """Route ``update``: the new face of the robot's card whose button was pressed, within five seconds. The
    target is the frame's id and the card's task id."""

    max_bytes = MAX_BYTES["update"]

    def __init__(self, link: Link) -> None:
        self._link = link

    def send(self, delivery: Delivery) -> None:
        """Returns when the platform confirmed. Raises ``SendError``."""
        text = checked_text(delivery.text, self.max_bytes)
        req_id, _, pressed = delivery.target.rpartition("|")
        card = {
            "card_type": "button_interaction",
            "main_title": {"title": text},
            "task_id": pressed,
            "button_list": [{"text": button.text, "key": button.key} for button in delivery.buttons],
        }
        body = {"response_type": "update_template_card", "template_card": card}
        _check(self._link.request(Command.UPDATE, body, req_id))


def _check(answer: Answer) -> None:
    if answer.code:
        raise answer.error()


def _stream_id(delivery: Delivery) -> str:
    """The row's key, and the frame's id, so that it is unique beyond one database."""
    return f"{delivery.key}-{hashlib.sha256(delivery.target.encode()).hexdigest()[:16]}"
