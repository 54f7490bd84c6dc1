"""A town at work in one process on a real database: what people say is taken in, handled, and papers made."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from domain.clock import BusinessTime
from domain.messages import Chat, IncomingMessage
from domain.outgoing import Attachment
from nlp.classifier import Classifier, load_classifier
from store import clock
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from store.database import Database
from store.tables import inbox as inbox_rows
from store.tables import outbox as outbox_rows
from tests.integration.world import parts, put_roster_in_force
from tests.unit.handlers.town import MORNING, ROSTER
from workers import bootstrap, fill_orders, process_inbox, run_tick
from workers.bootstrap import Parts, gazetteer

Sent = tuple[str, str, str]
"""Route, target and text of one outgoing row; of a picture or file its name."""


@lru_cache(maxsize=1)
def _classifier() -> Classifier:
    return load_classifier(gazetteer(ROSTER))


def share_language(worker: Parts) -> None:
    """The same language layer for every test: the places are always those of the town."""
    worker.office()
    worker._classifier = (worker._roster[0], gazetteer(ROSTER), _classifier())


class Town:
    """The town of ``tests.unit.handlers.town``; every ``say`` is one acknowledged message."""

    def __init__(self, database: Database, media: Path, *, app: bool = True) -> None:
        put_roster_in_force(database)
        self.parts: Parts = parts(database, app=app, sandbox=True, media=media)[0]
        share_language(self.parts)
        self.database = database
        self._acceptor = Acceptor(database, 1000, lambda _: None, sandbox=True)
        self._said = 0
        self._seen = 0
        self.at(MORNING)
        run_tick.tick(self.parts)  # the first look at the summaries

    def at(self, moment: BusinessTime) -> None:
        """The business clock is moved."""
        with self.database.write() as connection:
            offset = moment.timestamp() - bootstrap.machine_now().timestamp()
            clock.move(connection, timedelta(seconds=offset))

    def say(self, who: str, text: str, group: str | None = None) -> list[Sent]:
        """One message and all that came of it, papers included."""
        self._said += 1
        key = f"aibot:b:{self._said}"
        message = IncomingMessage(
            "aibot" if group else "app_channel",
            key,
            Chat("group", group) if group else Chat("single", who),
            who,
            "text",
            text,
            reply_to=f"https://reply/{self._said}" if group else None,
        )
        arrival = Arrival(message, f"n{self._said}", key.encode().ljust(32))
        assert self._acceptor.accept(arrival) is Acceptance.NEW
        process_inbox.drain(self.parts)
        return self.news()

    def tick(self, moment: BusinessTime) -> list[Sent]:
        """Time comes to a moment, and what was due is said."""
        self.at(moment)
        run_tick.tick(self.parts)
        return self.news()

    def order_only(self) -> None:
        """What is due is ordered; nobody makes it yet."""
        run_tick.tick(self.parts)

    def news(self) -> list[Sent]:
        """Papers that wait are made; what was written to the outbox since the last look."""
        fill_orders.fill(self.parts)
        with self.database.read() as connection:
            new = select(outbox_rows).where(outbox_rows.c.id > self._seen).order_by(outbox_rows.c.id)
            rows = connection.execute(new).all()
        self._seen = rows[-1].id if rows else self._seen
        return [(row.route, row.target, row.text) for row in rows]

    def attachments(self) -> list[Attachment]:
        """All pictures and files that were ever sent, oldest first."""
        with self.database.read() as connection:
            statement = select(outbox_rows.c.attachment).where(outbox_rows.c.attachment.is_not(None))
            found = connection.execute(statement.order_by(outbox_rows.c.id)).scalars()
            return [Attachment(*json.loads(each)) for each in found]

    def outcome(self) -> str | None:
        """What the last message came to."""
        with self.database.read() as connection:
            last = select(inbox_rows.c.outcome).order_by(inbox_rows.c.id.desc()).limit(1)
            return connection.execute(last).scalar()
