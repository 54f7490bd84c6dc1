"""Wake-up calls: Redis carries no data, only the word that there is work in the database.

One call per kind of work waits at a time: whoever finds the flag unset puts one job on the queue, and the
job takes the flag down before it looks. So a flood of messages costs Redis one command each, a job that was
lost is replaced when the flag expires, and a flushed Redis costs nothing but the time until the next sweep.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from enum import StrEnum

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from store.arrivals import Arrival

log = logging.getLogger(__name__)

FLAG_TTL_S = 10
JOB_TIMEOUT_S = 120
SILENCE_S = 1.0
"""After a failure Redis is left alone for this long, so that callbacks go on at full speed."""


class Work(StrEnum):
    """Kinds of work; the value names the queue."""

    INBOX = "inbox"
    OUTBOX = "outbox"
    MEDIA = "media"
    ORDERS = "orders"
    TICK = "tick"
    SWEEP = "sweep"
    AUDIT = "audit"


JOBS = {
    Work.INBOX: "workers.jobs.process_inbox",
    Work.OUTBOX: "workers.jobs.deliver_outbox_job",
    Work.MEDIA: "workers.jobs.fetch_media_job",
    Work.ORDERS: "workers.jobs.fill_orders_job",
    Work.TICK: "workers.jobs.tick",
    Work.SWEEP: "workers.jobs.sweep",
    Work.AUDIT: "workers.jobs.audit",
}


def connect(url: str) -> redis.Redis:
    """A Redis client for short commands: quick to give up, because nothing depends on it."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=0.3,
        socket_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )


class Waker:
    """Puts work on the queues. Thread-safe; never raises: a lost call is made up by the sweep."""

    def __init__(self, connection: redis.Redis) -> None:
        self.connection = connection
        self._queues = {work: Queue(work, connection=connection, serializer=JSONSerializer) for work in Work}
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def wake(self, work: Work) -> bool:
        """Make sure that a job of this kind is queued. False if Redis could not be reached."""
        with self._lock:
            if time.monotonic() < self._silent_until:
                return False
        try:
            if self.connection.set(f"luguanjia:wake:{work}", 1, nx=True, ex=FLAG_TTL_S):
                self._queues[work].enqueue(
                    JOBS[work], job_timeout=JOB_TIMEOUT_S, result_ttl=0, failure_ttl=3600
                )
        except redis.RedisError as error:
            with self._lock:
                self._silent_until = time.monotonic() + SILENCE_S
            log.warning("wake failed work=%s error=%s", work, type(error).__name__)
            return False
        return True

    def awake(self, work: Work) -> None:
        """Called by a job before it looks for work: from now on a new call queues a new job."""
        try:
            self.connection.delete(f"luguanjia:wake:{work}")
        except redis.RedisError as error:
            log.warning("wake flag stays work=%s error=%s", work, type(error).__name__)

    def lengths(self) -> dict[Work, int] | None:
        """How many calls wait in each queue; None if Redis cannot be reached now."""
        try:
            return {work: queue.count for work, queue in self._queues.items()}
        except redis.RedisError:
            return None

    def answers(self) -> bool:
        """Whether Redis can be reached now."""
        try:
            return bool(self.connection.ping())
        except redis.RedisError:
            return False


def after_commit(waker: Waker) -> Callable[[Sequence[Arrival]], None]:
    """What follows a commit of arrivals: somebody is told that there is work."""

    def wake(new: Sequence[Arrival]) -> None:
        waker.wake(Work.INBOX)
        if any(arrival.message.all_pictures for arrival in new):
            waker.wake(Work.MEDIA)

    return wake
