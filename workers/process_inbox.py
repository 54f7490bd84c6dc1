"""From the inbox to effects: claim chats, read their messages, handle them in one transaction.

Reading (jieba) happens outside the transaction. A batch that fails is done again letter by letter, so that
one bad message takes only itself along; it is retried, then parked, its sender told, and the chat goes on.
"""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

from bot.wake import Work
from domain.errors import LostLease, StoreUnavailable
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, ToWriter
from handlers import sentences
from handlers.router import handle, reading_of, to_read
from handlers.routing import Router
from handlers.visit import Visit
from nlp.reading import Reading
from store import inbox, outbox
from store.desk import DatabaseDesk
from store.inbox import Claim, Letter
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)

TURN_S = 5.0
"""How long one job drains before it makes room for others; what is left is woken again."""

Work_ = tuple[Letter, Reading]


def drain(parts: Parts) -> None:
    """Handle what waits, for at most ``TURN_S``."""
    until = time.monotonic() + TURN_S
    while batch(parts):
        if time.monotonic() >= until:
            parts.waker.wake(Work.INBOX)
            return


def batch(parts: Parts) -> bool:
    """Handle the oldest waiting letters. False if there was nothing to do."""
    with parts.database.write() as connection:
        claim = inbox.claim(connection, machine_now())
    if not claim.letters:
        return False
    office = parts.office()
    classifier = parts.classifier()
    read = [
        (letter, classifier.read(to_read(letter.message), mention=letter.message.mentioned))
        for letter in claim.letters
    ]
    try:
        _together(parts, claim, office, read)
    except LostLease as lost:
        log.warning("lease lost reason=%s", lost)
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("batch failed, one by one letters=%d", len(claim.letters))
        _one_by_one(parts, claim, office, read)
    parts.waker.wake(Work.OUTBOX)
    return True


def _together(parts: Parts, claim: Claim, office: Office, read: Iterable[Work_]) -> None:
    with parts.database.write() as connection:
        inbox.release(connection, claim.fences)
        lines = [_effects(connection, office, letter, reading) for letter, reading in read]
    for line in lines:
        log.info(line)


def _one_by_one(parts: Parts, claim: Claim, office: Office, read: Iterable[Work_]) -> None:
    chats: dict[str, list[Work_]] = defaultdict(list)
    for letter, reading in read:
        chats[letter.chat_key].append((letter, reading))
    for chat_key, letters in chats.items():
        fence = {chat_key: claim.fences[chat_key]}
        if all(_alone(parts, fence, office, letter, reading) for letter, reading in letters):
            with parts.database.write() as connection:
                inbox.release(connection, fence)


def _alone(parts: Parts, fence: dict[str, int], office: Office, letter: Letter, reading: Reading) -> bool:
    """One letter in its own transaction. False when the chat has to wait."""
    try:
        with parts.database.write() as connection:
            inbox.hold(connection, fence, machine_now())
            line = _effects(connection, office, letter, reading)
    except LostLease as lost:
        log.warning("lease lost reason=%s", lost)
        return False
    except StoreUnavailable:
        raise
    except Exception as error:
        log.exception("message failed inbox=%d attempt=%d", letter.id, letter.attempts + 1)
        return _failed(parts, office, letter, error)
    log.info(line)
    return True


def _failed(parts: Parts, office: Office, letter: Letter, error: Exception) -> bool:
    """Count the failure; a parked letter is answered and no longer in the way."""
    with parts.database.write() as connection:
        now = machine_now()
        parked = inbox.fail(connection, letter, f"{type(error).__name__}: {error}"[:2000], now)
        if parked:
            word = Outgoing(ToWriter(), sentences.parked(), Purpose.ANSWER)
            drafts = Router(office, letter.said_at, letter.message).drafts([word])
            outbox.add(connection, drafts, now, letter.id)
    return parked


def _effects(connection: Connection, office: Office, letter: Letter, reading: Reading) -> str:
    """Everything one message does. Returns the line for the log, to be written after the commit."""
    now = machine_now()
    desk = DatabaseDesk(connection, office, letter.said_at, now, letter.id)
    result = handle(Visit(letter.message, reading, desk))
    drafts = Router(office, letter.said_at, letter.message).drafts(result.messages)
    outbox.add(connection, drafts, now, letter.id)
    detail = json.dumps(reading_of(reading), ensure_ascii=False)
    inbox.settle(connection, letter, result.outcome, detail, now)
    return f"handled inbox={letter.id} outcome={result.outcome} issue={result.issue} sent={len(drafts)}"
