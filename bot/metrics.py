"""Figures for an operator, in Prometheus' text format: counted here, or read from database and Redis on
request. ``docs/alerts.rules.yml`` says which of them are to wake somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.wake import Waker
from domain.clock import MachineTime
from domain.errors import StoreUnavailable
from store import audits, clock, condition
from store.database import Database

Counts = Iterable[tuple[object, float]]

_registry = CollectorRegistry()
_callbacks = Counter(
    "luguanjia_callbacks",
    "Callbacks by channel and what became of them.",
    ["channel", "result"],
    registry=_registry,
)
_answers = Counter(
    "luguanjia_http_answers", "Answers of the web process by status.", ["status"], registry=_registry
)
_seconds = Histogram(
    "luguanjia_callback_seconds",
    "How long an acknowledgement took; the platform waits 5 s.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=_registry,
)


def callback(channel: str, result: str, count: int = 1) -> None:
    """Count callbacks."""
    _callbacks.labels(channel, result).inc(count)


def answered(status: str) -> None:
    """Count one answer of the web process. ``status``: three digits."""
    _answers.labels(status).inc()


def took(seconds: float) -> None:
    """Count how long one callback took."""
    _seconds.observe(seconds)


class _Stored(Collector):
    """What the database knows: how much waits, since when, and what went wrong."""

    def __init__(self, database: Database, inbox_limit: int) -> None:
        self._database = database
        self._inbox_limit = inbox_limit

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = condition.look(self._database, MachineTime(datetime.now(UTC)))
        except StoreUnavailable:
            found = None
        yield _gauge("database_up", "Whether the database answers.", found is not None)
        yield _gauge("inbox_limit", "Waiting messages beyond which callbacks get a 503.", self._inbox_limit)
        if found is not None:
            yield from (_gauge(*figure) for figure in found.figures)
            yield from (_by(*kind) for kind in found.kinds)


TICK_EVERY_S = 120
AUDIT_EVERY_S = 900
NOT_PUT_RIGHT = frozenset({"overdue_steps", "stuck_rows", "lost_rows"})


def worries(database: Database) -> list[str]:
    """What the auditor found and could not put right, and whether the schedule stands still: a line each.
    The process itself is ready all the same."""
    now = MachineTime(datetime.now(UTC))
    try:
        with database.read() as connection:
            found = audits.last(connection)
            beats = {name: clock.last_beat(connection, name) for name in ("tick", "audit")}
    except StoreUnavailable:
        return []
    open_ones = {name: count for name, count in found.items() if count and name in NOT_PUT_RIGHT}
    lines = [f"audit: {name} {count}" for name, count in sorted(open_ones.items())]
    for name, allowed in (("tick", TICK_EVERY_S), ("audit", AUDIT_EVERY_S)):
        beat = beats[name]
        if beat is not None and (age := (now - beat[0]).total_seconds()) > allowed:
            lines.append(f"schedule: no {name} for {age:.0f} s")
    return lines


class _Queues(Collector):
    """What Redis knows: wake-up calls that nobody heard yet."""

    def __init__(self, waker: Waker) -> None:
        self._waker = waker

    def collect(self) -> Iterator[GaugeMetricFamily]:
        lengths = self._waker.lengths()
        yield _gauge("redis_up", "Whether Redis answers.", lengths is not None)
        yield _by("queue_length", "Wake-up calls nobody heard yet.", "queue", (lengths or {}).items())


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"luguanjia_{name}", about, float(value))


def _by(name: str, about: str, label: str, counts: Counts) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"luguanjia_{name}", about, labels=[label])
    for key, count in counts:
        family.add_metric(["none" if key is None else str(key)], count)
    return family


def exposition(database: Database, waker: Waker, inbox_limit: int) -> bytes:
    """All figures as Prometheus text."""
    looked_up = CollectorRegistry()
    looked_up.register(_Stored(database, inbox_limit))
    looked_up.register(_Queues(waker))
    return bytes(generate_latest(_registry) + generate_latest(looked_up))
