"""What was asked and not yet answered: at most one question per person and chat (business times)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from domain.clock import BusinessTime
from domain.ports import Question
from store.tables import questions
from store.upserts import put

Asked = tuple[Question, BusinessTime]
_Key = tuple[str, str]

_ONE = select(questions).where(
    questions.c.chat_key == bindparam("chat"), questions.c.userid == bindparam("whose")
)


class OpenQuestions:
    """The questions as one transaction sees them.

    ``chats``: chats whose questions are read at once, because a batch of their messages is handled. They
    must be leased, so that nobody else asks or answers there meanwhile.
    """

    def __init__(self, connection: Connection, chats: Collection[str] = ()) -> None:
        self._connection = connection
        self._chats = frozenset(chats)
        self._known: dict[_Key, Asked] = {}
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
        document = json.dumps({"options": question.options, "data": dict(question.data)}, ensure_ascii=False)
        key = {"chat_key": chat_key, "userid": userid}
        put(
            self._connection, questions, {**key, "kind": question.kind, "document": document, "asked_at": now}
        )
        self._known[chat_key, userid] = (question, now)

    def forget(self, chat_key: str, userid: str) -> None:
        mine = (questions.c.chat_key == chat_key) & (questions.c.userid == userid)
        self._connection.execute(delete(questions).where(mine))
        self._known.pop((chat_key, userid), None)

    def beside(self, chat_key: str, since: BusinessTime) -> Mapping[str, Question]:
        """All questions under one key that were asked after ``since``, by the person asked, oldest first."""
        asked = (questions.c.chat_key == chat_key) & (questions.c.asked_at > since)
        rows = self._connection.execute(select(questions).where(asked).order_by(questions.c.asked_at))
        return {row.userid: _asked(row)[0] for row in rows}


def within(asked: Asked | None, span: timedelta, now: BusinessTime) -> Question | None:
    """The question, unless it is older than ``span``, or of a time the clock was set back from."""
    return asked[0] if asked is not None and timedelta(0) <= now - asked[1] <= span else None


def _asked(row: Row[Any]) -> Asked:
    document = json.loads(row.document)
    return Question(row.kind, tuple(document["options"]), document["data"]), BusinessTime(row.asked_at)
