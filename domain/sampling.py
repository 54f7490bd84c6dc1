"""Which of yesterday's work is looked at: a share drawn by lot, the same however often it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

SHARE = 10
"""One of so many, and at least one if there is any."""


def drawn(numbers: Iterable[int], day: date) -> list[int]:
    """The issues of a day's check, in order of their numbers."""
    shuffled = sorted(set(numbers), key=lambda number: _lot(number, day))
    return sorted(shuffled[: -(-len(shuffled) // SHARE)])


def _lot(number: int, day: date) -> bytes:
    return sha256(f"{day.isoformat()}:{number}".encode()).digest()
