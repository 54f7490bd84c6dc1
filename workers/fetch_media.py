"""Pictures: fetched at once, several at a time, outside the order of the chat."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from bot.media import StoredPicture
from bot.wake import Work
from domain.errors import MediaError
from domain.issues import SYSTEM, Action
from domain.messages import IncomingMessage
from domain.outgoing import Outgoing, Purpose, ToGroup, ToPerson
from domain.transitions import record
from handlers import sentences
from handlers.routing import Router
from store import discards, media, outbox
from store.desk import DatabaseDesk
from store.media import Errand, Loss
from workers import stopping
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)

THREADS = 8


def fetch(parts: Parts) -> None:
    """Fetch all that is due."""
    with ThreadPoolExecutor(THREADS, "media") as pool:
        while not stopping.told() and (errands := _claim(parts)):
            list(pool.map(lambda errand: _fetch_one(parts, errand), errands))


def _claim(parts: Parts) -> list[Errand]:
    with parts.database.write() as connection:
        return media.claim(connection, machine_now(), THREADS)


def _fetched(parts: Parts, errand: Errand) -> StoredPicture:
    if errand.attempts > media.ATTEMPTS:
        raise MediaError("its worker died again and again", permanent=True)
    return parts.fetcher.fetch(errand.channel, errand.ref)


def _fetch_one(parts: Parts, errand: Errand) -> None:
    try:
        picture = _fetched(parts, errand)
    except MediaError as error:
        log.warning(
            "picture not fetched inbox=%d attempt=%d reason=%s",
            errand.inbox_id,
            errand.attempts,
            error.reason,
        )
        _failed(parts, errand, error)
        return
    with parts.database.write() as connection:
        if not media.stored(connection, errand, media.StoredFile(picture.path, picture.mime)):
            discards.discard(connection, {picture.path}, machine_now())  # erased meanwhile, or fetched twice
    log.info("picture stored inbox=%d file=%s", errand.inbox_id, picture.path[:15])


def _failed(parts: Parts, errand: Errand, error: MediaError) -> None:
    """Count the failure; a picture that is lost and the word about it are one transaction."""
    office, now = parts.office(), machine_now()
    with parts.database.write() as connection:
        if not media.failed(connection, errand, error, now):
            return
        desk = DatabaseDesk(connection, office, parts.business_now(connection, now), now, errand.inbox_id)
        words = _for_sender(desk, media.loss(connection, errand))
        outbox.add(connection, Router(office, desk.now).drafts(words), now, errand.inbox_id)
    parts.waker.wake(Work.OUTBOX)


def _for_sender(desk: DatabaseDesk, loss: Loss) -> list[Outgoing]:
    """Record the loss in the issue's history and ask the sender, once per message, to send it again."""
    if not desk.once(f"picture_lost:{desk.inbox_id}"):
        return []
    issue = desk.issue(loss.issue) if loss.issue else None
    if issue is not None:
        desk.note(record(issue, issue, Action.PICTURE_LOST, SYSTEM, desk.now))
    message = IncomingMessage.from_json(loss.document)
    if issue is None and not message.mentioned:
        return []  # overheard: nobody sent it to us
    sender = desk.office.roster.person(message.sender)
    userid = sender.userid if sender else message.sender
    in_group = message.chat.kind == "group"
    to = ToGroup(message.chat.id, (userid,)) if in_group else ToPerson(userid, None, private=True)
    return [Outgoing(to, sentences.picture_lost([issue.number] if issue else []), Purpose.NOTICE, loss.issue)]
