"""What was given up: letters that failed five times, and messages that no address would take."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from domain.clock import MachineTime
from domain.messages import IncomingMessage
from store.columns import is_failed, is_parked
from store.person_traces import ERASED
from store.retention import GONE
from store.tables import inbox, outbox


@dataclass(frozen=True, slots=True)
class Dead:
    """``name``: ``i12`` of the inbox, ``o34`` of the outbox. ``where``: the chat, or the route it could not
    take. ``text`` is what a person wrote or was to read, to be masked before it is shown."""

    name: str
    at: MachineTime
    where: str
    text: str
    reason: str


def parked(connection: Connection) -> list[Dead]:
    """Letters that were given up, oldest first; not those whose text is gone for good."""
    columns = (inbox.c.id, inbox.c.received_at, inbox.c.document, inbox.c.detail)
    rows = connection.execute(select(*columns).where(is_parked).order_by(inbox.c.id)).all()
    return [
        Dead(f"i{row.id}", row.received_at, *_said(row.document), row.detail)
        for row in rows
        if row.detail is not None  # retention and erasure take it along with the text
    ]


def _said(document: str) -> tuple[str, str]:
    message = IncomingMessage.from_json(document)
    return message.chat.kind, message.text


def failed(connection: Connection) -> list[Dead]:
    """Messages that reached nobody, oldest first. What went another way instead is not among them."""
    lost = is_failed, outbox.c.fallback.is_(None), outbox.c.text.not_in((GONE, ERASED))
    rows = connection.execute(select(outbox).where(*lost).order_by(outbox.c.id))
    return [
        Dead(f"o{row.id}", row.created_at, row.route, row.text, f"{row.code or ''} {row.reason}".strip())
        for row in rows
    ]


def retry_parked(connection: Connection, number: int) -> bool:
    """The letter waits again, as if it came now; False if it is not parked."""
    mine = (inbox.c.id == number) & (inbox.c.state == "parked")
    again = {"state": "waiting", "attempts": 0, "outcome": None, "detail": None, "handled_at": None}
    return connection.execute(update(inbox).where(mine).values(**again)).rowcount == 1


def retry_failed(connection: Connection, number: int, now: MachineTime) -> bool:
    """The message is sent again; False if it has not failed. A worker that still held it has lost it."""
    mine = (outbox.c.id == number) & (outbox.c.state == "failed")
    again = {"state": "waiting", "attempts": 0, "next_at": now, "settled_at": None, "code": None}
    values = {**again, "fence": outbox.c.fence + 1}
    return connection.execute(update(outbox).where(mine).values(values)).rowcount == 1
