"""What was to be erased leaves the database, files that nothing needs leave the disk: part of the sweep."""

from __future__ import annotations

import logging
import secrets

from bot.wake import Work
from domain.outgoing import Outgoing, Purpose, ToPerson
from handlers.routing import Router
from handlers.sentences import erasure as say
from store import discards, erasure, outbox
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)


def erase_requested(parts: Parts) -> None:
    """Erase whoever is to be, one transaction each, and tell who asked for it."""
    with parts.database.read() as connection:
        waiting = erasure.requested(connection)
    for request in waiting:
        now = machine_now()
        with parts.database.write() as connection:
            erasure.erase(connection, request.userid, f"erased-{secrets.token_hex(4)}", now)
            erasure.done(connection, request)
            office = parts.office()
            word = Outgoing(ToPerson(request.asked_by, None), say.done(), Purpose.ANSWER)
            drafts = Router(office, parts.business_now(connection, now)).drafts([word])
            outbox.add(connection, drafts, now)
        parts.database.forget_freed()
        log.info("person erased")
    if waiting:
        parts.waker.wake(Work.OUTBOX)


def take_off_disk(parts: Parts) -> int:
    """Delete files that are discarded; how many. A file that something needs by now stays."""
    total = 0
    while True:
        with parts.database.read() as connection:
            files = discards.waiting(connection)
        if not files:
            return total
        for file in files:
            with parts.database.write() as connection:
                if not discards.is_needed(connection, file):
                    (parts.settings.media_dir / file).unlink(missing_ok=True)
                    total += 1
                discards.done(connection, file)
