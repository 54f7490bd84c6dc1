"""What the auditor looks at, and what it found last: names of checks with how many things fail them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from domain.clock import BusinessTime, MachineTime
from domain.issues import Issue
from domain.outgoing import Purpose
from store.columns import is_moving, is_open
from store.issues import COLUMNS, from_row
from store.tables import counters, findings, issues, outbox
from store.upserts import put

STUCK = timedelta(minutes=10)
RECENT = timedelta(hours=1)
_REMADE = (Purpose.TASK.value, Purpose.REMINDER.value)


def open_after(connection: Connection, number: int, limit: int) -> list[tuple[Issue, BusinessTime | None]]:
    """Open issues after a number, each with when its ladder wants to be looked at."""
    statement = (
        select(*COLUMNS, issues.c.next_step_at)
        .where(is_open, issues.c.number > number)
        .order_by(issues.c.number)
        .limit(limit)
    )
    found: list[tuple[Issue, BusinessTime | None]] = []
    for row in connection.execute(statement):
        whole: Any = row
        found.append((from_row(whole), whole.next_step_at))
    return found


def stuck_rows(connection: Connection, now: MachineTime, business_now: BusinessTime) -> int:
    """Rows that might have left long ago."""
    free = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    waiting = select(func.count()).select_from(outbox).where(is_moving, free, outbox.c.next_at < now - STUCK)
    return int(connection.execute(waiting.where(outbox.c.created_at < now - STUCK)).scalar_one())


def given_up(connection: Connection, now: MachineTime, lowest: int) -> int:
    """Rows after an id that reached nobody in the last hour, not even by another way."""
    lost = (outbox.c.state == "failed") & outbox.c.fallback.is_(None) & (outbox.c.settled_at > now - RECENT)
    statement = select(func.count()).select_from(outbox).where(outbox.c.id > lowest, lost)
    return int(connection.execute(statement).scalar_one())


def newest_row(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(outbox.c.id), 0))).scalar_one())


def hold_anew(connection: Connection, now: BusinessTime) -> None:
    """After the clock was set back: whether a word is still to be held is decided again when it leaves."""
    held = (outbox.c.held_until > now) & outbox.c.purpose.in_(_REMADE)
    connection.execute(update(outbox).where(is_moving, held).values(held_until=None))


def record(connection: Connection, found: Mapping[str, int], now: MachineTime) -> None:
    """Keep what was found; a check that is all right has zero."""
    for name, count in found.items():
        put(connection, findings, {"name": name, "count": count, "at": now})


def last(connection: Connection) -> dict[str, int]:
    """What the last audit found."""
    return {row[0]: row[1] for row in connection.execute(select(findings.c.name, findings.c.count))}


def cursor(connection: Connection) -> int:
    """The issue up to which the last audit came; 0: it came to the end."""
    statement = select(counters.c.value).where(counters.c.name == "audit")
    return int(connection.execute(statement).scalar() or 0)


def go_on_from(connection: Connection, number: int) -> None:
    put(connection, counters, {"name": "audit", "value": number})
