"""What time people in the sandbox believe it is: machine time plus how far the bot's clock was moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8), "CST")


class BusinessClock:
    """Learns the bot's offset from its answers; the sandbox itself always runs on the machine clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._offset = 0.0

    def learn(self, answer: Any) -> None:
        """Take over ``{"now": iso}``; anything else is ignored."""
        text = answer.get("now") if isinstance(answer, dict) else None
        try:
            moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        except ValueError:
            return
        if moment is not None:
            aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
            self._offset = aware.timestamp() - self._now()

    def stamp(self) -> str:
        """Now, as people see it: ISO with the Chinese offset."""
        moment = datetime.fromtimestamp(self._now() + self._offset, CHINA)
        return moment.isoformat(timespec="milliseconds")
