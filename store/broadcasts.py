"""Broadcasts and their replies in the database (see ``domain.broadcasts.Broadcasts``)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from domain.broadcasts import Broadcast, Reply
from domain.clock import BusinessTime
from store.tables import broadcast_replies, broadcasts
from store.upserts import insert_into

RECENT = 50
"""How many of the last ones are looked through for a group."""


class BroadcastBook:
    """One transaction's view, at one business time."""

    def __init__(self, connection: Connection, now: BusinessTime) -> None:
        self._connection = connection
        self._now = now

    def send(self, broadcast: Broadcast) -> Broadcast:
        values = {
            "text": broadcast.text,
            "author": broadcast.author,
            "subdistrict": broadcast.subdistrict,
            "groups": json.dumps(broadcast.groups),
            "at": broadcast.at,
        }
        statement = insert(broadcasts).values(values).returning(broadcasts)
        return _broadcast(self._connection.execute(statement).one())

    def get(self, number: int) -> Broadcast | None:
        statement = select(broadcasts).where(broadcasts.c.number == number)
        row = self._connection.execute(statement).one_or_none()
        return _broadcast(row) if row else None

    def newest_in(self, chat_id: str, within: timedelta) -> Broadcast | None:
        recent = select(broadcasts).where(broadcasts.c.at > self._now - within)
        rows = self._connection.execute(recent.order_by(broadcasts.c.number.desc()).limit(RECENT))
        return next((found for row in rows if chat_id in (found := _broadcast(row)).groups), None)

    def reply(self, number: int, reply: Reply) -> bool:
        values = {"number": number, "userid": reply.userid, "chat_id": reply.chat_id, "at": reply.at}
        statement = insert_into(self._connection, broadcast_replies).values(values)
        once = statement.on_conflict_do_nothing().returning(broadcast_replies.c.number)
        return self._connection.execute(once).first() is not None

    def replies(self, number: int) -> list[Reply]:
        mine = select(broadcast_replies).where(broadcast_replies.c.number == number)
        rows = self._connection.execute(mine.order_by(broadcast_replies.c.at, broadcast_replies.c.userid))
        return [Reply(row.userid, row.chat_id, row.at) for row in rows]


def sent(connection: Connection) -> int:
    """How many there are."""
    return connection.execute(select(func.count()).select_from(broadcasts)).scalar_one()


def _broadcast(row: Row[Any]) -> Broadcast:
    groups = tuple(json.loads(row.groups))
    return Broadcast(row.number, row.text, row.author, row.subdistrict, groups, row.at)
