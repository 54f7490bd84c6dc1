"""Whether anything was lost: what was said, delivered, dealt with and answered."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import quote

import requests

from sandbox.local_http import local_session
from sandbox.transcript import Entry
from sandbox.world import World

MOST_QUESTIONS = 40
"""Per look: a page that asks every second must not keep the bot from its work."""


class Tally:
    """Counts people's messages that the bot hears. Asks the bot about each until it is dealt with.
    Thread-safe."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()

    def count(self) -> dict[str, int]:
        """``said``: heard by the bot as the platform sees it; ``posts``: callbacks made for them;
        ``acknowledged``: at least one got a 200; ``handled``: the bot is through with them; ``answered``:
        an answer of the bot was sent; ``silent``: handled, and nothing was to be answered; ``lost``:
        acknowledged, but the bot knows nothing of them."""
        said = [entry for entry in self._world.transcript.since(0) if _counts(entry)]
        acknowledged = [entry for entry in said if any(one["status"] == 200 for one in entry.deliveries)]
        with self._lock:
            states = self._states(acknowledged)
        return {
            "said": len(said),
            "posts": sum(len(entry.deliveries) for entry in said),
            "acknowledged": len(acknowledged),
            "handled": sum(state in {"answered", "silent"} for state in states),
            "answered": states.count("answered"),
            "silent": states.count("silent"),
            "lost": states.count("unknown"),
        }

    def _states(self, entries: list[Entry]) -> list[str]:
        """What became of each; what is settled is not asked again."""
        self._known = {entry.id: self._known.get(entry.id, "open") for entry in entries}
        questions = [name for name, state in self._known.items() if state in {"open", "unknown"}]
        with local_session() as session:
            for name in questions[-MOST_QUESTIONS:]:
                self._known[name] = self._ask(session, name)
        return list(self._known.values())

    def _ask(self, session: requests.Session, msgid: str) -> str:
        address = f"{self._world.settings.bot_url}/sandbox/messages/{quote(msgid, safe='')}"
        try:
            answer = session.get(address, timeout=5)
            return _state(answer.json()) if answer.ok else _unanswered(answer.status_code)
        except (requests.RequestException, ValueError):
            return "open"


EVENTS = frozenset({"press", "enter", "follow", "scan", "unfollow", "click"})
"""What has no id by which the bot could be asked about it."""


def _counts(entry: Entry) -> bool:
    return entry.sender == "person" and entry.heard and entry.kind not in EVENTS


def _unanswered(status: int) -> str:
    return "unknown" if status == 404 else "open"


def _state(record: dict[str, Any]) -> str:
    """open until the bot is through with it and its answer, if it owes one, is out."""
    if record.get("state") == "waiting":
        return "open"
    owed = [row for row in record.get("outbox", ()) if row["purpose"] == "answer"]
    if any(row["state"] in {"waiting", "sending"} for row in owed):
        return "open"
    return "answered" if owed else "silent"
