"""Which rows may leave now: leased under a fencing number, the calls they cost counted.

Rows of one address leave in order; an address waiting for its budget never delays another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, get_args

from sqlalchemy import Connection, Row, Select, or_, select, tuple_, update
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime, MachineTime
from domain.outgoing import MERGEABLE, Address, Delivery, Draft, Purpose, RouteKind
from store.columns import is_moving
from store.outbox.budget import PAYER, count, latest_arrival, left_of, payer_of, spent, take_turns
from store.outbox.rows import DANGER, draft_of
from store.tables import outbox

LEASE = timedelta(seconds=45)
"""With the next look at the outbox less than the minute in which a dead sender's rows are taken up."""
HOLDS_UP = 4
"""How often a row may have failed and still keep those behind it waiting."""
EVERY_ROUTE: frozenset[RouteKind] = frozenset(get_args(RouteKind))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row on its way to the platform."""

    id: int
    inbox_id: int | None
    fence: int
    delivery: Delivery
    draft: Draft
    attempts: int
    uncertain: bool
    counted_at: MachineTime
    """When its call counts, unless it is known to have ended before."""
    joined: bool = False
    """It leaves in the message of another row of its address, and costs no call of its own."""


def claim(
    connection: Connection,
    now: MachineTime,
    business_now: BusinessTime,
    limit: int = 64,
    routes: frozenset[RouteKind] = EVERY_ROUTE,
) -> list[Parcel]:
    """Lease rows of these routes that may leave now: one call per address, as far as its budget allows.

    One call, because it counts against the limit from when it is made: behind a slow one the next would wait
    past the minute in which they were counted. Addresses that may not be called now are left out by the query
    itself: however much waits for one of them, the others are seen. Behind a row that is being sent, or rests
    after a failure, its address keeps its order; only danger overtakes a rest.
    """
    take_turns(connection)
    address = tuple_(outbox.c.route, outbox.c.target)
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    ready = (
        select(outbox)
        .where(is_moving, outbox.c.next_at <= now, free_to_go, *_of(routes))
        .where(or_(outbox.c.rank == DANGER, address.not_in(_resting(now))))
        .order_by(outbox.c.rank, outbox.c.id)
    )
    reachable = ready.where(address.not_in(_sending(now)), PAYER.not_in(spent(now, routes)))
    calls: dict[Address, list[Parcel]] = {}
    while len(calls) < limit:
        rows = connection.execute(reachable.limit(limit * 4)).all()
        before = len(calls)
        for row in rows:
            here = Address(row.route, row.target)
            if here in calls or len(calls) == limit or left_of(connection, payer_of(row), now) < 1:
                continue
            fitting = _fitting(connection, ready, row)
            if (parcel := _take(connection, row, now)) is not None:
                others = _lease(connection, fitting, now)
                calls[here] = [parcel, *(replace(_parcel(each, now), joined=True) for each in others)]
        if len(rows) < limit * 4 or len(calls) == before:
            break
    return [parcel for parcels in calls.values() for parcel in parcels]


MOST_JOINED = 2000
MOST_CARDS = 5
"""So many new problems are told 1:1 with a card each; more at once become one message."""


def _fitting(connection: Connection, ready: Select[Any], row: Row[Any]) -> list[Row[Any]]:
    """The other rows that may stand in one message with this one. What may have arrived already is repeated
    apart from what certainly did not."""
    first = draft_of(row)
    if not first.mergeable or row.state != "waiting":
        return []
    here = (outbox.c.route == row.route) & (outbox.c.target == row.target) & (outbox.c.state == "waiting")
    alike = outbox.c.purpose.in_([purpose.value for purpose in MERGEABLE])
    same = outbox.c.uncertain == row.uncertain
    others = connection.execute(ready.where(here, alike, same, outbox.c.id != row.id).limit(MOST_JOINED))
    found = [(other, draft) for other in others if (draft := draft_of(other)).mergeable]
    cards = first.is_card + sum(draft.is_card for _, draft in found)
    if cards <= MOST_CARDS:
        return [] if first.is_card else [other for other, draft in found if not draft.is_card]
    return [other for other, _ in found]


def _lease(connection: Connection, rows: Sequence[Row[Any]], now: MachineTime) -> list[Row[Any]]:
    """Those of the rows that nobody else took meanwhile, now leased."""
    if not rows:
        return []
    values = {
        "state": "sending",
        "fence": outbox.c.fence + 1,
        "attempts": outbox.c.attempts + 1,
        "next_at": now + LEASE,
    }
    waiting = outbox.c.id.in_([row.id for row in rows]) & (outbox.c.state == "waiting")
    leasing = update(outbox).where(waiting).values(**values).returning(outbox.c.id, outbox.c.fence)
    fences = {row.id: row.fence for row in connection.execute(leasing)}
    return [row for row in rows if fences.get(row.id) == row.fence + 1]


def _of(routes: frozenset[RouteKind]) -> list[ColumnElement[bool]]:
    return [] if routes == EVERY_ROUTE else [outbox.c.route.in_(sorted(routes))]


def _sending(now: MachineTime) -> Select[Any]:
    """Addresses with a call under way."""
    under_way = (outbox.c.state == "sending") & (outbox.c.next_at > now)
    return select(outbox.c.route, outbox.c.target).where(is_moving, under_way).correlate(None)


def _resting(now: MachineTime) -> Select[Any]:
    """Addresses with a row that failed a moment ago. One that fails again and again no longer holds up the
    rows behind it."""
    failed = (outbox.c.next_at > now) & outbox.c.attempts.between(1, HOLDS_UP) & (outbox.c.state == "waiting")
    return select(outbox.c.route, outbox.c.target).where(is_moving, failed).correlate(None)


def _take(connection: Connection, row: Row[Any], now: MachineTime) -> Parcel | None:
    """Lease one row; None if it was settled since it was read (by a worker whose lease had run out)."""
    values = {
        "state": "sending",
        "fence": row.fence + 1,
        "attempts": row.attempts + 1,
        "next_at": now + LEASE,
    }
    unchanged = (outbox.c.id == row.id) & (outbox.c.fence == row.fence) & (outbox.c.state == row.state)
    if connection.execute(update(outbox).where(unchanged).values(**values)).rowcount != 1:
        return None
    count(connection, payer_of(row), now)
    return _parcel(row, now)


def _parcel(row: Row[Any], now: MachineTime) -> Parcel:
    """A row, read before it was leased, as it is on its way."""
    draft = draft_of(row)
    uncertain = row.uncertain or row.state == "sending"  # the lease of a worker that died ran out
    anew = draft.purpose is Purpose.ANSWER and not uncertain
    delivery = Delivery(
        row.route,
        row.target,
        draft.text,
        f"o{row.id}",
        draft.mentions,
        draft.buttons,
        anew,
        draft.attachment,
    )
    return Parcel(
        row.id,
        row.inbox_id,
        row.fence + 1,
        delivery,
        draft,
        row.attempts + 1,
        uncertain,
        latest_arrival(now),
    )


def is_due(
    connection: Connection, now: MachineTime, business_now: BusinessTime, routes: frozenset[RouteKind]
) -> bool:
    """Whether there may be something to claim; a look that keeps nobody waiting."""
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    ready = select(outbox.c.id).where(is_moving, outbox.c.next_at <= now, free_to_go, *_of(routes))
    return connection.execute(ready.limit(1)).first() is not None
