"""Figures for an operator, in Prometheus' text format: counted here, or read from the database on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from domain.clock import MachineTime
from domain.errors import StoreUnavailable
from store import clock, inbox, media, outbox
from store.database import Database

_registry = CollectorRegistry()
_callbacks = Counter(
    "luguanjia_callbacks",
    "Callbacks by channel and what became of them.",
    ["channel", "result"],
    registry=_registry,
)


def callback(channel: str, result: str) -> None:
    """Count one callback."""
    _callbacks.labels(channel, result).inc()


class _Stored(Collector):
    """What the database knows: queue lengths and ages, and when the schedule last ran."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = MachineTime(datetime.now(UTC))
        try:
            with self._database.read() as connection:
                business_now = clock.now(connection, now)
                beat = clock.last_beat(connection, "tick")
                figures = {
                    "inbox_waiting": inbox.waiting(connection),
                    "inbox_oldest_seconds": _age(inbox.oldest_waiting(connection), now),
                    "outbox_moving": outbox.moving(connection),
                    "outbox_oldest_due_seconds": _age(outbox.oldest_due(connection, business_now), now),
                    "media_waiting": media.waiting(connection),
                    "tick_age_seconds": _age(beat[0] if beat else None, now),
                }
        except StoreUnavailable:
            figures = {}
        yield GaugeMetricFamily("luguanjia_database_up", "Whether the database answers.", 1 if figures else 0)
        for name, value in figures.items():
            yield GaugeMetricFamily(f"luguanjia_{name}", name.replace("_", " "), value)


def _age(since: MachineTime | None, now: MachineTime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def exposition(database: Database) -> bytes:
    """All figures as Prometheus text."""
    stored = CollectorRegistry()
    stored.register(_Stored(database))
    return bytes(generate_latest(_registry) + generate_latest(stored))
