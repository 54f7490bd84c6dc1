"""Where somebody has spoken to the robot: only into those chats does the platform let it push by itself."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from store.tables import spoken
from store.upserts import insert_into


def note(connection: Connection, chat_ids: Iterable[str]) -> None:
    """Somebody has spoken there: chat ids of groups, userids 1:1."""
    rows = [{"chat_id": chat_id} for chat_id in sorted(chat_ids)]
    if rows:
        connection.execute(insert_into(connection, spoken).on_conflict_do_nothing(), rows)


def since(connection: Connection, last: int) -> tuple[int, frozenset[str]]:
    """The chats that were noted after the one with id ``last``, and the id of the latest."""
    rows = connection.execute(select(spoken.c.id, spoken.c.chat_id).where(spoken.c.id > last)).all()
    return max((row.id for row in rows), default=last), frozenset(row.chat_id for row in rows)


def has(connection: Connection, chat_id: str) -> bool:
    """Whether somebody has."""
    return connection.execute(select(spoken.c.id).where(spoken.c.chat_id == chat_id)).first() is not None
