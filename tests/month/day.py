"""One day on one street as it appeared: what was said in its group and to those who work there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from store.tables import inbox, outbox
from tests.fleet import Fleet, Street

SHANGHAI = ZoneInfo("Asia/Shanghai")
Line = tuple[datetime, int, str, str]


def as_it_appeared(fleet: Fleet, street: Street, day: date) -> Iterator[str]:
    """In order: what people said (▸), what they were answered (◂), what the bot said unasked (●)."""
    begin = datetime.combine(day, time(0), SHANGHAI)
    people = (street.chief, street.leader, street.supervisor, f"chief1-{street.area}")
    chats = {street.group: "群", street.supervisors: "督导群"} | {
        userid: f"1:1 {userid}" for userid in people
    }
    yield f"{street.name} {day} ({street.chief_name})"
    said = [*_said(fleet, chats, begin), *_pushed(fleet, chats, begin)]
    for at, _, where, text in sorted(said, key=lambda line: line[:2]):
        first, *rest = text.splitlines() or [""]
        yield f"{at.astimezone(SHANGHAI):%H:%M} {where} {first}"
        yield from (f"      {line}" for line in rest)


def _said(fleet: Fleet, chats: dict[str, str], begin: datetime) -> Iterator[Line]:
    """What people said, each with its answers."""
    today = (inbox.c.said_at >= begin) & (inbox.c.said_at < begin + timedelta(days=1))
    for row in fleet.records.all(select(inbox).where(today).order_by(inbox.c.id)):
        chat = row.chat_key.rpartition(":")[2]
        if chat not in chats:
            continue
        message = json.loads(row.document)
        yield row.said_at, row.id * 10, f"▸ {chats[chat]} {message['sender']}:", message["text"]
        answers = fleet.records.outbox_of([row.id])
        for answer in (each for each in answers if each.purpose == "answer" and each.state == "sent"):
            yield row.said_at, row.id * 10 + 1, f"◂ {chats[chat]}", answer.text


def _pushed(fleet: Fleet, chats: dict[str, str], begin: datetime) -> Iterator[Line]:
    today = (outbox.c.pushed_at >= begin) & (outbox.c.pushed_at < begin + timedelta(days=1))
    mine = outbox.c.target.in_(chats) & (outbox.c.state == "sent") & outbox.c.merged_into.is_(None)
    for row in fleet.records.all(select(outbox).where(today, mine).order_by(outbox.c.id)):
        yield row.pushed_at, 10**9 + row.id, f"● {chats[row.target]}", row.said or row.text
