"""Which rows may leave now: leased under a fencing number, the calls they cost counted.

Rows of one address leave in order; an address waiting for its budget never delays another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, get_args

from sqlalchemy import Connection, Row, Select, bindparam, or_, select, tuple_, update

from domain.clock import BusinessTime, MachineTime
from domain.outgoing import MERGEABLE, Address, Delivery, Draft, Purpose, RouteKind
from store.columns import Moment, is_moving
from store.outbox.budget import (
    LONGEST_CALL,
    PAYER,
    count,
    latest_arrival,
    left_of,
    looks_back,
    payer_of,
    spent,
    take_turns,
)
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
    written_at: MachineTime
    joined: bool = False
    """It leaves in the message of another row of its address, and costs no call of its own."""

    @property
    def claimed_at(self) -> MachineTime:
        """Its call was not begun before."""
        return MachineTime(self.counted_at - LONGEST_CALL)


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
    asked = {"now": now, "business_now": business_now, **looks_back(now)}
    calls: dict[Address, list[Parcel]] = {}
    while len(calls) < limit:
        rows = connection.execute(_reachable(routes), asked | {"most": limit * 4}).all()
        before = len(calls)
        for row in rows:
            here = Address(row.route, row.target)
            if here in calls or len(calls) == limit or left_of(connection, payer_of(row), now) < 1:
                continue
            fitting = _fitting(connection, row, _beside(routes), asked)
            if (parcel := _take(connection, row, now)) is not None:
                others = _lease(connection, fitting, now)
                calls[here] = [parcel, *(replace(_parcel(each, now), joined=True) for each in others)]
        if len(rows) < limit * 4 or len(calls) == before:
            break
    return [parcel for parcels in calls.values() for parcel in parcels]


MOST_JOINED = 2000
MOST_CARDS = 5
"""So many new problems are told 1:1 with a card each; more at once become one message."""


def _fitting(
    connection: Connection, row: Row[Any], beside: Select[Any], asked: Mapping[str, Any]
) -> list[Row[Any]]:
    """The other rows that may stand in one message with this one. What may have arrived already is repeated
    apart from what certainly did not."""
    first = draft_of(row)
    if not first.mergeable or row.state != "waiting":
        return []
    mine = {"route": row.route, "target": row.target, "doubt": row.uncertain, "own": row.id}
    others = connection.execute(beside, {**asked, **mine})
    found = [(other, draft) for other in others if (draft := draft_of(other)).mergeable]
    cards = first.is_card + sum(draft.is_card for _, draft in found)
    if cards <= MOST_CARDS:
        return [] if first.is_card else [other for other, draft in found if not draft.is_card]
    return [other for other, _ in found]


def _lease(connection: Connection, rows: Sequence[Row[Any]], now: MachineTime) -> list[Row[Any]]:
    """Those of the rows that nobody else took meanwhile, now leased."""
    if not rows:
        return []
    values = {"which": [row.id for row in rows], "until": now + LEASE}
    fences = {row.id: row.fence for row in connection.execute(_LEASE_ALL, values)}
    return [row for row in rows if fences.get(row.id) == row.fence + 1]


def _take(connection: Connection, row: Row[Any], now: MachineTime) -> Parcel | None:
    """Lease one row; None if it was settled since it was read (by a worker whose lease had run out)."""
    as_read = {"own": row.id, "as_read": row.fence, "was": row.state, "until": now + LEASE}
    if connection.execute(_LEASE_ONE, as_read).rowcount != 1:
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
        row.created_at,
    )


def is_due(
    connection: Connection, now: MachineTime, business_now: BusinessTime, routes: frozenset[RouteKind]
) -> bool:
    """Whether there may be something to claim; a look that keeps nobody waiting."""
    asked = {"now": now, "business_now": business_now}
    return connection.execute(_due(routes), asked).first() is not None


# Built once: a claim is made for every call, and building it took longer than asking it.
_NOW = bindparam("now", type_=Moment)
_ADDRESS = tuple_(outbox.c.route, outbox.c.target)
_FREE_TO_GO = or_(
    outbox.c.held_until.is_(None), outbox.c.held_until <= bindparam("business_now", type_=Moment)
)
_UNDER_WAY = (outbox.c.state == "sending") & (outbox.c.next_at > _NOW)
_SENDING = select(outbox.c.route, outbox.c.target).where(is_moving, _UNDER_WAY).correlate(None)
_FAILED = (outbox.c.next_at > _NOW) & outbox.c.attempts.between(1, HOLDS_UP) & (outbox.c.state == "waiting")
_RESTING = select(outbox.c.route, outbox.c.target).where(is_moving, _FAILED).correlate(None)
"""Addresses with a row that failed a moment ago. One that fails again and again no longer holds up the rows
behind it."""
_LEASED: dict[str, Any] = {
    "state": "sending",
    "fence": outbox.c.fence + 1,
    "attempts": outbox.c.attempts + 1,
    "next_at": bindparam("until", type_=Moment),
}
_UNCHANGED = (
    outbox.c.id == bindparam("own"),
    outbox.c.fence == bindparam("as_read"),
    outbox.c.state == bindparam("was"),
)
_LEASE_ONE = update(outbox).where(*_UNCHANGED).values(_LEASED)
_LEASE_ALL = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("which", expanding=True)), outbox.c.state == "waiting")
    .values(_LEASED)
    .returning(outbox.c.id, outbox.c.fence)
)


@lru_cache
def _due(routes: frozenset[RouteKind]) -> Select[Any]:
    of_routes = [] if routes == EVERY_ROUTE else [outbox.c.route.in_(sorted(routes))]
    return select(outbox.c.id).where(is_moving, outbox.c.next_at <= _NOW, _FREE_TO_GO, *of_routes).limit(1)


@lru_cache
def _ready(routes: frozenset[RouteKind]) -> Select[Any]:
    """Rows that may leave, danger first."""
    orderly = or_(outbox.c.rank == DANGER, _ADDRESS.not_in(_RESTING))
    rows = _due(routes).limit(None).with_only_columns(*outbox.c)
    return rows.where(orderly).order_by(outbox.c.rank, outbox.c.id)


@lru_cache
def _reachable(routes: frozenset[RouteKind]) -> Select[Any]:
    """Those of them whose address may be called now."""
    free = _ADDRESS.not_in(_SENDING), PAYER.not_in(spent(routes))
    return _ready(routes).where(*free).limit(bindparam("most"))


@lru_cache
def _beside(routes: frozenset[RouteKind]) -> Select[Any]:
    """Those of them that may join one of their address."""
    here = (outbox.c.route == bindparam("route")) & (outbox.c.target == bindparam("target"))
    alike = outbox.c.purpose.in_([purpose.value for purpose in MERGEABLE])
    same = (outbox.c.uncertain == bindparam("doubt")) & (outbox.c.state == "waiting")
    return _ready(routes).where(here, alike, same, outbox.c.id != bindparam("own")).limit(MOST_JOINED)
