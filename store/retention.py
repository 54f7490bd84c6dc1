"""What is kept for a while only: pictures and texts go when their time is over, rows and counts stay.

Each table is gone through once, oldest first, in bounded steps; a counter says how far. Times of inbox,
media and outbox are machine times, those of issues business times.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Table, delete, or_, select, text, update

from domain.clock import BusinessTime, MachineTime
from domain.messages import IncomingMessage
from store.columns import OPEN
from store.discards import discard
from store.paper_tables import appeals, diary
from store.tables import broadcasts, counters, events, examples, inbox, issues, media, outbox, slots
from store.upserts import put

STEP = 500
"""Rows of one transaction, so that acknowledgements get in between."""
GONE = "已到期删除"
ASKED_ONCE = ("hint:", "who:", "binding:", "picture_lost:")
"""Slots that name people."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What came before is due, on either clock."""

    pictures: MachineTime
    texts: MachineTime
    texts_business: BusinessTime
    now: MachineTime


def prune_step(connection: Connection, limits: Limits) -> int:
    """The next rows whose time is over; how many. 0: all is done."""
    return sum(step(connection, limits) for step in STEPS)


def _from(connection: Connection, name: str) -> int:
    return connection.execute(select(counters.c.value).where(counters.c.name == name)).scalar() or 0


def _next(connection: Connection, table: Table, name: str, before: datetime, time: str) -> list[int]:
    """Ids of the next rows of a table that are older; the counter moves behind them."""
    key = next(iter(table.primary_key))
    rows = connection.execute(
        select(key, table.c[time]).where(key > _from(connection, name)).order_by(key).limit(STEP)
    ).all()
    old = [row[0] for row in rows if row[1] < before]
    if old:
        put(connection, counters, {"name": name, "value": max(old)})
    return old


def _pictures(connection: Connection, limits: Limits) -> int:
    """A picture is as old as its message."""
    start = _from(connection, "pruned_media")
    statement = (
        select(media.c.id, media.c.file, inbox.c.received_at)
        .join(inbox, inbox.c.id == media.c.inbox_id)
        .where(media.c.id > start)
    )
    rows = connection.execute(statement.order_by(media.c.id).limit(STEP)).all()
    old = [row for row in rows if row.received_at < limits.pictures]
    if not old:
        return 0
    ids = [row.id for row in old]
    gone = {"state": "lost", "ref": "", "file": None, "reason": GONE, "fence": media.c.fence + 1}
    connection.execute(update(media).where(media.c.id.in_(ids)).values(gone))
    discard(connection, [row.file for row in old], limits.now)
    put(connection, counters, {"name": "pruned_media", "value": max(ids)})
    return len(old)


def _messages(connection: Connection, limits: Limits) -> int:
    ids = _next(connection, inbox, "pruned_inbox", limits.texts, "received_at")
    settled = inbox.c.id.in_(ids) & (inbox.c.state != "waiting")
    for row in connection.execute(select(inbox.c.id, inbox.c.document).where(settled)).all():
        message = IncomingMessage.from_json(row.document)
        bare = replace(message, text="", pictures=(), quote=None, location=None, button=None, reply_to=None)
        values = {"document": bare.to_json(), "detail": None}
        connection.execute(update(inbox).where(inbox.c.id == row.id).values(values))
    return len(ids)


def _events(connection: Connection, limits: Limits) -> int:
    """Of an event remains what was done, by whom, and when."""
    ids = _next(connection, events, "pruned_events", limits.texts, "recorded_at")
    for row in connection.execute(select(events.c.id, events.c.data).where(events.c.id.in_(ids))).all():
        kept = {name: value for name, value in json.loads(row.data).items() if name == "on_behalf_of"}
        values = {"reason": "", "snapshot": None, "data": json.dumps(kept)}
        connection.execute(update(events).where(events.c.id == row.id).values(values))
    return len(ids)


def _sent(connection: Connection, limits: Limits) -> int:
    ids = _next(connection, outbox, "pruned_outbox", limits.texts, "created_at")
    settled = outbox.c.id.in_(ids) & outbox.c.state.in_(("sent", "failed", "void"))
    files = select(outbox.c.attachment).where(settled, outbox.c.attachment.is_not(None))
    discard(connection, [json.loads(each)[1] for each in connection.execute(files).scalars()], limits.now)
    gone = {"text": GONE, "footer": "", "said": None, "buttons": "[]", "attachment": None}
    connection.execute(update(outbox).where(settled).values(gone))
    return len(ids)


def _issues(connection: Connection, limits: Limits) -> int:
    """What is open keeps its text, however old it is."""
    old = (issues.c.reported_at < limits.texts_business) & text(f"NOT ({OPEN})") & (issues.c.text != "")
    numbers = connection.execute(select(issues.c.number).where(old).limit(STEP)).scalars().all()
    gone = {"text": "", "version": issues.c.version + 1}
    connection.execute(update(issues).where(issues.c.number.in_(numbers)).values(gone))
    return len(numbers)


def _small_ones(connection: Connection, limits: Limits) -> int:
    """Examples, diary, appeals, broadcasts, and who was asked what once."""
    before = limits.texts_business
    connection.execute(delete(examples).where(examples.c.at < before))
    connection.execute(update(diary).where(diary.c.at < before, diary.c.text != "").values(text=""))
    spent = appeals.c.at < before
    connection.execute(update(appeals).where(spent, appeals.c.reason != "").values(reason="", answer=None))
    said = (broadcasts.c.at < before) & (broadcasts.c.text != GONE)
    connection.execute(update(broadcasts).where(said).values(text=GONE))
    personal = or_(*(slots.c.key.startswith(prefix, autoescape=True) for prefix in ASKED_ONCE))
    connection.execute(delete(slots).where(personal, slots.c.at < before))
    return 0


STEPS: tuple[Callable[[Connection, Limits], int], ...] = (
    _pictures, _messages, _events, _sent, _issues, _small_ones,
)  # fmt: skip
