"""What the routes for other programs share: size, signature, a clear answer to each fault.

Not authentic: one same 403 without detail. Authentic but wrong: a status with a sentence of what to do.
Database away or inbox full: 503, to be sent again unchanged.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot import metrics, signing
from bot.signing import NONCE, Signed
from domain.clock import MachineTime
from domain.errors import CallbackRefused, InboxFull, LuguanjiaError, StoreUnavailable

log = logging.getLogger(__name__)


class Rejected(LuguanjiaError):
    """An authentic request that cannot be done as it is. ``problems``: everything wrong, at once."""

    def __init__(self, status: int, error: str, *problems: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.problems = problems


def routes(name: str) -> Blueprint:
    """An empty set of routes whose faults are answered as described above."""
    blueprint = Blueprint(name, __name__, url_prefix="/relay")
    blueprint.register_error_handler(CallbackRefused, lambda fault: _forbidden(name, fault))
    blueprint.register_error_handler(Rejected, lambda fault: _rejected(name, fault))
    for kind in (StoreUnavailable, InboxFull, OSError):
        blueprint.register_error_handler(kind, lambda fault: _try_again(name, fault))
    blueprint.register_error_handler(Exception, lambda fault: _unexpected(name, fault))
    return blueprint


def body(most: int, advice: str) -> bytes:
    """The whole body, as it stands on the wire, whatever type it claims. Raises ``Rejected`` with 413."""
    request.max_content_length = most
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Rejected(413, f"请求体超过 {most // 1024} KB。{advice}") from None


def authentic(secret: str, content: bytes, nonce_header: str = NONCE) -> str:
    """The nonce of a properly signed request. Raises ``CallbackRefused``."""
    nonce = request.headers.get(nonce_header, "")
    signed = Signed(nonce, f"{request.method} {request.path}", content)
    signing.check(signed, request.headers, secret, now())  # type: ignore[arg-type]
    return nonce


def now() -> MachineTime:
    return MachineTime(datetime.now(UTC))


def json_answer(status: int, document: dict[str, Any]) -> Response:
    answer = jsonify(document)
    answer.status_code = status
    return answer


def _forbidden(name: str, fault: CallbackRefused) -> ResponseReturnValue:
    log.warning("callback refused channel=%s reason=%s", name, fault.reason)
    metrics.callback(name, "refused")
    return "forbidden", 403


def _rejected(name: str, fault: Rejected) -> ResponseReturnValue:
    log.warning("request rejected channel=%s status=%d problems=%s", name, fault.status, fault.problems)
    metrics.callback(name, f"rejected_{fault.status}")
    return json_answer(fault.status, {"error": fault.error, "problems": list(fault.problems)})


def _try_again(name: str, fault: Exception) -> ResponseReturnValue:
    log.error("callback not stored channel=%s error=%s", name, type(fault).__name__)
    metrics.callback(name, "unavailable")
    answer = json_answer(503, {"error": "暂时不能受理,请稍后把同一请求原样再发一次", "problems": []})
    answer.headers["Retry-After"] = "5"
    return answer


def _unexpected(name: str, fault: Exception) -> ResponseReturnValue:
    """The web boundary: never a 500 for input."""
    if isinstance(fault, HTTPException):
        return fault
    log.exception("request failed channel=%s", name, exc_info=fault)
    return _try_again(name, fault)
