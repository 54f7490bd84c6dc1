"""An access_token: one for all processes, fetched once however many ask at the same time.

It lies in Redis, so that processes share it, and in memory, so that sending goes on while Redis is away.
The vendor limits how often it is fetched and may void an old token when a new one is: refreshing in several
places at once is how tokens get lost.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from redis import Redis

from bot.platform_api import Answer
from bot.shared_token import SharedToken
from domain.clock import MachineTime
from domain.errors import SendError

MARGIN = timedelta(minutes=5)
"""Given up this long before its time, or a tenth of its life if that is shorter."""
LONGEST_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    text: str
    good_until: MachineTime


class Issuer(Protocol):
    """Where a channel's tokens come from."""

    @property
    def identity(self) -> str:
        """Whose tokens they are: platform, account and secret. Kept as a hash only."""

    def issue(self, refused: str) -> Answer:
        """The platform's answer with a token that is not ``refused``. Raises ``SendError``."""


class TokenManager:
    """Safe for many threads and processes. ``redis`` should give up quickly (short timeouts, no retries);
    None: this process only."""

    def __init__(self, issuer: Issuer, redis: Redis | None, now: Callable[[], MachineTime]) -> None:
        self._issuer = issuer
        self._now = now
        self._lock = threading.Lock()
        self._own: _Token | None = None
        # another secret or another platform must not find this account's token
        name = f"luguanjia:access-token:{hashlib.sha256(issuer.identity.encode()).hexdigest()[:24]}"
        self._shared = SharedToken(redis, name)

    def token(self) -> str:
        """A token to use. Raises ``SendError``, never uncertain: nothing was sent yet."""
        return self._mine("") or self._find("")

    def instead_of(self, refused: str) -> str:
        """Another token, because the platform refused this one: whoever comes first fetches it."""
        return self._find(refused)

    def _find(self, refused: str) -> str:
        with self._lock:
            if found := self._mine(refused) or self._theirs(refused):
                return found
            with self._shared.alone():
                return self._theirs(refused) or self._fetch(refused)

    def _mine(self, refused: str) -> str | None:
        own = self._own
        return own.text if own and own.text != refused and own.good_until > self._now() else None

    def _theirs(self, refused: str) -> str | None:
        shared = self._shared.read()
        if shared is None or shared[0] == refused:
            return None
        return self._keep(*shared)

    def _keep(self, text: str, life: timedelta) -> str:
        self._own = _Token(text, MachineTime(self._now() + life))
        return text

    def _fetch(self, refused: str) -> str:
        try:
            answer = self._issuer.issue(refused)
        except SendError as error:
            raise SendError(f"gettoken: {error.reason}", permanent=error.permanent, code=error.code) from None
        if answer.code:
            raise answer.error()
        text, seconds = answer.body.get("access_token"), answer.body.get("expires_in")
        if not isinstance(text, str) or not text or not isinstance(seconds, int) or seconds <= 0:
            raise SendError("gettoken: the answer has no token", permanent=False)
        life = timedelta(seconds=min(seconds, LONGEST_LIFE.total_seconds()))
        life -= min(MARGIN, life / 10)
        self._shared.write(text, life)
        return self._keep(text, life)
