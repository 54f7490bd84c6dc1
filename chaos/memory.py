"""How much memory each process takes over the time it lives."""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from pathlib import Path

from chaos.district import ALL_LANES, District
from tests.fleet.daemon import children_of

EVERY_S = 1.0
WARM_S = 15.0
"""Loading dictionaries and filling caches is no leak."""
LONG_S = 30.0
MAY_GROW_MB = 20.0


class Curves:
    """Resident megabytes by process, sampled once a second until ``stop``."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._curves: defaultdict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY_S):
            for name, pid in self._processes():
                if (megabytes := rss(pid)) is not None:
                    self._curves[name, pid].append((time.monotonic(), megabytes))

    def _processes(self) -> list[tuple[str, int]]:
        daemons = self._district.daemons
        worker = daemons["worker"]
        lanes = children_of(worker.pid) if worker.alive else {}
        found = [
            (lane, pid)
            for pid, command in lanes.items()
            for lane in ALL_LANES
            if command.endswith(f"workers.lane {lane}")
        ]
        if daemons["web"].alive:
            found += [("web", pid) for pid in daemons["web"].children()]
        return found

    def most(self) -> dict[str, float]:
        """The highest value of any process of each name."""
        most: dict[str, float] = {}
        for (name, _), curve in self._curves.items():
            most[name] = max(most.get(name, 0.0), *(megabytes for _, megabytes in curve))
        return most

    def growth(self) -> dict[str, float]:
        """The most that a process of each name grew after it was warm, of those that lived long enough."""
        grown: dict[str, float] = {}
        for (name, _), curve in self._curves.items():
            warm = [megabytes for at, megabytes in curve if at - curve[0][0] >= WARM_S]
            if curve[-1][0] - curve[0][0] >= WARM_S + LONG_S:
                grown[name] = max(grown.get(name, 0.0), warm[-1] - warm[0])
        return grown


def rss(pid: int) -> float | None:
    """Resident megabytes; None if it ended meanwhile."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
