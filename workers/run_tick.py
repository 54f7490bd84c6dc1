"""One tick: everything that has become due by the business clock, in bounded transactions.

A tick looks only at what is due (one index), so its cost follows that and not the size of the table.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import DBAPIError

from bot.wake import Work
from domain.clock import BusinessTime, MachineTime
from domain.errors import StaleIssue, StaleRoster
from domain.office import Office
from handlers import due
from handlers.routing import Router
from store import clock, issues, outbox
from store import roster as rosters
from store.desk import DatabaseDesk
from workers import run_audit, run_checks, run_doubts, run_summaries
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=5)
BATCH = 100
"""Issues per transaction, so that acknowledgements get in between."""


def tick(parts: Parts) -> None:
    """Do what is due now, then beat, so that others see that the schedule lives."""
    with parts.database.read() as connection:
        moves = clock.moves(connection)  # first: a move in between must be seen by the next tick
        now = parts.business_now(connection, machine_now())
    _after_a_step_back(parts, now)
    began = machine_now()
    while _ladders(parts, now, began):
        pass
    with parts.database.write() as connection:
        outbox.let_go(connection, began)
    office = parts.office()
    run_checks.send_due(parts, office, now)
    run_doubts.show_due(parts, office, now)
    run_summaries.send_due(parts, office, now)
    with parts.database.write() as connection:
        clock.beat(connection, "tick", machine_now(), moves)
    parts.waker.wake(Work.OUTBOX)


def _after_a_step_back(parts: Parts, now: BusinessTime) -> None:
    """When the clock was set back, steps planned by the later time are planned again."""
    with parts.database.write() as connection:
        seen = clock.last_seen(connection, now)
    if seen is not None and now < seen:
        run_audit.everything(parts, now)


def _ladders(parts: Parts, now: BusinessTime, began: MachineTime) -> bool:
    """The next issues whose ladder is due. False when there are none."""
    try:
        return _next_batch(parts, parts.office(), now, began)
    except StaleRoster as stale:
        log.info("batch overtaken reason=%s", stale)
        return True


def _next_batch(parts: Parts, office: Office, now: BusinessTime, began: MachineTime) -> bool:
    with parts.database.write() as connection:
        rosters.hold(connection, office.roster_version)
        found = issues.due(connection, now, BATCH)
        for issue in found:
            try:
                with connection.begin_nested():
                    messages = due.take(DatabaseDesk(connection, office, now, machine_now()), issue)
                    outbox.gather(connection, Router(office, now).drafts(messages), began)
                    log.info("step issue=%d state=%s messages=%d", issue.number, issue.state, len(messages))
            except StaleIssue:
                log.info("step left to the next look issue=%d", issue.number)
            except (DBAPIError, JobTimeoutException):
                raise  # the whole batch comes again
            except Exception:
                # one issue that cannot be handled must not keep all others from being reminded
                log.exception("step failed issue=%d", issue.number)
                with suppress(StaleIssue):
                    issues.reschedule(connection, issue, BusinessTime(now + RETRY_AFTER))
    return bool(found)
