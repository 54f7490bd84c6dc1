"""What leaves through the robot's connection, carried by the process that holds it."""

from __future__ import annotations

import logging
import threading

from domain.errors import StoreUnavailable
from domain.outgoing import CONNECTED
from store import outbox
from workers import stopping
from workers.bootstrap import Parts, machine_now
from workers.deliver_outbox import deliver

log = logging.getLogger(__name__)

LOOK_S = 0.1
REST_S = 1.0
"""How often the outbox is looked at, and after a look that found only what has to wait."""


def carry(parts: Parts, ended: threading.Event) -> None:
    """The outbox as far as it leaves through the connection, until that has ended. The job boundary of its
    thread."""
    pause = LOOK_S
    while not stopping.told() and not ended.wait(pause):
        try:
            idle = _is_due(parts) and not deliver(parts, CONNECTED, lambda: not ended.is_set())
            pause = REST_S if idle else LOOK_S
        except StoreUnavailable as error:
            log.error("sending postponed error=%s", error)
            pause = REST_S
        except Exception:
            log.exception("sending failed")
            pause = REST_S


def _is_due(parts: Parts) -> bool:
    now = machine_now()
    with parts.database.read() as connection:
        return outbox.is_due(connection, now, parts.business_now(connection, now), CONNECTED)
