"""What a test wants wrong with a delivery."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tamper:
    """What a test wants wrong. None: as the platform does it."""

    receiveid: str | None = None
    timestamp: str | None = None
    nonce: str | None = None
    msg_signature: str | None = None


HONEST = Tamper()
