"""What was overheard and may be a report (see ``domain.doubts``); what was said on two channels at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.clock import BusinessTime
from domain.doubts import KEPT, MOST, Doubt
from domain.messages import IncomingMessage
from store.tables import doubts, echoes


class DoubtBook:
    """Doubts at one business time."""

    def __init__(self, connection: Connection, now: BusinessTime) -> None:
        self._connection = connection
        self._now = now

    def keep(self, doubt: Doubt) -> None:
        values = {
            "owner": doubt.owner,
            "sender": doubt.message.sender,
            "inbox_id": doubt.inbox_id,
            "document": doubt.message.to_json(),
            "reading": json.dumps(doubt.reading, ensure_ascii=False),
            "likely": round(doubt.likely * 1000),
            "said_at": doubt.said_at,
            "position": doubt.position,
        }
        self._connection.execute(insert(doubts).values(**values))

    def number_all(self, owner: str) -> Sequence[Doubt]:
        new = (doubts.c.owner == owner) & (doubts.c.position == 0)
        best_first = select(doubts).where(new).order_by(doubts.c.likely.desc(), doubts.c.id)
        rows = self._connection.execute(best_first).all()
        self._connection.execute(delete(doubts).where(doubts.c.id.in_([row.id for row in rows[MOST:]])))
        last = self._last_position(owner)
        shown = sorted(rows[:MOST], key=lambda row: row.id)
        for position, row in enumerate(shown, last + 1):
            self._connection.execute(update(doubts).where(doubts.c.id == row.id).values(position=position))
        return [_doubt(row, position) for position, row in enumerate(shown, last + 1)]

    def _last_position(self, owner: str) -> int:
        highest = select(func.max(doubts.c.position)).where(doubts.c.owner == owner)
        return self._connection.execute(highest).scalar() or 0

    def find(self, owner: str, position: int) -> Doubt | None:
        named = (doubts.c.owner == owner) & (doubts.c.position == position) & doubts.c.issue.is_(None)
        row = self._connection.execute(select(doubts).where(named).order_by(doubts.c.id.desc())).first()
        return _doubt(row, position) if row is not None and position else None

    def take_up(self, doubt: Doubt, number: int) -> None:
        mine = (doubts.c.owner == doubt.owner) & (doubts.c.position == doubt.position)
        self._connection.execute(update(doubts).where(mine).values(issue=number))


def _doubt(row: Row[tuple[object, ...]], position: int) -> Doubt:
    return Doubt(
        IncomingMessage.from_json(row.document),
        row.inbox_id,
        row.owner,
        row.said_at,
        row.likely / 1000,
        json.loads(row.reading),
        position,
    )


def owners_of_new(connection: Connection) -> list[str]:
    """Who has something to be shown."""
    return list(connection.execute(select(doubts.c.owner).where(doubts.c.position == 0).distinct()).scalars())


def forget(connection: Connection, now: BusinessTime, machine: datetime) -> None:
    """A day later nobody takes up what was said in passing. Echoes live by the machine clock."""
    connection.execute(delete(doubts).where(doubts.c.said_at < now - KEPT))
    connection.execute(delete(echoes).where(echoes.c.at < machine - timedelta(days=2)))


def said_elsewhere(connection: Connection, key: str, channel: str, at: datetime, within: timedelta) -> bool:
    """Whether the same words came by another channel at about the same time. Each message stands for one of
    the other channel only: what is said twice is meant twice."""
    twin = (
        select(func.min(echoes.c.id))
        .where(echoes.c.key == key, echoes.c.channel != channel)
        .where(echoes.c.at >= at - within, echoes.c.at <= at + within)
        .scalar_subquery()
    )
    if connection.execute(delete(echoes).where(echoes.c.id == twin)).rowcount:
        return True
    connection.execute(insert(echoes).values(key=key, channel=channel, at=at))
    return False
