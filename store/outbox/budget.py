"""The platform's limits (wecom.md), counted in the database over all processes by calls that were made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Row,
    Select,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from domain.clock import MachineTime
from domain.outgoing import Address, RouteKind
from store import followers
from store.columns import Moment
from store.tables import outbox, sendings

MINUTE = timedelta(seconds=60)
HOUR = timedelta(hours=1)
PER_MINUTE: dict[str, int] = {"webhook": 20, "app": 30, "chat": 30, "direct": 30}
PER_HOUR: dict[str, int] = {"chat": 1000, "direct": 1000}
"""Calls per address (DOC 91770, DOC 90236, DOC 101463); where an answer counts with the other messages of its
chat, the row names that as its payer."""
COUNTED = frozenset({*PER_MINUTE, followers.ROUTE})
"""Routes whose calls count against a limit; how many a follower takes depends on his last word."""

CLAIM_LOCK = 0x1E6A

PAYER = func.coalesce(outbox.c.payer, outbox.c.route + ":" + outbox.c.target)
"""Whose budget a row costs, as ``str(Address)``."""


def payer_of(row: Row[Any]) -> Address:
    return Address.parse(row.payer or f"{row.route}:{row.target}")


def take_turns(connection: Connection) -> None:
    """One claim at a time, so that two workers cannot both spend the last of a budget. On SQLite the write
    transaction itself is the turn."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))


def looks_back(now: MachineTime) -> dict[str, MachineTime]:
    """The parameters of ``spent``."""
    return {"minute_ago": MachineTime(now - MINUTE), "hour_ago": MachineTime(now - HOUR)}


_MINUTE_AGO, _HOUR_AGO = bindparam("minute_ago", type_=Moment), bindparam("hour_ago", type_=Moment)


def spent(routes: frozenset[RouteKind]) -> Select[Any] | CompoundSelect[Any]:
    """Addresses whose budget is used up. The hour is looked at only for those who have one."""
    in_minute = _used_up(PER_MINUTE, _MINUTE_AGO)
    if routes.isdisjoint(PER_HOUR):
        return in_minute
    return in_minute.union_all(_used_up(PER_HOUR, _HOUR_AGO).where(sendings.c.route.in_(PER_HOUR)))


def _used_up(budget: Mapping[str, int], since: BindParameter[Any]) -> Select[Any]:
    allowed = case(budget, value=sendings.c.route, else_=1)
    return (
        select(sendings.c.route + ":" + sendings.c.target)
        .where(sendings.c.at > since, sendings.c.route != followers.ROUTE)
        .group_by(sendings.c.route, sendings.c.target)
        .having(func.count() >= allowed)
    )


_HERE = (sendings.c.route == bindparam("route")) & (sendings.c.target == bindparam("target"))
_USED = select(func.count(), func.count().filter(sendings.c.at > _MINUTE_AGO)).where(
    _HERE, sendings.c.at > _HOUR_AGO
)


def left_of(connection: Connection, address: Address, now: MachineTime) -> int:
    if address.route == followers.ROUTE:
        return followers.room(connection, address.target, now)
    if address.route not in PER_MINUTE:
        return 1
    asked = {"route": address.route, "target": address.target, **looks_back(now)}
    in_hour, in_minute = connection.execute(_USED, asked).one()
    left: int = PER_MINUTE[address.route] - in_minute
    return min(left, PER_HOUR[address.route] - in_hour) if address.route in PER_HOUR else left


def spend(connection: Connection, address: Address, now: MachineTime) -> bool:
    """Count a call that is made beside the outbox; False if the address has no budget left for it."""
    take_turns(connection)
    if left_of(connection, address, now) < 1:
        return False
    connection.execute(insert(sendings).values(route=address.route, target=address.target, at=now))
    return True


LONGEST_CALL = timedelta(seconds=30)
"""From the claim of a row until its call has surely arrived, uploads and waits for the database included."""


def latest_arrival(now: MachineTime) -> MachineTime:
    """When a call claimed now counts, as long as nobody knows better."""
    return MachineTime(now + LONGEST_CALL)


def count(connection: Connection, address: Address, now: MachineTime) -> None:
    """A call is about to be made."""
    if address.route in COUNTED:
        at = latest_arrival(now)
        connection.execute(insert(sendings).values(route=address.route, target=address.target, at=at))


def ended(connection: Connection, address: Address, counted_at: MachineTime, now: MachineTime) -> None:
    """A call that was counted has ended, so it arrived before now: from then on the minute runs."""
    if address.route in COUNTED:
        connection.execute(update(sendings).where(_the_one(address, counted_at)).values(at=now))


def unspend(connection: Connection, address: Address, counted_at: MachineTime) -> None:
    """Take back the record of a call that was not made."""
    connection.execute(delete(sendings).where(_the_one(address, counted_at)))


def _the_one(address: Address, counted_at: MachineTime) -> ColumnElement[bool]:
    """One record; those of the same address and moment stand for each other."""
    here = (sendings.c.route == address.route) & (sendings.c.target == address.target)
    then = select(func.max(sendings.c.id)).where(here, sendings.c.at == counted_at)
    return sendings.c.id == then.scalar_subquery()


def forget_sendings(connection: Connection, now: MachineTime) -> None:
    """Drop attempts that no longer count."""
    longer = (*PER_HOUR, followers.ROUTE)
    past_minute = (sendings.c.at < now - 2 * MINUTE) & sendings.c.route.not_in(longer)
    past_hour = (sendings.c.at < now - HOUR - MINUTE) & sendings.c.route.in_(PER_HOUR)
    past_all = sendings.c.at < now - followers.WORD - MINUTE
    connection.execute(delete(sendings).where(past_minute | past_hour | past_all))
