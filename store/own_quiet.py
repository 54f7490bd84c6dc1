"""免打扰: the quiet hours that people asked for themselves."""

from __future__ import annotations

from datetime import time

from sqlalchemy import Connection, delete, select

from domain.quiet import Window
from store.tables import own_quiet
from store.upserts import put


def keep(connection: Connection, userid: str, window: Window | None) -> None:
    """Somebody's own quiet hours; None: he has none any more."""
    connection.execute(delete(own_quiet).where(own_quiet.c.userid == userid))
    if window is not None:
        start, end = (f"{each:%H:%M}" for each in window)
        put(connection, own_quiet, {"userid": userid, "start": start, "end": end})


def everybody(connection: Connection) -> dict[str, Window]:
    """All of them, by userid."""
    rows = connection.execute(select(own_quiet))
    return {row.userid: (time.fromisoformat(row.start), time.fromisoformat(row.end)) for row in rows}
