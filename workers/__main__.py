"""The worker process: ``python -m workers`` runs one child per lane; ``python -m workers LANE`` is a lane.

Three lanes, so that a slow platform never holds up understanding, and a slow picture never holds up an
answer: *inside* touches only the database, *outbox* and *media* wait for the network.
"""

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
from workers import bootstrap
from workers.supervisor import Program, Supervisor

log = logging.getLogger(__name__)

LANES: Final[Mapping[str, tuple[Work, ...]]] = {
    "inside": (Work.INBOX, Work.TICK, Work.SWEEP),
    "outbox": (Work.OUTBOX,),
    "media": (Work.MEDIA,),
}


class LaneWorker(SimpleWorker):
    """An RQ worker without a fork per job. Its short life signs let the registries forget a killed one
    within a minute; the work itself is taken up again by the sweep, not by RQ."""

    def __init__(self, works: tuple[Work, ...], settings: config.Settings) -> None:
        connection = bootstrap.redis_for_queues(settings)
        queues = [Queue(work, connection=connection, serializer=JSONSerializer) for work in works]
        super().__init__(
            queues, connection=connection, serializer=JSONSerializer, worker_ttl=30, maintenance_interval=60
        )


def run_lane(name: str) -> None:
    """Work until told to stop. The inside lane has its dictionary loaded before the first message."""
    parts = bootstrap.parts()
    if name == "inside":
        parts.office()
        parts.classifier()
    for work in LANES[name]:
        parts.waker.wake(work)
    worker = LaneWorker(LANES[name], parts.settings)
    log.info("lane ready name=%s", name)
    worker.work(logging_level="WARNING", dequeue_strategy=DequeueStrategy.ROUND_ROBIN)


def main(arguments: list[str]) -> None:
    """Start all lanes, or be one."""
    logs.set_up()
    try:
        config.load()
    except config.ConfigError as error:
        sys.exit(str(error))
    match arguments:
        case []:
            Supervisor([Program(lane, (sys.executable, "-m", "workers", lane)) for lane in LANES]).run()
        case [lane] if lane in LANES:
            run_lane(lane)
        case _:
            sys.exit(f"usage: python -m workers [{'|'.join(LANES)}]")


if __name__ == "__main__":
    main(sys.argv[1:])
