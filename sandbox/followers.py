"""Who follows the 公众号, and how often it may write to each: 5 times within 48 h of a word, 3 times within a
minute of a tap (rule of June 2023); nothing adds up, the last word or tap counts."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.limits import Limits

Refusal = Literal[0, 40003, 43004, 45015, 45047]


@dataclass(slots=True)
class _Opening:
    """Until when and how many messages an opening still allows."""

    until: float = 0.0
    left: int = 0


class Followers:
    """By person; the bot knows them by openid only. Thread-safe."""

    def __init__(self, now: Callable[[], float], limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self._people: dict[str, str] = {}
        self._following: set[str] = set()
        self._words: dict[str, _Opening] = {}
        self._taps: dict[str, _Opening] = {}
        self._lock = threading.Lock()

    def openid(self, person: str) -> str:
        """28 characters, the same for the same person in every run."""
        digest = hashlib.sha256(f"follower {person}".encode()).digest()
        openid = "o" + base64.urlsafe_b64encode(digest).decode()[:27]
        with self._lock:
            self._people[openid] = person
        return openid

    def person(self, openid: str) -> str:
        """Whose openid it is; "" for one never handed out."""
        with self._lock:
            return self._people.get(openid, "")

    def following(self, person: str) -> bool:
        with self._lock:
            return person in self._following

    def follow(self, person: str) -> None:
        with self._lock:
            self._following.add(person)
            self._taps[person] = self._tap()

    def leave(self, person: str) -> None:
        with self._lock:
            self._following.discard(person)
            self._close(person)

    def word(self, person: str) -> None:
        """He wrote; whoever writes follows."""
        with self._lock:
            self._following.add(person)
            self._words[person] = _Opening(self._now() + self._limits.word_life, self._limits.per_word)

    def tap(self, person: str) -> None:
        """He tapped a menu or scanned a code."""
        with self._lock:
            self._taps[person] = self._tap()

    def close(self, person: str) -> None:
        """As if his 48 h were over."""
        with self._lock:
            self._close(person)

    def take(self, openid: str) -> Refusal:
        """Count one message to him; 0, or the platform's code for why not."""
        with self._lock:
            person = self._people.get(openid, "")
            if not person:
                return 40003
            if person not in self._following:
                return 43004
            now, open_ones = self._now(), (self._words.get(person), self._taps.get(person))
            lasting = [each for each in open_ones if each is not None and now < each.until]
            if not lasting:
                return 45015
            able = next((each for each in lasting if each.left > 0), None)
            if able is None:
                return 45047
            able.left -= 1
            return 0

    def clear(self) -> None:
        with self._lock:
            self._following.clear()
            self._words.clear()
            self._taps.clear()

    def _tap(self) -> _Opening:
        return _Opening(self._now() + self._limits.tap_life, self._limits.per_tap)

    def _close(self, person: str) -> None:
        self._words.pop(person, None)
        self._taps.pop(person, None)
