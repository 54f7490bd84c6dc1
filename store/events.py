"""The append-only history of issues, and the slots of their ladder's steps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, literal, select

from domain.clock import BusinessTime, MachineTime
from domain.issues import Action, Event, Issue, State
from domain.ports import Undo
from store import bulk
from store.issues import columns_as_stored, from_stored
from store.tables import events, steps
from store.upserts import insert_into

# Of every message that changes an issue, built once.
_STEPS_DONE = select(steps.c.name).where(
    steps.c.number == bindparam("which"), steps.c.cycle == bindparam("round")
)

LONGEST_NAME = 100
"""Characters kept of an actor's name; that of an unknown person is his id."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What an event is recorded with: the message that caused it, the machine time, and the issue before
    it where 撤销 may lead back there."""

    inbox_id: int | None
    now: MachineTime
    snapshot: Issue | None = None


def append(connection: Connection, happened: Iterable[tuple[Event, Cause]]) -> None:
    """Append events to the histories of their issues, in this order."""
    bulk.append(connection, events, [_row(*each) for each in happened])


def _row(event: Event, cause: Cause) -> dict[str, Any]:
    return {
        "number": event.number,
        "action": event.action.value,
        "actor": event.actor,
        "actor_name": event.actor_name[:LONGEST_NAME],
        "at": event.at,
        "recorded_at": cause.now,
        "before": event.before.value,
        "after": event.after.value,
        "reason": event.reason,
        "data": json.dumps(dict(event.data), ensure_ascii=False),
        "inbox_id": cause.inbox_id,
        "snapshot": _frozen(cause.snapshot) if cause.snapshot else None,
    }


def history(connection: Connection, number: int) -> list[Event]:
    """All events of an issue in the order they happened (by sequence, not by time)."""
    rows = connection.execute(select(events).where(events.c.number == number).order_by(events.c.id))
    return [_event(row) for row in rows]


def before_last(connection: Connection, number: int, action: Action) -> Issue | None:
    """The issue as it was before a person last did this to it."""
    theirs = (events.c.number == number) & (events.c.action == action.value) & events.c.snapshot.is_not(None)
    statement = select(events.c.snapshot).where(theirs).order_by(events.c.id.desc()).limit(1)
    snapshot = connection.execute(statement).scalar()
    return None if snapshot is None else _thawed(snapshot)


def _event(row: Row[Any]) -> Event:
    return Event(
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


def steps_done(connection: Connection, number: int, cycle: int) -> frozenset[str]:
    """Names of the ladder steps of this cycle that were sent or superseded."""
    return frozenset(connection.execute(_STEPS_DONE, {"which": number, "round": cycle}).scalars())


def take_step(connection: Connection, issue: Issue, name: str, outcome: str, now: BusinessTime) -> bool:
    """Take the one slot of a step; False if it was taken before."""
    statement = (
        insert_into(connection, steps)
        .values(number=issue.number, cycle=issue.cycle, name=name, outcome=outcome, at=now)
        .on_conflict_do_nothing()
        .returning(steps.c.number)
    )
    return connection.execute(statement).first() is not None


def carry_steps(connection: Connection, number: int, old_cycle: int, new_cycle: int) -> None:
    """After 撤销 the steps of the former cycle stay done under the new number of the cycle."""
    done = select(steps.c.number, literal(new_cycle), steps.c.name, steps.c.outcome, steps.c.at).where(
        steps.c.number == number, steps.c.cycle == old_cycle
    )
    connection.execute(insert(steps).from_select(["number", "cycle", "name", "outcome", "at"], done))


def undoable(connection: Connection, userid: str, since: BusinessTime) -> list[Undo]:
    """What a person's last message changed, issue by issue, if it was after ``since``."""
    mine = (events.c.actor == userid) & events.c.snapshot.is_not(None) & (events.c.at >= since)
    last = connection.execute(
        select(events.c.inbox_id).where(mine).order_by(events.c.id.desc()).limit(1)
    ).scalar()
    if last is None:
        return []
    rows = connection.execute(select(events).where(mine, events.c.inbox_id == last).order_by(events.c.id))
    first: dict[int, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.number, row)
    return [
        Undo(_thawed(row.snapshot), Action(row.action), _overtaken(connection, row, userid), last)
        for row in first.values()
    ]


def _overtaken(connection: Connection, row: Row[Any], userid: str) -> bool:
    """Whether another person did something to the issue after this event."""
    later = select(events.c.id).where(
        events.c.number == row.number, events.c.id > row.id, events.c.actor.not_in(("", userid))
    )
    return connection.execute(later.limit(1)).first() is not None


def _frozen(issue: Issue) -> str:
    return json.dumps(columns_as_stored(issue), ensure_ascii=False)


def _thawed(document: str) -> Issue:
    return from_stored(json.loads(document))
