"""Requests signed by HMAC: between this bot and the programs of the organisation, in both directions.

What is signed is the time, a name used once, method and path, and the body as it stands on the wire. Every
fault is one ``CallbackRefused``: the answer to an outsider must not tell which check failed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from bot.security import check_time
from domain.clock import MachineTime
from domain.errors import CallbackRefused

TIMESTAMP, NONCE, SIGNATURE = "X-Timestamp", "X-Nonce", "X-Signature"
MAX_NONCE = 64
"""With the name of its source before it, it fits into the memory of nonces."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers, beside the time. target: ``POST /relay/messages``."""

    nonce: str
    target: str
    body: bytes

    def signature(self, secret: str, timestamp: str) -> str:
        """HMAC-SHA256 in lower-case hex over four lines: time, nonce, target, body."""
        head = f"{timestamp}\n{self.nonce}\n{self.target}\n".encode("utf-8", "surrogatepass")
        return hmac.new(secret.encode(), head + self.body, hashlib.sha256).hexdigest()

    def headers(self, secret: str, now: MachineTime) -> dict[str, str]:
        """The headers by which the other side knows that it is from us."""
        timestamp = str(int(now.timestamp()))
        return {TIMESTAMP: timestamp, NONCE: self.nonce, SIGNATURE: self.signature(secret, timestamp)}


def check(signed: Signed, headers: Mapping[str, str], secret: str, now: MachineTime) -> None:
    """Raises ``CallbackRefused`` unless signature, time (± 5 minutes) and nonce are right."""
    timestamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    expected = signed.signature(secret, timestamp)
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")):
        raise CallbackRefused("wrong signature")
    check_time(timestamp, now)
    if not (8 <= len(signed.nonce) <= MAX_NONCE and signed.nonce.isascii() and signed.nonce.isprintable()):
        raise CallbackRefused("nonce is not 8 to 64 printable characters")
