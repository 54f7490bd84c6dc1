"""The sweep: whatever a crash, a flush or a restart stranded is taken up again; old small things are dropped.

It looks at the database alone: waiting rows are the truth, a wake-up call that got lost is made again.
"""

from __future__ import annotations

from datetime import timedelta

from bot.relay.parse import CHANNEL as RELAY
from bot.uploads import forget_uploads
from bot.wake import Work
from domain.clock import MachineTime
from store import clock, doubts, followers, inbox, media, orders, outbox
from store.nonces import forget_nonces
from workers import erase, prune
from workers.bootstrap import Parts, machine_now
from workers.exporting import forget_files

UNUSED_PICTURES = timedelta(hours=24)
"""Pictures of a group that belong to no issue after this are none of our business."""
NONCE_MEMORY = timedelta(hours=2)
"""The platform promises a nonce to be unique for two hours (wecom.md)."""


def sweep(parts: Parts) -> None:
    """Wake whoever has work waiting."""
    now = machine_now()
    with parts.database.read() as connection:
        stranded = [
            work
            for work, there in (
                (Work.INBOX, inbox.oldest_waiting(connection) is not None),
                (Work.OUTBOX, outbox.oldest_due(connection, parts.business_now(connection, now)) is not None),
                (Work.MEDIA, media.due(connection, now)),
                (Work.ORDERS, orders.waiting(connection) > 0),
            )
            if there
        ]
    erase.erase_requested(parts)
    prune.prune_daily(parts)
    erase.take_off_disk(parts)
    for work in stranded:
        parts.waker.wake(work)
    with parts.database.write() as connection:
        forget_nonces(connection, now - NONCE_MEMORY)
        followers.wake_overlooked(connection, now)
        outbox.forget_sendings(connection, now)
        doubts.forget(connection, parts.business_now(connection, now), now)
        media.forget_unused(connection, RELAY, MachineTime(now - UNUSED_PICTURES), now)
        clock.beat(connection, "sweep", now)
    forget_files(parts.settings.media_dir, now)
    forget_uploads(parts.settings.media_dir, now)
