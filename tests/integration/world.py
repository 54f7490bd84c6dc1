"""Workers without processes: the parts of one, with senders that record and a waker that calls nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import config
from bot.media import PictureFetcher, StoredPicture
from bot.wake import Waker, Work
from domain.errors import SendError
from domain.outgoing import MAX_BYTES, Delivery, RouteKind
from domain.roster import Roster
from store import roster as roster_store
from store.database import Database
from tests.unit.handlers.town import ROSTER, taxonomy
from workers import bootstrap
from workers.bootstrap import Parts

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
APP = {
    "WECOM_CORP_ID": "corp",
    "WECOM_AGENT_ID": "1",
    "WECOM_APP_SECRET": "secret",
    "WECOM_APP_TOKEN": "token",
    "WECOM_APP_AES_KEY": KEY,
}


MP = {
    "WECHAT_MP_APP_ID": "wxapp",
    "WECHAT_MP_SECRET": "secret",
    "WECHAT_MP_TOKEN": "mp-token",
    "WECHAT_MP_API_BASE": "http://127.0.0.1:1",
}


@dataclass
class RecordingSender:
    """Keeps what it is given; ``fault`` may raise for a delivery."""

    max_bytes: int
    sent: list[Delivery] = field(default_factory=list)
    fault: Callable[[Delivery], SendError | Exception | None] = lambda _: None

    def send(self, delivery: Delivery) -> None:
        self.sent.append(delivery)
        if error := self.fault(delivery):
            raise error


@dataclass
class RecordingWaker:
    """Keeps what it was asked to wake."""

    woken: list[Work] = field(default_factory=list)

    def wake(self, work: Work) -> bool:
        self.woken.append(work)
        return True

    def lengths(self) -> None:
        """Nobody listens."""


@dataclass
class RecordingFetcher:
    """Gives or refuses every picture."""

    error: Exception | None = None
    fetched: list[str] = field(default_factory=list)

    def fetch(self, channel: str, reference: str) -> StoredPicture:
        self.fetched.append(f"{channel} {reference}")
        if self.error:
            raise self.error
        return StoredPicture("ab" * 32, "ab/abab.jpg", "image/jpeg", 4, 3, 100)


def put_roster_in_force(database: Database, roster: Roster = ROSTER) -> None:
    with database.write() as connection:
        roster_store.save(connection, roster, {}, "test", bootstrap.machine_now())


def parts(
    database: Database,
    *,
    app: bool = True,
    mp: bool = False,
    sandbox: bool = False,
    media: Path | None = None,
) -> tuple[Parts, dict[RouteKind, RecordingSender]]:
    """Parts of a worker process on this database."""
    environ = {"DATABASE_URL": database.url, **(APP if app else {}), **(MP if mp else {})}
    if sandbox:
        environ |= {"SANDBOX": "1", "WECOM_API_BASE": "http://127.0.0.1:1"}
    if media is not None:
        environ["MEDIA_DIR"] = str(media)
    settings = config.load(environ)
    routes: list[RouteKind] = ["reply", "webhook", "app"] if app else ["reply", "webhook"]
    routes += ["mp"] if mp else []
    senders = {route: RecordingSender(MAX_BYTES[route]) for route in routes}
    made = Parts(
        settings,
        database,
        cast(Waker, RecordingWaker()),
        senders,
        cast(PictureFetcher, RecordingFetcher()),
        taxonomy(),
        bootstrap.rules(settings),
    )
    return made, senders
