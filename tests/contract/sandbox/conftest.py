"""A sandbox on a free port with a clock a test can move, and a fake bot for it to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests

from sandbox.limits import Limits
from sandbox.server import start
from sandbox.settings import DEFAULTS, read_settings
from sandbox.world import World, build_world
from tests.contract.sandbox.fake_bot import ROSTER, FakeBot, start_fake_bot


@dataclass
class Moment:
    """Unix seconds that only a test moves."""

    seconds: float = 1_795_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass(frozen=True)
class Sandbox:
    """The sandbox over HTTP, as the bot and the page see it."""

    world: World
    now: Moment

    def url(self, path: str) -> str:
        return self.world.base_url + path

    def post(self, path: str, body: Any, **query: str) -> Any:
        return requests.post(self.url(path), json=body, params=query, timeout=20).json()

    def get(self, path: str, **query: str) -> Any:
        return requests.get(self.url(path), params=query, timeout=20).json()

    def say(self, text: str = "门口有人乱停车", **fields: Any) -> Any:
        given = {"person": "shop-yiminlu-2", "chat_id": "wr-yiminlu", "mention": True, "text": text, **fields}
        return self.post("/sandbox-api/say", given)

    def messages(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/sandbox-api/transcript", **query)["messages"]
        return found

    def calls(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/sandbox-api/calls", **query)["calls"]
        return found

    def token(self) -> str:
        query = {"corpid": DEFAULTS["WECOM_CORP_ID"], "corpsecret": DEFAULTS["WECOM_APP_SECRET"]}
        return str(self.get("/cgi-bin/gettoken", **query)["access_token"])

    def app_send(self, body: dict[str, Any], token: str | None = None) -> Any:
        filled = {"touser": "chief3-yiminlu", "agentid": int(DEFAULTS["WECOM_AGENT_ID"]), **body}
        return self.post("/cgi-bin/message/send", filled, access_token=token or self.token())

    def push(self, body: Any, key: str = "key-yiminlu") -> Any:
        return self.post("/cgi-bin/webhook/send", body, key=key)


@pytest.fixture
def bot() -> Iterator[FakeBot]:
    bot = FakeBot()
    server = start_fake_bot(bot)
    yield bot
    server.shutdown()
    server.server_close()


@pytest.fixture
def limits() -> Limits:
    """The real ones, but impatient: a test must not wait for seconds."""
    return replace(Limits(), callback_timeout=0.3, retry_pause=0.0, reorder_hold=0.3)


@pytest.fixture
def sandbox(bot: FakeBot, limits: Limits) -> Iterator[Sandbox]:
    now = Moment()
    world = build_world(read_settings({"SANDBOX_PORT": "0", "BOT_URL": bot.url}), limits, now)
    running = start(world, poll=0.01)
    world.roster.push(ROSTER)
    yield Sandbox(world, now)
    running.stop()


TEXT = {"msgtype": "text", "text": {"content": "您好"}}
