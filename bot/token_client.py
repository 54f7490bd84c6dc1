"""Calls in an account's name: with its access_token, renewed once when the platform refuses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from bot.access_token import TokenManager
from bot.http_client import FilePart
from bot.platform_api import Answer, PlatformApi

STALE = frozenset({40001, 40014, 42001})
"""On use, each of these means this token is no longer good (40001 on fetching means a wrong secret)."""


class Coded(Protocol):
    """Anything with the platform's errcode."""

    @property
    def code(self) -> int: ...


C = TypeVar("C", bound=Coded)


class TokenClient:
    """The platform's API for one account. Methods raise ``SendError`` when no readable answer came."""

    def __init__(self, api: PlatformApi, tokens: TokenManager) -> None:
        self.base = api.base
        self._api = api
        self._tokens = tokens

    def post(self, path: str, document: Mapping[str, object]) -> Answer:
        """POST JSON to ``/cgi-bin/<path>``."""
        return self.with_token(lambda token: self._api.post(path, {"access_token": token}, document))

    def upload(self, path: str, query: Mapping[str, str], file: FilePart) -> Answer:
        """POST a file to ``/cgi-bin/<path>``."""
        return self.with_token(lambda token: self._api.upload(path, {"access_token": token, **query}, file))

    def with_token(self, call: Callable[[str], C]) -> C:
        """The answer of ``call``, made a second time with a new token if the first was refused."""
        token = self._tokens.token()
        answer = call(token)
        return call(self._tokens.instead_of(token)) if answer.code in STALE else answer
