"""The inbox: what was acknowledged is here, once, and is handled in the order of its chat.

``Acceptor`` writes; ``claim`` leases whole chats to one worker; ``settle`` records an outcome inside the
transaction that holds the effects. Guarantees 1 to 3 of the design live in this file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, text, update

from domain.clock import BusinessTime, MachineTime
from domain.errors import LostLease
from domain.messages import IncomingMessage
from store.columns import Moment, is_parked, is_waiting
from store.tables import chats, inbox

LEASE = timedelta(seconds=30)
BACK_OFF = timedelta(seconds=2)
PARK_AFTER = 5


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to be handled. ``said_at``: business time of its acceptance."""

    id: int
    chat_key: str
    message: IncomingMessage
    said_at: BusinessTime
    attempts: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Chats leased to this worker, by their fencing numbers, and the oldest waiting letters of each."""

    fences: dict[str, int]
    letters: tuple[Letter, ...]


def claim(connection: Connection, now: MachineTime, limit: int = 100) -> Claim:
    """Lease the chats of the oldest waiting letters. Chats that another worker holds are passed over. On
    SQLite ``limit`` bounds how long acknowledgements wait for the effects of a batch.

    The letters are read after the leases are taken: what another worker settled just before is gone then.
    """
    leased = select(chats.c.chat_key).where(chats.c.leased_until > now)
    oldest = (
        select(inbox.c.chat_key)
        .where(is_waiting, inbox.c.chat_key.not_in(leased))
        .order_by(inbox.c.id)
        .limit(limit)
    )
    fences = _lease(connection, sorted(set(connection.execute(oldest).scalars())), now)
    if not fences:
        return Claim({}, ())
    waiting_letters = (
        select(inbox.c.id, inbox.c.chat_key, inbox.c.document, inbox.c.said_at, inbox.c.attempts)
        .where(is_waiting, inbox.c.chat_key.in_(list(fences)))
        .order_by(inbox.c.id)
        .limit(limit)
    )
    letters = tuple(
        Letter(row.id, row.chat_key, IncomingMessage.from_json(row.document), row.said_at, row.attempts)
        for row in connection.execute(waiting_letters)
    )
    busy = {letter.chat_key for letter in letters}
    give_back(connection, {key: fence for key, fence in fences.items() if key not in busy})
    return Claim({key: fence for key, fence in fences.items() if key in busy}, letters)


def _lease(connection: Connection, keys: Sequence[str], now: MachineTime) -> dict[str, int]:
    """Take the leases that are free; the conditional update decides between workers. In the order of the
    keys, so that two of them cannot wait for each other in a circle."""
    if not keys:
        return {}
    listed = json.dumps(keys) if connection.dialect.name == "sqlite" else list(keys)
    asked = {"keys": listed, "until": now + LEASE, "now": now}
    return {row.chat_key: row.fence for row in connection.execute(_TAKE[connection.dialect.name], asked)}


_LISTED = {"sqlite": "json_each(:keys) WHERE true", "postgresql": "unnest(CAST(:keys AS text[])) AS value"}
_TAKE = {
    dialect: text(
        f"INSERT INTO chats (chat_key, fence, leased_until) SELECT value, 1, :until FROM {listed} "  # noqa: S608
        "ON CONFLICT (chat_key) DO UPDATE SET fence = chats.fence + 1, leased_until = excluded.leased_until "
        "WHERE chats.leased_until IS NULL OR chats.leased_until <= :now RETURNING chat_key, fence"
    ).bindparams(bindparam("until", type_=Moment), bindparam("now", type_=Moment))
    for dialect, listed in _LISTED.items()
}


def hold(connection: Connection, fences: Mapping[str, int], now: MachineTime) -> None:
    """Check, inside the effects transaction, that the leases are still ours. Raises ``LostLease``."""
    _renew(connection, fences, now + LEASE)


def release(connection: Connection, fences: Mapping[str, int]) -> None:
    """Check the leases like ``hold``, and give them back with the same commit. Raises ``LostLease``."""
    _renew(connection, fences, None)


def give_back(connection: Connection, fences: Mapping[str, int]) -> None:
    """Give back what is still ours of these leases, without a word about the rest."""
    if fences:
        connection.execute(_RENEW, _each(fences, None))


_RENEW = update(chats).where(chats.c.chat_key == bindparam("chat"), chats.c.fence == bindparam("held"))


def _renew(connection: Connection, fences: Mapping[str, int], until: datetime | None) -> None:
    if connection.execute(_RENEW, _each(fences, until)).rowcount != len(fences):
        raise LostLease(f"of chats {sorted(fences)} some were taken over")


def _each(fences: Mapping[str, int], until: datetime | None) -> list[dict[str, object]]:
    """Sorted, so that two workers cannot wait for each other in a circle."""
    return [{"chat": key, "held": fence, "leased_until": until} for key, fence in sorted(fences.items())]


_SETTLE = (
    update(inbox)
    .where(inbox.c.id == bindparam("letter"), is_waiting)
    .values(
        state="done",
        outcome=bindparam("how"),
        detail=bindparam("why"),
        handled_at=bindparam("when", type_=inbox.c.handled_at.type),
    )
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter: a name for it, and how it was understood."""

    letter: Letter
    name: str
    detail: str


def settle(connection: Connection, outcomes: Sequence[Outcome], now: MachineTime) -> None:
    """Record what became of letters. Raises ``LostLease`` if someone else settled one of them already."""
    values = [
        {"letter": each.letter.id, "how": each.name, "why": each.detail, "when": now} for each in outcomes
    ]
    if connection.execute(_SETTLE, values).rowcount != len(values):
        raise LostLease(f"of letters {[each.letter.id for each in outcomes]} some were settled already")


def forget_words(connection: Connection, letters: Sequence[Letter]) -> None:
    """Blank messages that were not meant for us and came to nothing; that they came stays known."""
    for letter in letters:
        bare = replace(letter.message, text="", quote=None, location=None)
        values = {"document": bare.to_json(), "detail": None}
        connection.execute(update(inbox).where(inbox.c.id == letter.id).values(**values))


def fail(connection: Connection, letter: Letter, detail: str, now: MachineTime) -> bool:
    """Count a failure and let the chat rest for a moment. True when the letter is parked for good. The
    transaction must ``hold`` the chat, so that nobody counts against a letter he no longer has."""
    attempts = letter.attempts + 1
    parked = attempts >= PARK_AFTER
    values: dict[str, object] = {"attempts": attempts, "detail": detail}
    if parked:
        values |= {"state": "parked", "outcome": "parked", "handled_at": now}
    connection.execute(
        update(inbox).where(inbox.c.id == letter.id, inbox.c.state == "waiting").values(**values)
    )
    rest = None if parked else now + BACK_OFF * attempts
    connection.execute(update(chats).where(chats.c.chat_key == letter.chat_key).values(leased_until=rest))
    return parked


def message(connection: Connection, inbox_id: int) -> IncomingMessage | None:
    """A message by the id of its row."""
    document = connection.execute(select(inbox.c.document).where(inbox.c.id == inbox_id)).scalar()
    return None if document is None else IncomingMessage.from_json(document)


def waiting(connection: Connection) -> int:
    """How many letters wait."""
    return connection.execute(select(func.count()).select_from(inbox).where(is_waiting)).scalar_one()


def newest(connection: Connection) -> MachineTime | None:
    """When the last letter came in, None if none ever did."""
    return connection.execute(select(inbox.c.received_at).order_by(inbox.c.id.desc()).limit(1)).scalar()


def parked(connection: Connection) -> int:
    """How many letters were given up."""
    statement = select(func.count()).select_from(inbox).where(is_parked)
    return connection.execute(statement).scalar_one()


def oldest_waiting(connection: Connection) -> MachineTime | None:
    """When the oldest waiting letter came in."""
    statement = select(inbox.c.received_at).where(is_waiting).order_by(inbox.c.id).limit(1)
    return connection.execute(statement).scalar()


def newest_outcomes(connection: Connection, most: int = 1000) -> list[tuple[str, int]]:
    """What became of the newest letters, and of how many of them."""
    newest = select(inbox.c.outcome).where(inbox.c.outcome.is_not(None)).order_by(inbox.c.id.desc())
    last = newest.limit(most).subquery()
    counted = select(last.c.outcome, func.count()).group_by(last.c.outcome).order_by(last.c.outcome)
    return [(row[0], row[1]) for row in connection.execute(counted)]


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one message, for those who look behind the scenes."""

    id: int
    message: IncomingMessage
    state: str
    outcome: str | None
    detail: str | None


def find_by_msgid(connection: Connection, msgid: str) -> Record | None:
    """The record of a message by the platform's id, which ends our unique key. Not indexed: for a sandbox."""
    ends_so = inbox.c.dedupe_key.endswith(f":{msgid}", autoescape=True)
    row = connection.execute(select(inbox).where(ends_so).order_by(inbox.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Record(row.id, IncomingMessage.from_json(row.document), row.state, row.outcome, row.detail)
