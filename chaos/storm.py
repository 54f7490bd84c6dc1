"""Deals the blows of a timeline to a running district, and makes each one good again."""

from __future__ import annotations

import sqlite3
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress

import redis
import requests
from sqlalchemy import make_url

from chaos.blows import Blow
from chaos.district import District
from sandbox.control.acting import disturb_connection
from sandbox.faults import Fault
from tests.fleet.postgres import Cluster

LEAP = "12m"
"""Far enough for the reminder of what nobody claimed."""


class Storm:
    """One thread per track. ``dealt``: how often each blow was.

    What a thread started (a database server) is told to end when that thread does, so the threads stay until
    ``dismiss``.
    """

    def __init__(self, district: District, cluster: Cluster | None, tracks: Sequence[Sequence[Blow]]) -> None:
        self._district, self._cluster = district, cluster
        self._over, self._dismissed = threading.Event(), threading.Event()
        self._passed = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._stay, args=(track,), daemon=True) for track in tracks]
        self.dealt: Counter[str] = Counter()
        self.failures: list[str] = []
        self._start = 0.0

    def begin(self) -> None:
        self._start = time.monotonic()
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let the present blows be made good, deal no further one, and leave fair weather."""
        self._over.set()
        for _ in self._threads:
            self._passed.acquire()
        self._district.world.faults.clear()

    def dismiss(self) -> None:
        """When nothing is needed any more of what was started again."""
        self._dismissed.set()

    def _stay(self, track: Sequence[Blow]) -> None:
        self._run(track)
        self._passed.release()
        self._dismissed.wait()

    def _run(self, track: Sequence[Blow]) -> None:
        for blow in track:
            if self._over.wait(max(0.0, self._start + blow.at - time.monotonic())):
                return
            try:
                with self._deal(blow):
                    self._over.wait(blow.lasts)
            except Exception:  # noqa: BLE001 - reported at the end: a storm that stops makes a run too easy
                self.failures.append(f"{blow.name}: {traceback.format_exc(limit=3)}")
            self.dealt[blow.name] += 1

    @contextmanager
    def _deal(self, blow: Blow) -> Iterator[None]:
        verb, _, what = blow.name.partition(" ")
        if blow.fault:
            with self._weather(blow):
                yield
        elif verb == "kill":
            with self._dead(what):
                yield
        else:
            with _PLAIN[blow.name](self):
                yield

    @contextmanager
    def _weather(self, blow: Blow) -> Iterator[None]:
        assert blow.fault is not None
        world = self._district.world
        if blow.name == "revoked tokens":
            world.tokens.forget_all()
        fault = Fault(**blow.fault)
        world.faults.set(fault)
        yield
        world.faults.clear(fault.endpoint)

    @contextmanager
    def _dead(self, name: str) -> Iterator[None]:
        """Lanes have a supervisor of their own, the worker; Redis stays away for a while."""
        if name != "redis":
            self._district.kill(name)
            yield
            return
        self._district.keep_down(name)
        try:
            yield
        finally:
            self._district.let_up(name)

    @contextmanager
    def _flushed(self) -> Iterator[None]:
        with suppress(redis.RedisError):
            self._district.flush_redis()
        yield

    @contextmanager
    def _connection_dropped(self) -> Iterator[None]:
        self._disturb("drop")
        yield

    @contextmanager
    def _connection_closed(self) -> Iterator[None]:
        self._disturb("close")
        yield

    def _disturb(self, action: str) -> None:
        with suppress(ValueError):  # nobody is connected just now
            disturb_connection(self._district.world, {"action": action})

    @contextmanager
    def _no_database(self) -> Iterator[None]:
        """PostgreSQL is stopped, SQLite's file is locked by somebody else."""
        if self._cluster:
            self._cluster.stop()
            try:
                yield
            finally:
                self._cluster.start()
            return
        file = make_url(self._district.environment["DATABASE_URL"]).database
        other = sqlite3.connect(str(file), isolation_level=None, timeout=30)
        other.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    @contextmanager
    def _no_media_folder(self) -> Iterator[None]:
        """A file stands in its place: not even root can write a picture there."""
        folder = self._district.media_dir
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder.with_name("media-aside")
        folder.rename(aside)
        folder.touch()
        try:
            yield
        finally:
            folder.unlink()
            aside.rename(folder)

    @contextmanager
    def _clock_leaps(self) -> Iterator[None]:
        """Reminders become due while everything else happens. A web process that just died is asked again
        by nobody."""
        with suppress(requests.RequestException):
            self._district.http("POST", "/sandbox/clock", json={"advance": LEAP})
        yield


_PLAIN: dict[str, Callable[[Storm], AbstractContextManager[None]]] = {
    "flush redis": Storm._flushed,
    "drop connection": Storm._connection_dropped,
    "close connection": Storm._connection_closed,
    "no database": Storm._no_database,
    "no media folder": Storm._no_media_folder,
    "advance clock": Storm._clock_leaps,
}
