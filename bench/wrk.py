"""Load from outside: the wrk program fires sealed callbacks, each one different, and reports what it saw."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fleet.wire import Sealed, Wire

SCRIPT = Path(__file__).with_name("replay.lua")
US_PER_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Load:
    """What one run saw: answers per second, how many were not 200, and latencies in milliseconds."""

    rate: float
    bad: int
    p50_ms: float
    p99_ms: float
    answers: int


def is_installed() -> bool:
    return shutil.which("wrk") is not None


def write_requests(wire: Wire, payloads: Sequence[str], path: Path) -> None:
    """Seal every payload and write one request a line: target, a tab, and the body."""
    with path.open("w", encoding="utf-8") as file:
        for payload in payloads:
            sealed: Sealed = wire.sealed(payload)
            query = "&".join(f"{name}={value}" for name, value in sealed.query.items())
            file.write(f"?{query}\t{sealed.body.decode()}\n")


def fire(url: str, requests: Path, seconds: float, connections: int = 16) -> Load:
    """Send the requests of a file, in turn, over some connections. Each is sent once: the file must hold
    more than can be answered in the time."""
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", "-s", str(SCRIPT), url],
        env={**os.environ, "REQUESTS": str(requests)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.rpartition("RESULT ")[2])
    return Load(
        found["answers"] / (found["duration_us"] / 1e6),
        found["bad"],
        found["p50_us"] / US_PER_MS,
        found["p99_us"] / US_PER_MS,
        found["answers"],
    )
