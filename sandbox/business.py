"""What time people in the sandbox believe it is: machine time plus how far the bot's clock was moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

SPAN = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?")
CHINA = timezone(timedelta(hours=8), "CST")


class BusinessClock:
    """Learns the bot's offset from its answers; the sandbox itself always runs on the machine clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._offset = 0.0

    def learn(self, answer: Any, name: str = "now") -> None:
        """Take over ``{name: iso}``; anything else is ignored."""
        text = answer.get(name) if isinstance(answer, dict) else None
        try:
            moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        except ValueError:
            return
        if moment is not None:
            aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
            self._offset = aware.timestamp() - self._now()

    def expect(self, move: Any) -> Callable[[], None]:
        """Move ahead of the bot's answer: what becomes due is sent before it comes. Returns the way back."""
        before = self._offset
        self.learn(move, "set")
        text = move.get("advance") if isinstance(move, dict) else None
        span = SPAN.fullmatch(text) if isinstance(text, str) else None
        if span:
            days, hours, minutes, seconds = (int(part or 0) for part in span.groups())
            moved = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
            self._offset += moved.total_seconds()

        def undo() -> None:
            self._offset = before

        return undo

    def stamp(self) -> str:
        """Now, as people see it: ISO with the Chinese offset."""
        moment = datetime.fromtimestamp(self._now() + self._offset, CHINA)
        return moment.isoformat(timespec="milliseconds")
