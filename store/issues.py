"""Issues: one row each, changed only by compare-and-set. Their history is in ``store.events``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, text, true, update

from domain.clock import BusinessTime
from domain.errors import StaleIssue
from domain.issues import CloseReason, Issue, State
from store.columns import EPOCH, Moment, is_open
from store.tables import issues

_PLAIN = tuple(
    field.name
    for field in fields(Issue)
    if field.name not in {"state", "duration", "pending", "helpers", "close_reason", "state_before"}
)


_NEXT_NUMBER = text(
    "INSERT INTO counters (name, value) VALUES ('issue', 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)


def next_number(connection: Connection) -> int:
    """The next issue number. Without gaps: it is given back when the transaction fails."""
    return int(connection.execute(_NEXT_NUMBER).scalar_one())


def add(connection: Connection, issue: Issue, next_step_at: BusinessTime | None) -> None:
    """Insert a new issue."""
    connection.execute(_INSERT, to_row(issue) | {"next_step_at": next_step_at})


def add_rows(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many issues as ``to_row`` makes them, each with its ``next_step_at``: for benchmarks."""
    connection.execute(_INSERT, rows)


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
    return _list(connection, _open().where(issues.c.owner == userid), limit)


def open_in_sections(connection: Connection, sections: Collection[str], limit: int = 200) -> list[Issue]:
    """Open issues of some sections, the most urgent first."""
    return _list(connection, _open().where(issues.c.section.in_(sections)), limit)


def open_of_chat(connection: Connection, chat_id: str, limit: int = 200) -> list[Issue]:
    """Open issues that were reported in a group. Looks at all that is open."""
    return _list(connection, _open().where(issues.c.chat_id == chat_id), limit)


def open_in_subdistrict(connection: Connection, subdistrict: str, limit: int = 200) -> list[Issue]:
    """Open issues of a subdistrict, the most urgent first."""
    return _list(connection, _open().where(issues.c.subdistrict == subdistrict), limit)


def open_anywhere(connection: Connection, limit: int = 200) -> list[Issue]:
    """Open issues, the most urgent first."""
    return _list(connection, _open(), limit)


def of_helper(connection: Connection, userid: str, limit: int = 200) -> list[Issue]:
    """Open issues that an officer co-handles."""
    return _list(connection, _open().where(issues.c.helpers.contains(f",{userid},", autoescape=True)), limit)


def recent_alike(
    connection: Connection, section: str, category: str, since: BusinessTime, limit: int = 200
) -> list[Issue]:
    """Issues of a section and category that are open, or were closed after ``since``, the newest first."""
    kind = {"here": section, "kind": category, "most": limit}
    found = [
        *map(from_row, connection.execute(_OPEN_ALIKE, kind)),
        *map(from_row, connection.execute(_CLOSED_ALIKE, kind | {"since": since})),
    ]
    return sorted(found, key=lambda issue: -issue.number)[:limit]


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


# Statements of every message, built once: SQLAlchemy takes longer to build one than SQLite to run it.
_INSERT = insert(issues)
_GET = _all().where(issues.c.number == bindparam("which"))
_CHANGE = (
    update(issues)
    .where(issues.c.number == bindparam("as_read_number"), issues.c.version == bindparam("as_read_version"))
    .values({column.name: bindparam(column.name, type_=column.type) for column in issues.c})
    .returning(*COLUMNS)
)
_ALIKE = (issues.c.section == bindparam("here"), issues.c.category == bindparam("kind"))
_NEWEST = issues.c.number.desc()
# apart, so that each has its index
_OPEN_ALIKE = _open().where(*_ALIKE).order_by(_NEWEST).limit(bindparam("most"))
_CLOSED_ALIKE = (
    _all()
    .where(*_ALIKE, issues.c.closed_at >= bindparam("since", type_=Moment))
    .where(issues.c.state == State.CLOSED.value)
    .order_by(_NEWEST)
    .limit(bindparam("most"))
)


def _list(connection: Connection, statement: Select[Any], limit: int) -> list[Issue]:
    first = (issues.c.danger.desc(), issues.c.supervised_at.is_not(None).desc())
    ordered = statement.order_by(*first, issues.c.deadline, issues.c.number).limit(limit)
    return [from_row(row) for row in connection.execute(ordered)]


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
        **{name: getattr(row, name) for name in _PLAIN},
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
