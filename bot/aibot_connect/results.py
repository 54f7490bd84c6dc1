"""Requests of ours that wait for their results."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.aibot_connect.frames import Frame
from bot.platform_api import Answer
from domain.errors import SendError


class Waiter:
    """Somebody who waits for the result of his request."""

    __slots__ = ("_bell", "answer")

    def __init__(self) -> None:
        self._bell = threading.Event()
        self.answer: Answer | None = None

    def wait(self, seconds: float) -> Answer | None:
        """The result; None if there will be none, or it took too long."""
        self._bell.wait(seconds)
        return self.answer

    def wake(self, answer: Answer | None) -> None:
        self.answer = answer
        self._bell.set()


class Results:
    """Who waits for which, by the id of the request. Thread-safe."""

    def __init__(self) -> None:
        self._waiters: dict[str, Waiter] = {}
        self._lock = threading.Lock()

    @contextmanager
    def expected(self, req_id: str) -> Iterator[Waiter]:
        """Expect a result for the length of the block: before it is asked for, so that none is missed."""
        waiter = Waiter()
        with self._lock:
            if req_id in self._waiters:
                raise SendError("an answer to the same frame is under way", permanent=False)
            self._waiters[req_id] = waiter
        try:
            yield waiter
        finally:
            with self._lock:
                self._waiters.pop(req_id, None)

    def hand_over(self, frame: Frame) -> None:
        """A result has come; one that nobody waits for any more is dropped (also those of pings)."""
        with self._lock:
            waiter = self._waiters.pop(frame.req_id, None)
        if waiter is not None and frame.code is not None:
            waiter.wake(Answer(frame.code, frame.message, frame.body))

    def none_will_come(self) -> None:
        """Nobody needs to wait any longer."""
        with self._lock:
            waiters = list(self._waiters.values())
        for waiter in waiters:
            waiter.wake(None)
