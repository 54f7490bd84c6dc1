"""One run on one database: talk under blows, settle, compare."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Protocol, TypeVar

from bench.district import GROUPS
from chaos import check, records
from chaos.blows import timeline
from chaos.district import District, settle_in
from chaos.memory import MAY_GROW_MB, Curves
from chaos.people import Street
from chaos.platform import Crowd, Reader
from chaos.records import Left
from chaos.storm import Storm
from tests.fleet.postgres import Cluster

WORDS = 50
"""At least so many a street, so that it comes to talk of what it reported before."""
SETTLE_S = 240.0
"""What was rate-limited at the end waits a minute, and the backlog of a busy machine takes its time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """seconds: for how long people talk. callbacks: how much they say at least, repetitions not counted.
    channel: how the robot hears them, AIBOT_MODE."""

    seed: int
    seconds: float
    callbacks: int
    channel: str = "callback"


@dataclass(frozen=True, slots=True)
class Result:
    """counts: what is printed, in order. violations: by the name of the check; empty when all is well."""

    counts: dict[str, str]
    violations: dict[str, list[str]]


def run(plan: Plan, url: str, folder: Path, cluster: Cluster | None) -> Result:
    """``url``: a migrated database, empty; of ``cluster`` if it is PostgreSQL's."""
    settle_in(url, plan.channel)
    streets = [Street(number, plan.seed) for number in range(min(GROUPS, max(20, plan.callbacks // WORDS)))]
    with District(url, folder, plan.channel) as district:
        crowd = Crowd(district, streets, plan.seed, plan.callbacks, plan.seconds)
        storm = Storm(district, cluster, timeline(plan.seed, plan.seconds, plan.channel))
        with following(Reader(district, streets)), following(Curves(district)) as curves:
            began = time.monotonic()
            storm.begin()
            crowd.talk()
            storm.end()
            talked = time.monotonic()
            settled = district.settles(SETTLE_S)
        left = records.read(district, streets)
        counts = {
            "talked for": f"{talked - began:.0f} s",
            "settled after": f"{time.monotonic() - talked:.0f} s",
            **_counts(left, crowd, storm, district, curves),
        }
        wrong = _wrong(left, crowd, storm, district, curves)
        wrong["not settled in time"] = [] if settled else [f"{district.left_to_do()} left to do"]
    storm.dismiss()
    return Result(counts, {name: found for name, found in wrong.items() if found})


class _Follower(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


F = TypeVar("F", bound=_Follower)


@contextmanager
def following(follower: F) -> Iterator[F]:
    """Whatever watches the run, until its end."""
    follower.start()
    try:
        yield follower
    finally:
        follower.stop()


def _wrong(
    left: Left, crowd: Crowd, storm: Storm, district: District, curves: Curves
) -> dict[str, list[str]]:
    violations = {name: list(found(left)) for name, found in check.CHECKS.items()}
    violations["caught at the last wall, or private in a log"] = list(check.logs(district))
    violations["memory grows"] = [
        f"{name} by {grown:.0f} MB" for name, grown in curves.growth().items() if grown > MAY_GROW_MB
    ]
    violations["late repetition refused"] = [
        f"answered {status}" for status in crowd.late if status not in {200, 503, None}
    ]
    violations["the storm itself broke down"] = storm.failures
    return violations


def _counts(left: Left, crowd: Crowd, storm: Storm, district: District, curves: Curves) -> dict[str, str]:
    answers = records.statuses(left)
    kinds = Counter(word.kind for word in left.words)
    doubled = sum(times > 1 for _, times, _ in check.shown_receipts(left))
    twice = sum(times > len(rows) for _, rows, times in check.words_shown(left))
    times = [word.slowest_ms for word in left.words if word.slowest_ms]
    cuts = quantiles(times, n=100)
    settled = Counter(f"{row.route} {row.state}" for row in left.outbox)
    again = sum(row.attempts > 1 for row in left.outbox)
    return {
        "messages said": f"{len(left.words)} ({_said(kinds)})",
        "callbacks delivered": f"{sum(answers.values()) + len(crowd.late)} ({_said(answers)})",
        "acknowledged messages": str(sum(word.acked for word in left.words)),
        "given up by the platform": str(sum(not word.acked for word in left.words)),
        "acknowledgement p50, p99, max": f"{cuts[49]:.0f}, {cuts[98]:.0f}, {max(times):.0f} ms",
        "issues": str(len(left.issues)),
        "words of the bot": f"{_said(settled)}; {again} tried more than once",
        "receipts shown twice, explained": str(doubled),
        "words shown twice, explained": str(twice),
        "pictures": _said(Counter(row.state for row in left.media)),
        "calls of the platform's API": str(len(left.calls)),
        "blows": f"{sum(storm.dealt.values())} ({_said(storm.dealt)})",
        "restarts by supervisors": _said(Counter(district.restarts)),
        "most memory, MB": ", ".join(f"{name} {most:.0f}" for name, most in sorted(curves.most().items())),
        "growth when warm, MB": ", ".join(f"{n} {g:+.0f}" for n, g in sorted(curves.growth().items())) or "-",
    }


def _said(found: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items())) or "none"
