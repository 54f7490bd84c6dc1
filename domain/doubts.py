"""What was overheard in a group and may be a report: kept for a day, for whoever would own the problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from domain.clock import BusinessTime
from domain.messages import IncomingMessage

KEPT = timedelta(hours=24)
EVERY = timedelta(hours=1)
"""At most so often is somebody shown what came up since."""
MOST = 10
"""Lines of one list: a phone screen."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """owner: userid of whoever would own it. reading: how the words were understood, as the handlers wrote
    it. position: the number by which its owner names it, 0 until he was shown it. inbox_id: its message."""

    message: IncomingMessage
    inbox_id: int
    owner: str
    said_at: BusinessTime
    likely: float
    reading: Mapping[str, object]
    position: int = 0


class DoubtBook(Protocol):
    """Doubts, as one transaction sees them."""

    def keep(self, doubt: Doubt) -> None:
        """Remember it until it is taken up or its day is over."""

    def number_all(self, owner: str) -> Sequence[Doubt]:
        """What this person was not shown yet, likeliest first and at most ``MOST``, now with the numbers by
        which he names them. The rest is let go."""

    def find(self, owner: str, position: int) -> Doubt | None:
        """The newest one that this person knows by a number."""

    def take_up(self, doubt: Doubt, number: int) -> None:
        """It became an issue."""
