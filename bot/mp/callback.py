"""公众号 by callback: XML, encrypted in safe mode, into one ``IncomingMessage``.

In plain mode the signature covers time and nonce but not the body; a nonce stands for one body only, see
``store.arrivals``. Where a key is configured nothing plain is taken, so that the stronger mode cannot be
evaded.
"""

from __future__ import annotations

from bot.channel import Envelope, Query, Received
from bot.mp.parse import CHANNEL, parse
from bot.security import EnvelopeOpener, Signed, checked_nonce, envelope_of, parameter
from bot.xml_message import encrypted_part, whole_document
from config import MpSettings
from domain.clock import MachineTime

PLAIN = Signed("signature")


class MpCallback:
    """The 公众号's way in (see ``bot.channel.Callback``)."""

    name = CHANNEL

    def __init__(self, settings: MpSettings) -> None:
        self._token = settings.token
        key = settings.aes_key
        self._opener = EnvelopeOpener(settings.token, key, receiver=settings.app_id) if key else None

    def verify(self, query: Query, now: MachineTime) -> str:
        """The echo, which is never encrypted. Raises ``CallbackRefused``."""
        echo = parameter(query, "echostr")
        checked_nonce(query, self._token, PLAIN, now)
        return echo

    def receive(self, query: Query, body: bytes, now: MachineTime) -> Received:
        """Open and parse one POST. Raises ``CallbackRefused``."""
        envelope = self._envelope(query, body, now)
        return Received(envelope, parse(envelope.payload, envelope.payload_hash.hex()))

    def _envelope(self, query: Query, body: bytes, now: MachineTime) -> Envelope:
        if self._opener is not None:
            return self._opener.open(query, encrypted_part(body), now)
        nonce = checked_nonce(query, self._token, PLAIN, now)
        return envelope_of(nonce, whole_document(body))
