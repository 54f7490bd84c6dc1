"""What the platform answers, and what the sandbox notes beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """``payload`` is the JSON the bot gets. ``note``: what the bot cannot see (dropped, duplicate).
    ``chats``: where it was said."""

    payload: dict[str, Any]
    note: str = ""
    chats: tuple[str, ...] = ()
