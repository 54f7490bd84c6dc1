"""What we owe the platform, row by row, as it is written and read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, update

from domain.clock import MachineTime
from domain.outgoing import Address, Attachment, Button, Draft, Purpose
from store import bulk
from store.columns import is_moving
from store.tables import outbox

DANGER = 0
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
    bulk.append(connection, outbox, rows)


def draft_of(row: Row[Any]) -> Draft:
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
