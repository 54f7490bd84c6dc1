"""The door for callbacks: POST and GET of ``/callback/<channel>``, straight on WSGI.

Everything else is Flask's. An acknowledgement passes here a thousand times a second, and the framework took
twice as long over it as verifying, decrypting and parsing together.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from bot import metrics
from bot.channel import Callback, Query
from domain.clock import MachineTime
from domain.errors import CallbackRefused, InboxFull, StoreUnavailable
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PREFIX: Final = "/callback/"
MAX_BODY: Final = 256 * 1024
MOST_PARAMETERS: Final = 32
Answer = tuple[str, str]
"""Status line and body."""

NOT_FOUND: Answer = ("404 Not Found", "not found")
NOT_ALLOWED: Answer = ("405 Method Not Allowed", "method not allowed")
FORBIDDEN: Answer = ("403 Forbidden", "forbidden")
TOO_LARGE: Answer = ("413 Content Too Large", "too large")
TRY_AGAIN: Answer = ("503 Service Unavailable", "try again")


class Door:
    """A WSGI application around another one, which gets whatever is not for a channel.

    ``callbacks``: the configured channels by the last part of their route.
    """

    def __init__(
        self, callbacks: Mapping[str, Callback], acceptor: Acceptor, inside: WSGIApplication
    ) -> None:
        self._callbacks = callbacks
        self._acceptor = acceptor
        self._inside = inside

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return self._inside(environ, start_response)
        began = time.perf_counter()
        status, text = self._answer(path.removeprefix(PREFIX), environ)
        metrics.took(time.perf_counter() - began)
        metrics.answered(status[:3])
        body = text.encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]

    def _answer(self, channel: str, environ: WSGIEnvironment) -> Answer:
        """Each way out is one line of the record. The web boundary: never a 500 for input."""
        callback = self._callbacks.get(channel)
        if callback is None:
            return NOT_FOUND
        try:
            handle = self._METHODS.get(environ["REQUEST_METHOD"])
            return handle(self, callback, environ) if handle else NOT_ALLOWED
        except CallbackRefused as refused:
            log.warning("callback refused channel=%s reason=%s", channel, refused.reason)
            metrics.callback(channel, "refused")
            return FORBIDDEN
        except (StoreUnavailable, InboxFull) as error:
            log.error("callback not stored channel=%s error=%s", channel, type(error).__name__)
        except Exception:
            log.exception("callback failed channel=%s", channel)
        metrics.callback(channel, "unavailable")
        return TRY_AGAIN

    def _verify(self, callback: Callback, environ: WSGIEnvironment) -> Answer:
        return "200 OK", callback.verify(_query(environ), MachineTime(datetime.now(UTC)))

    def _accept(self, callback: Callback, environ: WSGIEnvironment) -> Answer:
        """Open, store, commit, and only then acknowledge. An empty 200 means: no passive reply."""
        body = _body(environ)
        if body is None:
            return TOO_LARGE
        received = callback.receive(_query(environ), body, MachineTime(datetime.now(UTC)))
        message, envelope = received.message, received.envelope
        acceptance = self._acceptor.accept(Arrival(message, envelope.nonce, envelope.payload_hash))
        if acceptance is Acceptance.REPLAYED:
            raise CallbackRefused("nonce was used for another payload")
        metrics.callback(callback.name, acceptance.value)
        return "200 OK", ""

    _METHODS: Final[Mapping[str, Callable[[Door, Callback, WSGIEnvironment], Answer]]] = {
        "GET": _verify,
        "POST": _accept,
    }


def _query(environ: WSGIEnvironment) -> Query:
    """All values of each parameter, decoded once. Raises ``CallbackRefused`` for a flood of them."""
    try:
        return parse_qs(
            environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=MOST_PARAMETERS
        )
    except ValueError as error:
        raise CallbackRefused("too many query parameters") from error


def _body(environ: WSGIEnvironment) -> bytes | None:
    """The whole body; None if it is larger than any callback may be, whether it says so or not."""
    length: str = environ.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > MAX_BODY:
        return None
    body: bytes = environ["wsgi.input"].read(MAX_BODY + 1)
    return None if len(body) > MAX_BODY else body
