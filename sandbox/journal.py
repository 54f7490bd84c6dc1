"""A bounded, numbered record that readers can wait on."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from itertools import takewhile
from typing import Generic, TypeVar

T = TypeVar("T")


class Journal(Generic[T]):
    """Items numbered from 1; the oldest fall out when there are more than ``size``. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._items: deque[tuple[int, T]] = deque(maxlen=size)
        self._changed = threading.Condition()
        self._last = 0

    @property
    def last(self) -> int:
        return self._last

    def add(self, make: Callable[[int], T]) -> T:
        """Append what ``make`` builds from its number, and wake the waiting readers."""
        with self._changed:
            self._last += 1
            item = make(self._last)
            self._items.append((self._last, item))
            self._changed.notify_all()
            return item

    def since(self, number: int) -> list[T]:
        """Items with a higher number, oldest first."""
        with self._changed:
            return self._since(number)

    def wait(self, number: int, seconds: float) -> list[T]:
        """As ``since``, but waits up to ``seconds`` for the first one."""
        with self._changed:
            self._changed.wait_for(lambda: self._last > number, seconds)
            return self._since(number)

    def clear(self) -> None:
        """Forget the items; numbering goes on."""
        with self._changed:
            self._items.clear()

    def _since(self, number: int) -> list[T]:
        newest_first = takewhile(lambda pair: pair[0] > number, reversed(self._items))
        return [item for _, item in newest_first][::-1]
