"""What comes in: one typed value per message, the same for every channel.

A channel parses its wire format into an ``IncomingMessage`` once, at the edge; nothing behind it sees a
dict or knows which channel it was. The value is stored in the inbox as JSON.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from domain.outgoing import RouteKind

MessageKind = Literal[
    "text", "mixed", "image", "voice", "location", "button", "follow", "scan", "unfollow", "event", "unknown"
]
"""follow, scan, unfollow: a follower of the 公众号 came, scanned a QR code of ours, left; the text is the
scene of the code."""


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a message was said. ``id`` is the chat id of a group, or the writer's userid in 1:1."""

    kind: Literal["group", "single"]
    id: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that was quoted. Its text is somebody's words; pictures are channel references."""

    text: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Location:
    """A place sent from a phone: WGS/GCJ degrees as the platform gave them, and its label."""

    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class ButtonClick:
    """A press on a template card: our own ``key``, and the platform's handle to update that card."""

    key: str
    task_id: str
    response_code: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What another system says of the problem it hands over (channel ``dispatch``). key: its own name for it,
    unique within the source. digest: SHA-256 of the request, in hex; the same key stands for no other.
    section, category and sub: empty where the text is to be read for them. judged: its word on what was done,
    None where it reports something new."""

    key: str
    digest: str
    section: str = ""
    house_number: int | None = None
    category: str = ""
    sub: str = ""
    danger: bool = False
    judged: Literal["satisfied", "dissatisfied"] | None = None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message or event from a platform channel.

    channel: name of the folder in bot/ that parsed it. dedupe_key: unique for one message within
    everything we ever receive (channel, bot and message id, or a hash of the payload for events).
    sender: userid as the platform wrote it, perhaps an opaque alias. text: without the bot's @name.
    mentioned: meant for the bot (an @, or any 1:1 message). pictures: references the same channel can
    fetch. reply_to: the address of the same channel that takes the answer to this message, or None;
    reply_by: the route by which. detail: what a message of kind ``event`` or ``unknown`` was, for the
    recorded outcome. sent_at: when it was said by the platform's clock, in Unix seconds, where a channel
    hands it on late. handed_over: only in channel ``dispatch``.
    """

    channel: str
    dedupe_key: str
    chat: Chat
    sender: str
    kind: MessageKind
    text: str = ""
    mentioned: bool = True
    pictures: tuple[str, ...] = ()
    quote: Quote | None = None
    location: Location | None = None
    button: ButtonClick | None = None
    reply_to: str | None = None
    reply_by: RouteKind = "reply"
    detail: str = ""
    sent_at: float | None = None
    handed_over: HandedOver | None = None

    @property
    def chat_key(self) -> str:
        """What orders messages: all of one group, or all of one person's 1:1 with one channel."""
        return self.chat.id if self.chat.kind == "group" else f"{self.channel}:{self.chat.id}"

    @property
    def all_pictures(self) -> tuple[str, ...]:
        """The message's own pictures, then those of the quoted message."""
        return self.pictures + (self.quote.pictures if self.quote else ())

    def to_json(self) -> str:
        """All fields, for the inbox. Shallow on purpose: ``asdict`` would copy every part on the way."""
        document = {name: getattr(self, name) for name in _FIELDS}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=asdict)

    @classmethod
    def from_json(cls, document: str) -> IncomingMessage:
        """The inverse of ``to_json``; only ever given our own stored documents."""
        raw: dict[str, Any] = json.loads(document)
        quote, location, button = raw["quote"], raw["location"], raw["button"]
        handed_over = raw.get("handed_over")  # older rows know nothing of it
        return cls(
            **{
                **raw,
                "chat": Chat(**raw["chat"]),
                "pictures": tuple(raw["pictures"]),
                "quote": Quote(quote["text"], tuple(quote["pictures"])) if quote else None,
                "location": Location(**location) if location else None,
                "button": ButtonClick(**button) if button else None,
                "handed_over": HandedOver(**handed_over) if handed_over else None,
            }
        )


_FIELDS = tuple(field.name for field in fields(IncomingMessage))
