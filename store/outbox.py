"""The outbox: what we owe the platform, row by row, until the platform confirmed it or refused for good.

A row is claimed under a lease with a fencing number, together with a record of the attempt, so that the
platform's limits (wecom.md) are counted in the database over all processes. Rows of one address leave in
order; an address waiting for its budget never delays another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from typing import Any, get_args

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime, MachineTime
from domain.errors import SendError
from domain.outgoing import (
    IN_GROUP,
    MERGEABLE,
    Address,
    Attachment,
    Button,
    Delivery,
    Draft,
    Purpose,
    RouteKind,
)
from store import followers
from store.columns import Moment, is_failed, is_moving
from store.tables import outbox, sendings

LEASE = timedelta(seconds=45)
"""With the next look at the outbox less than the minute in which a dead sender's rows are taken up."""
MINUTE = timedelta(seconds=60)
HOUR = timedelta(hours=1)
PER_MINUTE: dict[str, int] = {"webhook": 20, "app": 30, "chat": 30, "direct": 30}
PER_HOUR: dict[str, int] = {"chat": 1000, "direct": 1000}
"""Calls per address (DOC 91770, DOC 90236, DOC 101463); where an answer counts with the other messages of its
chat, the row names that as its payer."""
COUNTED = frozenset({*PER_MINUTE, followers.ROUTE})
"""Routes whose calls count against a limit; how many a follower takes depends on his last word."""
EVERY_ROUTE: frozenset[RouteKind] = frozenset(get_args(RouteKind))
BRIEF: tuple[RouteKind, ...] = ("welcome", "update")
"""Good for five seconds: what comes too late for them is missed by nobody."""

CLAIM_LOCK = 0x1E6A

HOLDS_UP = 4
"""How often a row may have failed and still keep those behind it waiting."""

BACK_OFF = (2, 5, 10, 30, 60, 120, 300)
"""Seconds until the next attempt, by attempts made; the last one repeats."""


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
    joined: bool = False
    """It leaves in the message of another row of its address, and costs no call of its own."""


_INSERT = insert(outbox)

DANGER = 0
_PATIENT = [Purpose.NOTICE.value, Purpose.REMINDER.value, Purpose.ESCALATION.value]
"""What waits for a person's digest when he had his messages of the day."""
_RANKS = {
    Purpose.ANSWER: 1,
    Purpose.TASK: 2,
    Purpose.NOTICE: 2,
    Purpose.REMINDER: 3,
    Purpose.ESCALATION: 3,
    Purpose.SUMMARY: 4,
}


def rank(draft: Draft) -> int:
    """What leaves first when the budget is short: danger, new reports, reminders, summaries."""
    return DANGER if draft.danger else _RANKS[draft.purpose]


def add(
    connection: Connection, drafts: Iterable[Draft], now: MachineTime, inbox_id: int | None = None
) -> None:
    """Write rows, in order. ``inbox_id``: the message that caused them."""
    add_all(connection, ((draft, inbox_id) for draft in drafts), now)


GATHERING = timedelta(seconds=30)
"""Should a tick die, what it gathered leaves after this."""


def gather(connection: Connection, drafts: Iterable[Draft], began: MachineTime) -> None:
    """Write rows of a tick that began then; they leave together, by ``let_go``."""
    caused = ((draft, None) for draft in drafts)
    add_all(connection, caused, began, MachineTime(began + GATHERING))


def let_go(connection: Connection, began: MachineTime) -> None:
    """All that a tick gathered may leave now: what is due for one address at one time is one message."""
    gathered = (outbox.c.next_at == began + GATHERING) & (outbox.c.created_at == began)
    connection.execute(update(outbox).where(is_moving, gathered).values(next_at=began))


def add_all(
    connection: Connection,
    caused: Iterable[tuple[Draft, int | None]],
    now: MachineTime,
    next_at: MachineTime | None = None,
) -> None:
    """Write what several messages caused, each row with the id of its message, in order."""
    rows = [
        {
            "route": draft.address.route,
            "target": draft.address.target,
            "fallback": str(draft.fallback) if draft.fallback else None,
            "purpose": draft.purpose.value,
            "rank": rank(draft),
            "text": draft.text,
            "mentions": json.dumps(draft.mentions),
            "buttons": json.dumps(
                [[button.text, button.key] for button in draft.buttons], ensure_ascii=False
            ),
            "attachment": _stored(draft.attachment),
            "issue": draft.issue,
            "inbox_id": inbox_id,
            "created_at": now,
            "next_at": next_at or now,
            "held_until": draft.held_until,
            "footer": draft.footer,
            "whole": draft.whole,
            "payer": str(draft.payer) if draft.payer else None,
        }
        for draft, inbox_id in caused
    ]
    if rows:
        connection.execute(_INSERT, rows)


def claim(
    connection: Connection,
    now: MachineTime,
    business_now: BusinessTime,
    limit: int = 64,
    routes: frozenset[RouteKind] = EVERY_ROUTE,
) -> list[Parcel]:
    """Lease rows of these routes that may leave now, at most what each address's budget still allows.

    Addresses that may not be called now are left out by the query itself: however much waits for one of
    them, the others are seen. Behind a row that is being sent, or rests after a failure, its address keeps
    its order; only danger overtakes a rest.
    """
    _take_turns(connection)
    address = tuple_(outbox.c.route, outbox.c.target)
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    ready = (
        select(outbox)
        .where(is_moving, outbox.c.next_at <= now, free_to_go, *_of(routes))
        .where(or_(outbox.c.rank == DANGER, address.not_in(_resting(now))))
        .order_by(outbox.c.rank, outbox.c.id)
    )
    reachable = ready.where(address.not_in(_sending(now)), _payer.not_in(_spent(now, routes)))
    room: dict[str, int] = {}
    parcels: list[Parcel] = []
    taken: set[int] = set()
    calls = 0
    for row in connection.execute(reachable.limit(limit * 4)).all():
        here = _payer_of(row)
        if here not in room:
            room[here] = _budget_left(connection, Address.parse(here), now)
        if row.id in taken or room[here] <= 0:
            continue
        fitting = _fitting(connection, ready, row)
        if (parcel := _take(connection, row, now)) is None:
            continue
        room[here] -= 1
        calls += 1
        others = [replace(_parcel(other), joined=True) for other in _lease(connection, fitting, now)]
        taken.update(other.id for other in others)
        parcels += [parcel, *others]
        if calls == limit:
            break
    return parcels


MOST_JOINED = 2000
MOST_CARDS = 5
"""So many new problems are told 1:1 with a card each; more at once become one message."""


def _fitting(connection: Connection, ready: Select[Any], row: Row[Any]) -> list[Row[Any]]:
    """The other rows that may stand in one message with this one. What may have arrived already is repeated
    apart from what certainly did not."""
    first = _draft(row)
    if not first.mergeable or row.state != "waiting":
        return []
    here = (outbox.c.route == row.route) & (outbox.c.target == row.target) & (outbox.c.state == "waiting")
    alike = outbox.c.purpose.in_([purpose.value for purpose in MERGEABLE])
    same = outbox.c.uncertain == row.uncertain
    others = connection.execute(ready.where(here, alike, same, outbox.c.id != row.id).limit(MOST_JOINED))
    found = [(other, draft) for other in others if (draft := _draft(other)).mergeable]
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


def _take_turns(connection: Connection) -> None:
    """One claim at a time, so that two workers cannot both spend the last of a budget. On SQLite the write
    transaction itself is the turn."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))


def _sending(now: MachineTime) -> Select[Any]:
    """Addresses with a call under way."""
    under_way = (outbox.c.state == "sending") & (outbox.c.next_at > now)
    return select(outbox.c.route, outbox.c.target).where(is_moving, under_way).correlate(None)


def _resting(now: MachineTime) -> Select[Any]:
    """Addresses with a row that failed a moment ago. One that fails again and again no longer holds up the
    rows behind it."""
    failed = (outbox.c.next_at > now) & outbox.c.attempts.between(1, HOLDS_UP) & (outbox.c.state == "waiting")
    return select(outbox.c.route, outbox.c.target).where(is_moving, failed).correlate(None)


_payer = func.coalesce(outbox.c.payer, outbox.c.route + ":" + outbox.c.target)
"""Whose budget a row costs, as ``str(Address)``."""


def _payer_of(row: Row[Any]) -> str:
    return row.payer or f"{row.route}:{row.target}"


def _spent(now: MachineTime, routes: frozenset[RouteKind]) -> Select[Any] | CompoundSelect[Any]:
    """Addresses whose budget is used up. The hour is looked at only for those who have one."""
    in_minute = _used_up(PER_MINUTE, MachineTime(now - MINUTE))
    if routes.isdisjoint(PER_HOUR):
        return in_minute
    return in_minute.union_all(
        _used_up(PER_HOUR, MachineTime(now - HOUR)).where(sendings.c.route.in_(PER_HOUR))
    )


def _used_up(budget: Mapping[str, int], since: MachineTime) -> Select[Any]:
    allowed = case(budget, value=sendings.c.route, else_=1)
    return (
        select(sendings.c.route + ":" + sendings.c.target)
        .where(sendings.c.at > since, sendings.c.route != followers.ROUTE)
        .group_by(sendings.c.route, sendings.c.target)
        .having(func.count() >= allowed)
    )


def _budget_left(connection: Connection, address: Address, now: MachineTime) -> int:
    if address.route == followers.ROUTE:
        return followers.room(connection, address.target, now)
    if address.route not in PER_MINUTE:
        return 1
    here = (sendings.c.route == address.route) & (sendings.c.target == address.target)
    used = select(func.count(), func.count().filter(sendings.c.at > now - MINUTE)).where(
        here, sendings.c.at > now - HOUR
    )
    in_hour, in_minute = connection.execute(used).one()
    left: int = PER_MINUTE[address.route] - in_minute
    return min(left, PER_HOUR[address.route] - in_hour) if address.route in PER_HOUR else left


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
    payer = Address.parse(_payer_of(row))
    if payer.route in COUNTED:
        connection.execute(insert(sendings).values(route=payer.route, target=payer.target, at=now))
    return _parcel(row)


def _parcel(row: Row[Any]) -> Parcel:
    """A row, read before it was leased, as it is on its way."""
    draft = _draft(row)
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
    return Parcel(row.id, row.inbox_id, row.fence + 1, delivery, draft, row.attempts + 1, uncertain)


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        address=Address(row.route, row.target),
        text=row.text,
        purpose=Purpose(row.purpose),
        danger=row.rank == DANGER,
        mentions=tuple(json.loads(row.mentions)),
        buttons=tuple(Button(*pair) for pair in json.loads(row.buttons)),
        issue=row.issue,
        fallback=Address.parse(row.fallback) if row.fallback else None,
        held_until=row.held_until,
        attachment=Attachment(*json.loads(row.attachment)) if row.attachment else None,
        footer=row.footer,
        whole=row.whole,
        payer=Address.parse(row.payer) if row.payer else None,
    )


def _stored(attachment: Attachment | None) -> str | None:
    return json.dumps(astuple(attachment), ensure_ascii=False) if attachment else None


def delivered(connection: Connection, parcel: Parcel, now: MachineTime, reason: str | None = None) -> bool:
    """The platform has it. False if another worker took the row over meanwhile."""
    return _settle(connection, parcel, {"state": "sent", "settled_at": now, "reason": reason, "code": 0})


def said_together(connection: Connection, parcels: Sequence[Parcel], text: str, now: MachineTime) -> None:
    """The platform has the one message that stood for all of these; the first of them keeps its words."""
    lead, *others = parcels
    _settle(connection, lead, {"state": "sent", "settled_at": now, "code": 0, "reason": None, "said": text})
    into = {"state": "sent", "settled_at": now, "code": 0, "reason": None, "merged_into": lead.id}
    for other in others:
        _settle(connection, other, into)


def pushed(connection: Connection, parcel: Parcel, at: BusinessTime) -> None:
    """Record when by the business clock something was said unasked: a person has a budget for his day."""
    if parcel.delivery.route in COUNTED and parcel.draft.purpose is not Purpose.ANSWER:
        connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(pushed_at=at))


def pushes(
    connection: Connection, userid: str, since: BusinessTime, now: BusinessTime
) -> tuple[int, BusinessTime | None]:
    """How many messages a person got from ``since`` to ``now``, and when the last of those that may have to
    wait for his digest: one new problem after the other must not put that off."""
    mine = (outbox.c.target == userid) & (outbox.c.pushed_at >= since) & (outbox.c.pushed_at <= now)
    waits = (outbox.c.purpose.in_(_PATIENT)) & (outbox.c.rank != DANGER)
    last = func.max(case((waits, outbox.c.pushed_at)))
    statement = select(func.count(), type_coerce(last, Moment)).where(mine, text("pushed_at IS NOT NULL"))
    count, at = connection.execute(statement).one()
    return count, None if at is None else BusinessTime(at)


def own_messages(connection: Connection, chat_id: str, issue: int) -> int:
    """How many messages a group got, or is about to get, for the sake of one issue alone. Answers are what
    somebody there asked for; a message that stands for several issues is nobody's own."""
    here = outbox.c.route.in_(IN_GROUP) & (outbox.c.target == chat_id) & (outbox.c.issue == issue)
    counts = outbox.c.state.not_in(["void", "failed"]) & (outbox.c.purpose != Purpose.ANSWER.value)
    alone = outbox.c.merged_into.is_(None) & outbox.c.said.is_(None)
    statement = select(func.count()).select_from(outbox).where(here, counts, alone)
    return int(connection.execute(statement).scalar_one())


def hold(connection: Connection, parcel: Parcel, until: BusinessTime, now: MachineTime) -> bool:
    """It may not be said now, lawfully; its attempt does not count."""
    values = {"state": "waiting", "attempts": parcel.attempts - 1, "next_at": now, "held_until": until}
    if not _settle(connection, parcel, values | {"uncertain": parcel.uncertain}):
        return False
    _unspend(connection, parcel)
    return True


def still_mine(connection: Connection, parcel: Parcel, now: MachineTime) -> bool:
    """Renew the lease of a row that waited behind others of its address; False if it was lost."""
    return _settle(connection, parcel, {"next_at": now + LEASE})


WAITS = "waits for the follower's next word"


def put_to_sleep(connection: Connection, now: MachineTime, business_now: BusinessTime) -> list[Draft]:
    """Rows for followers to whom nothing may be sent now wait for their next word, out of everybody's way.
    Returns those that do so for the first time."""
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    due = is_moving, outbox.c.route == followers.ROUTE, outbox.c.next_at <= now, free_to_go
    waiting = and_(*due, outbox.c.state == "waiting")
    slept: list[Draft] = []
    for openid in connection.execute(select(outbox.c.target).where(waiting).distinct()).scalars().all():
        if followers.room(connection, openid, now):
            continue
        rows = connection.execute(select(outbox).where(waiting, outbox.c.target == openid)).all()
        slept += [_draft(row) for row in rows if row.reason != WAITS]
        mine = outbox.c.id.in_([row.id for row in rows])
        connection.execute(update(outbox).where(mine).values(state="asleep", reason=WAITS))
    return slept


def sleep(connection: Connection, parcel: Parcel, error: SendError) -> bool:
    """The platform takes it only after the follower's next word."""
    followers.closed(connection, parcel.delivery.target)
    _unspend(connection, parcel)
    values = {"state": "asleep", "code": error.code, "reason": WAITS, "attempts": parcel.attempts - 1}
    return _settle(connection, parcel, values)


def postpone(connection: Connection, parcel: Parcel, error: SendError, now: MachineTime) -> bool:
    """Try again later: by the platform's word, or after a growing pause."""
    _unspend_refused(connection, parcel, error)
    pause = error.retry_after or BACK_OFF[min(parcel.attempts, len(BACK_OFF)) - 1]
    values = {
        "state": "waiting",
        "next_at": now + timedelta(seconds=pause),
        "code": error.code,
        "reason": error.reason,
        "uncertain": parcel.uncertain or error.uncertain,
    }
    return _settle(connection, parcel, values)


def give_up(connection: Connection, parcel: Parcel, error: SendError, now: MachineTime) -> bool:
    """The address fails for good; the reason stays visible."""
    _unspend_refused(connection, parcel, error)
    values = {"state": "failed", "settled_at": now, "code": error.code, "reason": error.reason}
    return _settle(connection, parcel, values)


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


def _unspend_refused(connection: Connection, parcel: Parcel, error: SendError) -> None:
    """A follower's few messages are those that may have reached him."""
    if parcel.delivery.route == followers.ROUTE and not error.uncertain:
        _unspend(connection, parcel)


def _unspend(connection: Connection, parcel: Parcel) -> None:
    """Take back the record of a call that was not made."""
    if parcel.joined:
        return
    payer = parcel.draft.payer or parcel.draft.address
    here = (sendings.c.route == payer.route) & (sendings.c.target == payer.target)
    newest = select(func.max(sendings.c.id)).where(here).scalar_subquery()
    connection.execute(delete(sendings).where(sendings.c.id == newest))


def _settle(connection: Connection, parcel: Parcel, values: dict[str, Any]) -> bool:
    mine = (outbox.c.id == parcel.id) & (outbox.c.fence == parcel.fence) & (outbox.c.state == "sending")
    return connection.execute(update(outbox).where(mine).values(**values)).rowcount == 1


def spend(connection: Connection, address: Address, now: MachineTime) -> bool:
    """Count a call that is made beside the outbox; False if the address has no budget left for it."""
    _take_turns(connection)
    if _budget_left(connection, address, now) < 1:
        return False
    connection.execute(insert(sendings).values(route=address.route, target=address.target, at=now))
    return True


def failures(connection: Connection, since: MachineTime) -> list[tuple[int | None, int]]:
    """How many rows were given up since, by the platform's code; not those whose word went
    another way."""
    lost = outbox.c.fallback.is_(None) & outbox.c.route.not_in(BRIEF)
    given_up = lost & (outbox.c.settled_at > since)
    counted = select(outbox.c.code, func.count()).where(is_failed, given_up).group_by(outbox.c.code)
    return [(row[0], row[1]) for row in connection.execute(counted.order_by(func.count().desc()))]


def retrying(connection: Connection) -> list[tuple[int | None, int]]:
    """How many rows failed and will be tried again, by the code of the last failure."""
    failed_once = outbox.c.reason.is_not(None)
    counted = select(outbox.c.code, func.count()).where(is_moving, failed_once).group_by(outbox.c.code)
    return [(row[0], row[1]) for row in connection.execute(counted.order_by(outbox.c.code))]


def forget_sendings(connection: Connection, now: MachineTime) -> None:
    """Drop attempts that no longer count."""
    longer = (*PER_HOUR, followers.ROUTE)
    past_minute = (sendings.c.at < now - 2 * MINUTE) & sendings.c.route.not_in(longer)
    past_hour = (sendings.c.at < now - HOUR - MINUTE) & sendings.c.route.in_(PER_HOUR)
    past_all = sendings.c.at < now - followers.WORD - MINUTE
    connection.execute(delete(sendings).where(past_minute | past_hour | past_all))


def moving(connection: Connection) -> int:
    """How many rows wait or are on their way."""
    return connection.execute(select(func.count()).select_from(outbox).where(is_moving)).scalar_one()


def is_due(
    connection: Connection, now: MachineTime, business_now: BusinessTime, routes: frozenset[RouteKind]
) -> bool:
    """Whether there may be something to claim; a look that keeps nobody waiting."""
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    ready = select(outbox.c.id).where(is_moving, outbox.c.next_at <= now, free_to_go, *_of(routes))
    return connection.execute(ready.limit(1)).first() is not None


def oldest_due(connection: Connection, business_now: BusinessTime) -> MachineTime | None:
    """When the oldest row that may leave now was written."""
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    return connection.execute(select(func.min(outbox.c.created_at)).where(is_moving, free_to_go)).scalar()


_SHOWN = (
    "id", "route", "purpose", "text", "state", "attempts", "code", "reason", "issue", "merged_into", "said"
)  # fmt: skip


def of_issue(connection: Connection, number: int) -> list[dict[str, Any]]:
    """Everything that was or will be sent about an issue, oldest first; addresses are not shown."""
    return _shown(connection, outbox.c.issue == number)


def of_message(connection: Connection, inbox_id: int) -> list[dict[str, Any]]:
    """Everything that was or will be sent because of one message."""
    return _shown(connection, outbox.c.inbox_id == inbox_id)


def held(connection: Connection, now: BusinessTime) -> list[tuple[BusinessTime, int]]:
    """When quiet hours let go of waiting messages, and of how many; the soonest first."""
    statement = (
        select(outbox.c.held_until, func.count())
        .where(outbox.c.state == "waiting", outbox.c.held_until > now)
        .group_by(outbox.c.held_until)
        .order_by(outbox.c.held_until)
    )
    return [(until, count) for until, count in connection.execute(statement)]


def _shown(connection: Connection, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    statement = select(*(outbox.c[name] for name in _SHOWN)).where(which).order_by(outbox.c.id)
    return [row._asdict() for row in connection.execute(statement)]
