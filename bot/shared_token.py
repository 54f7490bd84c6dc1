"""Where processes share one access_token: Redis, as long as it answers."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from redis import Redis, RedisError
from redis.lock import Lock

log = logging.getLogger(__name__)

LOCK_LIFE_S = 20
LOCK_PATIENCE_S = 10
"""Longer than one gettoken takes at most; after it we fetch for ourselves."""
SILENCE_S = 5
"""After a failure Redis is left alone for this long, so that a dead one costs one time-out and not four."""


class SharedToken:
    """No method raises: without Redis (None, or away) there just is nothing shared."""

    def __init__(self, redis: Redis | None, name: str) -> None:
        self._redis = redis
        self._name = name
        self._silent_until = 0.0

    def read(self) -> tuple[str, timedelta] | None:
        """The token and how long it may be used, if there is one."""
        redis = self._reachable()
        if redis is None:
            return None
        try:
            text, left_ms = redis.get(self._name), redis.pttl(self._name)
        except RedisError as error:
            self._fell_silent(error)
            return None
        shared = text.decode() if isinstance(text, bytes) else text
        if not isinstance(shared, str) or not isinstance(left_ms, int) or left_ms <= 0:
            return None
        return shared, timedelta(milliseconds=left_ms)

    def write(self, text: str, life: timedelta) -> None:
        """Leave a token for the others for as long as it may be used."""
        redis = self._reachable()
        if redis is None:
            return
        try:
            redis.set(self._name, text, px=max(int(life.total_seconds() * 1000), 1))
        except RedisError as error:
            self._fell_silent(error)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the lock of all processes, if it can be had in reasonable time."""
        lock = self._acquired()
        try:
            yield
        finally:
            if lock is not None:
                self._release(lock)

    def _acquired(self) -> Lock | None:
        redis = self._reachable()
        if redis is None:
            return None
        lock = redis.lock(
            f"{self._name}:lock", LOCK_LIFE_S, blocking_timeout=LOCK_PATIENCE_S, thread_local=False
        )
        try:
            return lock if lock.acquire() else None
        except RedisError as error:
            self._fell_silent(error)
            return None

    def _release(self, lock: Lock) -> None:
        try:
            lock.release()
        except RedisError as error:  # it expired meanwhile, or Redis went away; its life is limited
            self._fell_silent(error)

    def _reachable(self) -> Redis | None:
        return self._redis if time.monotonic() >= self._silent_until else None

    def _fell_silent(self, error: RedisError) -> None:
        log.warning("access_token is not shared: redis %s", type(error).__name__)
        self._silent_until = time.monotonic() + SILENCE_S
