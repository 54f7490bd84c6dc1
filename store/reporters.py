"""Everyone who reported the same problem: each may confirm it and hears how it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, text, update

from domain.issues import Issue, Reporter
from store import bulk
from store.issues import COLUMNS, from_row
from store.tables import issues, reporters

_JOIN = text(
    "INSERT INTO reporters (userid, number, anonymous, chat_id) "
    "VALUES (:userid, :number, :anonymous, :chat_id) ON CONFLICT DO NOTHING RETURNING number"
)

_OF_REPORTER = (
    select(*COLUMNS)
    .join(reporters, reporters.c.number == issues.c.number)
    .where(reporters.c.userid == bindparam("whose"))
    .order_by(issues.c.number.desc())
    .limit(bindparam("most"))
)
_REPORTERS_OF = select(reporters).where(reporters.c.number == bindparam("which")).order_by(reporters.c.userid)


def of_reporter(connection: Connection, userid: str, limit: int = 20) -> list[Issue]:
    """What a person reported, alone or with others, the newest first."""
    return [from_row(row) for row in connection.execute(_OF_REPORTER, {"whose": userid, "most": limit})]


def add(connection: Connection, joined: Iterable[tuple[int, Reporter]]) -> None:
    """Add many at once, each with the number of his issue. Who is there already stays as he is."""
    bulk.append(connection, reporters, [_row(*each) for each in joined], or_leave=True)


def _row(number: int, reporter: Reporter) -> dict[str, Any]:
    return {
        "userid": reporter.userid,
        "number": number,
        "anonymous": reporter.anonymous,
        "chat_id": reporter.chat_id,
    }


def join(connection: Connection, number: int, reporter: Reporter) -> bool:
    """Add someone to those who reported an issue; False if he was among them."""
    return connection.execute(_JOIN, _row(number, reporter)).first() is not None


def leave(connection: Connection, number: int, userid: str) -> None:
    """Take someone out of those who reported an issue (拆分, 撤销)."""
    mine = (reporters.c.number == number) & (reporters.c.userid == userid)
    connection.execute(delete(reporters).where(mine))


def hide(connection: Connection, number: int, userid: str) -> None:
    """匿名: this reporter is not named to anyone."""
    mine = (reporters.c.number == number) & (reporters.c.userid == userid)
    connection.execute(update(reporters).where(mine).values(anonymous=True))


def adopt(connection: Connection, former: str, userid: str) -> None:
    """What was reported under one id of a person was reported by him; the history keeps what it says."""
    own = select(reporters.c.number).where(reporters.c.userid == userid)
    twice = (reporters.c.userid == former) & reporters.c.number.in_(own)
    connection.execute(delete(reporters).where(twice))
    connection.execute(update(reporters).where(reporters.c.userid == former).values(userid=userid))
    connection.execute(update(issues).where(issues.c.reporter == former).values(reporter=userid))


def reporters_of(connection: Connection, number: int) -> list[Reporter]:
    """Everyone who reported an issue, by userid."""
    rows = connection.execute(_REPORTERS_OF, {"which": number})
    return [Reporter(row.userid, row.chat_id, row.anonymous) for row in rows]
