"""Corrections made in chat, as labelled lines for the lexicon."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from store.tables import examples


def labelled(connection: Connection) -> list[dict[str, Any]]:
    """All examples, oldest first: text, intent, label (a category or ``none``), sub, section."""
    rows = connection.execute(select(examples).order_by(examples.c.id))
    return [
        {
            "text": row.text,
            "intent": row.intent,
            "label": row.category,
            "sub": row.sub or None,
            "section": row.section or None,
        }
        for row in rows
    ]
