"""Ports, and waiting for something to come true."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(found: Callable[[], T], seconds: float, what: str, pause: float = 0.05) -> T:
    """The first true value of ``found``; fails with ``what`` when it does not come in time."""
    until = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() >= until:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(pause)
    return value
