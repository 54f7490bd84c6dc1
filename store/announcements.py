"""The figures as they were announced: a record of what was said, never a source of what is so."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from sqlalchemy import Connection, select

from domain.clock import BusinessTime
from domain.figures import Counts
from domain.periods import Span
from store.paper_tables import announcements
from store.upserts import put

_NAMES = frozenset(field.name for field in fields(Counts))


def keep(connection: Connection, span: Span, subdistrict: str, counts: Counts, now: BusinessTime) -> None:
    """Remember what is being announced."""
    document = json.dumps(asdict(counts))
    key = {"kind": span.kind.value, "subdistrict": subdistrict, "until": span.until}
    put(connection, announcements, {**key, "document": document, "at": now})


def said(connection: Connection, span: Span, subdistrict: str) -> Counts | None:
    """What was announced of a period, None if nothing was."""
    here = (announcements.c.kind == span.kind.value) & (announcements.c.subdistrict == subdistrict)
    statement = select(announcements.c.document).where(here, announcements.c.until == span.until)
    document = connection.execute(statement).scalar()
    if document is None:
        return None
    stored = json.loads(document)
    return Counts(**{name: stored[name] for name in _NAMES & stored.keys()})
