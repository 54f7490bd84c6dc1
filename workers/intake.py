"""From frames to the inbox: in their order, all that have come in one commit."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from bot.aibot_connect.frames import Frame
from bot.aibot_connect.receive import Receiver
from domain.errors import InboxFull, StoreUnavailable
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from workers import stopping

log = logging.getLogger(__name__)

AGAIN_S = 0.5
AT_THE_END_S = 10.0
"""A process that is told to stop while the database is away tries for so long to keep what it was given."""


class Intake:
    """The platform does not ask whether a frame was kept, so it is tried until it is: meanwhile nothing more
    is read, and what comes waits in the socket."""

    def __init__(self, receiver: Receiver, acceptor: Acceptor) -> None:
        self._receiver = receiver
        self._acceptor = acceptor

    def keep(self, frames: Sequence[Frame]) -> None:
        """Returns when they are committed."""
        arrivals = [self._receiver.arrival(frame) for frame in frames]
        waiting = arrivals
        told_at: float | None = None
        while waiting := self._not_kept(waiting):
            told_at = told_at or (time.monotonic() if stopping.told() else None)
            if told_at is not None and time.monotonic() - told_at > AT_THE_END_S:
                log.error("frames lost, the database stayed away count=%d", len(waiting))
                break
            time.sleep(AGAIN_S)
        kept = [arrival.result for arrival in arrivals]
        new, known = kept.count(Acceptance.NEW), kept.count(Acceptance.DUPLICATE)
        log.info("frames kept new=%d known=%d", new, known)

    def _not_kept(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Those that must be tried again. What fails by itself would fail for ever, and is recorded only."""
        self._acceptor.accept_all(arrivals)
        again = [each for each in arrivals if isinstance(each.error, StoreUnavailable | InboxFull)]
        for each in arrivals:
            if each.error is not None and each not in again:
                log.error("frame not kept key=%s", each.message.dedupe_key, exc_info=each.error)
        if again:
            log.warning("frames wait for the database count=%d error=%s", len(again), again[0].error)
        return again
