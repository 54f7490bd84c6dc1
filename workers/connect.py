"""The process that holds the robot's long connection: ``python -m workers.connect``.

Several may run: one holds the lease and the connection, the others stand by (``workers.tenure``). The holder
keeps what comes (``workers.intake``) and sends what only it can send (``outgoing.CONNECTED``). Where the
robot comes by callback, the process idles.
"""

from __future__ import annotations

import logging
import random
import signal
import sys
import threading
import time
from types import FrameType

import config
from bot import logs
from bot.aibot_connect.connection import Connection, Pace
from bot.aibot_connect.link import Link
from bot.aibot_connect.receive import Receiver
from bot.wake import after_commit
from config import ConnectSettings
from domain.errors import Disconnected
from store.acceptor import Acceptor
from workers import bootstrap, courier, stopping, tenure
from workers.bootstrap import Parts
from workers.intake import Intake
from workers.tenure import Tenure

log = logging.getLogger(__name__)

MOST = 200
"""Frames of one commit."""
STAND_BY_S = 1.0
PROVED_S = 60.0
"""A connection that lived so long begins anew with short pauses when it ends."""
LONGEST_S = 60.0
LONGEST_WHEN_UNWANTED_S = 600.0
"""Where the platform refuses us, or somebody else connects as the same robot: neither is cured by haste, and
subscribing is limited."""


class Keeper:
    """Keeps the connection for ever: takes the lease, connects, connects again."""

    def __init__(self, parts: Parts, settings: ConnectSettings, pace: Pace, link: Link) -> None:
        self._parts = parts
        self._settings = settings
        self._pace = pace
        self._link = link
        receiver = Receiver(parts.settings.bot_names)
        limit, sandbox = parts.settings.inbox_limit, parts.settings.sandbox
        acceptor = Acceptor(parts.database, limit, after_commit(parts.waker), sandbox=sandbox)
        self._intake = Intake(receiver, acceptor)

    def run(self) -> None:
        """Until told to stop."""
        log.info("standing by bot=%s", self._settings.bot_id)
        while not stopping.told():
            mine = tenure.take(self._parts.database, self._settings.lease)
            if mine is None:
                stopping.wait(STAND_BY_S)
                continue
            with mine:
                self._hold(mine)

    def _hold(self, mine: Tenure) -> None:
        """Connect, again and again, while the lease is ours. What cannot connect gives others their turn."""
        failures = 0
        while mine.held and not stopping.told():
            began = time.monotonic()
            try:
                with Connection(self._settings, self._pace) as connection:
                    self._serve(mine, connection)
            except Disconnected as error:
                if stopping.told() or not mine.confirm():
                    return
                failures = 0 if time.monotonic() - began > PROVED_S else failures + 1
                self._rest(mine, error, failures)

    def _rest(self, mine: Tenure, error: Disconnected, failures: int) -> None:
        unwanted = error.kicked or error.refused is not None
        pause = pause_s(failures, unwanted=unwanted)
        log.warning("disconnected reason=%s kicked=%s again_in=%.1fs", error, error.kicked, pause)
        mine.note(f"kicked:{error}" if error.kicked else f"refused:{error}" if unwanted else f"lost:{error}")
        until = time.monotonic() + pause
        while mine.held and not stopping.told() and (left := until - time.monotonic()) > 0:
            stopping.wait(min(left, STAND_BY_S))

    def _serve(self, mine: Tenure, connection: Connection) -> None:
        """Receive until the connection ends; two threads beside watch and send. Raises ``Disconnected``."""
        log.info("connected bot=%s", self._settings.bot_id)
        mine.note("connected")
        ended = threading.Event()
        self._link.connection = connection
        sending = threading.Thread(target=courier.carry, args=(self._parts, ended), name="courier")
        watchman = threading.Thread(target=self._watch, args=(mine, connection, ended, sending), name="watch")
        sending.start()
        watchman.start()
        try:
            while True:
                self._intake.keep(connection.receive(MOST))
        finally:
            self._link.connection = None
            ended.set()
            watchman.join()
            sending.join()

    def _watch(
        self, mine: Tenure, connection: Connection, ended: threading.Event, sending: threading.Thread
    ) -> None:
        """Signs of life, and the ends: told to stop, lease over, silence."""
        next_ping = time.monotonic() + self._pace.ping
        while not ended.wait(min(0.2, self._pace.ping)):
            if stopping.told():
                sending.join(self._pace.answer)
                connection.end()
                return
            if not mine.held:
                connection.abort("the lease is over")
                return
            if connection.silent_for() > self._pace.dead:
                connection.abort("the platform is silent")
                return
            if time.monotonic() >= next_ping:
                connection.ping()
                next_ping = time.monotonic() + self._pace.ping


def pause_s(failures: int, *, unwanted: bool) -> float:
    """Until the next attempt: doubled each time, up to a limit, and never the same for two processes."""
    first, longest = (60.0, LONGEST_WHEN_UNWANTED_S) if unwanted else (1.0, LONGEST_S)
    most: float = min(longest, first * 2 ** min(max(failures - 1, 0), 10))
    return most * random.uniform(0.5, 1)  # noqa: S311 - spreads load, hides nothing


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    stopping.stop()


def main() -> None:
    """Run until told to stop."""
    logs.set_up()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        settings = config.load()
    except config.ConfigError as error:
        sys.exit(str(error))
    if settings.connect is None:
        log.info("idle: AIBOT_MODE is not connect")
        stopping.wait(None)
        return
    link = Link()
    Keeper(bootstrap.build_connected(settings, link), settings.connect, Pace(), link).run()


if __name__ == "__main__":
    main()
