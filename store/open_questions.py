"""What was asked and not yet answered: at most one question per person and chat (business times)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, text

from domain.clock import BusinessTime
from domain.ports import Question
from store.columns import Moment
from store.tables import questions

Asked = tuple[Question, BusinessTime]
_Key = tuple[str, str]

_ONE = select(questions).where(
    questions.c.chat_key == bindparam("chat"), questions.c.userid == bindparam("whose")
)
_PUT = text(
    "INSERT INTO questions (chat_key, userid, kind, document, asked_at) "
    "VALUES (:chat_key, :userid, :kind, :document, :asked_at) ON CONFLICT (chat_key, userid) "
    "DO UPDATE SET kind = excluded.kind, document = excluded.document, asked_at = excluded.asked_at"
).bindparams(bindparam("asked_at", type_=Moment))
_DELETE = delete(questions).where(
    questions.c.chat_key == bindparam("chat"), questions.c.userid == bindparam("whose")
)


class OpenQuestions:
    """The questions as one transaction sees them.

    ``chats``: chats whose questions are read at once and written by ``write``, because a batch of their
    messages is handled. They must be leased, so that nobody else asks or answers there meanwhile.
    """

    def __init__(self, connection: Connection, chats: Collection[str] = ()) -> None:
        self._connection = connection
        self._chats = frozenset(chats)
        self._known: dict[_Key, Asked] = {}
        self._changed: set[_Key] = set()
        if chats:
            rows = connection.execute(select(questions).where(questions.c.chat_key.in_(chats)))
            self._known = {(row.chat_key, row.userid): _asked(row) for row in rows}

    def find(self, chat_key: str, userid: str) -> Asked | None:
        """The open question to a person in a chat, and when it was asked."""
        if chat_key in self._chats:
            return self._known.get((chat_key, userid))
        row = self._connection.execute(_ONE, {"chat": chat_key, "whose": userid}).one_or_none()
        return None if row is None else _asked(row)

    def ask(self, chat_key: str, userid: str, question: Question, now: BusinessTime) -> None:
        """In place of whatever he was asked there before."""
        self._known[chat_key, userid] = (question, now)
        self._change(chat_key, userid)

    def forget(self, chat_key: str, userid: str) -> None:
        self._known.pop((chat_key, userid), None)
        self._change(chat_key, userid)

    def _change(self, chat_key: str, userid: str) -> None:
        self._changed.add((chat_key, userid))
        if chat_key not in self._chats:
            self.write()

    def write(self) -> None:
        """Write what was asked and answered."""
        changed, self._changed = sorted(self._changed), set()
        asked = [_row(key, self._known[key]) for key in changed if key in self._known]
        gone = [
            {"chat": chat, "whose": userid} for chat, userid in changed if (chat, userid) not in self._known
        ]
        if asked:
            self._connection.execute(_PUT, asked)
        if gone:
            self._connection.execute(_DELETE, gone)

    def beside(self, chat_key: str, since: BusinessTime) -> Mapping[str, Question]:
        """All questions under one key that were asked after ``since``, by the person asked, oldest first."""
        self.write()
        asked = (questions.c.chat_key == chat_key) & (questions.c.asked_at > since)
        rows = self._connection.execute(select(questions).where(asked).order_by(questions.c.asked_at))
        return {row.userid: _asked(row)[0] for row in rows}


def within(asked: Asked | None, span: timedelta, now: BusinessTime) -> Question | None:
    """The question, unless it is older than ``span``, or of a time the clock was set back from."""
    return asked[0] if asked is not None and timedelta(0) <= now - asked[1] <= span else None


def _row(key: _Key, asked: Asked) -> dict[str, object]:
    question, at = asked
    document = json.dumps({"options": question.options, "data": dict(question.data)}, ensure_ascii=False)
    return {"chat_key": key[0], "userid": key[1], "kind": question.kind, "document": document, "asked_at": at}


def _asked(row: Row[Any]) -> Asked:
    document = json.loads(row.document)
    return Question(row.kind, tuple(document["options"]), document["data"]), BusinessTime(row.asked_at)
