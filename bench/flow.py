"""From the inbox to committed effects: 200 groups, real worker processes, order checked."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, select

from bench import district
from bench.report import Table, ratio
from bench.servers import running
from store.database import Database
from store.tables import inbox, issues
from tests.fleet import postgres as postgresql
from tests.fleet.daemon import Daemon
from tests.fleet.fleet import redis_binary, settings_for
from tests.fleet.net import free_port, wait_until
from tests.fleet.templates import Databases

MESSAGES = 6000
FEW = 1200
"""Messages for the way with one job each, which takes much longer."""
ROUNDS = 3
ONE_WORKER, TWO_WORKERS, JOB_EACH = "one worker", "two workers", "one RQ job per message"
NOTES = (
    f"{MESSAGES} messages wait in the inbox ({FEW} for one job each); timed until the last is settled.",
    "Only the lane that handles messages runs: what it costs to send is the platform's pace.",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """One run: messages a second, issues opened, and letters settled before an earlier one of their chat."""

    rate: float
    opened: int
    out_of_order: int


def measure(folder: Path, rounds: int = ROUNDS) -> Table:
    """All ways in turn, on both databases, several times."""
    flows: dict[str, list[Flow]] = {}
    with ExitStack() as stack:
        kinds = {"SQLite": Databases(folder)}
        if binaries := postgresql.installed():
            cluster = stack.enter_context(postgresql.running(binaries, postgresql.DURABLE))
            kinds["PostgreSQL"] = Databases(folder, cluster)
        for _ in range(rounds):
            for kind, databases in kinds.items():
                for way in (ONE_WORKER, TWO_WORKERS, JOB_EACH):
                    flows.setdefault(f"{way}, {kind}", []).append(_run(way, databases, folder))
    return _table(flows)


def _run(way: str, databases: Databases, folder: Path) -> Flow:
    url = databases.migrated()
    database = Database(url)
    count = FEW if way == JOB_EACH else MESSAGES
    district.settle_in(database)
    district.deliver(database, count)
    with _redis(folder) as port:
        environment = settings_for(url, folder, {"web": 1, "sandbox": 1, "redis": port})
        environment |= {"SANDBOX": "0"}
        if way == JOB_EACH:
            seconds = _with_jobs(environment, database, folder, count)
        else:
            seconds = _with_lanes(environment, database, folder, 2 if way == TWO_WORKERS else 1)
    flow = Flow(count / seconds, _opened(database), _out_of_order(database))
    database.close()
    databases.drop(url)
    return flow


@contextmanager
def _redis(folder: Path) -> Iterator[int]:
    port = free_port()
    command = [redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with running("redis", command, {}, port, folder / "redis.log"):
        yield port


def _with_lanes(environment: Mapping[str, str], database: Database, folder: Path, lanes: int) -> float:
    command = [sys.executable, "-m", "workers.lane", "inside"]
    workers = [Daemon(f"lane{n}", command, environment, folder / f"lane{n}.log") for n in range(lanes)]
    return _timed(workers, database)


def _with_jobs(environment: Mapping[str, str], database: Database, folder: Path, count: int) -> float:
    connection = redis.Redis.from_url(environment["REDIS_URL"])
    queue = Queue("each", connection=connection, serializer=JSONSerializer)
    for _ in range(count):
        queue.enqueue("bench.one_job_each.handle_one", result_ttl=0)
    serializer = "rq.serializers.JSONSerializer"
    command = [
        str(Path(sys.executable).parent / "rq"),
        "worker",
        "each",
        "--serializer",
        serializer,
        "--quiet",
    ]
    command += ["--worker-class", "rq.SimpleWorker", "--url", environment["REDIS_URL"]]
    return _timed([Daemon("jobs", command, environment, folder / "jobs.log")], database)


def _timed(workers: list[Daemon], database: Database) -> float:
    """Seconds from the first settled letter to the last, so that loading does not count."""
    try:
        for worker in workers:
            worker.start()
        wait_until(lambda: _left(database, workers) < _all(database), 60, "the first is settled", 0.01)
        began, left = time.perf_counter(), _left(database, workers)
        done = _all(database) - left
        wait_until(lambda: _left(database, workers) == 0, 300, "all are settled", 0.02)
        return (time.perf_counter() - began) * _all(database) / (_all(database) - done)
    finally:
        for worker in workers:
            worker.stop()


def _all(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(inbox)).scalar_one()


def _left(database: Database, workers: list[Daemon]) -> int:
    assert all(worker.alive for worker in workers), workers[0].tail()
    with database.read() as connection:
        waits = select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")
        return connection.execute(waits).scalar_one()


def _opened(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(issues)).scalar_one()


def _out_of_order(database: Database) -> int:
    """Letters that were settled before an earlier one of the same chat."""
    with database.read() as connection:
        rows = connection.execute(select(inbox.c.chat_key, inbox.c.handled_at).order_by(inbox.c.id)).all()
    latest: dict[str, object] = {}
    wrong = 0
    for chat, handled in rows:
        wrong += chat in latest and handled < latest[chat]
        latest[chat] = handled
    return wrong


def _table(flows: Mapping[str, list[Flow]]) -> Table:
    rates = {name: median(flow.rate for flow in found) for name, found in flows.items()}
    rows = []
    for name, found in flows.items():
        kind = name.rpartition(", ")[2]
        rows.append(
            (
                name,
                f"{rates[name]:,.0f}",
                ratio(rates[name], rates[f"{JOB_EACH}, {kind}"]),
                str(found[-1].opened),
                str(sum(flow.out_of_order for flow in found)),
            )
        )
    columns = ("way", "messages/s", "of one job each", "issues opened", "out of order")
    return Table("End to end, 200 groups", columns, rows, NOTES)
