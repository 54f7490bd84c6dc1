"""自建应用 by callback: encrypted XML in, one ``IncomingMessage`` out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.app_channel.parse import CHANNEL, parse
from bot.channel import Query, Received
from bot.mentions import MentionStripper
from bot.security import EnvelopeOpener, parameter
from bot.xml_message import encrypted_part
from config import AppSettings
from domain.clock import MachineTime


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
