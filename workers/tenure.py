"""Being the one process that may hold the robot's connection, for as long as the lease is renewed in time."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from types import TracebackType

from domain.errors import StoreUnavailable
from store import leases
from store.database import Database
from store.leases import Lease
from workers.bootstrap import machine_now

log = logging.getLogger(__name__)

RENEW_S = 2.0
MARGIN_S = 3.0
"""So long before its lease ends a holder gives up by himself: nobody else can have begun then."""


def take(database: Database, name: str) -> Tenure | None:
    """The tenure, if nobody else has it. None also while the database is away."""
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    began = time.monotonic()
    try:
        with database.write() as connection:
            lease = leases.take(connection, name, holder, machine_now())
    except StoreUnavailable as error:
        log.warning("lease not taken name=%s error=%s", name, error)
        return None
    return None if lease is None else Tenure(database, lease, began)


class Tenure:
    """A context manager: renews in the background, gives the lease back in the end."""

    def __init__(self, database: Database, lease: Lease, began: float) -> None:
        self._database = database
        self._lease = lease
        self._good_until = began + leases.LEASE.total_seconds() - MARGIN_S
        self._taken = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew_in_time, name="lease", daemon=True)

    def __enter__(self) -> Tenure:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        try:
            with self._database.write() as connection:
                leases.give_up(connection, self._lease, machine_now())
        except StoreUnavailable as away:
            log.warning("lease not given back, it will end by itself error=%s", away)

    @property
    def held(self) -> bool:
        """Whether it is certain that nobody else holds the connection. By the clock of this process, so that
        one that stood still, or whose database hangs, knows that it is over."""
        return not self._taken and time.monotonic() < self._good_until

    def confirm(self) -> bool:
        """Ask the database now."""
        began = time.monotonic()
        try:
            with self._database.write() as connection:
                renewed = leases.renew(connection, self._lease, machine_now())
        except StoreUnavailable as error:
            log.warning("lease not renewed error=%s", error)
            return self.held
        self._taken = self._taken or not renewed
        if renewed:
            self._good_until = began + leases.LEASE.total_seconds() - MARGIN_S
        return self.held

    def note(self, state: str) -> None:
        """Say how it goes, for doctor."""
        try:
            with self._database.write() as connection:
                leases.note(connection, self._lease, state, machine_now())
        except StoreUnavailable as error:
            log.warning("state not noted error=%s", error)

    def _renew_in_time(self) -> None:
        while not self._taken and not self._ended.wait(RENEW_S):
            self.confirm()
