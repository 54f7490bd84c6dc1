"""Bad weather on demand: what shall go wrong at which endpoint, how often."""

from __future__ import annotations

import secrets
import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

ENDPOINTS = (
    "gettoken", "webhook", "aibot_response", "message_send", "media", "media_upload", "callback", "connect",
    "connect_send", "mp_token", "mp_send", "mp_notify", "mp_account",
)  # fmt: skip


@dataclass(slots=True)
class Fault:
    """What goes wrong at one endpoint.

    delay: seconds before anything happens. timeout: seconds to hang, then the connection is dropped and
    nothing happened. status: HTTP status instead of an answer. errcode: platform error instead of the
    effect. lose_answer: the effect happens, then the connection is dropped; for ``callback``: the bot's first
    answer to each message never arrives, so that it is delivered again. Only for ``callback``:
    duplicate: so many extra deliveries of each message; reorder: a message is held back until the next
    one of the same channel was delivered. count: how many times (None: until cleared); probability: of
    each time. ``connect``: the robot's attempt to connect and subscribe; ``connect_send``: what it asks for
    by frames.
    """

    endpoint: str
    delay: float = 0.0
    timeout: float = 0.0
    status: int | None = None
    errcode: int | None = None
    lose_answer: bool = False
    duplicate: int = 0
    reorder: bool = False
    count: int | None = None
    probability: float = 1.0


class Faults:
    """At most one fault per endpoint; setting one replaces the one before. Thread-safe."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._lock = threading.Lock()

    def set(self, fault: Fault) -> None:
        with self._lock:
            self._faults[fault.endpoint] = fault

    def peek(self, endpoint: str) -> Fault | None:
        """The fault that is set, without suffering it."""
        with self._lock:
            return self._faults.get(endpoint)

    def take(self, endpoint: str) -> Fault | None:
        """The fault to suffer this time, if any; counts it."""
        with self._lock:
            fault = self._faults.get(endpoint)
            if fault is None or not _strikes(fault.probability):
                return None
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    del self._faults[endpoint]
            return fault

    def clear(self, endpoint: str | None = None) -> None:
        with self._lock:
            if endpoint is None:
                self._faults.clear()
            else:
                self._faults.pop(endpoint, None)

    def to_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]


def parse_fault(raw: Any) -> Fault:
    """From JSON; raises ValueError saying which field is wrong."""
    if not isinstance(raw, dict) or raw.get("endpoint") not in ENDPOINTS:
        raise ValueError(f"endpoint must be one of {', '.join(ENDPOINTS)}")
    known = {field.name for field in fields(Fault)}
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"unknown field {unknown[0]}; known: {', '.join(sorted(known))}")
    for name in set(raw) - {"endpoint"}:
        if raw[name] is not None and not isinstance(raw[name], int | float):
            raise ValueError(f"{name} must be a number, true or false")
    fault = Fault(**raw)
    if fault.count is not None and fault.count < 1:
        raise ValueError("count must be at least 1")
    return fault


def _strikes(probability: float) -> bool:
    return probability >= 1 or secrets.randbelow(1_000_000) < probability * 1_000_000
