"""What every platform channel looks like to the rest: one view in, whatever the wire format is.

A new channel is a folder whose callback class satisfies ``Callback``; the web layer mounts it at
``/callback/<path>`` and knows nothing else about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.clock import MachineTime
from domain.messages import ButtonClick, Chat, IncomingMessage, Location, MessageKind, Quote

Query = Mapping[str, Sequence[str]]
"""A decoded query string with *all* values of each name (``request.args.to_dict(flat=False)``), so that a
parameter given twice can be refused."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An authentic, decrypted callback. ``payload_hash`` is the SHA-256 of the decrypted payload: the same
    ``nonce`` with another hash is a replay."""

    nonce: str
    payload: str
    payload_hash: bytes


@dataclass(slots=True)
class Content:
    """What one body of a message held: the part of an ``IncomingMessage`` that differs by message type.

    numbered: the platform's own message id stands for it; otherwise only a hash of the payload can.
    """

    kind: MessageKind
    text: str = ""
    pictures: tuple[str, ...] = ()
    quote: Quote | None = None
    location: Location | None = None
    button: ButtonClick | None = None
    detail: str = ""
    numbered: bool = True


def one_to_one(channel: str, key: str, sender: str, content: Content) -> IncomingMessage:
    """A message that its sender wrote to us alone."""
    return IncomingMessage(
        channel=channel,
        dedupe_key=key,
        chat=Chat("single", sender),
        sender=sender,
        kind=content.kind,
        text=content.text.strip(),
        pictures=content.pictures,
        location=content.location,
        button=content.button,
        detail=content.detail,
    )


@dataclass(frozen=True, slots=True)
class Received:
    """What an authentic callback held. There always is a message, so that an outcome can be recorded."""

    envelope: Envelope
    message: IncomingMessage

    @property
    def ignored(self) -> str:
        """Named outcome of what is no word to the bot (``unknown_type:foo``, ``malformed:missing from``,
        ``event:enter_chat``); empty for everything a handler can act on."""
        return self.message.detail


class Callback(Protocol):
    """A channel's way in. Both calls raise ``CallbackRefused`` for whatever is not authentic, and nothing
    else; authentic but malformed content becomes a message that says so."""

    @property
    def name(self) -> str:
        """The channel's name in ``IncomingMessage.channel``."""

    def verify(self, query: Query, now: MachineTime) -> str:
        """The plaintext to answer to the platform's GET check of the address, bare."""

    def receive(self, query: Query, body: bytes, now: MachineTime) -> Received:
        """Open and parse one POST. The caller has limited the size of the body."""
