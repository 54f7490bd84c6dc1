"""What became of a claimed row. Whoever lost its lease changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from domain.clock import BusinessTime, MachineTime
from domain.errors import SendError
from domain.outgoing import Address, Draft, Purpose
from store import followers
from store.columns import is_moving
from store.outbox.budget import COUNTED, ended, take_turns, unspend
from store.outbox.claims import Parcel
from store.outbox.rows import add, draft_of
from store.tables import outbox

BACK_OFF = (2, 5, 10, 30, 60, 120, 300)
"""Seconds until the next attempt, by attempts made; the last one repeats."""


def delivered(connection: Connection, parcel: Parcel, now: MachineTime, reason: str | None = None) -> bool:
    """The platform has it. False if another worker took the row over meanwhile."""
    _call_ended(connection, parcel, now)
    return _settle(connection, parcel, {"state": "sent", "settled_at": now, "reason": reason, "code": 0})


def said_together(connection: Connection, parcels: Sequence[Parcel], text: str, now: MachineTime) -> None:
    """The platform has the one message that stood for all of these; the first of them keeps its words."""
    lead, *others = parcels
    _call_ended(connection, lead, now)
    _settle(connection, lead, {"state": "sent", "settled_at": now, "code": 0, "reason": None, "said": text})
    into = {"state": "sent", "settled_at": now, "code": 0, "reason": None, "merged_into": lead.id}
    for other in others:
        _settle(connection, other, into)


def pushed(connection: Connection, parcel: Parcel, at: BusinessTime) -> None:
    """Record when by the business clock something was said unasked: a person has a budget for his day."""
    if parcel.delivery.route in COUNTED and parcel.draft.purpose is not Purpose.ANSWER:
        connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(pushed_at=at))


def hold(connection: Connection, parcel: Parcel, until: BusinessTime, now: MachineTime) -> bool:
    """It may not be said now, lawfully; its attempt does not count."""
    values = {"state": "waiting", "attempts": parcel.attempts - 1, "next_at": now, "held_until": until}
    if not _settle(connection, parcel, values | {"uncertain": parcel.uncertain}):
        return False
    _unspend(connection, parcel)
    return True


WAITS = "waits for the follower's next word"
ELSEWHERE = "nothing may be sent there now; it went another way"


def put_to_sleep(
    connection: Connection,
    now: MachineTime,
    business_now: BusinessTime,
    another_way: Callable[[Draft], list[Draft]],
) -> list[Draft]:
    """Rows for followers to whom nothing may be sent now go ``another_way``; without one they wait for the
    follower's next word, out of everybody's way. Returns those that do so for the first time."""
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    due = is_moving, outbox.c.route == followers.ROUTE, outbox.c.next_at <= now, free_to_go
    waiting = and_(*due, outbox.c.state == "waiting")
    slept: list[Draft] = []
    take_turns(connection)  # two workers must not tell him twice
    for openid in connection.execute(select(outbox.c.target).where(waiting).distinct()).scalars().all():
        if followers.room(connection, openid, now):
            continue
        for row in connection.execute(select(outbox).where(waiting, outbox.c.target == openid)).all():
            gone: dict[str, Any]
            if instead := another_way(draft_of(row)):
                gone = {"state": "void", "reason": ELSEWHERE, "settled_at": now}
                add(connection, instead, now, row.inbox_id)
            else:
                gone = {"state": "asleep", "reason": WAITS}
                slept += [] if row.reason == WAITS else [draft_of(row)]
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(**gone))
    return slept


def sleep(connection: Connection, parcel: Parcel, error: SendError) -> bool:
    """The platform takes it only after the follower's next word."""
    _unspend(connection, parcel)
    values = {"state": "asleep", "code": error.code, "reason": WAITS, "attempts": parcel.attempts - 1}
    return _settle(connection, parcel, values)


def postpone(connection: Connection, parcel: Parcel, error: SendError, now: MachineTime) -> bool:
    """Try again later: by the platform's word, or after a growing pause."""
    _call_refused(connection, parcel, error, now)
    pause = error.retry_after or BACK_OFF[min(parcel.attempts, len(BACK_OFF)) - 1]
    values = {
        "state": "waiting",
        "next_at": now + timedelta(seconds=pause),
        "code": error.code,
        "reason": error.reason,
        "uncertain": parcel.uncertain or error.uncertain,
    }
    return _settle(connection, parcel, values)


def give_up(
    connection: Connection, parcel: Parcel, error: SendError, now: MachineTime, *, lost: bool
) -> bool:
    """The address fails for good; the reason stays visible. ``lost``: its word goes no other way either, so
    it counts as what reached nobody, as every row without a fallback does."""
    _call_refused(connection, parcel, error, now)
    values = {"state": "failed", "settled_at": now, "code": error.code, "reason": error.reason}
    return _settle(connection, parcel, values | ({"fallback": None} if lost else {}))


def void(connection: Connection, parcel: Parcel, reason: str, now: MachineTime) -> bool:
    """Its reason is gone; it is not sent, and costs its address nothing."""
    if not _settle(connection, parcel, {"state": "void", "settled_at": now, "reason": reason}):
        return False
    _unspend(connection, parcel)
    return True


def put_back(connection: Connection, parcel: Parcel, now: MachineTime) -> bool:
    """Not tried after all (an earlier row of the same address failed); its attempt does not count. It waits
    behind that row, see ``claim``."""
    values = {
        "state": "waiting",
        "attempts": parcel.attempts - 1,
        "next_at": now,
        "uncertain": parcel.uncertain,
    }
    if not _settle(connection, parcel, values):
        return False
    _unspend(connection, parcel)
    return True


def _unspend(connection: Connection, parcel: Parcel) -> None:
    """Its call was not made after all."""
    if not parcel.joined:
        unspend(connection, _payer(parcel), parcel.counted_at)


def _payer(parcel: Parcel) -> Address:
    return parcel.draft.payer or parcel.draft.address


def _call_ended(connection: Connection, parcel: Parcel, now: MachineTime) -> None:
    if not parcel.joined:
        ended(connection, _payer(parcel), parcel.counted_at, now)


def _call_refused(connection: Connection, parcel: Parcel, error: SendError, now: MachineTime) -> None:
    """A follower's few messages are those that may have reached him; elsewhere every call counts."""
    if parcel.delivery.route == followers.ROUTE and not error.uncertain:
        _unspend(connection, parcel)
    else:
        _call_ended(connection, parcel, now)


def _settle(connection: Connection, parcel: Parcel, values: dict[str, Any]) -> bool:
    mine = (outbox.c.id == parcel.id) & (outbox.c.fence == parcel.fence) & (outbox.c.state == "sending")
    return connection.execute(update(outbox).where(mine).values(**values)).rowcount == 1
