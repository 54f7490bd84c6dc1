"""The auditor: every few minutes it looks whether what must happen is going to happen, puts right what it
can, and tells the administrators what it cannot.

Checks, by the names that ``readyz`` and ``/metrics`` show: ``unscheduled`` (open issues whose next step was
missing or too late; put right), ``overdue_steps`` (steps due for a quarter of an hour and not said),
``stuck_rows`` and ``lost_rows`` of the outbox, ``calendar`` (years without a schedule of holidays).
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from bot.wake import Work
from domain.clock import BusinessTime
from domain.errors import StaleIssue
from domain.issues import Issue
from domain.ladder import due
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, ToPerson
from handlers import sentences
from handlers.routing import Router
from store import audits, clock, events, issues, outbox
from store.desk import DatabaseDesk
from workers.bootstrap import Parts, machine_now
from workers.holidays import calendar_warnings

log = logging.getLogger(__name__)

BATCH = 200
LATE = timedelta(minutes=15)
TELL_AGAIN = timedelta(hours=6)
REMIND_OF_CALENDAR = timedelta(days=7)
PER_AUDIT = 2000
"""An audit looks at so many open issues and goes on from there the next time."""


@dataclass
class Found:
    """What one round came upon."""

    unscheduled: int = 0
    overdue_steps: int = 0


def audit(parts: Parts) -> None:
    """One round of all checks."""
    office, now = parts.office(), machine_now()
    with parts.database.read() as connection:
        business_now = parts.business_now(connection, now)
        begin = audits.cursor(connection)
    found, end = Found(), begin
    for _ in range(PER_AUDIT // BATCH):
        end = put_right(parts, office, business_now, end, found)
        if end == 0:
            break
    with parts.database.write() as connection:
        audits.go_on_from(connection, end)
        warnings = calendar_warnings(
            office.rules.working_time.holidays, business_now.astimezone(office.rules.timezone).date()
        )
        counts = {
            "unscheduled": found.unscheduled,
            "overdue_steps": found.overdue_steps,
            "stuck_rows": audits.stuck_rows(connection, now, business_now),
            "lost_rows": audits.given_up(connection, now, audits.newest_row(connection) - 100_000),
            "calendar": len(warnings),
        }
        audits.record(connection, counts, now)
        _tell(connection, DatabaseDesk(connection, office, business_now, now), counts, warnings)
        clock.beat(connection, "audit", now)
    for work in (Work.TICK, Work.OUTBOX):
        parts.waker.wake(work)
    log.info("audit %s", " ".join(f"{name}={count}" for name, count in counts.items()))


def everything(parts: Parts, now: BusinessTime) -> None:
    """After the clock was set back: all open issues are scheduled by the new time, and held words looked at
    again."""
    office, end = parts.office(), 0
    while end := put_right(parts, office, now, end, Found()):
        pass
    with parts.database.write() as connection:
        audits.hold_anew(connection, now)


def put_right(parts: Parts, office: Office, now: BusinessTime, after: int, found: Found) -> int:
    """Schedule the next batch of open issues as they ought to be; the number to go on from, 0 at the end."""
    with parts.database.write() as connection:
        batch = audits.open_after(connection, after, BATCH)
        for issue, planned in batch:
            _look_at(connection, office, now, (issue, planned), found)
    return batch[-1][0].number if len(batch) == BATCH else 0


def _look_at(
    connection: Connection,
    office: Office,
    now: BusinessTime,
    one: tuple[Issue, BusinessTime | None],
    found: Found,
) -> None:
    issue, planned = one
    done = events.steps_done(connection, issue.number, issue.cycle)
    needed = due(issue, done, now, office.ladder(issue.subdistrict))
    wanted = now if needed.send else needed.next_at
    if needed.send is not None and needed.send.at < now - LATE:
        found.overdue_steps += 1
    if wanted is None or (planned is not None and planned <= wanted):
        return
    found.unscheduled += 1
    log.warning("audit: next step put right issue=%d planned=%s wanted=%s", issue.number, planned, wanted)
    with suppress(StaleIssue):
        issues.reschedule(connection, issue, wanted)


def _tell(connection: Connection, desk: DatabaseDesk, counts: dict[str, int], warnings: list[str]) -> None:
    """Administrators, 1:1, once in a while per check. What was put right is only logged."""
    office = desk.office
    lines = [
        sentences.audit_line(name, count)
        for name, count in counts.items()
        if name in sentences.AUDITED and count and desk.once(f"audit:{name}", TELL_AGAIN)
    ]
    if warnings and desk.once("audit:calendar", REMIND_OF_CALENDAR):
        lines += warnings
        for warning in warnings:
            log.warning("calendar: %s", warning)
    if not lines:
        return
    text = sentences.audit(lines)
    told = [
        Outgoing(ToPerson(person.userid, None), text, Purpose.NOTICE)
        for person in office.roster.administrators()
    ]
    outbox.add(connection, Router(office, desk.now).drafts(told), machine_now())
