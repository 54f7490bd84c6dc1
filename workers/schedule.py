"""What runs when: the cron table, and the process that keeps it.

RQ's scheduler decides when; what it puts on the queue is our wake-up call, so that jobs never pile up while
no worker runs and two schedulers at once do no harm.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import redis
from rq.cron import CronJob, CronScheduler

import config
from bot import logs
from bot.wake import Waker, Work, connect

log = logging.getLogger(__name__)

EVERY_S: Mapping[Work, int] = {
    Work.TICK: 5,
    Work.INBOX: 5,
    Work.OUTBOX: 5,
    Work.MEDIA: 5,
    Work.ORDERS: 5,
    Work.SWEEP: 15,
    Work.AUDIT: 180,
}
"""Seconds between two looks. All four queues have rows that wait for a time of their own."""


class Schedule(CronScheduler):
    """RQ's cron with wake-up calls instead of jobs."""

    def __init__(self, connection: redis.Redis, waker: Waker) -> None:
        super().__init__(connection)
        self._waker = waker
        for work, seconds in EVERY_S.items():
            self.register(_named, queue_name=work, interval=seconds, name=work)

    def enqueue_jobs(self) -> list[CronJob]:
        """Wake whatever is due now."""
        due = [job for job in self.get_jobs() if job.should_run()]
        for job in due:
            self._waker.wake(Work(job.queue_name))
            job.set_enqueue_time(datetime.now(UTC))
        return due


def _named() -> None:
    """RQ's table wants a function per entry; the wake-up call names the real one (``bot.wake.JOBS``)."""


def main() -> None:
    """Run until told to stop. Ends when Redis is gone; its supervisor starts it again."""
    logs.set_up()
    logging.getLogger("rq.cron").setLevel(logging.WARNING)
    try:
        settings = config.load()
    except config.ConfigError as error:
        sys.exit(str(error))
    try:
        Schedule(redis.Redis.from_url(settings.redis_url), Waker(connect(settings.redis_url))).start()  # type: ignore[no-untyped-call]
    except redis.RedisError as error:
        sys.exit(f"cron stopped: {type(error).__name__}")


if __name__ == "__main__":
    main()
