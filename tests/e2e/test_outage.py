"""The database is taken away: callbacks are refused with a 503, and what comes again is accepted."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import make_url

from tests.fleet import STREETS, Fleet, Said
from tests.fleet import postgres as postgresql
from tests.fleet.no_skips import require
from tests.fleet.postgres import Cluster
from tests.fleet.templates import Databases

pytestmark = pytest.mark.timeout(240)


@dataclass
class Stoppable:
    """A fleet whose database can be taken away: SQLite by locking the file, PostgreSQL (``cluster``) by
    stopping the server."""

    fleet: Fleet
    cluster: Cluster | None

    @contextmanager
    def gone(self) -> Iterator[None]:
        with self._stopped(self.cluster) if self.cluster else self._locked():
            yield

    @contextmanager
    def _stopped(self, cluster: Cluster) -> Iterator[None]:
        cluster.stop()
        try:
            yield
        finally:
            cluster.start()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        file = make_url(self.fleet.environment["DATABASE_URL"]).database
        other = sqlite3.connect(str(file), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()


@pytest.fixture(params=["sqlite", "postgres"])
def stoppable(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stoppable]:
    """A fleet with a database of its own, so that nobody else misses it."""
    folder, cluster = tmp_path_factory.mktemp("outage"), None
    with ExitStack() as stack:
        if request.param == "postgres":
            binaries = postgresql.installed()
            require("PostgreSQL", binaries)
            assert binaries is not None
            cluster = stack.enter_context(postgresql.running(binaries))
        url = Databases(folder, cluster).with_roster()
        yield Stoppable(stack.enter_context(Fleet(url, folder)), cluster)


def test_a_database_that_is_gone_is_a_503_and_the_message_comes_again(stoppable: Stoppable) -> None:
    fleet, street = stoppable.fleet, STREETS["huaihelu"]
    said: list[Future[Said]] = []
    with ThreadPoolExecutor(3) as pool:
        with stoppable.gone():
            for number in (12, 28, 56):
                words = f"{number}号门口电动车乱停把路堵死了"
                said.append(pool.submit(fleet.say, street.shop(), words, group=street.group, attempts=30))
            refused = fleet.wire().post(fleet.wire().text("28号门口垃圾堆成山没人清"), timeout=20)
            assert (refused.status_code, refused.text) == (503, "try again")
            if stoppable.cluster:
                assert fleet.http("GET", "/readyz").text == "not ready: database"
            time.sleep(3)  # with the 5 s that SQLite waits for its turn: 8 s
            assert not any(one.done() for one in said)
        delivered = [one.result(60) for one in said]
    fleet.supervised(fleet.records.idle, 60, "everything is taken up within a minute")
    for one in delivered:
        assert one.statuses[-1] == 200
        assert set(one.statuses[:-1]) <= {503, None}, "None: our 503 came after the platform's 5 s"
        assert "已受理" in fleet.answer_to(one)
    assert sorted(issue.house_number for issue in fleet.records.issues_since(0)) == [12, 28, 56]
    web = fleet.daemons["web"].log.read_text("utf-8")
    assert "request failed" not in web, "it was foreseen, not caught at the last wall"
