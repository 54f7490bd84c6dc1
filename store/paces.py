"""How long claims and handlings took that ended in a period, from the histories of the issues concerned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, case, exists, func, or_, select, text, type_coerce
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime
from domain.durations import Step, durations
from domain.figures import PROMPT, Key
from domain.issues import Action
from domain.stopwatch import Stopwatch
from domain.with_officer import CLOCK, Whose
from domain.working_time import WorkingTime
from store.columns import EPOCH, WINDING
from store.period import Period
from store.tables import events, issues
from store.tallies import KEY, Tally, count_if

_CLAIM, _RESOLVE = Action.CLAIM.value, Action.RESOLVE.value
_ENDS = (_CLAIM, _RESOLVE)
_TELLS_TIME = (Action.REPORT.value, Action.TRANSFER.value, Action.UNDO.value)
_NAMES = ("claims", "claim_s", "handlings", "handling_s", "prompt")
_PROMPT_S = PROMPT.total_seconds()
_AT_ONCE = 500
"""Histories that are read by one statement; a database takes only so many numbers in one."""


def counted(
    connection: Connection, period: Period, holds: Sequence[ColumnElement[bool]], working: WorkingTime
) -> Iterator[Tally]:
    """``claims``, ``claim_s``, ``prompt``, ``handlings`` and ``handling_s``, by group."""
    rows = connection.execute(_overview(period, holds)).all()
    if not rows:
        return
    begin = BusinessTime(EPOCH + timedelta(microseconds=min(row.reported for row in rows)))
    count = _Count(period, Stopwatch(working, begin, period.until))
    winding: dict[int, Key] = {}
    for *key, reported, number, claimed, resolved, claims, resolves, odd in rows:
        if odd or claims > 1 or resolves > 1:
            winding[number] = Key(*key)
        else:
            count.straight(tuple(key), reported, claimed, resolved)
    for number, steps in _histories(connection, list(winding)):
        for claim, at, seconds in durations(steps, count.stopwatch.seconds):
            count.take(winding[number], at, seconds, claim=claim)
    yield from count.tallies()


class _Count:
    """Adds up what took how long. A period holds its end and not its beginning."""

    def __init__(self, period: Period, stopwatch: Stopwatch) -> None:
        self.stopwatch = stopwatch
        self._sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
        self._since, self._until = period.since.timestamp(), period.until.timestamp()

    def straight(
        self, key: tuple[Any, ...], reported: int, claimed: int | None, resolved: int | None
    ) -> None:
        """Of an issue that was reported, claimed and resolved, and nothing else; in microseconds."""
        for at, claim in ((claimed, True), (resolved, False)):
            if at is not None:
                taken = self.stopwatch.seconds(reported / 1e6, at / 1e6)
                self.take(key, at / 1e6, taken, claim=claim)

    def take(self, key: tuple[Any, ...], at: float, taken: float, *, claim: bool) -> None:
        if self._since < at <= self._until:
            sums, seconds = self._sums[key], round(taken)
            place = 0 if claim else 2
            sums[place] += 1
            sums[place + 1] += seconds
            sums[4] += claim and seconds <= _PROMPT_S

    def tallies(self) -> Iterator[Tally]:
        for key, sums in self._sums.items():
            for name, number in zip(_NAMES, sums, strict=True):
                if number:
                    yield Key(*key), name, number


def _overview(period: Period, holds: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """One row for each issue that was claimed or resolved in the period: when, and whether its history is
    more than that (``odd``), so that it must be read. Of the events only indexes are looked at."""
    at = type_coerce(events.c.at, BigInteger)
    claim, resolve = events.c.action == _CLAIM, events.c.action == _RESOLVE
    ends = (
        select(
            events.c.number,
            func.min(case((claim, at))).label("claimed"),
            func.min(case((resolve, at))).label("resolved"),
            count_if(claim, "claims"),
            count_if(resolve, "resolves"),
        )
        .where(period.holds(events.c.at), events.c.action.in_(_ENDS))
        .group_by(events.c.number)
        .subquery("ends")
    )
    winds = events.alias("winds")
    odd = exists(winds.c.number).where(winds.c.number == ends.c.number, text(f"winds.{WINDING}"))
    reported = type_coerce(issues.c.reported_at, BigInteger).label("reported")
    return (
        select(*KEY, reported, *ends.c, odd.label("odd"))
        .join(ends, ends.c.number == issues.c.number)
        .where(*holds)
    )


_says_whose = events.c.data.contains(f'"{CLOCK}"', autoescape=True)
_whose = case(
    *((events.c.data.contains(f'"{CLOCK}": "{each}"', autoescape=True), each.value) for each in Whose),
    else_="",
)


def _histories(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, list[Step]]]:
    """What tells the time of these issues."""
    undoable = events.c.snapshot.is_not(None)
    tells = or_(events.c.before != events.c.after, events.c.action.in_(_TELLS_TIME), undoable, _says_whose)
    columns = (events.c.number, events.c.action, type_coerce(events.c.at, BigInteger).label("at"),
               events.c.before, events.c.after, _whose.label("whose"), events.c.actor, events.c.inbox_id,
               undoable.label("undoable"))  # fmt: skip
    for begin in range(0, len(numbers), _AT_ONCE):
        some = numbers[begin : begin + _AT_ONCE]
        statement = select(*columns).where(events.c.number.in_(some), tells)
        rows = connection.execute(statement.order_by(events.c.number, events.c.id))
        for number, group in groupby(rows, attrgetter("number")):
            yield number, [_step(row) for row in group]


def _step(row: Row[Any]) -> Step:
    deed = row.inbox_id if row.undoable else None
    return Step(row.action, row.at / 1e6, row.before, row.after, row.whose, row.actor, deed)
