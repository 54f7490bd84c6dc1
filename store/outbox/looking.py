"""What waits, what failed and what was said, for those who look at it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, case, func, or_, select, text, type_coerce
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime, MachineTime
from domain.outgoing import IN_GROUP, Purpose
from store.columns import Moment, is_asleep, is_failed, is_moving
from store.outbox.rows import DANGER
from store.tables import outbox

_PATIENT = [Purpose.NOTICE.value, Purpose.REMINDER.value, Purpose.ESCALATION.value]
"""What waits for a person's digest when he had his messages of the day."""


def pushes(
    connection: Connection, userid: str, since: BusinessTime, now: BusinessTime
) -> tuple[int, BusinessTime | None]:
    """How many messages a person got from ``since`` to ``now``, and when the last of those that may have to
    wait for his digest: one new problem after the other must not put that off."""
    mine = (outbox.c.target == userid) & (outbox.c.pushed_at >= since) & (outbox.c.pushed_at <= now)
    waits = (outbox.c.purpose.in_(_PATIENT)) & (outbox.c.rank != DANGER)
    last = func.max(case((waits, outbox.c.pushed_at)))
    statement = select(func.count(), type_coerce(last, Moment)).where(mine, text("pushed_at IS NOT NULL"))
    count, at = connection.execute(statement).one()
    return count, None if at is None else BusinessTime(at)


def own_messages(connection: Connection, chat_id: str, issue: int) -> int:
    """How many messages a group got, or is about to get, for the sake of one issue alone. Answers are what
    somebody there asked for; a message that stands for several issues is nobody's own."""
    here = outbox.c.route.in_(IN_GROUP) & (outbox.c.target == chat_id) & (outbox.c.issue == issue)
    counts = outbox.c.state.not_in(["void", "failed"]) & (outbox.c.purpose != Purpose.ANSWER.value)
    alone = outbox.c.merged_into.is_(None) & outbox.c.said.is_(None)
    statement = select(func.count()).select_from(outbox).where(here, counts, alone)
    return int(connection.execute(statement).scalar_one())


def failures(connection: Connection, since: MachineTime) -> list[tuple[int | None, int]]:
    """How many rows were given up since, by the platform's code; not those whose word went
    another way."""
    lost = outbox.c.fallback.is_(None)
    given_up = lost & (outbox.c.settled_at > since)
    counted = select(outbox.c.code, func.count()).where(is_failed, given_up).group_by(outbox.c.code)
    return [(row[0], row[1]) for row in connection.execute(counted.order_by(func.count().desc()))]


def retrying(connection: Connection) -> list[tuple[int | None, int]]:
    """How many rows failed and will be tried again, by the code of the last failure."""
    failed_once = outbox.c.reason.is_not(None)
    counted = select(outbox.c.code, func.count()).where(is_moving, failed_once).group_by(outbox.c.code)
    return [(row[0], row[1]) for row in connection.execute(counted.order_by(outbox.c.code))]


def asleep(connection: Connection) -> int:
    """How many rows wait for the next word of a follower of the 公众号."""
    return connection.execute(select(func.count()).select_from(outbox).where(is_asleep)).scalar_one()


def moving(connection: Connection) -> int:
    """How many rows wait or are on their way."""
    return connection.execute(select(func.count()).select_from(outbox).where(is_moving)).scalar_one()


def oldest_due(connection: Connection, business_now: BusinessTime) -> MachineTime | None:
    """When the oldest row that may leave now was written."""
    free_to_go = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= business_now)
    return connection.execute(select(func.min(outbox.c.created_at)).where(is_moving, free_to_go)).scalar()


_SHOWN = (
    "id", "route", "purpose", "text", "state", "attempts", "code", "reason", "issue", "merged_into", "said"
)  # fmt: skip


def of_issue(connection: Connection, number: int) -> list[dict[str, Any]]:
    """Everything that was or will be sent about an issue, oldest first; addresses are not shown."""
    return _shown(connection, outbox.c.issue == number)


def of_message(connection: Connection, inbox_id: int) -> list[dict[str, Any]]:
    """Everything that was or will be sent because of one message."""
    return _shown(connection, outbox.c.inbox_id == inbox_id)


def held(connection: Connection, now: BusinessTime) -> list[tuple[BusinessTime, int]]:
    """When quiet hours let go of waiting messages, and of how many; the soonest first."""
    statement = (
        select(outbox.c.held_until, func.count())
        .where(outbox.c.state == "waiting", outbox.c.held_until > now)
        .group_by(outbox.c.held_until)
        .order_by(outbox.c.held_until)
    )
    return [(until, count) for until, count in connection.execute(statement)]


def _shown(connection: Connection, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    statement = select(*(outbox.c[name] for name in _SHOWN)).where(which).order_by(outbox.c.id)
    return [row._asdict() for row in connection.execute(statement)]
