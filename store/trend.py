"""How many issues were reported and closed from step to step of a period."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, func, select, type_coerce
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime
from domain.issues import CloseReason
from store.columns import EPOCH
from store.figures import Scope
from store.tables import issues

QUARTER_S = 900
"""Every time zone's hours begin on one."""
_QUARTER = QUARTER_S * 1_000_000


def counted(connection: Connection, scope: Scope, ends: Sequence[BusinessTime]) -> list[tuple[int, int]]:
    """Reported and closed (confirmed or silent) in each step; ``ends`` of the steps, the last one the
    period's own. Nothing of what was found by those who work here."""
    reported = _steps(connection, scope, issues.c.reported_at, ends)
    solved = issues.c.close_reason.in_([CloseReason.CONFIRMED.value, CloseReason.SILENT.value])
    closed = _steps(connection, scope, issues.c.closed_at, ends, solved)
    return list(zip(reported, closed, strict=True))


def _steps(
    connection: Connection,
    scope: Scope,
    column: Column[Any],
    ends: Sequence[BusinessTime],
    *conditions: ColumnElement[bool],
) -> list[int]:
    # a quarter holds its end, as periods do
    quarter = ((type_coerce(column, BigInteger) - 1) // _QUARTER).label("quarter")
    statement = (
        select(quarter, func.count().label("times"))
        .where(scope.period.holds(column), *scope.holds(), *conditions)
        .group_by(quarter)
    )
    counts = [0] * len(ends)
    for row in connection.execute(statement):
        until = EPOCH + timedelta(seconds=(row.quarter + 1) * QUARTER_S)
        counts[min(bisect_left(ends, until), len(ends) - 1)] += row.times
    return counts
