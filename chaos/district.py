"""The whole system for one run: a district of 200 groups, real processes, the platform in our own process.

The sandbox lives here and not beside us, so that nobody has to ask it over HTTP what was said: the record is
complete, and handing out a response_url or a picture costs nothing.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.district import GROUPS, roster
from domain.errors import StoreUnavailable
from sandbox.callbacks.dispatch import Dispatcher
from sandbox.limits import Limits
from sandbox.server import start
from sandbox.settings import read_settings
from sandbox.world import World, build_world
from store import roster as roster_store
from store.database import Database
from store.paper_tables import orders
from store.tables import inbox, issues, media, outbox
from tests.fleet.daemon import Daemon
from tests.fleet.fleet import Fleet
from workers.bootstrap import machine_now

KEPT = 1_000_000
"""Entries of the platform's record: more than any run makes."""
RESTART_S = 0.7
"""How long a supervisor takes to notice that a process ended."""
ALL_LANES = ("inside", "outbox", "media", "orders")


def settle_in(url: str, channel: str = "callback") -> None:
    """The roster in force, and a push robot in every group; over the long connection, where the robot can
    push by itself, only in every other one."""
    database = Database(url)
    every = 1 if channel == "callback" else 2
    keys = {f"wr-bench-{number}": f"push-{number}" for number in range(0, GROUPS, every)}
    with database.write() as connection:
        roster_store.save(connection, roster(), keys, "chaos", machine_now())
    database.close()


OVERDUE = timedelta(seconds=30)
"""A step that is due for so long waits; of thousands of issues there is always one that is due just now."""


class District(Fleet):
    """A fleet whose processes may be killed by one thread while another one, its supervisor, starts again
    whatever ended and is not meant to be down."""

    def __init__(self, database_url: str, folder: Path, mode: str = "callback") -> None:
        super().__init__(database_url, folder, mode)
        self.media_dir = Path(self.environment["MEDIA_DIR"])
        self._platform = start(build_world(read_settings(self.environment), Limits(kept=KEPT)))
        self.world: World = self._platform.world
        self.dispatcher = Dispatcher(self.world)
        self.restarts: dict[str, int] = {}
        self._down: set[str] = set()
        self._hands = threading.Lock()
        self._over = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def _daemons(self) -> list[Daemon]:
        return [daemon for daemon in super()._daemons() if daemon.name != "sandbox"]

    def start(self) -> None:
        super().start()
        self._supervisor.start()

    def _end(self) -> None:
        self._over.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        super()._end()
        self._platform.stop()

    def kill(self, name: str) -> None:
        """kill -9 of a process or of a lane; nothing if it is just not there."""
        with self._hands:
            if name not in ALL_LANES:
                self.daemons[name].kill()
                return
            worker = self.daemons["worker"]
            pid = worker.child(f"workers.lane {name}") if worker.alive else None
            if pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def keep_down(self, name: str) -> None:
        """Kill a process; its supervisor lets it lie until ``let_up``."""
        self._down.add(name)
        self.kill(name)

    def let_up(self, name: str) -> None:
        self._down.discard(name)

    def _supervise(self) -> None:
        while not self._over.wait(RESTART_S):
            for name, daemon in self.daemons.items():
                with self._hands:
                    if name not in self._down and not daemon.alive:
                        daemon.start()
                        self.restarts[name] = self.restarts.get(name, 0) + 1

    def left_to_do(self) -> int:
        """Messages, words, pictures, papers and steps that wait; what quiet hours hold does not count."""
        now = self.records.business_now()
        free = outbox.c.held_until.is_(None) | (outbox.c.held_until <= now)
        moving = outbox.c.state.in_(("waiting", "sending"))
        statements = [
            select(func.count()).select_from(inbox).where(inbox.c.state == "waiting"),
            select(func.count()).select_from(outbox).where(moving, free),
            select(func.count()).select_from(media).where(media.c.state == "waiting"),
            select(func.count()).select_from(orders).where(orders.c.state == "waiting"),
            select(func.count()).select_from(issues).where(issues.c.next_step_at <= now - OVERDUE),
        ]
        return sum(int(self.records.all(statement)[0][0]) for statement in statements)

    def settles(self, seconds: float) -> bool:
        """Whether nothing is left to do after a while of fair weather."""
        self.world.faults.clear()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(StoreUnavailable):
                if self.left_to_do() == 0:
                    return True
            time.sleep(0.5)
        return False
