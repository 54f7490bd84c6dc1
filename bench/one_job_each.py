"""What the flow is compared with: one RQ job for every message, as most bots do it."""

from __future__ import annotations

from store import inbox
from workers import bootstrap
from workers.bootstrap import machine_now
from workers.process_inbox import work_off


def handle_one() -> None:
    """Take the oldest message that is free, and handle it alone."""
    parts = bootstrap.parts()
    with parts.database.write() as connection:
        claim = inbox.claim(connection, machine_now(), limit=1)
    if claim.letters:
        work_off(parts, claim)
