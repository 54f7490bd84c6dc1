"""Retention: what was kept long enough goes. By command, and once a day by itself."""

from __future__ import annotations

import logging
from datetime import timedelta

from domain.clock import BusinessTime, MachineTime
from store import clock
from store.retention import Limits, prune_step
from workers import erase
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
AT_ONCE = 20
"""Steps in one go, so that a first run over years leaves room for others."""


def prune(parts: Parts, steps: int | None = None) -> int:
    """Prune, at most so many steps; how many rows lost what was due."""
    total, taken = 0, 0
    while steps is None or taken < steps:
        now = machine_now()
        with parts.database.write() as connection:
            found = prune_step(connection, _limits(parts, parts.business_now(connection, now), now))
        if not found:
            with parts.database.write() as connection:
                clock.beat(connection, "prune", now)
            break
        total, taken = total + found, taken + 1
    if total:
        log.info("pruned rows=%d", total)
    return total


def prune_daily(parts: Parts) -> None:
    """The same, unless it was done within the last day."""
    with parts.database.read() as connection:
        last = clock.last_beat(connection, "prune")
    if last is None or machine_now() - last[0] >= EVERY:
        prune(parts, AT_ONCE)


def prune_now(parts: Parts) -> None:
    """All that is due, files included; says what it did."""
    rules = parts.rules
    total = prune(parts)
    files = erase.take_off_disk(parts)
    print(
        f"照片保存{rules.keep_pictures.days}天,文字保存{rules.keep_texts.days}天:"
        f"处理 {total} 条到期记录,删除 {files} 个文件。案件与统计不变。"
    )


def _limits(parts: Parts, business: BusinessTime, now: MachineTime) -> Limits:
    pictures, texts = parts.rules.keep_pictures, parts.rules.keep_texts
    return Limits(MachineTime(now - pictures), MachineTime(now - texts), BusinessTime(business - texts), now)
