"""Figures for an operator, in Prometheus' text format: counted here, or read from the database on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from domain.clock import MachineTime
from domain.errors import StoreUnavailable
from store import audits, clock, inbox, media, outbox
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
                audited = clock.last_beat(connection, "audit")
                figures = {
                    "inbox_waiting": inbox.waiting(connection),
                    "inbox_oldest_seconds": _age(inbox.oldest_waiting(connection), now),
                    "outbox_moving": outbox.moving(connection),
                    "outbox_oldest_due_seconds": _age(outbox.oldest_due(connection, business_now), now),
                    "media_waiting": media.waiting(connection),
                    "tick_age_seconds": _age(beat[0] if beat else None, now),
                    "audit_age_seconds": _age(audited[0] if audited else None, now),
                    **{f"audit_{name}": count for name, count in audits.last(connection).items()},
                }
        except StoreUnavailable:
            figures = {}
        yield GaugeMetricFamily("luguanjia_database_up", "Whether the database answers.", 1 if figures else 0)
        for name, value in figures.items():
            yield GaugeMetricFamily(f"luguanjia_{name}", name.replace("_", " "), value)


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
        if beat is not None and (age := _age(beat[0], now)) > allowed:
            lines.append(f"schedule: no {name} for {age:.0f} s")
    return lines


def _age(since: MachineTime | None, now: MachineTime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def exposition(database: Database) -> bytes:
    """All figures as Prometheus text."""
    stored = CollectorRegistry()
    stored.register(_Stored(database))
    return bytes(generate_latest(_registry) + generate_latest(stored))
