"""自建应用 by callback: encrypted XML in, one ``IncomingMessage`` out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.app_channel.parse import CHANNEL, parse
from bot.channel import Query, Received
from bot.mentions import MentionStripper
from bot.security import EnvelopeOpener, parameter
from config import AppSettings
from domain.clock import MachineTime
from domain.errors import CallbackRefused

_OPEN, _CLOSE = b"<Encrypt>", b"</Encrypt>"
_CDATA, _END = b"<![CDATA[", b"]]>"


class AppCallback:
    """The app's way in (see ``bot.channel.Callback``).

    names: display names of the robot; people type them here as well, out of habit from the group.
    """

    name = CHANNEL

    def __init__(self, settings: AppSettings, names: Sequence[str] = ()) -> None:
        self._opener = EnvelopeOpener(settings.token, settings.aes_key, receiver=settings.corp_id)
        self._agent_id = settings.agent_id
        self._strip = MentionStripper(names)

    def verify(self, query: Query, now: MachineTime) -> str:
        """Echo for the platform's check. Raises ``CallbackRefused``."""
        return self._opener.open(query, parameter(query, "echostr"), now).payload

    def receive(self, query: Query, body: bytes, now: MachineTime) -> Received:
        """Open and parse one POST. Raises ``CallbackRefused``."""
        envelope = self._opener.open(query, encrypted_part(body), now)
        message = parse(envelope.payload, envelope.payload_hash.hex(), self._agent_id)
        return Received(envelope, replace(message, text=self._strip.apply(message.text)))


def encrypted_part(body: bytes) -> str:
    """The text of the one Encrypt element, without an XML parser: nobody has signed this document yet."""
    document = body.strip()
    if b"<!DOCTYPE" in document.upper() or b"<!ENTITY" in document.upper():
        raise CallbackRefused("document type declared in the body")
    if not document.startswith((b"<xml>", b"<?xml")) or not document.endswith(b"</xml>"):
        raise CallbackRefused("body is not the platform's XML")
    if document.count(_OPEN) != 1 or document.count(_CLOSE) != 1:
        raise CallbackRefused("not exactly one Encrypt element")
    content = document[document.index(_OPEN) + len(_OPEN) : document.index(_CLOSE)].strip()
    if content.startswith(_CDATA) and content.endswith(_END):
        content = content[len(_CDATA) : -len(_END)].strip()
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as error:
        raise CallbackRefused("Encrypt is not base64") from error
