"""Where a person is found in the records: his ids, his names, his messages, the issues he had a part in."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, Connection, String, Table, func, or_, select
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.schema import Column

from domain.followers import openid_of
from domain.messages import IncomingMessage
from domain.ports import Traces
from domain.roster import Roster
from domain.safe_text import plain
from store.columns import is_open
from store.tables import events, inbox, issues, media, reporters, roster_versions

ERASED = "已清除"
SHOWN_LENGTHS = (30, 40, 60, 200)
"""How long a person's words are shown at most, in the sentences the bot says."""
SHORTEST_WORDS = 4
"""Characters from which a text is somebody's own: 收到 and 满意 are everybody's."""


@dataclass(frozen=True)
class Who:
    """A person as the records know him, of this and every earlier roster. ``places``: names of sections,
    which are no names of his even where they contain one."""

    ids: frozenset[str]
    names: frozenset[str]
    places: tuple[str, ...]

    def is_him(self, userid: str | None) -> bool:
        return userid is not None and userid.casefold() in self.ids

    @cached_property
    def _ids(self) -> re.Pattern[str]:
        inner = "|".join(re.escape(each) for each in sorted(self.ids, key=len, reverse=True))
        return re.compile(rf"(?<![A-Za-z0-9_.@-])(?:{inner})(?![A-Za-z0-9_.@-])", re.IGNORECASE)

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        if not self.names:
            return None
        kept = [place for place in self.places if any(name in place for name in self.names)]
        parts = [*sorted(kept, key=len, reverse=True), *sorted(self.names, key=len, reverse=True)]
        return re.compile("|".join(re.escape(part) for part in parts))

    def scrubbed(self, text: str, stand_in: str) -> str:
        """A text without his ids and names."""
        text = self._ids.sub(stand_in, text)
        if self._names is None:
            return text
        return self._names.sub(lambda match: ERASED if match[0] in self.names else match[0], text)

    def mentioned_in(self, *columns: Column[str]) -> ColumnElement[bool]:
        """A wide net for rows that may speak of him; what is in it is looked at one by one."""
        return or_(*(column.icontains(word, autoescape=True) for column in columns for word in self._words))

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return (*self.ids, *self.names)


def who(connection: Connection, userid: str) -> Who:
    """Everything a person is called, by any of his ids."""
    ids, names, places = {userid.casefold()}, set[str](), dict[str, None]()
    for document in connection.execute(select(roster_versions.c.document)).scalars():
        roster = Roster.from_document(document)
        places |= dict.fromkeys(name for row in roster.sections for name in (row.name, *row.aliases))
        person = roster.person(userid)
        if person is not None:
            ids |= {each.casefold() for each in (person.userid, *person.aliases)}
            names |= {person.name} if len(person.name) > 1 else set()
    bare = {openid for each in ids if (openid := openid_of(each))}  # as the outbox addresses a follower
    return Who(frozenset(ids | bare), frozenset(names), tuple(places))


def is_one_of(column: Column[str] | ColumnClause[str], ids: Collection[str]) -> ColumnElement[bool]:
    return func.lower(column, type_=String).in_(ids)


def messages(connection: Connection, person: Who) -> dict[int, IncomingMessage]:
    """His own messages, by their place in the inbox. Looks at the whole inbox."""
    senders = [f'"sender":{json.dumps(each, ensure_ascii=False)}' for each in person.ids]
    mine = or_(*(inbox.c.document.icontains(each, autoescape=True) for each in senders))
    rows = connection.execute(select(inbox.c.id, inbox.c.document).where(mine))
    found = {row.id: IncomingMessage.from_json(row.document) for row in rows}
    return {number: each for number, each in found.items() if person.is_him(each.sender)}


def own_words(texts: Iterable[str]) -> tuple[str, ...]:
    """His texts in every form the bot shows them, the longest first."""
    found = {text for text in texts if len(text.strip()) >= SHORTEST_WORDS}
    shown = {plain(text, length) for text in found for length in SHOWN_LENGTHS}
    return tuple(sorted(found | {text.removesuffix("…") for text in shown} - {""}, key=len, reverse=True))


def issues_touched(connection: Connection, person: Who) -> set[int]:
    """Numbers of the issues he reported or did anything to."""
    found: set[int] = set()
    for column, number in (
        (reporters.c.userid, reporters.c.number),
        (events.c.actor, events.c.number),
        (issues.c.reporter, issues.c.number),
    ):
        found |= set(connection.execute(select(number).where(is_one_of(column, person.ids))).scalars())
    return found


def traces(connection: Connection, userid: str) -> Traces:
    """How much there is of a person."""
    person = who(connection, userid)
    own = messages(connection, person)
    owned = is_one_of(issues.c.owner, person.ids) & is_open
    reported = is_one_of(reporters.c.userid, person.ids)

    def count(table: Table, where: ColumnElement[bool]) -> int:
        return connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()

    pictures = sum(count(media, media.c.inbox_id.in_(part)) for part in chunks(own))
    return Traces(len(own), count(reporters, reported), pictures, count(issues, owned))


def chunks(numbers: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    """Parts that fit into one IN list."""
    every = sorted(numbers)
    return (every[start : start + size] for start in range(0, len(every), size))
