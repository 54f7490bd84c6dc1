"""Issues and their history: one row each, changed only by compare-and-set, every change one event."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import BusinessTime, MachineTime
from domain.errors import StaleIssue
from domain.issues import Action, CloseReason, Event, Issue, State
from store.tables import counters, events, is_open, issues, steps

_PLAIN = tuple(
    field.name
    for field in fields(Issue)
    if field.name not in {"state", "duration", "pending", "close_reason", "state_before"}
)


def next_number(connection: Connection) -> int:
    """The next issue number. Without gaps: it is given back when the transaction fails."""
    on_conflict = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = on_conflict(counters).values(name="issue", value=1)
    grown = statement.on_conflict_do_update(
        index_elements=["name"], set_={"value": counters.c.value + 1}
    ).returning(counters.c.value)
    return int(connection.execute(grown).scalar_one())


def add(connection: Connection, issue: Issue, next_step_at: BusinessTime | None) -> None:
    """Insert a new issue."""
    connection.execute(insert(issues).values(**_row(issue), next_step_at=next_step_at))


def change(connection: Connection, issue: Issue, next_step_at: BusinessTime | None) -> Issue:
    """Write a changed issue. Raises ``StaleIssue`` if it was changed since it was read; returns it with its
    new version."""
    values = _row(issue) | {"version": issue.version + 1, "next_step_at": next_step_at}
    statement = (
        update(issues)
        .where(issues.c.number == issue.number, issues.c.version == issue.version)
        .values(**values)
        .returning(*_COLUMNS)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise StaleIssue(f"#{issue.number} changed meanwhile")
    return _issue(row)


def get(connection: Connection, number: int) -> Issue | None:
    """An issue by number."""
    if not 0 < number < 2**63:
        return None
    row = connection.execute(_all().where(issues.c.number == number)).one_or_none()
    return None if row is None else _issue(row)


def open_of_owner(connection: Connection, userid: str, limit: int = 200) -> list[Issue]:
    """Open issues a person owns, the most urgent first."""
    return _list(connection, _open().where(issues.c.owner == userid), limit)


def open_in_sections(connection: Connection, sections: Collection[str], limit: int = 200) -> list[Issue]:
    """Open issues of some sections, the most urgent first."""
    return _list(connection, _open().where(issues.c.section.in_(sections)), limit)


def open_in_subdistrict(connection: Connection, subdistrict: str, limit: int = 200) -> list[Issue]:
    """Open issues of a subdistrict, the most urgent first."""
    return _list(connection, _open().where(issues.c.subdistrict == subdistrict), limit)


def of_reporter(connection: Connection, userid: str, limit: int = 20) -> list[Issue]:
    """What a person reported, the newest first."""
    statement = _all().where(issues.c.reporter == userid).order_by(issues.c.number.desc()).limit(limit)
    return [_issue(row) for row in connection.execute(statement)]


def due(connection: Connection, now: BusinessTime, limit: int) -> list[Issue]:
    """Issues whose ladder wants to be looked at now, the longest due first."""
    statement = _all().where(issues.c.next_step_at <= now).order_by(issues.c.next_step_at).limit(limit)
    return [_issue(row) for row in connection.execute(statement)]


def reschedule(connection: Connection, number: int, next_step_at: BusinessTime | None) -> None:
    """Say when the ladder wants to be looked at again, without touching the issue."""
    connection.execute(update(issues).where(issues.c.number == number).values(next_step_at=next_step_at))


def upcoming(connection: Connection, limit: int) -> list[tuple[int, BusinessTime]]:
    """Numbers and times of the next steps of any issue, the soonest first."""
    statement = (
        select(issues.c.number, issues.c.next_step_at)
        .where(issues.c.next_step_at.is_not(None))
        .order_by(issues.c.next_step_at)
        .limit(limit)
    )
    return [(row.number, row.next_step_at) for row in connection.execute(statement)]


def record(connection: Connection, event: Event, inbox_id: int | None, now: MachineTime) -> None:
    """Append an event to an issue's history."""
    connection.execute(
        insert(events).values(
            number=event.number,
            action=event.action.value,
            actor=event.actor,
            actor_name=event.actor_name,
            at=event.at,
            recorded_at=now,
            before=event.before.value,
            after=event.after.value,
            reason=event.reason,
            data=json.dumps(dict(event.data), ensure_ascii=False),
            inbox_id=inbox_id,
        )
    )


def history(connection: Connection, number: int) -> list[Event]:
    """All events of an issue in the order they happened (by sequence, not by time)."""
    rows = connection.execute(select(events).where(events.c.number == number).order_by(events.c.id))
    return [
        Event(
            row.number,
            Action(row.action),
            row.actor,
            row.actor_name,
            row.at,
            State(row.before),
            State(row.after),
            row.reason,
            json.loads(row.data),
        )
        for row in rows
    ]


def steps_done(connection: Connection, number: int, cycle: int) -> frozenset[str]:
    """Names of the ladder steps of this cycle that were sent or superseded."""
    statement = select(steps.c.name).where(steps.c.number == number, steps.c.cycle == cycle)
    return frozenset(connection.execute(statement).scalars())


def take_step(connection: Connection, issue: Issue, name: str, outcome: str, now: BusinessTime) -> bool:
    """Take the one slot of a step; False if it was taken before."""
    on_conflict = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = (
        on_conflict(steps)
        .values(number=issue.number, cycle=issue.cycle, name=name, outcome=outcome, at=now)
        .on_conflict_do_nothing()
        .returning(steps.c.number)
    )
    return connection.execute(statement).first() is not None


_COLUMNS = [column for column in issues.c if column.name != "next_step_at"]


def _all() -> Select[Any]:
    return select(*_COLUMNS)


def _open() -> Select[Any]:
    return _all().where(is_open)


def _list(connection: Connection, statement: Select[Any], limit: int) -> list[Issue]:
    ordered = statement.order_by(issues.c.danger.desc(), issues.c.deadline, issues.c.number).limit(limit)
    return [_issue(row) for row in connection.execute(ordered)]


def _row(issue: Issue) -> dict[str, Any]:
    return {name: getattr(issue, name) for name in _PLAIN} | {
        "state": issue.state.value,
        "duration_s": int(issue.duration.total_seconds()),
        "pending": ",".join(sorted(issue.pending)),
        "close_reason": issue.close_reason.value if issue.close_reason else None,
        "state_before": issue.state_before.value if issue.state_before else None,
    }


def _issue(row: Row[Any]) -> Issue:
    return Issue(
        **{name: getattr(row, name) for name in _PLAIN},
        state=State(row.state),
        duration=timedelta(seconds=row.duration_s),
        pending=frozenset(filter(None, row.pending.split(","))),
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
        state_before=State(row.state_before) if row.state_before else None,
    )


def numbers(connection: Connection, found: Sequence[int]) -> list[Issue]:
    """Issues by number, in the order given; unknown numbers are left out."""
    rows = {row.number: _issue(row) for row in connection.execute(_all().where(issues.c.number.in_(found)))}
    return [rows[number] for number in found if number in rows]
