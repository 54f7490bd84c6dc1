"""The stored business clock: the machine clock plus an offset that only a sandbox ever moves."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, func, insert, select, update

from domain.clock import BusinessTime, MachineTime, business_at
from store.tables import business_clock, heartbeats, slots
from store.upserts import put


def now(connection: Connection, machine: MachineTime) -> BusinessTime:
    """The business time at a machine time."""
    offset = connection.execute(select(business_clock.c.offset_us)).scalar() or 0
    return business_at(machine, timedelta(microseconds=offset))


def move(connection: Connection, offset: timedelta) -> int:
    """Set the offset; returns the count of moves, by which a tick proves that it saw this one."""
    values = {"offset_us": offset // timedelta(microseconds=1), "moves": business_clock.c.moves + 1}
    if connection.execute(update(business_clock).values(**values)).rowcount == 0:
        connection.execute(insert(business_clock).values(id=1, offset_us=values["offset_us"], moves=1))
    return moves(connection)


def moves(connection: Connection) -> int:
    """How often the clock was moved."""
    return int(connection.execute(select(func.coalesce(func.max(business_clock.c.moves), 0))).scalar_one())


def beat(connection: Connection, name: str, at: MachineTime, seen_moves: int = 0) -> None:
    """Record that a periodic job ran to its end, and which move of the clock it had seen at its start."""
    put(connection, heartbeats, {"name": name, "beat_at": at, "moves": seen_moves})


def last_beat(connection: Connection, name: str) -> tuple[MachineTime, int] | None:
    """When a periodic job last ended, and the count of clock moves it had seen."""
    row = connection.execute(select(heartbeats).where(heartbeats.c.name == name)).one_or_none()
    return None if row is None else (row.beat_at, row.moves)


def last_seen(connection: Connection, now: BusinessTime) -> BusinessTime | None:
    """The business time of the tick before this one; None at the first."""
    key = "tick:seen"
    seen = connection.execute(select(slots.c.at).where(slots.c.key == key)).scalar()
    put(connection, slots, {"key": key, "at": now})
    return None if seen is None else BusinessTime(seen)
