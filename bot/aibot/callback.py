"""智能机器人 by callback: encrypted JSON in, one ``IncomingMessage`` out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.addresses import AllowedAddresses
from bot.aibot.parse import CHANNEL, parse
from bot.channel import Query, Received
from bot.mentions import MentionStripper
from bot.security import EnvelopeOpener, parameter
from config import AibotSettings
from domain.clock import MachineTime
from domain.errors import CallbackRefused


class AibotCallback:
    """The robot's way in (see ``bot.channel.Callback``).

    names: display names to strip from the text. api_base: only addresses of its host are kept as
    ``reply_to``.
    """

    name = CHANNEL

    def __init__(self, settings: AibotSettings, names: Sequence[str], api_base: str) -> None:
        self._opener = EnvelopeOpener(settings.token, settings.aes_key, receiver="")
        self._strip = MentionStripper(names)
        self._replies = AllowedAddresses(api_base)

    def verify(self, query: Query, now: MachineTime) -> str:
        """Echo for the platform's check. Raises ``CallbackRefused``."""
        return self._opener.open(query, parameter(query, "echostr"), now).payload

    def receive(self, query: Query, body: bytes, now: MachineTime) -> Received:
        """Open and parse one POST. Raises ``CallbackRefused``."""
        envelope = self._opener.open(query, _encrypted(body), now)
        message = parse(envelope.payload, envelope.payload_hash.hex(), self._strip, self._replies)
        return Received(envelope, message)


def _encrypted(body: bytes) -> str:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CallbackRefused("body is not JSON") from error
    encrypted = document.get("encrypt") if isinstance(document, dict) else None
    if not isinstance(encrypted, str):
        raise CallbackRefused("no encrypt text in the body")
    return encrypted
