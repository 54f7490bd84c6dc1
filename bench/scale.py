"""What grows with the table and what must not: tick and figures over 10,000 to 1,000,000 issues."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import text

import config
from bench import district, history
from bench.report import Table, ratio
from domain.clock import BusinessTime
from domain.issues import CloseReason, Issue, State
from domain.orders import Order, Paper
from domain.periods import Kind
from handlers import summary
from store import issues
from store.database import Database
from tests.fleet.fleet import settings_for
from tests.fleet.templates import Databases
from workers import bootstrap, run_tick
from workers.bootstrap import Parts
from workers.gather import gathered

SIZES = (10_000, 100_000, 1_000_000)
DUE = 1_000
"""Issues whose ladder is due when the tick is timed, whatever the size of the table."""
A_DAY = 1_000
"""Issues reported a day: the table reaches back as far as it must."""
NEWEST_OPEN = 1_200
CHUNK = 20_000
ROUNDS = 3


def measure(folder: Path) -> Table:
    """A database per size; each thing timed several times, the tick on fresh due issues each time."""
    logging.disable(logging.INFO)
    times = {size: _one_size(folder, size) for size in SIZES}
    logging.disable(logging.NOTSET)
    smallest = times[SIZES[0]]
    rows = [
        (
            what,
            *(f"{times[size][what]:,.0f}" for size in SIZES),
            ratio(times[SIZES[-1]][what], smallest[what]),
        )
        for what in smallest
    ]
    columns = ("milliseconds", *(f"{size:,} issues" for size in SIZES), "largest : smallest")
    notes = (
        f"SQLite. Tick: {DUE} issues are due; must cost at most 3 times as much at 1,000,000 as at 10,000.",
        f"Figures, from rows and histories, with {A_DAY} reports a day; a day must take less than 1,000 ms.",
    )
    return Table("Over the size of the table", columns, rows, notes)


def _one_size(folder: Path, size: int) -> dict[str, float]:
    database = Database(Databases(folder / str(size)).migrated())
    district.settle_in(database)
    parts = _parts(database, folder)
    now = BusinessTime(bootstrap.machine_now())
    _fill(database, size, now)
    found = {
        "tick, 1,000 due": median(_tick(parts) for _ in range(ROUNDS)),
        "figures of a day": _timed(lambda: _figures(parts, Kind.DAILY, now)),
        "figures of a week": _timed(lambda: _figures(parts, Kind.WEEKLY, now)),
        "figures of a month": _timed(lambda: _figures(parts, Kind.MONTHLY, now)),
    }
    database.close()
    return found


def _parts(database: Database, folder: Path) -> Parts:
    environment = settings_for(database.url, folder, {"web": 1, "sandbox": 1, "redis": 1})
    parts = bootstrap.build(config.load(environment | {"SANDBOX": "0"}))
    parts.database.close()
    parts.database = database
    return parts


def _fill(database: Database, size: int, now: BusinessTime) -> None:
    """Issues back in time; the newest are still open, and of the old ones one in two hundred."""
    for begin in range(0, size, CHUNK):
        made = [_issue(n, size, now) for n in range(begin + 1, min(begin + CHUNK, size) + 1)]
        with database.write() as connection:
            issues.add(connection, ((each, None) for each in made))
            history.add(connection, made)
    with database.write() as connection:
        connection.execute(text("ANALYZE"))


def _issue(number: int, size: int, now: BusinessTime) -> Issue:
    reported = BusinessTime(now - timedelta(days=1) / A_DAY * (size - number))
    street = number % district.GROUPS
    is_open = number > size - NEWEST_OPEN or number % 200 == 0
    done = BusinessTime(reported + timedelta(hours=1))
    issue = Issue(
        number=number,
        state=State.REPORTED if is_open else State.CLOSED,
        category="parking" if number % 3 else "garbage",
        sub="nonmotor" if number % 3 else "exposed",
        subdistrict=district.DISTRICT,
        section=f"基准{street}街",
        text=f"{number % 97}号门口电动车乱停",
        reporter=f"shop-{street}",
        reported_at=reported,
        assigned_at=reported,
        duration=timedelta(hours=2),
        working_clock=True,
        deadline=BusinessTime(reported + timedelta(hours=2)),
        owner=f"chief-{street}",
        chat_id=f"wr-bench-{street}",
    )
    if is_open:
        return issue
    closed = BusinessTime(done + timedelta(hours=5))
    reason = CloseReason.CONFIRMED if number % 3 else CloseReason.SILENT
    solved = replace(issue, claimed_at=reported, resolved_at=done, resolved_by=issue.owner)
    return replace(solved, on_time=bool(number % 7), closed_at=closed, close_reason=reason)


def _tick(parts: Parts) -> float:
    """Milliseconds of one tick over open issues, made due just before."""
    due = text(
        "UPDATE issues SET next_step_at = :past WHERE number IN "
        "(SELECT number FROM issues WHERE state = 'reported' ORDER BY number DESC LIMIT :count)"
    )
    with parts.database.write() as connection:
        connection.execute(text("DELETE FROM steps"))
        connection.execute(text("UPDATE issues SET next_step_at = NULL WHERE next_step_at IS NOT NULL"))
        connection.execute(due, {"past": 1, "count": DUE})
    return _timed(lambda: run_tick.tick(parts), rounds=1)


def _figures(parts: Parts, kind: Kind, now: BusinessTime) -> None:
    office = parts.office()
    _, span = summary.due(office, kind, now)
    with parts.database.read() as connection:
        gathered(connection, office, Order(Paper.SUMMARY, span, district.DISTRICT, due=True))


def _timed(what: Callable[[], None], rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        what()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)
