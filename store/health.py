"""What the records say about how the office is set up and whether everything runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.clock import MachineTime
from domain.roster import Roster
from store import clock, inbox, outbox, spoken
from store import roster as roster_store
from store.database import Database

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Health:
    """version 0: no roster yet. keys: chat ids with a push key. spoken: chats in which
    somebody spoke to the robot. last_tick, last_letter: None if there never
    was one. parked: letters given up. failures: rows of the last day that could not be sent, by the
    platform's code."""

    version: int
    roster: Roster
    keys: frozenset[str]
    spoken: frozenset[str]
    last_tick: MachineTime | None
    last_letter: MachineTime | None
    parked: int
    failures: tuple[tuple[int | None, int], ...]


def look(database: Database, now: MachineTime) -> Health:
    """The state of a database whose schema is current."""
    with database.read() as connection:
        version, roster = roster_store.current(connection) or (0, Roster())
        beat = clock.last_beat(connection, "tick")
        return Health(
            version,
            roster,
            roster_store.push_key_ids(connection),
            spoken.since(connection, 0)[1],
            beat[0] if beat else None,
            inbox.newest(connection),
            inbox.parked(connection),
            tuple(outbox.failures(connection, MachineTime(now - DAY))),
        )
