"""What a run left behind, read once from database, platform and people, for the checks to look at."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select

from chaos.district import District
from chaos.people import Street, Word
from sandbox.transcript import Entry
from store.tables import events, inbox, issues, media, outbox

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Left:
    """words: what was said, oldest first. letters: rows of the inbox by the end of their key. sent: rows of
    the outbox by the letter that caused them. entries: what the bot showed. now: business time at the end."""

    words: list[Word]
    letters: Mapping[str, Rows]
    events: Mapping[int, Rows]
    issues: Rows
    outbox: Rows
    sent: Mapping[int, Rows]
    media: Rows
    entries: list[Entry]
    calls: list[dict[str, Any]]
    now: datetime

    def letters_of(self, word: Word) -> Rows:
        """By the platform's id; a pressed button has none and is known by its payload."""
        found = self.letters.get(word.msgid, ())
        return found or self.letters.get(hashlib.sha256(word.plain.encode()).hexdigest(), ())

    @cached_property
    def chat_of(self) -> Mapping[int, str]:
        """Letter → the chat in which its answer is shown."""
        return {letter.id: word.chat for word in self.words for letter in self.letters_of(word)}


def read(district: District, streets: Iterable[Street]) -> Left:
    """All of it; the district must have settled."""
    words = sorted((word for street in streets for word in street.said), key=lambda word: word.place)
    records, world = district.records, district.world
    letters: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in records.all(select(inbox).order_by(inbox.c.id)):
        letters[row.dedupe_key.replace("#", ":").rpartition(":")[2]].append(row)
    outgoing = records.all(select(outbox).order_by(outbox.c.id))
    return Left(
        [word for word in words if word.msgid],
        letters,
        _by(records.all(select(events).order_by(events.c.id)), "inbox_id"),
        records.all(select(issues)),
        outgoing,
        _by(outgoing, "inbox_id"),
        records.all(select(media)),
        [entry for entry in world.transcript.since(0) if entry.sender != "person"],
        world.calls.since(0),
        records.business_now(),
    )


def _by(rows: Rows, name: str) -> Mapping[int, Rows]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        value = getattr(row, name)
        if value is not None:
            found[value].append(row)
    return found


def statuses(left: Left) -> Counter[str]:
    """How every single delivery of the platform was answered."""
    answers = (status for word in left.words for status in word.statuses)
    return Counter("no answer" if status is None else str(status) for status in answers)
