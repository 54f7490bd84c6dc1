"""Databases and running systems for all tests, and the rule that nothing is skipped in CI."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from sqlalchemy import delete

from store.tables import push_keys
from tests.fleet import Fleet
from tests.fleet import postgres as postgresql
from tests.fleet.browser import chromium
from tests.fleet.fleet import ARCHIVE
from tests.fleet.no_skips import judge, require
from tests.fleet.postgres import Cluster, Server
from tests.fleet.templates import Databases

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that skips itself is judged like a test."""
    report = yield
    judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped; a failure shows what the processes said."""
    report = yield
    judge(report)
    if report.failed:
        for fleet in Fleet.running:
            report.sections.append((f"fleet in {fleet.folder}", fleet.logs()))
    return report


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own."""
    binaries = postgresql.installed()
    require("PostgreSQL", binaries)
    assert binaries is not None
    with postgresql.running(binaries) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Server:
    """PostgreSQL: the server that TEST_POSTGRES_URL names, else one of our own."""
    given = postgresql.given()
    if given:
        return Server(given)
    own: Cluster = request.getfixturevalue("cluster")
    return own


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """Fresh databases; every test that uses them runs on SQLite and on PostgreSQL."""
    server: Server | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    databases = Databases(tmp_path_factory.mktemp(request.param), server)
    yield databases
    databases.drop_all()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A fresh database with the newest schema and nothing in it."""
    url = databases.migrated()
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A fresh database without tables."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def shared_fleet(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """One running system per kind of database, for tests that leave clock, weather and processes alone."""
    yield from _running(databases, tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="module")
def own_fleet(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """A running system for one module, which may do to it what it likes."""
    yield from _running(databases, tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="module")
def archive_fleet(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """A running system that hears all groups by an archive, and other systems by their own way in."""
    with ExitStack() as stack:
        url = databases.with_roster()
        stack.callback(databases.drop, url)
        yield stack.enter_context(Fleet(url, tmp_path_factory.mktemp("archive"), extra=ARCHIVE))


@pytest.fixture(scope="session")
def connected_fleet(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """An office with nothing but the robot's long connection: neither push keys nor the app."""
    fleet = Fleet(databases.with_roster(), tmp_path_factory.mktemp("connect"), "connect")
    for name in [
        name for name in fleet.environment if name.startswith(("WECOM_APP_", "WECOM_CORP", "WECOM_AG"))
    ]:
        del fleet.environment[name]
    with fleet.database.write() as connection:
        connection.execute(delete(push_keys))
    with fleet:
        yield fleet


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the page."""
    with chromium() as browser:
        yield browser


def _running(databases: Databases, folder: Path) -> Iterator[Fleet]:
    with ExitStack() as stack:
        url = databases.with_roster()
        stack.callback(databases.drop, url)
        yield stack.enter_context(Fleet(url, folder))
