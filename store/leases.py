"""Who may hold what only one process may hold: a lease with a fencing number, by machine time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select, update

from domain.clock import MachineTime
from store.tables import leases
from store.upserts import insert_into

LEASE = timedelta(seconds=12)


@dataclass(frozen=True, slots=True)
class Lease:
    """What its holder shows; another fencing number means that somebody else has it now."""

    name: str
    holder: str
    fence: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A lease as others see it. state: its holder's own words, since when."""

    holder: str
    until: MachineTime
    state: str
    state_since: MachineTime


def take(connection: Connection, name: str, holder: str, now: MachineTime) -> Lease | None:
    """The lease, if nobody holds it."""
    free = {"name": name, "holder": "", "fence": 0, "until": now, "state_since": now}
    connection.execute(insert_into(connection, leases).values(free).on_conflict_do_nothing())
    ended = (leases.c.name == name) & (leases.c.until <= now)
    values = {"holder": holder, "fence": leases.c.fence + 1, "until": now + LEASE}
    taking = update(leases).where(ended).values(**values).returning(leases.c.fence)
    fence = connection.execute(taking).scalar()
    return None if fence is None else Lease(name, holder, fence)


def renew(connection: Connection, lease: Lease, now: MachineTime) -> bool:
    """False: it has ended, and somebody else has it."""
    return _change(connection, lease, until=now + LEASE)


def give_up(connection: Connection, lease: Lease, now: MachineTime) -> None:
    """Whoever waits for it may have it at once."""
    _change(connection, lease, until=now)


def note(connection: Connection, lease: Lease, state: str, now: MachineTime) -> None:
    """How it goes, for whoever looks (doctor)."""
    _change(connection, lease, state=state[:200], state_since=now)


def seen(connection: Connection, name: str) -> Seen | None:
    """The lease as it is; None if it never was taken."""
    row = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
    return None if row is None else Seen(row.holder, row.until, row.state, row.state_since)


CONNECTED = "connected"
"""The state of a holder that is."""


def down_for(connection: Connection, now: MachineTime) -> float:
    """Seconds since a connection that was held within the last day is down; 0 while all are up."""
    recent = select(leases).where(leases.c.until > now - timedelta(days=1))
    down = [row for row in connection.execute(recent) if row.state != CONNECTED or row.until <= now]
    since = [min(row.state_since, now) if row.state != CONNECTED else row.until for row in down]
    return max(((now - each).total_seconds() for each in since), default=0.0)


def _change(connection: Connection, lease: Lease, **values: object) -> bool:
    mine = (leases.c.name == lease.name) & (leases.c.fence == lease.fence)
    return connection.execute(update(leases).where(mine).values(**values)).rowcount == 1
