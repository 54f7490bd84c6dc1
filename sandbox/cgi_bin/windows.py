"""Counting: so many per minute and key, and what was said before."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable


class Windows:
    """At most ``most`` per ``seconds`` and key, over a sliding window of accepted calls. Thread-safe."""

    def __init__(self, now: Callable[[], float], most: int, seconds: float) -> None:
        self._now = now
        self._most = most
        self._seconds = seconds
        self._taken: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Count one; False, and not counted, if the window is full."""
        with self._lock:
            now, taken = self._now(), self._taken[key]
            while taken and taken[0] <= now - self._seconds:
                taken.popleft()
            if len(taken) >= self._most:
                return False
            taken.append(now)
            return True

    def clear(self) -> None:
        with self._lock:
            self._taken.clear()


class Memory:
    """Whether something was said before within an interval. The newest ``size`` are known. Thread-safe."""

    def __init__(self, now: Callable[[], float], size: int = 50_000) -> None:
        self._now = now
        self._size = size
        self._said: dict[str, float] = {}
        self._lock = threading.Lock()

    def said_before(self, fingerprint: str, interval: float) -> bool:
        """True if it was said less than ``interval`` seconds ago; else remembers it as said now."""
        with self._lock:
            now = self._now()
            if now - self._said.get(fingerprint, float("-inf")) < interval:
                return True
            self._said[fingerprint] = now
            if len(self._said) > self._size:
                del self._said[next(iter(self._said))]
            return False
