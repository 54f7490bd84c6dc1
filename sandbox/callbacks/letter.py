"""A message on its way to the bot, and what became of each attempt to deliver it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sandbox.callbacks.said import Via
from sandbox.callbacks.tamper import HONEST, Tamper


@dataclass(frozen=True, slots=True)
class Letter:
    """``plain`` is the decrypted payload. attempts: how often at most (None: as the platform does, 1 for
    card buttons). copies: so many deliveries at the same time. lost: the answers to so many first attempts
    never reach the platform. same_bytes: every delivery repeats the very same signed bytes, instead of a
    fresh nonce around an equal payload."""

    via: Via
    msgid: str
    plain: str
    attempts: int | None = None
    copies: int = 1
    lost: int = 0
    same_bytes: bool = False
    tamper: Tamper = HONEST


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST. ``status`` None: no answer, and ``error`` says why (timeout, refused, dropped). ``lost``:
    the bot answered, but the answer got lost on its way."""

    copy: int
    attempt: int
    status: int | None
    ms: float
    error: str = ""
    answer: str = ""
    lost: bool = False

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "answer"}
