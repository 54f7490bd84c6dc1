"""Calls to the platform's API: an answer with its errcode, or one ``SendError``.

An error of the platform comes as HTTP 200 with an errcode; HTTP errors come from gateways between.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus, urlsplit

from bot.error_codes import ADVICE, EMPTY, TEMPORARY, TOO_LONG
from bot.http_client import Bounds, FilePart, HttpAnswer, HttpClient, TransportFault
from config import is_loopback
from domain.errors import SendError

_LATER_STATUSES = frozenset({408, 425, 429})
_LOST_STATUSES = frozenset({502, 504})
"""A gateway gave up waiting: what stands behind it may have acted."""
_LONGEST_MESSAGE = 160
UPLOAD_BOUNDS = Bounds(read=20, total=30)
"""A file of 20 MB takes its time; it ends before the row's lease does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said. ``code`` 0 is success. ``message`` holds none of the secrets we sent."""

    code: int
    message: str
    body: Mapping[str, object] = field(default_factory=dict)

    def error(self, *, already_delivered: bool = False) -> SendError:
        """The refusal as the outbox understands it."""
        advice = ADVICE.get(self.code, "平台拒绝")
        return SendError(
            f"{advice}:{self.message}" if self.message else advice,
            permanent=self.code not in TEMPORARY,
            code=self.code,
            retry_after=TEMPORARY.get(self.code),
            already_delivered=already_delivered,
        )


class PlatformApi:
    """The platform at ``api_base``; safe for many threads. Every call raises ``SendError`` when no readable
    answer came, ``uncertain`` if the platform may have acted nevertheless. ``terse``: whether an answer
    without errcode is a success (api.weixin.qq.com)."""

    def __init__(self, api_base: str, bounds: Bounds | None = None, *, terse: bool = False) -> None:
        self.base = api_base
        self._terse = terse
        proxies = not is_loopback(api_base)
        self._http = HttpClient(bounds or Bounds(), proxies=proxies)
        self._uploads = HttpClient(bounds or UPLOAD_BOUNDS, proxies=proxies)

    def get(self, path: str, secrets: Mapping[str, str]) -> Answer:
        """GET ``/cgi-bin/<path>``; all query parameters are treated as secrets."""
        try:
            answer = self._http.get(f"{self.base}/cgi-bin/{path}", secrets)
        except TransportFault as fault:
            raise unanswered(fault) from None
        return read_answer(answer, secrets.values(), terse=self._terse)

    def post(self, path: str, secrets: Mapping[str, str], document: Mapping[str, object]) -> Answer:
        """POST JSON to ``/cgi-bin/<path>``; all query parameters are treated as secrets."""
        return self._post(f"{self.base}/cgi-bin/{path}", secrets, document)

    def post_to(self, address: str, document: Mapping[str, object]) -> Answer:
        """POST JSON to a full address, which the caller has checked and whose query is secret."""
        return self._post(address, {}, document)

    def upload(self, path: str, secrets: Mapping[str, str], file: FilePart) -> Answer:
        """POST a file to ``/cgi-bin/<path>``; all query parameters are treated as secrets."""
        try:
            answer = self._uploads.post_file(f"{self.base}/cgi-bin/{path}", secrets, file)
        except TransportFault as fault:
            # an upload alone shows nobody anything, so that trying again does no harm
            raise SendError(fault.reason, permanent=False) from None
        return read_answer(answer, secrets.values(), terse=self._terse)

    def _post(self, url: str, secrets: Mapping[str, str], document: Mapping[str, object]) -> Answer:
        hidden = [*secrets.values(), *_query_values(url)]
        try:
            answer = self._http.post_json(url, secrets, document)
        except TransportFault as fault:
            raise unanswered(fault) from None
        return read_answer(answer, hidden, terse=self._terse)


def unanswered(fault: TransportFault) -> SendError:
    """Nothing readable came back."""
    return SendError(fault.reason, permanent=False, uncertain=fault.arrived)


def read_answer(answer: HttpAnswer, secrets: Iterable[str], *, terse: bool = False) -> Answer:
    """The platform's JSON. Raises ``SendError`` for an HTTP error or an answer that cannot be read.
    ``terse``: see ``PlatformApi``."""
    if answer.status != 200:
        raise _http_error(answer.status)
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    code = body.get("errcode", 0 if terse and body else None) if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(code, int) or isinstance(code, bool):
        raise SendError("the platform's answer cannot be read", permanent=False, uncertain=True)
    return Answer(code, _without(secrets, str(body.get("errmsg", ""))), body)


def media_id_of(answer: Answer) -> str:
    """The id of what was uploaded. Raises ``SendError`` for a refusal."""
    if answer.code:
        raise answer.error()
    media_id = answer.body.get("media_id")
    if not isinstance(media_id, str) or not media_id:
        raise SendError("the platform's answer holds no media_id", permanent=False)
    return media_id


def checked_text(text: str, max_bytes: int) -> str:
    """``text``, if the platform would take it; spares a call that counts against the sending budget."""
    size = len(text.encode("utf-8", "replace"))
    if size > max_bytes:
        raise Answer(TOO_LONG, f"{size} bytes, at most {max_bytes}").error()
    if not text.strip():
        raise Answer(EMPTY, "").error()
    return text


def _http_error(status: int) -> SendError:
    final = 400 <= status < 500 and status not in _LATER_STATUSES
    wait = 60.0 if status == 429 else None
    lost = status in _LOST_STATUSES
    return SendError(f"HTTP {status}", permanent=final, code=status, uncertain=lost, retry_after=wait)


def _query_values(url: str) -> list[str]:
    """As they stand in the address and as they are meant."""
    raw = [pair.partition("=")[2] for pair in urlsplit(url).query.split("&")]
    return [*raw, *(unquote_plus(value) for value in raw)]


def _without(secrets: Iterable[str], message: str) -> str:
    for secret in secrets:
        for form in (secret, quote(secret, safe="")):
            message = message.replace(form, "***") if form else message
    return "".join(letter if letter.isprintable() else " " for letter in message[:_LONGEST_MESSAGE])
