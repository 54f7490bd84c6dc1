"""The keeper of the robot's connection, in our own process, against the sandbox.

Whatever befalls the connection, every message is kept once and in order, and what is to be said leaves when
it can.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select, update

import config
from bot.aibot_connect.connection import Pace
from bot.aibot_connect.frames import Frame
from bot.aibot_connect.link import Link
from bot.aibot_connect.receive import Receiver
from bot.wake import Waker
from domain.clock import MachineTime
from domain.errors import InboxFull, StoreUnavailable
from domain.messages import IncomingMessage
from domain.outgoing import Address, Draft, Purpose
from sandbox.faults import Fault
from sandbox.limits import Limits
from sandbox.server import start
from sandbox.settings import read_settings
from sandbox.world import build_world
from store import leases, outbox, spoken
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from store.database import Database
from store.tables import inbox
from store.tables import leases as lease_rows
from store.tables import outbox as outbox_rows
from tests.contract.connect.conftest import ENVIRON, GROUP, PERSON, Platform
from tests.contract.sandbox.fake_bot import ROSTER
from tests.fleet.net import wait_until
from tests.integration.builders import draft
from tests.integration.world import RecordingWaker, put_roster_in_force
from workers import bootstrap, connect, intake, stopping
from workers.intake import Intake

QUICK = Pace(open=2, close=0.5, ping=0.1, dead=0.5, answer=1)


@dataclass
class Now:
    """The real time: the keeper lives by it."""

    def __call__(self) -> float:
        return bootstrap.machine_now().timestamp()


@pytest.fixture
def platform() -> Iterator[Platform]:
    now = Now()
    world = build_world(read_settings(ENVIRON), replace(Limits(), callback_timeout=0.5), now)
    running = start(world, poll=0.01)
    world.roster.push(ROSTER)
    yield Platform(world, cast(Any, now))
    running.stop()


@dataclass
class Pauses:
    """Short ones; what was asked for them."""

    seconds: float
    unwanted: list[bool] = field(default_factory=list)

    def __call__(self, failures: int, *, unwanted: bool) -> float:
        assert failures >= 0
        self.unwanted.append(unwanted)
        return self.seconds


@dataclass
class Office:
    """A keeper at work on one database."""

    database: Database
    platform: Platform
    folder: Path

    def settings(self, **changes: str) -> config.Settings:
        own = self.platform.settings
        return config.load(
            {
                "DATABASE_URL": self.database.url,
                "MEDIA_DIR": str(self.folder),
                "AIBOT_MODE": "connect",
                "WECOM_API_BASE": self.platform.world.base_url,
                "WECOM_WS_URL": own.url,
                "WECOM_BOT_ID": own.bot_id,
                "WECOM_BOT_SECRET": own.secret,
                **changes,
            }
        )

    @contextmanager
    def keeper(self, **changes: str) -> Iterator[None]:
        """At work for the length of the block."""
        settings = self.settings(**changes)
        assert settings.connect is not None
        link = Link()
        parts = replace(bootstrap.build_connected(settings, link), waker=cast(Waker, RecordingWaker()))
        thread = threading.Thread(target=connect.Keeper(parts, settings.connect, QUICK, link).run)
        thread.start()
        try:
            yield
        finally:
            stopping.stop()
            thread.join()
            stopping.go_on()
            parts.database.close()

    def texts(self) -> list[str]:
        """What was kept, in the order of the inbox."""
        with self.database.read() as connection:
            documents = connection.execute(select(inbox.c.document).order_by(inbox.c.id)).scalars().all()
        return [IncomingMessage.from_json(document).text for document in documents]

    def kept(self, count: int) -> list[str]:
        wait_until(lambda: len(self.texts()) >= count, 15, f"{count} messages are kept")
        return self.texts()

    def say_out(self, *drafts: Draft) -> None:
        with self.database.write() as connection:
            outbox.add(connection, drafts, bootstrap.machine_now())

    def sent(self) -> list[tuple[str, str, int]]:
        with self.database.read() as connection:
            columns = (outbox_rows.c.text, outbox_rows.c.state, outbox_rows.c.attempts)
            return [tuple(row) for row in connection.execute(select(*columns).order_by(outbox_rows.c.id))]

    def connected(self) -> None:
        wait_until(lambda: self.platform.world.hub.session, 10, "somebody is connected")

    def disturbed(self, action: str) -> None:
        """Something befalls the connection; the next one is there."""
        hub = self.platform.world.hub
        before = hub.session
        self.platform.disturb(action)
        wait_until(lambda: hub.session not in {None, before}, 10, f"a connection after {action}")

    def state(self) -> str:
        with self.database.read() as connection:
            seen = leases.seen(connection, self.settings().connect.lease)  # type: ignore[union-attr]
        return seen.state if seen else ""


@pytest.fixture
def office(database: Database, platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(connect, "pause_s", Pauses(0.05))
    monkeypatch.setattr(connect, "STAND_BY_S", 0.1)
    put_roster_in_force(database)
    return Office(database, platform, tmp_path)


def test_messages_are_kept_once_and_in_order_whatever_befalls_the_connection(office: Office) -> None:
    words = [f"{number}号门口" for number in range(120)]
    with office.keeper():
        office.connected()
        for number, word in enumerate(words):
            office.platform.say(word, copies=2 if number % 7 == 0 else 1)
            if number % 20 == 10:
                office.disturbed(("drop", "close", "freeze")[number // 20 % 3])
        kept = office.kept(len(words))
    assert kept == words, "in the order in which they were said, none twice"
    assert office.platform.world.hub.joined >= 6


def test_a_half_open_connection_is_noticed_and_replaced(office: Office) -> None:
    with office.keeper():
        office.connected()
        office.platform.disturb("freeze")
        office.platform.say("没有人听见的话")
        assert office.kept(1) == ["没有人听见的话"]


def test_who_is_kicked_waits_before_he_comes_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = Pauses(0.3)
    monkeypatch.setattr(connect, "pause_s", pauses)
    with office.keeper():
        office.connected()
        office.platform.disturb("kick")
        wait_until(lambda: office.state().startswith("kicked"), 5, "it is said that somebody else connected")
        office.connected()
        wait_until(lambda: office.state() == "connected", 5, "it is said that all is well")
    assert pauses.unwanted == [True]


def test_a_wrong_secret_is_said_and_not_tried_in_haste(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = Pauses(30)
    monkeypatch.setattr(connect, "pause_s", pauses)
    with office.keeper(WECOM_BOT_SECRET="wrong"):
        wait_until(lambda: office.state().startswith("refused"), 5, "it is said that the secret is wrong")
    assert office.state() == "refused:invalid credential (code 40001)"
    assert pauses.unwanted == [True]


def test_who_lost_the_lease_closes_its_socket(office: Office) -> None:
    with office.keeper():
        office.connected()
        with office.database.write() as connection:
            until = MachineTime(bootstrap.machine_now() + leases.LEASE)
            values = {"fence": lease_rows.c.fence + 1, "holder": "somebody else", "until": until}
            connection.execute(update(lease_rows).values(**values))
        wait_until(lambda: office.platform.world.hub.session is None, 6, "the connection is closed")
        assert office.platform.world.hub.joined == 1, "and stays closed while the other holds the lease"


def test_two_keepers_do_not_kick_each_other(office: Office) -> None:
    with office.keeper():
        office.connected()
        second = threading.Event()
        assert office.settings().connect is not None
        with office.keeper():
            second.wait(0.5)
            office.platform.say("只收一次")
            assert office.kept(1) == ["只收一次"]
            assert (office.platform.world.hub.joined, office.platform.world.hub.kicked) == (1, 0)


def test_what_is_to_be_said_leaves_when_there_is_a_connection(office: Office) -> None:
    with office.database.write() as connection:
        spoken.note(connection, {GROUP})
    office.platform.world.spoken.add(GROUP)
    office.say_out(draft(GROUP, "提醒一", route="chat"), draft(GROUP, "不归它发", route="webhook"))
    with office.keeper():
        wait_until(lambda: office.platform.texts() == ["提醒一"], 5, "the push is shown")
        office.platform.world.faults.set(Fault("connect_send", errcode=846607, count=1))
        office.say_out(draft(GROUP, "提醒二", route="chat"))
        wait_until(lambda: office.sent()[2][2] == 1, 5, "the push was tried")
    assert office.sent()[:2] == [("提醒一", "sent", 1), ("不归它发", "waiting", 0)]
    assert office.sent()[2] == ("提醒二", "waiting", 1)
    assert office.platform.texts() == ["提醒一"]


def test_an_answer_goes_back_by_its_frame(office: Office) -> None:
    with office.keeper():
        office.connected()
        office.platform.say("28号门口又堵了")
        office.kept(1)
        with office.database.read() as connection:
            document = connection.execute(select(inbox.c.document)).scalar_one()
        frame = document.partition('"reply_to":"')[2].partition('"')[0]
        office.platform.world.faults.set(Fault("connect_send", lose_answer=True, count=1))
        answer = draft(
            frame, "#1 已受理", route="respond", purpose=Purpose.ANSWER, payer=Address("chat", GROUP)
        )
        office.say_out(replace(answer, fallback=Address("chat", GROUP)))
        wait_until(lambda: office.sent()[0][1] == "sent", 10, "the answer is settled")
    assert office.platform.texts() == ["#1 已受理"], "its result was lost, and it stands there once"
    assert [row[1:] for row in office.sent()] == [("sent", 2)]


# --- from frames to the inbox ------------------------------------------------------------------------------


def frames(*words: str) -> list[Frame]:
    def body(word: str) -> dict[str, object]:
        return {
            "msgid": word,
            "aibotid": "aib",
            "chattype": "single",
            "from": {"userid": PERSON},
            "msgtype": "text",
            "text": {"content": word},
        }

    return [Frame("aibot_msg_callback", f"r-{word}", body(word)) for word in words]


class Moody(Acceptor):
    """An acceptor whose database is away at first."""

    faults: list[Callable[[], Exception]]

    def _commit(self, batch: list[Arrival]) -> None:
        if self.faults:
            error = self.faults.pop(0)()
            for arrival in batch:
                arrival.error = error
            return
        super()._commit(batch)


def moody(database: Database, *faults: Exception) -> tuple[Intake, list[str]]:
    woken: list[str] = []
    acceptor = Moody(
        database, 1000, lambda new: woken.extend(each.message.text for each in new), sandbox=False
    )
    acceptor.faults = [lambda error=error: error for error in faults]  # type: ignore[misc]
    return Intake(Receiver([]), acceptor), woken


def test_frames_wait_for_the_database_and_are_kept_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AGAIN_S", 0.01)
    keeper, woken = moody(database, StoreUnavailable("away"), StoreUnavailable("away"), InboxFull("full"))
    keeper.keep(frames("一", "二", "三", "二"))
    keeper.keep(frames("三", "四"))
    assert woken == ["一", "二", "三", "四"]


def test_a_process_that_has_to_stop_does_not_wait_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(intake, "AGAIN_S", 0.01)
    monkeypatch.setattr(intake, "AT_THE_END_S", 0.05)
    keeper, woken = moody(database, *(StoreUnavailable("away") for _ in range(1000)))
    stopping.stop()
    keeper.keep(frames("一", "二"))
    stopping.go_on()
    assert woken == []
    assert "frames lost, the database stayed away count=2" in caplog.text


def test_a_frame_that_cannot_be_kept_takes_no_other_with_it(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    keeper, woken = moody(database)
    bad, good = frames("坏", "好")
    arrivals = [keeper._receiver.arrival(frame) for frame in (bad, good)]
    arrivals[0].message = replace(arrivals[0].message, dedupe_key=cast(str, None))
    assert keeper._not_kept(arrivals) == []
    assert [each.result for each in arrivals] == [None, Acceptance.NEW]
    assert woken == ["好"]
    assert "frame not kept" in caplog.text
