"""Who is connected as the robot, and what he was handed but has not answered.

The vendor promises no second delivery after a broken connection, and asks for no receipt. The sandbox hands
over again, on the next connection, what was not answered yet and is not older than ``Limits.frame_resend``;
at 0 it never does.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.connect.session import Session


@dataclass(frozen=True, slots=True)
class Callback:
    """One message or event for the bot. ``new_id``: a fresh id for each time it is handed over."""

    msgid: str
    command: str
    body: dict[str, Any]
    new_id: Callable[[], str]

    def frame(self) -> dict[str, Any]:
        return {"cmd": self.command, "headers": {"req_id": self.new_id()}, "body": self.body}


class Hub:
    """At most one session at a time; a later one takes the place of the earlier. Thread-safe."""

    def __init__(self, now: Callable[[], float], resend: float) -> None:
        self._now = now
        self._resend = resend
        self._session: Session | None = None
        self._open: OrderedDict[str, tuple[float, Callback]] = OrderedDict()
        self._lock = threading.Lock()
        self.joined = 0
        self.kicked = 0

    @property
    def session(self) -> Session | None:
        """The one that is subscribed now."""
        return self._session

    def join(self, session: Session, welcome: dict[str, Any]) -> None:
        """A subscription is accepted: the session before is told and closed, then comes what is open."""
        with self._lock:
            before, self._session = self._session, session
            self.joined += 1
            session.send(welcome)
            if before is not None:
                self._kick(before)
            for _, callback in list(self._open.values()):
                session.send(callback.frame())

    def leave(self, session: Session) -> None:
        """Its socket is gone."""
        with self._lock:
            if self._session is session:
                self._session = None

    def kick(self) -> None:
        """Somebody else connects as the same robot, and goes away again."""
        with self._lock:
            before, self._session = self._session, None
            if before is not None:
                self._kick(before)

    def hand_over(self, callback: Callback, copies: int) -> bool:
        """Give it to whoever is connected; False if nobody is."""
        with self._lock:
            self._forget_old()
            if self._resend:
                self._open[callback.msgid] = (self._now(), callback)
            if self._session is None:
                return False
            for _ in range(copies):
                self._session.send(callback.frame())
            return True

    def answered(self, msgid: str) -> None:
        """It need not be handed over again."""
        with self._lock:
            self._open.pop(msgid, None)

    def clear(self) -> None:
        """Nothing is open."""
        with self._lock:
            self._open.clear()

    def _forget_old(self) -> None:
        limit = self._now() - self._resend
        while self._open and next(iter(self._open.values()))[0] < limit:
            self._open.popitem(last=False)

    def _kick(self, session: Session) -> None:
        self.kicked += 1
        event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        frame = {"cmd": "aibot_event_callback", "headers": {"req_id": f"kick-{self.kicked}"}}
        session.send({**frame, "body": {"create_time": int(self._now()), **event}})
        session.close()
