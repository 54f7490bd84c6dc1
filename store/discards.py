"""Picture files that no row needs any more, until they are off the disk."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from domain.clock import MachineTime
from store.tables import discards, media, outbox
from store.upserts import insert_into


def discard(connection: Connection, files: Iterable[str | None], now: MachineTime) -> None:
    """These files shall go, by the same commit as the reason for it."""
    for file in files:
        if file:
            statement = insert_into(connection, discards).values(file=file, at=now)
            connection.execute(statement.on_conflict_do_nothing())


def waiting(connection: Connection, limit: int = 200) -> list[str]:
    """Files to be taken off the disk."""
    return list(connection.execute(select(discards.c.file).order_by(discards.c.at).limit(limit)).scalars())


def is_needed(connection: Connection, file: str) -> bool:
    """Whether a picture or a message on its way still shows it."""
    kept = select(media.c.id).where(media.c.file == file, media.c.state == "stored").limit(1)
    moving = outbox.c.state.in_(("waiting", "sending")) & outbox.c.attachment.contains(file, autoescape=True)
    sent = select(outbox.c.id).where(moving).limit(1)
    return any(connection.execute(statement).first() is not None for statement in (kept, sent))


def done(connection: Connection, file: str) -> None:
    """It is off the disk, or needed after all."""
    connection.execute(delete(discards).where(discards.c.file == file))
