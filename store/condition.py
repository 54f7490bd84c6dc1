"""How much waits, since when, and what went wrong: an operator's figures, cheap enough for every 15 s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.clock import MachineTime
from store import audits, clock, inbox, issues, leases, media, outbox
from store.database import Database

DAY = timedelta(days=1)
NEVER = float("inf")


Kind = tuple[str, str, str, Sequence[tuple[object, float]]]


@dataclass(frozen=True, slots=True)
class Condition:
    """``figures``: name, meaning, value. ``kinds``: name, meaning, label, and the counts by its values."""

    figures: Sequence[tuple[str, str, float]]
    kinds: Sequence[Kind]


def look(database: Database, now: MachineTime) -> Condition:
    """All of one moment. Ages are in seconds of the clock that the rows live by. Raises
    ``StoreUnavailable``."""
    with database.read() as connection:
        business_now = clock.now(connection, now)
        due = issues.oldest_due(connection, business_now)
        overdue = (business_now - due).total_seconds() if due else 0.0
        waits, moves = inbox.oldest_waiting(connection), outbox.oldest_due(connection, business_now)
        figures = [
            ("inbox_waiting", "Messages to be handled.", inbox.waiting(connection)),
            ("inbox_oldest_seconds", "Age of the oldest of them.", _age(waits, now, 0)),
            ("inbox_parked", "Messages given up after five failures.", inbox.parked(connection)),
            ("outbox_moving", "Messages to be sent.", outbox.moving(connection)),
            ("outbox_asleep", "Messages that wait for a follower's next word.", outbox.asleep(connection)),
            ("outbox_oldest_due_seconds", "Age of the oldest that may leave.", _age(moves, now, 0)),
            ("media_waiting", "Pictures to be fetched.", media.waiting(connection)),
            ("step_oldest_due_seconds", "For how long the oldest step of an issue is due.", overdue),
        ]
        down = leases.down_for(connection, now)
        figures.append(("connection_down_seconds", "For how long the robot's long connection is down.", down))
        found = audits.last(connection)
        figures += [(f"audit_{name}", "What the last audit found.", count) for name, count in found.items()]
        for job in ("tick", "audit", "backup"):
            beat = clock.last_beat(connection, job)
            age = _age(beat[0] if beat else None, now, NEVER)
            figures.append((f"{job}_age_seconds", f"Since the last {job}.", age))
        failed = outbox.failures(connection, MachineTime(now - DAY))
        kinds: list[Kind] = [
            ("outbox_failed", "Given up in the last day, by the platform's code.", "code", failed),
            ("outbox_retrying", "To be tried again, by the last code.", "code", outbox.retrying(connection)),
            ("newest_outcomes", "Of the newest messages.", "outcome", inbox.newest_outcomes(connection)),
        ]
    return Condition(figures, kinds)


def _age(since: MachineTime | None, now: MachineTime, otherwise: float) -> float:
    return otherwise if since is None else max(0.0, (now - since).total_seconds())
