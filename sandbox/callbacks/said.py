"""What a person did, before it becomes a channel's wire format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Via = Literal["aibot", "app", "mp", "archive"]
Kind = Literal["text", "image", "voice", "location", "enter", "mixed", "follow", "scan", "unfollow", "click"]
"""follow, scan, unfollow, click: by the 公众号 only; the text is the scene of the code or the menu's key."""


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """``url`` and ``media_id``: how the bot can have it for five minutes. ``aeskey``: what it is encrypted
    with, where the file has a key of its own."""

    url: str
    media_id: str
    aeskey: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quoted message."""

    kind: str
    text: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the platform hands it on. ``chat_id`` None means 1:1; ``at`` is Unix seconds."""

    msgid: str
    person: str
    chat_id: str | None
    kind: Kind
    text: str
    at: int
    pictures: tuple[Picture, ...] = ()
    quote: Quoted | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a card's button, good for one update of the card by ``response_code``."""

    msgid: str
    person: str
    key: str
    task_id: str
    card_type: str
    at: int
    response_code: str
