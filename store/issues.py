"""Issues: one row each, changed only by compare-and-set. Their history is in ``store.events``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Row,
    Select,
    bindparam,
    func,
    select,
    true,
    union_all,
    update,
)

from domain.clock import BusinessTime
from domain.errors import StaleIssue
from domain.issues import CloseReason, Issue, State
from store import bulk
from store.columns import EPOCH, Moment, is_helped, is_open
from store.tables import issues

Planned = tuple[Issue, BusinessTime | None]
"""An issue, and when its ladder wants to be looked at."""

_PLAIN = tuple(
    field.name
    for field in fields(Issue)
    if field.name not in {"state", "duration", "pending", "helpers", "close_reason", "state_before"}
)


_plain_of = attrgetter(*_PLAIN)


def add(connection: Connection, opened: Iterable[Planned]) -> None:
    """Insert new issues."""
    bulk.append(connection, issues, [to_row(issue) | {"next_step_at": at} for issue, at in opened])


def change(connection: Connection, issue: Issue, next_step_at: BusinessTime | None) -> Issue:
    """Write a changed issue. Raises ``StaleIssue`` if it was changed since it was read; returns it with its
    new version."""
    values = to_row(issue) | {"version": issue.version + 1, "next_step_at": next_step_at}
    as_read = {"as_read_number": issue.number, "as_read_version": issue.version}
    row = connection.execute(_CHANGE, values | as_read).one_or_none()
    if row is None:
        raise StaleIssue(f"#{issue.number} changed meanwhile")
    return from_row(row)


def get(connection: Connection, number: int) -> Issue | None:
    """An issue by number."""
    if not 0 < number < 2**63:
        return None
    row = connection.execute(_GET, {"which": number}).one_or_none()
    return None if row is None else from_row(row)


def of_numbers(connection: Connection, numbers: Collection[int]) -> dict[int, Issue]:
    """Issues by their numbers."""
    rows = connection.execute(_all().where(issues.c.number.in_(numbers))) if numbers else ()
    return {row.number: from_row(row) for row in rows}


def open_of_owner(connection: Connection, userid: str, limit: int = 200) -> list[Issue]:
    """Open issues a person owns, the most urgent first."""
    return _list(connection, _OF_OWNER, {"who": userid, "most": limit})


def in_hands_of(connection: Connection, userid: str, limit: int = 200) -> list[Issue]:
    """Open issues a person owns, then those he co-handles, each the most urgent first."""
    found = _list(connection, _IN_HANDS, {"who": userid, "him": f"%,{_as_it_is(userid)},%", "most": limit})
    return by_hands(found, userid)


def by_hands(found: Iterable[Issue], userid: str) -> list[Issue]:
    """Those he owns, then the others, each the most urgent first."""
    return sorted(found, key=lambda issue: (issue.owner != userid, *_urgency(issue)))


def open_in_sections(connection: Connection, sections: Collection[str], limit: int = 200) -> list[Issue]:
    """Open issues of some sections, the most urgent first."""
    return _list(connection, _IN_SECTIONS, {"places": sorted(sections), "most": limit})


def open_of_chat(connection: Connection, chat_id: str, limit: int = 200) -> list[Issue]:
    """Open issues that were reported in a group. Looks at all that is open."""
    return _list(connection, _most_urgent(issues.c.chat_id == chat_id), {"most": limit})


def open_in_subdistrict(connection: Connection, subdistrict: str, limit: int = 200) -> list[Issue]:
    """Open issues of a subdistrict, the most urgent first."""
    return _list(connection, _most_urgent(issues.c.subdistrict == subdistrict), {"most": limit})


def open_anywhere(connection: Connection, limit: int = 200) -> list[Issue]:
    """Open issues, the most urgent first."""
    return _list(connection, _most_urgent(true()), {"most": limit})


def back_again(
    connection: Connection, subdistrict: str, since: BusinessTime, until: BusinessTime
) -> list[Issue]:
    """Issues reported in a period that are 复发 of one which was 复发 itself: at least the third time.
    ``subdistrict`` "": anywhere."""
    before = issues.alias("before")
    statement = (
        _all()
        .join(before, before.c.number == issues.c.recurrence_of)
        .where(before.c.recurrence_of.is_not(None))
        .where(issues.c.subdistrict == subdistrict if subdistrict else true())
        .where(issues.c.reported_at > since, issues.c.reported_at <= until)
        .order_by(issues.c.number)
    )
    return [from_row(row) for row in connection.execute(statement)]


def due(connection: Connection, now: BusinessTime, limit: int) -> list[Issue]:
    """Issues whose ladder wants to be looked at now, the longest due first."""
    statement = _all().where(issues.c.next_step_at <= now).order_by(issues.c.next_step_at).limit(limit)
    return [from_row(row) for row in connection.execute(statement)]


def oldest_due(connection: Connection, now: BusinessTime) -> BusinessTime | None:
    """Since when the longest due ladder wants to be looked at; None if nothing is due."""
    statement = select(func.min(issues.c.next_step_at)).where(issues.c.next_step_at <= now)
    return connection.execute(statement).scalar()


def reschedule(connection: Connection, issue: Issue, next_step_at: BusinessTime | None) -> None:
    """Say when the ladder wants to be looked at again, without touching the issue. Raises ``StaleIssue`` if
    it was changed since it was read: whoever changed it knows better."""
    as_read = (issues.c.number == issue.number) & (issues.c.version == issue.version)
    if connection.execute(update(issues).where(as_read).values(next_step_at=next_step_at)).rowcount != 1:
        raise StaleIssue(f"#{issue.number} changed meanwhile")


def upcoming(connection: Connection, limit: int) -> list[tuple[int, BusinessTime]]:
    """Numbers and times of the next steps of any issue, the soonest first."""
    statement = (
        select(issues.c.number, issues.c.next_step_at)
        .where(issues.c.next_step_at.is_not(None))
        .order_by(issues.c.next_step_at)
        .limit(limit)
    )
    return [(row.number, row.next_step_at) for row in connection.execute(statement)]


COLUMNS = [column for column in issues.c if column.name != "next_step_at"]


def _all() -> Select[Any]:
    return select(*COLUMNS)


def _open() -> Select[Any]:
    return _all().where(is_open)


def _most_urgent(which: ColumnElement[bool]) -> Select[Any]:
    first = (issues.c.danger.desc(), issues.c.supervised_at.is_not(None).desc())
    ordered = _open().where(which).order_by(*first, issues.c.deadline, issues.c.number)
    return ordered.limit(bindparam("most"))


def _urgency(issue: Issue) -> tuple[object, ...]:
    return not issue.danger, issue.supervised_at is None, issue.deadline, issue.number


def _as_it_is(text: str) -> str:
    """For LIKE … ESCAPE '/'."""
    return re.sub("[%_/]", r"/\g<0>", text)


# Statements of every message, built once: SQLAlchemy takes longer to build one than SQLite to run it.
_GET = _all().where(issues.c.number == bindparam("which"))
_OWNED = issues.c.owner == bindparam("who")
_HELPED = is_helped & issues.c.helpers.like(bindparam("him"), escape="/")
_OF_OWNER = _most_urgent(_OWNED)
_IN_HANDS = union_all(*(select(_most_urgent(which).subquery()) for which in (_OWNED, _HELPED)))
_IN_SECTIONS = _most_urgent(issues.c.section.in_(bindparam("places", expanding=True)))
_CHANGE = (
    update(issues)
    .where(issues.c.number == bindparam("as_read_number"), issues.c.version == bindparam("as_read_version"))
    .values({column.name: bindparam(column.name, type_=column.type) for column in issues.c})
    .returning(*COLUMNS)
)


def _list(connection: Connection, statement: Executable, asked: Mapping[str, Any]) -> list[Issue]:
    return [from_row(row) for row in connection.execute(statement, asked)]


def to_row(issue: Issue) -> dict[str, Any]:
    return {name: getattr(issue, name) for name in _PLAIN} | {
        "state": issue.state.value,
        "duration_s": int(issue.duration.total_seconds()),
        "pending": ",".join(sorted(issue.pending)),
        "helpers": "".join(f",{userid}" for userid in sorted(issue.helpers)) + ("," if issue.helpers else ""),
        "close_reason": issue.close_reason.value if issue.close_reason else None,
        "state_before": issue.state_before.value if issue.state_before else None,
    }


def from_row(row: Row[Any] | SimpleNamespace) -> Issue:
    return Issue(
        **dict(zip(_PLAIN, _plain_of(row), strict=True)),
        state=State(row.state),
        duration=timedelta(seconds=row.duration_s),
        pending=frozenset(filter(None, row.pending.split(","))),
        helpers=frozenset(filter(None, row.helpers.split(","))),
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
        state_before=State(row.state_before) if row.state_before else None,
    )


def columns_as_stored(issue: Issue) -> dict[str, Any]:
    """The row in plain JSON types."""
    return {
        name: (value - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value
        for name, value in to_row(issue).items()
    }


def from_stored(values: dict[str, Any]) -> Issue:
    """The inverse of ``columns_as_stored``. A column added since has its default."""
    moments = {column.name for column in COLUMNS if isinstance(column.type, Moment)}
    row = {
        column.name: EPOCH + timedelta(microseconds=values[column.name])
        if column.name in moments and values.get(column.name) is not None
        else values.get(column.name)
        for column in COLUMNS
    }
    return from_row(SimpleNamespace(**row))
