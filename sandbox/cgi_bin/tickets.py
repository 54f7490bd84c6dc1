"""Things handed out that are good for a while or for one use: tokens, response codes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

State = Literal["good", "used", "expired", "unknown"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """``subject`` is what the ticket is for; the issuer gives it its meaning."""

    code: str
    subject: str
    expires: float
    used: bool = False


class Tickets:
    """Tickets by code, each good for ``life`` seconds. The newest ``size`` are remembered. Thread-safe."""

    def __init__(self, now: Callable[[], float], life: float, size: int = 50_000) -> None:
        self._now = now
        self._life = life
        self._size = size
        self._tickets: dict[str, Ticket] = {}
        self._lock = threading.Lock()

    def issue(self, subject: str) -> Ticket:
        ticket = Ticket(secrets.token_urlsafe(32), subject, self._now() + self._life)
        with self._lock:
            self._tickets[ticket.code] = ticket
            if len(self._tickets) > self._size:
                del self._tickets[next(iter(self._tickets))]
        return ticket

    def current(self, subject: str) -> Ticket:
        """The newest good ticket for the subject, or a new one."""
        with self._lock:
            candidates = [t for t in self._tickets.values() if t.subject == subject and self._good(t)]
        return candidates[-1] if candidates else self.issue(subject)

    def state(self, code: str) -> State:
        with self._lock:
            return self._state(code)

    def subject(self, code: str) -> str:
        """What the code is for, "" if it was never handed out."""
        with self._lock:
            ticket = self._tickets.get(code)
            return ticket.subject if ticket else ""

    def use(self, code: str) -> State:
        """Use up: "good" once, then "used"."""
        with self._lock:
            state = self._state(code)
            if state == "good":
                self._tickets[code] = replace(self._tickets[code], used=True)
            return state

    def expire_all(self) -> None:
        """As if their time were over."""
        with self._lock:
            self._tickets = {code: replace(t, expires=0.0) for code, t in self._tickets.items()}

    def forget_all(self) -> None:
        """As if they had never been handed out."""
        with self._lock:
            self._tickets.clear()

    def _state(self, code: str) -> State:
        ticket = self._tickets.get(code)
        if ticket is None:
            return "unknown"
        if ticket.used:
            return "used"
        return "good" if self._good(ticket) else "expired"

    def _good(self, ticket: Ticket) -> bool:
        return not ticket.used and self._now() < ticket.expires
