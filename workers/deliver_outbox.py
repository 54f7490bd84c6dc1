"""From the outbox to the platform: claim, send, settle. Addresses in parallel, one call each at a time."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial

from sqlalchemy import Connection

from bot.error_codes import NOT_FOLLOWING, NOT_SUBSCRIBED
from bot.wake import Work
from domain.errors import NotBeforeNextWord, SendError, StoreUnavailable
from domain.outgoing import BRIEF, Address, Draft, RouteKind
from handlers.routing import fallen_back, open_way
from store import followers, outbox
from store.outbox import Parcel
from workers import leave, stopping
from workers.bootstrap import Parts, machine_now
from workers.knock import knock

log = logging.getLogger(__name__)

THREADS = 16
TURN_S = 30.0
"""How long one job takes up new rows before it makes room for another."""
LOOK_AGAIN_S = 0.2
"""While a slow call is under way, the outbox is looked at this often for others."""
ONE_CALL = ("reply", "card")
"""Routes whose addresses are good for one call."""
NOT_WANTED = frozenset({NOT_FOLLOWING, NOT_SUBSCRIBED})
"""The follower decided so himself: nobody has to look after it."""
SETTLE_S = 30.0
SETTLE_AGAIN_S = 0.5
"""How long, within the lease, and how often it is tried to record what was sent."""


def deliver(
    parts: Parts, routes: frozenset[RouteKind] | None = None, goes_on: Callable[[], bool] = lambda: True
) -> bool:
    """Send all that may leave now, by the worker's routes or by ``routes``; whether there was anything.
    A slow address keeps no other one waiting. ``goes_on``: whether new rows may still be taken up."""
    until = time.monotonic() + TURN_S
    under_way: set[Future[None]] = set()
    found = False
    with ThreadPoolExecutor(THREADS, "deliver") as pool:
        while True:
            more = time.monotonic() < until and not stopping.told() and goes_on()
            free = THREADS - len(under_way) if more else 0
            claimed = _claim(parts, free, routes)
            found = found or bool(claimed)
            under_way |= {pool.submit(_send_one, parts, rows) for rows in claimed}
            if not under_way:
                break
            done, under_way = wait(under_way, LOOK_AGAIN_S, FIRST_COMPLETED)
            for future in done:
                future.result()
    if time.monotonic() >= until and routes is None:
        parts.waker.wake(Work.OUTBOX)
    return found


def _claim(parts: Parts, most: int, routes: frozenset[RouteKind] | None) -> list[list[Parcel]]:
    """Rows that may leave now, by the calls they leave in: one with all those that joined it."""
    if most == 0:
        return []
    now = machine_now()
    with parts.database.write() as connection:
        business = parts.business_now(connection, now)
        if parts.settings.mp:
            another_way = partial(_another_way, parts)
            knock(parts, connection, outbox.put_to_sleep(connection, now, business, another_way), now)
        parcels = outbox.claim(connection, now, business, most, routes or parts.routes)
    calls: dict[Address, list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        calls[parcel.draft.address].append(parcel)
    return list(calls.values())


def _send_one(parts: Parts, parcels: list[Parcel]) -> None:
    """One call, unless what it would say is void or held by now."""
    if stopping.told():
        _put_back(parts, parcels)
        return
    ready = leave.examined(parts, parcels)
    if not ready:
        return
    try:
        _send(parts, ready)
    except SendError as error:
        for parcel in ready.parcels:
            _settle_failure(parts, parcel, error)
    else:
        _settle(parts, ready)


def _settle(parts: Parts, ready: leave.Ready) -> None:
    """The platform has it. A database that is away for a moment must not make us say it once more, so this
    is tried for as long as the lease lasts."""
    until = time.monotonic() + SETTLE_S
    while True:
        try:
            _record(parts, ready)
        except StoreUnavailable as error:
            if time.monotonic() >= until:
                raise
            log.warning("sent, not yet recorded outbox=%d error=%s", ready.parcels[0].id, error)
            time.sleep(SETTLE_AGAIN_S)
        else:
            return


def _record(parts: Parts, ready: leave.Ready) -> None:
    lead, now = ready.parcels[0], machine_now()
    with parts.database.write() as connection:
        if len(ready.parcels) == 1:
            outbox.delivered(connection, lead, now)
        else:
            outbox.said_together(connection, ready.parcels, ready.delivery.text, now)
        outbox.pushed(connection, lead, parts.business_now(connection, now))
    log.info(
        "sent outbox=%d route=%s issue=%s rows=%d",
        lead.id,
        lead.delivery.route,
        lead.draft.issue,
        len(ready.parcels),
    )


def _put_back(parts: Parts, parcels: Sequence[Parcel]) -> None:
    """Not tried: as if they had not been claimed."""
    with parts.database.write() as connection:
        for parcel in parcels:
            outbox.put_back(connection, parcel, machine_now())


def _send(parts: Parts, ready: leave.Ready) -> None:
    """One call. Whatever goes wrong in it comes as ``SendError``, so that no row is left under way."""
    sender = parts.senders.get(ready.delivery.route)
    if sender is None:
        raise SendError(f"channel {ready.delivery.route} is off", permanent=True)
    try:
        sender.send(ready.delivery)
    except (SendError, StoreUnavailable):
        raise
    except Exception as error:
        log.exception("sender failed outbox=%d", ready.parcels[0].id)
        raise SendError(f"sender failed: {type(error).__name__}", permanent=False, uncertain=True) from error


def _settle_failure(parts: Parts, parcel: Parcel, error: SendError) -> None:
    log.warning(
        "send failed outbox=%d route=%s issue=%s code=%s permanent=%s attempt=%d reason=%s",
        parcel.id,
        parcel.delivery.route,
        parcel.draft.issue,
        error.code,
        error.permanent,
        parcel.attempts,
        error.reason,
    )
    now = machine_now()
    with parts.database.write() as connection:
        if error.code == NOT_FOLLOWING:
            followers.left(connection, parcel.delivery.target)
        if isinstance(error, NotBeforeNextWord):
            _not_now(parts, connection, parcel, error)
        elif not error.permanent:
            outbox.postpone(connection, parcel, error, now)
        elif error.already_delivered or (parcel.delivery.route in ONE_CALL and parcel.uncertain):
            # its address is good for one call: refused after a lost answer, that call had its effect
            outbox.delivered(connection, parcel, now, "confirmed by the refusal of a second call")
        elif parcel.delivery.route in BRIEF:
            outbox.void(connection, parcel, f"too late: {error.reason}", now)
        elif error.code in NOT_WANTED and parcel.draft.fallback is None:
            outbox.void(connection, parcel, error.reason, now)
        else:
            instead = _another_way(parts, parcel.draft)
            if outbox.give_up(connection, parcel, error, now, lost=not instead) and instead:
                outbox.add(connection, instead, now, parcel.inbox_id)
                parts.waker.wake(Work.OUTBOX)


def _not_now(parts: Parts, connection: Connection, parcel: Parcel, error: SendError) -> None:
    """Nothing may be sent to this follower until he writes: another way, else his next word. If that came
    during the call, it may be said again at once."""
    now, instead = machine_now(), _another_way(parts, parcel.draft)
    if not followers.closed(connection, parcel.delivery.target, parcel.claimed_at):
        outbox.put_back(connection, parcel, now)
    elif not instead:
        outbox.sleep(connection, parcel, error)
    elif outbox.void(connection, parcel, outbox.ELSEWHERE, now):
        outbox.add(connection, instead, now, parcel.inbox_id)
        parts.waker.wake(Work.OUTBOX)


def _another_way(parts: Parts, draft: Draft) -> list[Draft]:
    """How the word goes instead, once: the fallback has no fallback. Without one it goes where its own
    address would lead now. Nothing where that way is closed too."""
    office = parts.office()
    instead = open_way(office, draft.fallback or draft.address)
    if instead is None or instead == draft.address or not parts.offers(instead.route):
        return []
    return fallen_back(office, draft, instead)
