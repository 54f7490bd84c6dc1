"""The jobs that RQ runs, by name. None takes arguments: what there is to do is in the database.

This is the job boundary: whatever fails is logged with its traceback, and the sweep brings it up again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.wake import Work
from domain.errors import StoreUnavailable
from workers import bootstrap, deliver_outbox, fetch_media, fill_orders, run_audit, run_sweep, run_tick
from workers import process_inbox as inbox_worker
from workers.bootstrap import Parts

log = logging.getLogger(__name__)


def process_inbox() -> None:
    """Handle waiting messages."""
    _run(Work.INBOX, inbox_worker.drain)


def deliver_outbox_job() -> None:
    """Send waiting messages."""
    _run(Work.OUTBOX, deliver_outbox.deliver)


def fetch_media_job() -> None:
    """Fetch waiting pictures."""
    _run(Work.MEDIA, fetch_media.fetch)


def fill_orders_job() -> None:
    """Make the papers that were ordered."""
    _run(Work.ORDERS, fill_orders.fill)


def tick() -> None:
    """Do what has become due."""
    _run(Work.TICK, run_tick.tick)


def audit() -> None:
    """Look whether all that must happen will happen."""
    _run(Work.AUDIT, run_audit.audit)


def sweep() -> None:
    """Bring up what was stranded, and tidy."""
    _run(Work.SWEEP, run_sweep.sweep)


def _run(work: Work, job: Callable[[Parts], object]) -> None:
    parts = bootstrap.parts()
    parts.waker.awake(work)
    try:
        job(parts)
    except StoreUnavailable as error:
        log.error("job postponed work=%s error=%s", work, error)
    except Exception:
        log.exception("job failed work=%s", work)
