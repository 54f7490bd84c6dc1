"""What goes wrong, when and for how long: a timeline made from a seed, so that a run can be had again.

Three tracks run side by side, each one blow after the other: processes die, the ground gives way (database,
disk, clock), the platform's weather changes. Each track goes through its whole pack before it begins anew.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CALM = 0.06
"""Part of the time at the beginning and at the end in which nothing happens."""


@dataclass(frozen=True, slots=True)
class Blow:
    """``at``, ``lasts``: seconds. ``fault``: of the platform's weather (sandbox/faults.py)."""

    at: float
    name: str
    lasts: float
    fault: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        more = f" {dict(self.fault)}" if self.fault else ""
        return f"{self.at:6.1f} s  {self.name}, {self.lasts:.1f} s{more}"


PROCESSES = (
    "kill web", "kill inside", "kill outbox", "kill media", "kill orders", "kill worker", "kill cron",
    "kill redis", "flush redis", "kill web", "kill inside", "kill outbox",
)  # fmt: skip
CONNECTION = ("kill connect", "drop connection", "close connection")
"""What befalls the long connection beside all that, where there is one."""
GROUND = ("no database", "no media folder", "no database", "advance clock")
WEATHER: Mapping[str, Mapping[str, Any]] = {
    "slow answers": {"endpoint": "aibot_response", "delay": 1.5, "probability": 0.3},
    "failing answers": {"endpoint": "aibot_response", "status": 503, "probability": 0.5},
    "busy answers": {"endpoint": "aibot_response", "errcode": -1, "probability": 0.5},
    "lost answers": {"endpoint": "aibot_response", "lose_answer": True, "probability": 0.5},
    "refused answers": {"endpoint": "aibot_response", "errcode": 40029, "probability": 0.03},
    "slow app": {"endpoint": "message_send", "delay": 3.0, "probability": 0.3},
    "hanging app": {"endpoint": "message_send", "timeout": 7.0, "probability": 0.1},
    "failing app": {"endpoint": "message_send", "status": 500, "probability": 0.5},
    "limiting app": {"endpoint": "message_send", "errcode": 45009, "probability": 0.1},
    "lost app": {"endpoint": "message_send", "lose_answer": True, "probability": 0.5},
    "limiting groups": {"endpoint": "webhook", "errcode": 45009, "probability": 0.3},
    "lost groups": {"endpoint": "webhook", "lose_answer": True, "probability": 0.5},
    "slow groups": {"endpoint": "webhook", "delay": 4.0, "probability": 0.5},
    "no tokens": {"endpoint": "gettoken", "status": 500},
    "failing pictures": {"endpoint": "media", "status": 503},
    "slow pictures": {"endpoint": "media", "delay": 4.0},
    "revoked tokens": {"endpoint": "gettoken", "delay": 1.0},
}


def timeline(seed: int, seconds: float, channel: str) -> tuple[tuple[Blow, ...], ...]:
    """The three tracks."""
    chance = random.Random(f"blows:{seed}")
    processes = PROCESSES + (CONNECTION if channel == "connect" else ())
    every = min(6.0, seconds / 14)
    return (
        _track(chance, processes, seconds, every, channel),
        _track(chance, GROUND, seconds, max(2 * every, seconds / 12), channel),
        _track(chance, tuple(WEATHER), seconds, min(every, seconds / 20), channel),
    )


def _track(
    chance: random.Random, names: Sequence[str], seconds: float, every: float, channel: str
) -> tuple[Blow, ...]:
    """Blows from the pack at intervals of about ``every`` seconds, each over before the next one begins."""
    blows: list[Blow] = []
    pack: list[str] = []
    at, end = seconds * CALM, seconds * (1 - CALM)
    while at < end:
        if not pack:
            pack = chance.sample(names, len(names))
        name = pack.pop()
        lasts = min(every * chance.uniform(0.3, 0.8), 6.0)
        blows.append(Blow(at, name, lasts, _weather(name, channel)))
        at += every * chance.uniform(0.85, 1.15)
    return tuple(blows)


def _weather(name: str, channel: str) -> Mapping[str, Any] | None:
    """Answers take the way of the channel."""
    fault = WEATHER.get(name)
    if fault is None or channel == "callback" or fault["endpoint"] != "aibot_response":
        return fault
    return {**fault, "endpoint": "connect_send"}
