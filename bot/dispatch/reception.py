"""Taking in what another system sends, waiting a moment for what becomes of it, and saying so."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from bot import metrics
from bot.api import Rejected
from bot.fields import clean
from domain.dispatching import CHANNEL, described, userid_of
from domain.issues import Issue
from domain.messages import Chat, HandedOver, IncomingMessage
from domain.roster import Roster
from domain.taxonomy import Taxonomy
from store import dispatches, issues
from store import roster as rosters
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from store.database import Database
from store.dispatches import Reception, Source

WAIT_S, LOOK_AGAIN_S = 2.0, 0.05
MOST_WAITING = 4
"""Requests that wait for the worker at one time; others get a 202, so that callbacks find a thread."""


@dataclass(frozen=True)
class _Names:
    """Names of people and categories, as the roster has them now."""

    roster: Roster
    taxonomy: Taxonomy

    def label(self, issue: Issue) -> str:
        return self.taxonomy.label(issue.category, issue.sub)

    def owner_name(self, issue: Issue) -> str:
        person = self.roster.person(issue.owner) if issue.owner else None
        return person.title if person else issue.owner or "待指派"


@dataclass(frozen=True)
class Counter:
    """Where requests are taken in. base: how the web process is reached from outside, perhaps empty."""

    acceptor: Acceptor
    database: Database
    taxonomy: Taxonomy
    tz: tzinfo
    base: str
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_WAITING))

    def take_in(self, source: str, said: HandedOver, text: str, pictures: tuple[str, ...] = ()) -> None:
        """Returns after the commit, and after the worker dealt with it unless that takes long. Raises
        ``Rejected`` with 409 if the key stands for something else."""
        message = IncomingMessage(
            channel=CHANNEL,
            dedupe_key=_dedupe_key(Source(source, said.key)),
            chat=Chat("single", source),
            sender=userid_of(source),
            kind="mixed" if pictures else "text",
            text=text,
            pictures=pictures,
            handed_over=said,
        )
        taken = Rejected(409, "这个 Idempotency-Key 已用于另一个内容;新问题请换一个")
        if self._stands_for_another(Source(source, said.key), said):
            raise taken
        result = self.acceptor.accept(Arrival(message, f"{source}:{said.key}", bytes.fromhex(said.digest)))
        if result is Acceptance.REPLAYED:
            raise taken
        metrics.callback(CHANNEL, result.value)
        self._wait_for(Source(source, said.key))

    def _stands_for_another(self, asked: Source, said: HandedOver) -> bool:
        """Whether the key came with another body before, longer ago than nonces are remembered."""
        known = self.received(asked)
        before = known.message.handed_over if known is not None else None
        return before is not None and before.digest != said.digest

    def _wait_for(self, asked: Source) -> None:
        """Until the worker has dealt with it, but not for long."""
        if not self.waiting.acquire(blocking=False):
            return
        try:
            until = time.monotonic() + WAIT_S
            while time.monotonic() < until:
                found = self.received(asked)
                if found is not None and found.state != "waiting":
                    return
                time.sleep(LOOK_AGAIN_S)
        finally:
            self.waiting.release()

    def received(self, asked: Source) -> Reception | None:
        """What came under this key."""
        with self.database.read() as connection:
            return dispatches.received(connection, _dedupe_key(asked))

    def number(self, asked: Source) -> int | None:
        """The issue that it became."""
        with self.database.read() as connection:
            return dispatches.number_of(connection, asked.name, asked.key)

    def status(self, asked: Source) -> tuple[int, dict[str, Any]]:
        """HTTP status and body. Raises ``Rejected`` with 404 for an unknown key."""
        known = {"key": clean(asked.key[:64]), "status_url": f"{self.base}/relay/issues/{asked.key}"}
        with self.database.read() as connection:
            number = dispatches.number_of(connection, asked.name, asked.key)
            issue = issues.get(connection, number) if number is not None else None
            current = rosters.current(connection) if issue is not None else None
        if issue is not None:
            names = _Names(current[1] if current else Roster(), self.taxonomy)
            return 200, {**known, "status": "done", "issue": described(issue, names, self.tz)}
        found = self.received(asked)
        if found is None:
            raise Rejected(404, "没有收到过这个 Idempotency-Key")
        status = "waiting" if found.state == "waiting" else "failed"
        return 202, {**known, "status": status, "issue": None}


def _dedupe_key(asked: Source) -> str:
    return f"{CHANNEL}:{asked.name}:{asked.key}"
