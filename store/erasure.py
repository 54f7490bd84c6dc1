"""清除: a person's name, texts and pictures leave every table; the rows stay, so that counts do.

His ids become one pseudonym, his name 已清除. One transaction that keeps everybody out who works by the
roster, because half an erasure would be none; it looks at whole tables, so it is done on demand only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, or_, select, update

from domain.clock import MachineTime
from domain.messages import Chat, IncomingMessage, Quote
from domain.outgoing import TO_PERSON
from domain.roster import Roster
from domain.roster_binding import without_person
from store import roster as rosters
from store.discards import discard
from store.paper_tables import appeals, diary, flags
from store.person_traces import ERASED, Who, chunks, is_one_of, issues_touched, messages, own_words, who
from store.tables import (
    broadcast_replies,
    broadcasts,
    chats,
    doubts,
    erasures,
    events,
    examples,
    followers,
    inbox,
    issues,
    leaves,
    media,
    outbox,
    own_quiet,
    questions,
    reporters,
    roster_versions,
    sendings,
    slots,
    spoken,
)

_SIGNED: Mapping[Table, tuple[str, ...]] = {
    appeals: ("reason", "answer", "decided_by"),
    diary: ("text",),
    flags: ("note",),
}
"""Tables of what people sign, and their texts: the signer's own first."""
FREE_OF_PEOPLE = frozenset(
    {
        "alembic_version", "announcements", "business_clock", "counters", "discards", "dispatches", "echoes",
        "findings", "heartbeats", "leases", "nonces", "orders", "push_keys", "settings_versions", "steps",
    }
)  # fmt: skip
"""Tables that hold nobody's name or words; a test asks about every new one."""

SETTLED = frozenset({"sent", "failed", "void"})
Change = Callable[[Row[Any]], Mapping[str, Any]]


def erase(connection: Connection, userid: str, stand_in: str, now: MachineTime) -> None:
    """Nothing in the database names this person or holds his words any more. ``stand_in``: the pseudonym
    that takes the place of his ids."""
    rosters.take_turn(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # freed pages are overwritten
    person = who(connection, userid)
    own = messages(connection, person)
    touched = issues_touched(connection, person)
    reported = select(issues.c.text).where(is_one_of(issues.c.reporter, person.ids))
    reasons = select(events.c.reason).where(is_one_of(events.c.actor, person.ids))
    said = [*connection.execute(reported).scalars(), *connection.execute(reasons).scalars()]
    texts = (*(each.text for each in own.values()), *said)
    eraser = _Eraser(connection, person, stand_in, own_words(texts), now)
    eraser.inbox(own)
    eraser.pictures(own)
    eraser.issues(touched)
    eraser.events(touched)
    eraser.outbox(own, touched)
    eraser.small_ones(touched)
    eraser.papers()
    eraser.roster()


@dataclass(frozen=True, slots=True)
class _Eraser:
    connection: Connection
    person: Who
    stand_in: str
    words: tuple[str, ...]
    now: MachineTime

    def _each(self, table: Table, where: ColumnElement[bool], change: Change) -> None:
        """Change the rows of a table, one by one; a row that stays as it is is not written."""
        key = next(iter(table.primary_key))
        for row in self.connection.execute(select(table).where(where)).all():
            values = {name: value for name, value in change(row).items() if value != getattr(row, name)}
            if values:
                mine = key == getattr(row, key.name)
                self.connection.execute(update(table).where(mine).values(values))

    def _clean(self, text: str | None) -> str | None:
        """Without his ids, his name, his words."""
        if not text:
            return text
        for words in self.words:
            text = text.replace(words, ERASED)
        return self.person.scrubbed(text, self.stand_in)

    def _clean_json(self, text: str | None) -> str | None:
        return None if text is None else json.dumps(self._cleaned(json.loads(text)), ensure_ascii=False)

    def _cleaned(self, value: object) -> object:
        if isinstance(value, str):
            return self._clean(value)
        if isinstance(value, list):
            return [self._cleaned(each) for each in value]
        if isinstance(value, dict):
            return {name: self._cleaned(each) for name, each in value.items()}
        return value

    def inbox(self, own: Mapping[int, IncomingMessage]) -> None:
        """His own messages lose everything that he said; others', what they quote of him or say about him."""
        for number, message in own.items():
            bare = self._bare(message)
            values = {"document": bare.to_json(), "chat_key": bare.chat_key, "detail": None}
            mine = inbox.c.id == number
            self.connection.execute(update(inbox).where(mine).values(values))
            waiting = mine & (inbox.c.state == "waiting")
            done = {"state": "done", "outcome": "erased", "handled_at": self.now}
            self.connection.execute(update(inbox).where(waiting).values(done))
        about = or_(
            self.person.mentioned_in(inbox.c.document, inbox.c.detail), inbox.c.document.contains('"quote":{')
        )
        self._each(inbox, about, self._others_message)
        for chat in self.person.ids:
            ends_so = chats.c.chat_key.iendswith(f":{chat}", autoescape=True)
            self.connection.execute(delete(chats).where(ends_so, chats.c.leased_until.is_(None)))

    def _bare(self, message: IncomingMessage) -> IncomingMessage:
        chat = message.chat if message.chat.kind == "group" else Chat("single", self.stand_in)
        return IncomingMessage(
            message.channel,
            self._clean(message.dedupe_key) or "",
            chat,
            self.stand_in,
            message.kind,
            mentioned=message.mentioned,
        )

    def _others_message(self, row: Row[Any]) -> Mapping[str, Any]:
        message = IncomingMessage.from_json(row.document)
        quote = message.quote
        if quote is not None:
            text = self._clean(quote.text) or ""
            quote = quote if text == quote.text else Quote(text, quote.pictures)
        kept = replace(message, text=self.person.scrubbed(message.text, self.stand_in), quote=quote)
        return {
            "document": self.person.scrubbed(kept.to_json(), self.stand_in),
            "detail": self._clean(row.detail),
        }

    def pictures(self, own: Iterable[int]) -> None:
        """His pictures, also where the same picture came from somebody else; the rows stay for the counts."""
        for part in chunks(own):
            mine = media.c.inbox_id.in_(part)
            files = set(self.connection.execute(select(media.c.file).where(mine)).scalars()) - {None}
            same = or_(mine, media.c.file.in_(files)) if files else mine
            gone = {"state": "lost", "ref": "", "file": None, "reason": ERASED, "fence": media.c.fence + 1}
            self.connection.execute(update(media).where(same).values(gone))
            discard(self.connection, files, self.now)

    def issues(self, touched: Iterable[int]) -> None:
        """The version grows, so that nobody writes back what he read before."""
        him = or_(
            is_one_of(issues.c.owner, self.person.ids),
            is_one_of(issues.c.resolved_by, self.person.ids),
            self.person.mentioned_in(issues.c.helpers, issues.c.external),
        )
        self._each(issues, him, self._issue)
        for part in chunks(touched):
            self._each(issues, issues.c.number.in_(part), self._issue)

    def _issue(self, row: Row[Any]) -> Mapping[str, Any]:
        return {**self._plain_issue(row._asdict()), "version": row.version + 1}

    def _plain_issue(self, values: Mapping[str, Any]) -> dict[str, Any]:
        mine = self.person.is_him(values["reporter"])
        people = ("reporter", "owner", "resolved_by", "helpers", "external")
        cleaned = {name: self._clean(values[name]) for name in people}
        return {**cleaned, "text": "" if mine else self._clean(values["text"])}

    def events(self, touched: Iterable[int]) -> None:
        about = self.person.mentioned_in(
            events.c.actor, events.c.reason, events.c.data, events.c.snapshot, events.c.actor_name
        )
        self._each(events, about, self._event)
        for part in chunks(touched):
            self._each(events, events.c.number.in_(part), self._event)

    def _event(self, row: Row[Any]) -> Mapping[str, Any]:
        values = {"data": self._clean_json(row.data), "snapshot": self._snapshot(row.snapshot)}
        if self.person.is_him(row.actor):
            return {**values, "actor": self.stand_in, "actor_name": ERASED, "reason": ""}
        return {**values, "reason": self._clean(row.reason), "actor_name": self._clean(row.actor_name)}

    def _snapshot(self, text: str | None) -> str | None:
        if text is None:
            return None
        values = json.loads(text)
        return json.dumps({**values, **self._plain_issue(values)}, ensure_ascii=False)

    def outbox(self, own: Iterable[int], touched: Iterable[int]) -> None:
        """What was said to him, because of him, or about his issues; the rest without him."""
        for part in chunks(touched):
            self._each(outbox, outbox.c.issue.in_(part), lambda row: self._said(row, about_him=True))
        for part in chunks(own):
            his = outbox.c.inbox_id.in_(part)
            self._each(outbox, his, lambda row: self._said(row, about_him=True, for_him=True))
        words = (
            outbox.c.text,
            outbox.c.said,
            outbox.c.target,
            outbox.c.fallback,
            outbox.c.payer,
            outbox.c.mentions,
            outbox.c.buttons,
        )
        self._each(
            outbox,
            or_(
                self.person.mentioned_in(*words, outbox.c.reason),
                outbox.c.attachment.is_not(None),
                outbox.c.said.is_not(None),  # one message for several: it may quote him beside others
            ),
            lambda row: self._said(row, about_him=False),
        )
        self.connection.execute(delete(sendings).where(is_one_of(sendings.c.target, self.person.ids)))
        self.connection.execute(delete(spoken).where(is_one_of(spoken.c.chat_id, self.person.ids)))

    def _said(self, row: Row[Any], *, about_him: bool, for_him: bool = False) -> Mapping[str, Any]:
        """A row that is settled is a record only; one on its way goes on, unless it was for him or came of
        his own words. Pictures and files that were sent may show him: they can be made again."""
        for_him = for_him or (row.route in {*TO_PERSON, "mp_notice"} and self.person.is_him(row.target))
        values: dict[str, Any] = {
            name: self._clean(getattr(row, name))
            for name in ("text", "said", "footer", "target", "fallback", "payer", "reason")
        } | {name: self._clean_json(getattr(row, name)) for name in ("mentions", "buttons")}
        if row.state in SETTLED and row.attachment is not None:
            discard(self.connection, {json.loads(row.attachment)[1]}, self.now)
            values["attachment"] = None
        if for_him or (about_him and row.state in SETTLED):
            values |= {"text": ERASED, "footer": "", "said": None if row.said is None else ERASED}
        if for_him and row.state not in SETTLED:
            values |= {"state": "void", "reason": ERASED, "settled_at": self.now}
        return values

    def small_ones(self, touched: Iterable[int]) -> None:
        """Reporters, questions, examples, slots, leaves, broadcasts."""
        self._reporters()
        ids = self.person.ids
        for table in (questions, examples, leaves, own_quiet):
            self.connection.execute(delete(table).where(is_one_of(table.c.userid, ids)))
        self.connection.execute(delete(followers).where(is_one_of(followers.c.openid, ids)))
        for part in chunks(touched):
            self.connection.execute(delete(examples).where(examples.c.issue.in_(part)))
        self._forget(questions, questions.c.document, questions.c.chat_key)
        self._forget(slots, slots.c.key)
        his = is_one_of(doubts.c.sender, ids) | is_one_of(doubts.c.owner, ids)
        self.connection.execute(delete(doubts).where(his))
        self._forget(doubts, doubts.c.document)
        written = is_one_of(broadcasts.c.author, ids)
        gone = {"author": self.stand_in, "text": ERASED}
        self.connection.execute(update(broadcasts).where(written).values(gone))
        read = is_one_of(broadcast_replies.c.userid, ids)
        self.connection.execute(update(broadcast_replies).where(read).values(userid=self.stand_in))

    def papers(self) -> None:
        """What he signed loses his name and his words; what others wrote, his name."""
        for table, said in _SIGNED.items():
            words = [table.c[name] for name in ("userid", "name", *said)]
            self._each(table, self.person.mentioned_in(*words), self._signed(said))

    def _signed(self, said: tuple[str, ...]) -> Change:
        def change(row: Row[Any]) -> Mapping[str, Any]:
            kept = {name: self._clean(getattr(row, name)) for name in ("name", *said)}
            mine = {"userid": self.stand_in, "name": ERASED, said[0]: ""}
            return kept | mine if self.person.is_him(row.userid) else kept

        return change

    def _forget(self, table: Table, *columns: Any) -> None:
        """Rows that mention him go."""
        rows = self.connection.execute(select(table).where(self.person.mentioned_in(*columns))).all()
        for row in rows:
            if any(self._clean(getattr(row, each.name)) != getattr(row, each.name) for each in columns):
                mine = [key == getattr(row, key.name) for key in table.primary_key]
                self.connection.execute(delete(table).where(*mine))

    def _reporters(self) -> None:
        """One row per issue, whatever ids he reported it under."""
        mine = is_one_of(reporters.c.userid, self.person.ids)
        rows = self.connection.execute(select(reporters).where(mine)).all()
        self.connection.execute(delete(reporters).where(mine))
        kept = {row.number: {**row._asdict(), "userid": self.stand_in} for row in rows}
        if kept:
            self.connection.execute(insert(reporters), list(kept.values()))

    def roster(self) -> None:
        """Every version is rewritten, so that none that is restored brings him back; if he is in the one in
        force, a new one takes its place."""
        current = rosters.current(self.connection)
        if current is not None and (bare := without_person(current[1], self.person.ids)) != current[1]:
            rosters.amend(self.connection, current[0], bare, "清除", self.now)
        self._each(roster_versions, roster_versions.c.version > 0, self._version)

    def _version(self, row: Row[Any]) -> Mapping[str, Any]:
        roster = Roster.from_document(row.document)
        bare = without_person(roster, self.person.ids)
        document = row.document if bare == roster else bare.to_document()
        return {"document": document, "source": self._clean(row.source)}


@dataclass(frozen=True, slots=True)
class Request:
    """An erasure that was confirmed."""

    userid: str
    asked_by: str


def requested(connection: Connection) -> list[Request]:
    """What is still to be erased, in the order it was asked for."""
    rows = connection.execute(select(erasures).order_by(erasures.c.at))
    return [Request(row.userid, row.asked_by) for row in rows]


def done(connection: Connection, request: Request) -> None:
    """With the same commit as the erasure itself."""
    connection.execute(delete(erasures).where(erasures.c.userid == request.userid))
