"""One lane of the worker process: ``python -m workers.lane inside|outbox|media|orders``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Final

from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from rq.worker import DequeueStrategy

import config
from bot import logs
from bot.wake import Work
from workers import bootstrap, stopping

log = logging.getLogger(__name__)

WORKS: Final[Mapping[str, tuple[Work, ...]]] = {
    "inside": (Work.INBOX, Work.TICK, Work.SWEEP, Work.AUDIT),
    "outbox": (Work.OUTBOX,),
    "media": (Work.MEDIA,),
    "orders": (Work.ORDERS,),
}
"""Lane → the queues it serves."""


class LaneWorker(SimpleWorker):
    """An RQ worker without a fork per job. Its short life signs let the registries forget a killed one
    within a minute; the work itself is taken up again by the sweep, not by RQ."""

    def __init__(self, works: tuple[Work, ...], settings: config.Settings) -> None:
        connection = bootstrap.redis_for_queues(settings)
        queues = [Queue(work, connection=connection, serializer=JSONSerializer) for work in works]
        super().__init__(
            queues, connection=connection, serializer=JSONSerializer, worker_ttl=30, maintenance_interval=60
        )

    def handle_warm_shutdown_request(self) -> None:
        """Told to stop: the job under way comes to its end soon."""
        stopping.stop()
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]

    def set_shutdown_requested_date(self) -> None:
        """RQ notes the hour in Redis, from within the signal: with Redis away its error would come out of
        whatever the job is doing at that moment."""


def run_lane(name: str) -> None:
    """Work until told to stop. The inside lane has its dictionary loaded before the first message."""
    parts = bootstrap.parts()
    if name == "inside":
        parts.office()
        parts.classifier()
    for work in WORKS[name]:
        parts.waker.wake(work)
    worker = LaneWorker(WORKS[name], parts.settings)
    log.info("lane ready name=%s", name)
    worker.work(logging_level="WARNING", dequeue_strategy=DequeueStrategy.ROUND_ROBIN)


def main() -> None:
    """Be the lane that the command line names."""
    logs.set_up()
    if len(sys.argv) != 2 or sys.argv[1] not in WORKS:
        sys.exit(f"usage: python -m workers.lane {'|'.join(WORKS)}")
    run_lane(sys.argv[1])


if __name__ == "__main__":
    main()
