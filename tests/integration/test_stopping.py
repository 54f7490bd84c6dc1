"""A process that was told to stop takes up nothing new and gives back what it has not begun."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq.worker import WorkerStatus
from sqlalchemy import select

import config
from bot.wake import Work
from domain.outgoing import Delivery
from store import inbox, media, orders, outbox
from store.database import Database
from store.tables import outbox as rows
from store.tables import sendings
from tests.fleet.daemon import Daemon
from tests.fleet.fleet import redis_binary, settings_for
from tests.fleet.net import free_port, listeners, wait_until
from tests.integration.builders import NOW, arrival, draft, take_in
from tests.integration.test_delivery import worker
from tests.integration.world import put_roster_in_force
from workers import deliver_outbox, fetch_media, fill_orders, process_inbox, stopping
from workers.lane import LaneWorker


@pytest.fixture(autouse=True)
def _stays_afterwards() -> Iterator[None]:
    yield
    stopping.go_on()


def test_rows_that_were_not_sent_wait_again_as_if_nobody_had_claimed_them(database: Database) -> None:
    put_roster_in_force(database)
    with database.write() as connection:
        outbox.add(connection, [draft("g-yimin", text) for text in ("a", "b", "c")], NOW)
    made, senders = worker(database)

    def told_meanwhile(_: Delivery) -> None:
        stopping.stop()

    senders["webhook"].fault = told_meanwhile
    deliver_outbox.deliver(made)
    with database.read() as connection:
        found = connection.execute(select(rows.c.text, rows.c.state, rows.c.attempts).order_by(rows.c.id))
        assert [tuple(row) for row in found] == [("a", "sent", 1), ("b", "waiting", 0), ("c", "waiting", 0)]
        assert len(connection.execute(select(sendings.c.id)).all()) == 1, "the budget counts calls only"
    stopping.go_on()
    senders["webhook"].fault = lambda _: None
    deliver_outbox.deliver(made)
    assert [delivery.text for delivery in senders["webhook"].sent] == ["a", "b", "c"]


def test_nothing_new_is_taken_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    put_roster_in_force(database)
    take_in(database, arrival("a"))
    made, _ = worker(database)
    stopping.stop()
    for claims in (inbox, outbox, media, orders):
        monkeypatch.setattr(claims, "claim", lambda *_: pytest.fail("claimed"))
    process_inbox.drain(made)
    deliver_outbox.deliver(made)
    fetch_media.fetch(made)
    fill_orders.fill(made)


@pytest.fixture
def _own_signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_own_signals")
def test_being_told_to_stop_breaks_no_job_off_though_redis_is_gone(tmp_path: Path) -> None:
    """Whatever the signal raises comes out of the statement that the job is at."""
    port = free_port()
    command = [redis_binary(), "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    redis = Daemon("redis", command, {}, tmp_path / "redis.log")
    redis.start()
    try:
        settings = config.load(settings_for("sqlite://", tmp_path, {"web": 1, "sandbox": 1, "redis": port}))
        wait_until(lambda: listeners(port), 10, "redis listens")
        lane = LaneWorker((Work.INBOX,), settings)
        lane.set_state(WorkerStatus.BUSY)
    finally:
        redis.stop()
    lane.request_stop(signal.SIGTERM, None)  # type: ignore[no-untyped-call]
    assert stopping.told()
    assert lane._stop_requested
