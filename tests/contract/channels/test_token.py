"""The access_token: fetched once however many ask, shared where Redis is, never in the way of sending."""

from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot import shared_token
from bot.access_token import TokenManager
from bot.app_channel.client import AppIssuer
from bot.http_client import Bounds
from bot.platform_api import PlatformApi
from domain.clock import MachineTime
from domain.errors import SendError
from tests.contract.channels.sealing import APP
from tests.contract.channels.stand_in import Asked, Reply, StandIn, says

GETTOKEN = "/cgi-bin/gettoken"
QUICK = Bounds(connect=0.5, read=0.5, total=1, size=10_000)


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def __call__(self) -> MachineTime:
        return MachineTime(self.time)


class Mint:
    """Hands out token-1, token-2, … slowly, as a real gettoken does."""

    def __init__(self, platform: StandIn, expires_in: int = 7200) -> None:
        self.made = 0
        self.expires_in = expires_in
        self._lock = threading.Lock()
        platform.answers[GETTOKEN] = self.answer

    def answer(self, asked: Asked) -> Reply:
        assert asked.query == {"corpid": APP.corp_id, "corpsecret": APP.secret}
        with self._lock:
            self.made += 1
            made = self.made
        time.sleep(0.05)
        return says(0, access_token=f"token-{made}", expires_in=self.expires_in)


def manager(platform: StandIn, redis: Redis | None = None, now: Clock | None = None) -> TokenManager:
    return TokenManager(AppIssuer(APP, PlatformApi(platform.base, QUICK)), redis, now or Clock())


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        pytest.skip("no redis-server or valkey-server on this machine")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "redis.sock")
        options = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
        process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
        client = Redis(unix_socket_path=path, socket_timeout=1)
        try:
            _wait_for(client)
            yield client
        finally:
            client.close()
            process.terminate()
            process.wait(10)


def _wait_for(client: Redis) -> None:
    for _ in range(200):
        try:
            client.ping()
        except RedisError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("redis did not start")


def test_it_is_fetched_once_and_kept(platform: StandIn) -> None:
    mint, tokens = Mint(platform), manager(platform)
    assert [tokens.token() for _ in range(3)] == ["token-1"] * 3
    assert mint.made == 1


def test_threads_that_ask_together_cause_one_gettoken(platform: StandIn) -> None:
    mint, tokens = Mint(platform), manager(platform)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: tokens.token(), range(16))) == {"token-1"}
        assert set(pool.map(lambda _: tokens.instead_of("token-1"), range(16))) == {"token-2"}
    assert mint.made == 2


@pytest.mark.parametrize(("expires_in", "kept_s"), [(7200, 6900), (600, 540), (10, 9)])
def test_it_is_given_up_before_its_time(platform: StandIn, expires_in: int, kept_s: int) -> None:
    mint, now = Mint(platform, expires_in), Clock()
    tokens = manager(platform, now=now)
    tokens.token()
    now.time += timedelta(seconds=kept_s - 0.5)
    assert tokens.token() == "token-1"
    now.time += timedelta(seconds=1)
    assert tokens.token() == "token-2"
    assert mint.made == 2


BAD = [
    (says(40001, "invalid credential"), True, 40001),
    (says(40013, "invalid corpid"), True, 40013),
    (says(60020, "not allow to access from your ip"), True, 60020),
    (says(45009, "freq"), False, 45009),
    (Reply(status=503), False, 503),
    (Reply(b"<html>"), False, None),
    (says(0), False, None),
    (says(0, access_token="", expires_in=7200), False, None),
    (says(0, access_token=["x"], expires_in=7200), False, None),
    (says(0, access_token="x", expires_in="soon"), False, None),
    (says(0, access_token="x", expires_in=0), False, None),
]


@pytest.mark.parametrize(("answer", "permanent", "code"), BAD)
def test_no_token_is_never_uncertain(
    platform: StandIn, answer: Reply, permanent: bool, code: int | None
) -> None:
    platform.answers[GETTOKEN] = answer
    with pytest.raises(SendError) as caught:
        manager(platform).token()
    assert (caught.value.permanent, caught.value.uncertain, caught.value.code) == (permanent, False, code)


def test_a_failure_is_not_remembered(platform: StandIn) -> None:
    platform.answers[GETTOKEN] = Reply(status=503)
    tokens = manager(platform)
    with pytest.raises(SendError):
        tokens.token()
    Mint(platform)
    assert tokens.token() == "token-1"


def test_secrets_are_in_no_log(platform: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Mint(platform)
    tokens = manager(platform, dead_redis())
    tokens.token()
    tokens.instead_of("token-1")
    assert "access_token is not shared" in caplog.text
    assert "token-" not in caplog.text
    assert APP.secret not in caplog.text + repr(vars(tokens)["_own"])


def dead_redis() -> Redis:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        return Redis(port=port, socket_timeout=0.3, socket_connect_timeout=0.3, retry=Retry(NoBackoff(), 0))


def test_sending_goes_on_without_redis(platform: StandIn) -> None:
    mint, tokens = Mint(platform), manager(platform, dead_redis())
    assert tokens.token() == tokens.token() == "token-1"
    assert tokens.instead_of("token-1") == "token-2"
    assert mint.made == 2


def names(redis: Redis) -> list[str]:
    return [name.decode() if isinstance(name, bytes) else str(name) for name in redis.scan_iter()]


def test_processes_share_it(platform: StandIn, redis: Redis) -> None:
    mint, now = Mint(platform), Clock()
    one, other = manager(platform, redis, now), manager(platform, redis, now)
    assert one.token() == other.token() == "token-1"
    assert one.instead_of("token-1") == "token-2"
    assert other.instead_of("token-1") == "token-2"
    assert mint.made == 2
    [name] = names(redis)
    assert 0 < redis.pttl(name) <= 6_900_000
    assert APP.secret not in name


def test_processes_that_ask_together_cause_one_gettoken(platform: StandIn, redis: Redis) -> None:
    mint = Mint(platform)
    managers = [manager(platform, redis) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda tokens: tokens.token(), managers)) == {"token-1"}
    assert mint.made == 1
    assert [name for name in names(redis) if name.endswith(":lock")] == []


def test_a_flushed_redis_is_no_loss(platform: StandIn, redis: Redis) -> None:
    mint, tokens = Mint(platform), manager(platform, redis)
    tokens.token()
    redis.flushall()
    assert tokens.token() == "token-1"
    assert manager(platform, redis).token() == "token-2"
    assert mint.made == 2


def test_a_hanging_holder_of_the_lock_is_outwaited(
    platform: StandIn, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_token, "LOCK_PATIENCE_S", 0.3)
    Mint(platform)
    tokens = manager(platform, redis)
    redis.set(f"{vars(vars(tokens)['_shared'])['_name']}:lock", "someone else")
    assert tokens.token() == "token-1"


def test_another_app_does_not_find_it(platform: StandIn, redis: Redis) -> None:
    mint = Mint(platform)
    manager(platform, redis).token()
    api = PlatformApi(platform.base, QUICK)
    assert TokenManager(AppIssuer(replace(APP, agent_id=7), api), redis, Clock()).token() == "token-2"
    assert mint.made == 2


def test_a_client_that_decodes_is_understood(platform: StandIn, redis: Redis) -> None:
    mint = Mint(platform)
    decoding = Redis(unix_socket_path=redis.connection_pool.connection_kwargs["path"], decode_responses=True)
    manager(platform, decoding).token()
    assert manager(platform, decoding).token() == "token-1"
    assert mint.made == 1
    decoding.close()
