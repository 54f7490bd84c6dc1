"""Orders: what was asked for and is being made, row by row, under a lease like the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from domain.clock import BusinessTime, MachineTime
from domain.orders import Order
from store.columns import is_waiting
from store.paper_tables import orders

LEASE = timedelta(seconds=110)
"""Longer than a job may take."""
ATTEMPTS = 3
PAUSE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order being made. ``inbox_id``: the message that asked, to be answered."""

    id: int
    order: Order
    at: BusinessTime
    inbox_id: int | None
    fence: int
    attempts: int


def place(
    connection: Connection, order: Order, at: BusinessTime, now: MachineTime, inbox_id: int | None = None
) -> None:
    """Write an order; what waits in the same slot is void."""
    if order.slot is not None:
        same = (orders.c.slot == order.slot) & is_waiting
        connection.execute(
            update(orders).where(same).values(state="void", reason="a newer one is due", settled_at=now)
        )
    row = {
        "kind": order.paper.value,
        "document": order.to_json(),
        "slot": order.slot,
        "inbox_id": inbox_id,
        "ordered_at": at,
        "next_at": now,
    }
    connection.execute(insert(orders), row)


def claim(connection: Connection, now: MachineTime) -> Ordered | None:
    """Lease the oldest order that may be made now; what somebody waits for comes before what is due."""
    statement = (
        select(orders)
        .where(is_waiting, orders.c.next_at <= now)
        .order_by(orders.c.inbox_id.is_(None), orders.c.id)
    )
    for row in connection.execute(statement.limit(4)).all():
        if (taken := _take(connection, row, now)) is not None:
            return taken
    return None


def _take(connection: Connection, row: Row[Any], now: MachineTime) -> Ordered | None:
    unchanged = (orders.c.id == row.id) & (orders.c.fence == row.fence) & is_waiting
    values = {"fence": row.fence + 1, "attempts": row.attempts + 1, "next_at": now + LEASE}
    if connection.execute(update(orders).where(unchanged).values(**values)).rowcount != 1:
        return None
    order = Order.from_json(row.document)
    return Ordered(row.id, order, row.ordered_at, row.inbox_id, row.fence + 1, row.attempts + 1)


def done(connection: Connection, ordered: Ordered, now: MachineTime) -> bool:
    """It was made, in this transaction. False if another worker took it over, or it became void."""
    return _settle(connection, ordered, {"state": "done", "settled_at": now})


def failed(connection: Connection, ordered: Ordered, reason: str, now: MachineTime) -> bool:
    """Count the failure. True if it is given up, so that whoever asked must be told."""
    if ordered.attempts < ATTEMPTS:
        _settle(connection, ordered, {"next_at": now + PAUSE * ordered.attempts, "reason": reason[:2000]})
        return False
    return _settle(connection, ordered, {"state": "failed", "reason": reason[:2000], "settled_at": now})


def _settle(connection: Connection, ordered: Ordered, values: dict[str, Any]) -> bool:
    mine = (orders.c.id == ordered.id) & (orders.c.fence == ordered.fence) & is_waiting
    return connection.execute(update(orders).where(mine).values(**values)).rowcount == 1


def waiting(connection: Connection) -> int:
    """How many are to be made."""
    return connection.execute(select(func.count()).select_from(orders).where(is_waiting)).scalar_one()
