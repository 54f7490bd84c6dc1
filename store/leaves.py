"""Who is on leave, and who will be: spans of business time, none of one person overlapping another."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, or_, select, true

from domain.clock import BusinessTime
from domain.ports import Leave
from store.tables import leaves


def absent(connection: Connection, now: BusinessTime) -> frozenset[str]:
    """The userids of all who are on leave now."""
    away = (leaves.c.since <= now) & or_(leaves.c.until.is_(None), leaves.c.until > now)
    return frozenset(connection.execute(select(leaves.c.userid).where(away)).scalars())


def set_absent(connection: Connection, userid: str, leave: Leave) -> None:
    """Put a person on leave, in place of every leave of his that overlaps it. ``userid`` must be his own, not
    an alias."""
    begins_before = leaves.c.since < leave.until if leave.until is not None else true()
    ends_after = or_(leaves.c.until.is_(None), leaves.c.until > leave.since)
    connection.execute(delete(leaves).where(leaves.c.userid == userid, begins_before, ends_after))
    connection.execute(insert(leaves).values(userid=userid, since=leave.since, until=leave.until))


def clear_absent(connection: Connection, userid: str, now: BusinessTime) -> bool:
    """End the present leave, or if there is none call off those to come; whether there was one."""
    mine = leaves.c.userid == userid
    over = delete(leaves).where(mine, leaves.c.until.is_not(None), leaves.c.until <= now)
    connection.execute(over)
    if connection.execute(delete(leaves).where(mine, leaves.c.since <= now)).rowcount:
        return True
    return connection.execute(delete(leaves).where(mine)).rowcount > 0


def planned(connection: Connection, userid: str, now: BusinessTime) -> list[Leave]:
    """A person's leaves to come, the nearest first."""
    to_come = (leaves.c.userid == userid) & (leaves.c.since > now)
    rows = connection.execute(select(leaves.c.since, leaves.c.until).where(to_come).order_by(leaves.c.since))
    return [Leave(row.since, row.until) for row in rows]
