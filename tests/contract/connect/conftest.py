"""The robot's client against the sandbox's side of the long connection, in one process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.aibot_connect.connection import Connection, Pace
from bot.aibot_connect.frames import Frame
from bot.aibot_connect.link import Link
from config import ConnectSettings
from domain.errors import Disconnected
from sandbox.callbacks.dispatch import Dispatcher
from sandbox.control import acting
from sandbox.limits import Limits
from sandbox.server import start
from sandbox.settings import read_settings
from sandbox.world import World, build_world
from tests.contract.sandbox.conftest import Moment
from tests.contract.sandbox.fake_bot import ROSTER
from tests.fleet.net import wait_until

QUICK = Pace(open=2, close=0.5, ping=0.2, dead=0.6, answer=0.5)
ENVIRON = {
    "SANDBOX_PORT": "0",
    "SANDBOX_WS_PORT": "0",
    "AIBOT_MODE": "connect",
    "BOT_URL": "http://127.0.0.1:1",
}
GROUP, PERSON = "wr-yiminlu", "shop-yiminlu-2"


@dataclass
class Platform:
    """The sandbox with a clock that a test moves."""

    world: World
    now: Moment
    dispatcher: Dispatcher = field(init=False)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(self.world)

    @property
    def settings(self) -> ConnectSettings:
        return ConnectSettings(self.world.settings.bot_id, self.world.ws_url, self.world.settings.bot_secret)

    def say(self, text: str = "门口有人乱停车", *, alone: bool = False, **fields: Any) -> dict[str, Any]:
        where = {} if alone else {"chat_id": GROUP, "mention": True}
        said = {"person": PERSON, "text": text, **where, **fields}
        return acting.say_it(self.world, self.dispatcher, said)

    def press(self, card: str, key: str) -> dict[str, Any]:
        return acting.press_it(self.world, self.dispatcher, {"message": card, "key": key})

    def disturb(self, action: str) -> None:
        acting.disturb_connection(self.world, {"action": action})

    def texts(self, chat: str = GROUP) -> list[str]:
        entries = self.world.transcript.since(0)
        return [entry.text for entry in entries if entry.chat == chat and entry.sender == "robot"]

    def asked(self, command: str) -> list[dict[str, Any]]:
        return [call for call in self.world.calls.since(0) if call["path"] == command]


@dataclass
class Robot:
    """A connection with a thread that reads it, as the process does."""

    connection: Connection
    link: Link
    frames: list[Frame] = field(default_factory=list)
    end: Disconnected | None = None

    def read(self) -> None:
        try:
            while True:
                self.frames += self.connection.receive(100)
        except Disconnected as error:
            self.end = error

    def frame(self, number: int = 1) -> Frame:
        """The newest of so many frames."""
        wait_until(lambda: len(self.frames) >= number, 3, f"{number} frames")
        return self.frames[number - 1]

    def ended(self) -> Disconnected:
        found: Disconnected = wait_until(lambda: self.end, 5, "the connection's end")
        return found


@contextmanager
def connected(platform: Platform, pace: Pace = QUICK) -> Iterator[Robot]:
    """A robot that is subscribed for the length of the block."""
    link = Link()
    with Connection(platform.settings, pace) as connection:
        link.connection = connection
        robot = Robot(connection, link)
        thread = threading.Thread(target=robot.read)
        thread.start()
        yield robot
        connection.end()
        thread.join()


@pytest.fixture
def limits() -> Limits:
    return replace(Limits(), callback_timeout=0.5, retry_pause=0.0)


@pytest.fixture
def platform(limits: Limits) -> Iterator[Platform]:
    now = Moment()
    world = build_world(read_settings(ENVIRON), limits, now)
    running = start(world, poll=0.01)
    world.roster.push(ROSTER)
    yield Platform(world, now)
    running.stop()


@pytest.fixture
def robot(platform: Platform) -> Iterator[Robot]:
    with connected(platform) as robot:
        yield robot
