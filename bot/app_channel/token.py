"""The app's access_token: one for all processes, fetched once however many ask at the same time.

It lies in Redis, so that processes share it, and in memory, so that sending goes on while Redis is away.
The vendor limits gettoken and may void an old token when a new one is fetched: refreshing in several places
at once is how tokens get lost.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from redis import Redis, RedisError
from redis.exceptions import LockError

from bot.platform_api import PlatformApi
from config import AppSettings
from domain.clock import MachineTime
from domain.errors import SendError

log = logging.getLogger(__name__)

MARGIN = timedelta(minutes=5)
"""Given up this long before its time, or a tenth of its life if that is shorter."""
LOCK_LIFE_S = 20
LOCK_PATIENCE_S = 10
"""Longer than one gettoken takes at most; after it we fetch for ourselves."""


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    text: str
    good_until: MachineTime


class TokenManager:
    """Safe for many threads and processes. ``redis`` must have short timeouts; None: this process only."""

    def __init__(
        self, settings: AppSettings, api: PlatformApi, redis: Redis | None, now: Callable[[], MachineTime]
    ) -> None:
        self._settings = settings
        self._api = api
        self._redis = redis
        self._now = now
        self._lock = threading.Lock()
        self._own: _Token | None = None
        # another secret or another platform must not find this app's token
        identity = "|".join((api.base, settings.corp_id, str(settings.agent_id), settings.secret))
        self._name = f"luguanjia:access-token:{hashlib.sha256(identity.encode()).hexdigest()[:24]}"

    def token(self) -> str:
        """A token to use. Raises ``SendError``, never uncertain: nothing was sent yet."""
        own = self._own
        return own.text if own and own.good_until > self._now() else self._find("")

    def instead_of(self, refused: str) -> str:
        """Another token, because the platform refused this one: whoever comes first fetches it."""
        return self._find(refused)

    def _find(self, refused: str) -> str:
        with self._lock:
            if found := self._known(refused):
                return found
            with self._one_process():
                return self._shared(refused) or self._fetch()

    def _known(self, refused: str) -> str | None:
        own = self._own
        if own and own.text != refused and own.good_until > self._now():
            return own.text
        return self._shared(refused)

    def _shared(self, refused: str) -> str | None:
        """What another process left in Redis; kept in memory for the rest of its life there."""
        if self._redis is None:
            return None
        try:
            text, left_ms = self._redis.get(self._name), self._redis.pttl(self._name)
        except RedisError as error:
            log.warning("access_token: redis unavailable (%s)", type(error).__name__)
            return None
        shared = text.decode() if isinstance(text, bytes) else text
        if not isinstance(shared, str) or shared == refused or not isinstance(left_ms, int) or left_ms <= 0:
            return None
        self._own = _Token(shared, MachineTime(self._now() + timedelta(milliseconds=left_ms)))
        return shared

    def _fetch(self) -> str:
        secrets = {"corpid": self._settings.corp_id, "corpsecret": self._settings.secret}
        try:
            answer = self._api.get("gettoken", secrets)
        except SendError as error:
            raise SendError(f"gettoken: {error.reason}", permanent=error.permanent, code=error.code) from None
        if answer.code:
            raise answer.error()
        text, seconds = answer.body.get("access_token"), answer.body.get("expires_in")
        if not isinstance(text, str) or not text or not isinstance(seconds, int) or seconds <= 0:
            raise SendError("gettoken: the answer has no token", permanent=False)
        life = timedelta(seconds=min(seconds, 86_400))
        life -= min(MARGIN, life / 10)
        self._own = _Token(text, MachineTime(self._now() + life))
        self._share(text, life)
        return text

    def _share(self, text: str, life: timedelta) -> None:
        if self._redis is None:
            return
        try:
            self._redis.set(self._name, text, px=max(int(life.total_seconds() * 1000), 1))
        except RedisError as error:
            log.warning("access_token: redis unavailable (%s)", type(error).__name__)

    @contextmanager
    def _one_process(self) -> Iterator[None]:
        """Holds the lock of all processes; goes on without it when Redis is away or its holder hangs."""
        lock = None
        if self._redis is not None:
            lock = self._redis.lock(
                f"{self._name}:lock",
                timeout=LOCK_LIFE_S,
                blocking_timeout=LOCK_PATIENCE_S,
                thread_local=False,
            )
            try:
                lock = lock if lock.acquire() else None
            except RedisError:
                lock = None
        try:
            yield
        finally:
            if lock is not None:
                try:
                    lock.release()
                except (LockError, RedisError):
                    log.warning("access_token: lock was gone before its release")
