"""Ports, and waiting for something to come true."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
LISTEN = "0A"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listeners(port: int) -> set[int]:
    """The processes that listen on a TCP port of IPv4. Linux only."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == LISTEN}
    return {
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and _holds(folder, inodes)
    }


def _holds(process: Path, inodes: set[str]) -> bool:
    try:
        return any(str(file.readlink()) in inodes for file in (process / "fd").iterdir())
    except OSError:  # ended meanwhile, or another user's
        return False


def wait_until(found: Callable[[], T | None], seconds: float, what: str, pause: float = 0.05) -> T:
    """The first true value of ``found``; fails with ``what`` when it does not come in time."""
    until = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() >= until:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(pause)
    return value
