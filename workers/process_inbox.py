"""From the inbox to effects: claim chats, read their messages, handle them in one transaction.

Reading (jieba) happens outside the transaction. A batch that fails is done again letter by letter, so that
one bad message takes only itself along; it is retried, then parked, its sender told, and the chat goes on.
"""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.aibot import parse as aibot
from bot.wake import Work
from domain.errors import LostLease, StaleIssue, StaleRoster, StoreUnavailable
from domain.office import Office
from domain.orders import ORDERED
from domain.outgoing import Draft, Outgoing, Purpose, ToWriter
from handlers import sentences
from handlers.foresight import foresee
from handlers.router import handle, reading_of, to_read
from handlers.routing import Router
from handlers.visit import Visit
from nlp.classifier import Classifier
from nlp.reading import Reading
from store import inbox, outbox, spoken
from store import roster as rosters
from store.batch import Batch
from store.desk import DatabaseDesk
from store.inbox import Claim, Letter, Outcome
from workers import stopping
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)

_NO_WORDS = frozenset({"event", "unknown", "button"})
TURN_S = 5.0
"""How long one job drains before it makes room for others; what is left is woken again."""


def drain(parts: Parts) -> None:
    """Handle what waits, for at most ``TURN_S``."""
    until = time.monotonic() + TURN_S
    while not stopping.told() and batch(parts):
        if time.monotonic() >= until:
            parts.waker.wake(Work.INBOX)
            return


def batch(parts: Parts) -> bool:
    """Handle the oldest waiting letters. False if there was nothing to do."""
    with parts.database.write() as connection:
        claim = inbox.claim(connection, machine_now())
    if claim.letters:
        work_off(parts, claim)
    return bool(claim.letters)


def work_off(parts: Parts, claim: Claim) -> None:
    """Handle claimed letters: all together, or one by one where that fails."""
    turn = _Turn(parts, parts.office(), parts.classifier())
    try:
        turn.together(claim)
    except (LostLease, StaleRoster) as overtaken:
        log.warning("batch overtaken reason=%s", overtaken)
        with parts.database.write() as connection:
            inbox.give_back(connection, claim.fences)
    except (StoreUnavailable, StaleIssue) as error:
        # perhaps only two workers in each other's way; if it is more, the first letter finds out
        log.warning("batch not stored, one by one letters=%d error=%s", len(claim.letters), error)
        turn.one_by_one(claim)
    except Exception as error:
        log.exception(
            "batch failed, one by one letters=%d cause=%s", len(claim.letters), type(error).__name__
        )
        turn.one_by_one(claim)
    parts.waker.wake(Work.OUTBOX)


@dataclass(slots=True)
class _Turn:
    """One claim being worked off, with the district as it was at its beginning, and as its own letters
    changed it since (绑定, 请假). No import comes in between reading the district and the effects."""

    parts: Parts
    office: Office
    classifier: Classifier

    def together(self, claim: Claim) -> None:
        """All letters in one transaction."""
        readings = [self._read(letter) for letter in claim.letters]
        office = self.office
        with self.parts.database.write() as connection:
            rosters.hold(connection, office.roster_version)
            inbox.release(connection, claim.fences)
            office = _heard(connection, office, claim.letters)
            batch = Batch(connection, claim.fences)
            read = list(zip(claim.letters, readings, strict=True))
            batch.look_ahead(
                [foresee(self._visit(_desk(batch, office, each), each, how)) for each, how in read]
            )
            effects: list[_Effect] = []
            for letter, reading in read:
                effects.append(self._handle(_desk(batch, office, letter), letter, reading))
                office = effects[-1].office
            batch.write()
            _settle(connection, effects)
        for effect in effects:
            self._done(effect)

    def one_by_one(self, claim: Claim) -> None:
        """Each letter in a transaction of its own; a chat waits behind a letter that failed."""
        chats: dict[str, list[Letter]] = defaultdict(list)
        for letter in claim.letters:
            chats[letter.chat_key].append(letter)
        for chat_key, letters in chats.items():
            fence = {chat_key: claim.fences[chat_key]}
            try:
                if all(self._alone(fence, letter) for letter in letters):
                    with self.parts.database.write() as connection:
                        inbox.give_back(connection, fence)
            except LostLease as lost:
                log.warning("lease lost reason=%s", lost)
            except StaleRoster as stale:
                log.warning("batch overtaken reason=%s", stale)
                with self.parts.database.write() as connection:
                    inbox.give_back(connection, fence)

    def _alone(self, fence: Mapping[str, int], letter: Letter) -> bool:
        """False when the chat has to wait. Raises ``LostLease`` and ``StaleRoster``."""
        try:
            reading = self._read(letter)
            with self.parts.database.write() as connection:
                rosters.hold(connection, self.office.roster_version)
                inbox.hold(connection, fence, machine_now())
                office = _heard(connection, self.office, [letter])
                effect = self._handle(_desk(Batch(connection), office, letter), letter, reading)
                _settle(connection, [effect])
            self.office = effect.office
        except (LostLease, StaleRoster, StoreUnavailable):
            raise
        except Exception as error:
            log.exception("message failed inbox=%d attempt=%d", letter.id, letter.attempts + 1)
            return self._failed(fence, letter, error)
        self._done(effect)
        return True

    def _done(self, effect: _Effect) -> None:
        """After the commit."""
        log.info(effect.line)
        if effect.outcome.name.startswith(ORDERED):
            self.parts.waker.wake(Work.ORDERS)

    def _failed(self, fence: Mapping[str, int], letter: Letter, error: Exception) -> bool:
        """Count the failure; a parked letter is answered and no longer in the way."""
        with self.parts.database.write() as connection:
            now = machine_now()
            inbox.hold(connection, fence, now)
            parked = inbox.fail(connection, letter, f"{type(error).__name__}: {error}"[:2000], now)
            if parked:
                word = Outgoing(ToWriter(), sentences.parked(), Purpose.ANSWER)
                drafts = Router(self.office, letter.said_at, letter.message).drafts([word])
                outbox.add(connection, drafts, now, letter.id)
        return parked

    def _read(self, letter: Letter) -> Reading:
        return self.classifier.read(to_read(letter.message), mention=letter.message.mentioned)

    def _visit(self, desk: DatabaseDesk, letter: Letter, reading: Reading) -> Visit:
        return Visit(letter.message, reading, desk, self.classifier.version)

    def _handle(self, desk: DatabaseDesk, letter: Letter, reading: Reading) -> _Effect:
        """Change the issues that one message is about; what is to be said and recorded is returned."""
        result = handle(self._visit(desk, letter, reading))
        drafts = Router(desk.office, letter.said_at, letter.message).drafts(result.messages)
        detail = json.dumps(reading_of(reading), ensure_ascii=False)
        return _Effect(Outcome(letter, result.outcome, detail), tuple(drafts), result.issue, desk.office)


def _heard(connection: Connection, office: Office, letters: Sequence[Letter]) -> Office:
    """The district once these have spoken: the robot may push from now on where somebody spoke to it."""
    words = (letter.message for letter in letters if letter.message.kind not in _NO_WORDS)
    heard = {message.chat.id for message in words if message.channel == aibot.CHANNEL}
    if heard <= office.reach.spoken:
        return office
    spoken.note(connection, heard - office.reach.spoken)
    return replace(office, reach=replace(office.reach, spoken=office.reach.spoken | heard))


@dataclass(frozen=True, slots=True)
class _Effect:
    """What remains to be written for one handled letter, and the line for the log after the commit."""

    outcome: Outcome
    drafts: tuple[Draft, ...]
    issue: int | None
    office: Office
    """The district as the message left it."""

    @property
    def line(self) -> str:
        letter, name = self.outcome.letter.id, self.outcome.name
        return f"handled inbox={letter} outcome={name} issue={self.issue} sent={len(self.drafts)}"


def _desk(batch: Batch, office: Office, letter: Letter) -> DatabaseDesk:
    return DatabaseDesk(batch.connection, office, letter.said_at, machine_now(), letter.id, batch)


def _settle(connection: Connection, effects: Sequence[_Effect]) -> None:
    """Write what is to be said, and what became of the letters: two statements, however many there are."""
    now = machine_now()
    said = ((draft, effect.outcome.letter.id) for effect in effects for draft in effect.drafts)
    outbox.add_all(connection, said, now)
    inbox.settle(connection, [effect.outcome for effect in effects], now)
    unused = [each.outcome.letter for each in effects if each.issue is None]
    inbox.forget_words(connection, [letter for letter in unused if not letter.message.mentioned])
