"""The web process: it verifies, decrypts, parses, stores, wakes a worker and answers. It decides nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flask import Flask, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot import metrics, sandbox_routes
from bot.aibot.callback import AibotCallback
from bot.app_channel.callback import AppCallback
from bot.channel import Callback
from bot.wake import Waker, Work, connect
from config import Settings
from domain.clock import MachineTime
from domain.errors import CallbackRefused, InboxFull, StoreUnavailable
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival
from store.database import Database

log = logging.getLogger(__name__)

MAX_BODY: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Web:
    """What the views work with."""

    settings: Settings
    database: Database
    acceptor: Acceptor
    waker: Waker
    callbacks: Mapping[str, Callback]


def callbacks(settings: Settings) -> dict[str, Callback]:
    """The configured channels by the last part of their route; a channel that is off has no route (404)."""
    channels: dict[str, Callback] = {}
    if settings.aibot:
        channels["aibot"] = AibotCallback(settings.aibot, settings.bot_names, settings.api_base)
    if settings.app:
        channels["app"] = AppCallback(settings.app, settings.bot_names)
    return channels


def create_app(settings: Settings) -> Flask:
    """The WSGI application. Neither the database nor Redis need to be up for it to start."""
    database = Database(settings.database_url)
    waker = Waker(connect(settings.redis_url))
    acceptor = Acceptor(database, settings.inbox_limit, _waking(waker), sandbox=settings.sandbox)
    web = Web(settings, database, acceptor, waker, callbacks(settings))
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.extensions["luguanjia"] = web
    app.add_url_rule("/callback/<channel>", view_func=_callback, methods=["GET", "POST"])
    app.add_url_rule("/healthz", view_func=lambda: "ok")
    app.add_url_rule("/readyz", view_func=_readyz)
    app.add_url_rule("/metrics", view_func=_metrics)
    app.register_error_handler(RequestEntityTooLarge, lambda _: ("too large", 413))
    app.register_error_handler(Exception, _unexpected)
    if settings.sandbox:
        app.register_blueprint(sandbox_routes.blueprint(web.database, web.waker, settings))
    return app


def _web() -> Web:
    from_app: Web = current_app.extensions["luguanjia"]
    return from_app


def _callback(channel: str) -> tuple[str, int]:
    """One view for every channel; each way out is one line of the record."""
    callback = _web().callbacks.get(channel)
    if callback is None:
        return "not found", 404
    try:
        answer = _verify(callback) if request.method == "GET" else _accept(callback)
    except CallbackRefused as refused:
        log.warning("callback refused channel=%s reason=%s", channel, refused.reason)
        metrics.callback(channel, "refused")
        return "forbidden", 403
    except (StoreUnavailable, InboxFull) as error:
        log.error("callback not stored channel=%s error=%s", channel, type(error).__name__)
        metrics.callback(channel, "unavailable")
        return "try again", 503
    return answer, 200


def _verify(callback: Callback) -> str:
    return callback.verify(request.args.to_dict(flat=False), MachineTime(datetime.now(UTC)))


def _accept(callback: Callback) -> str:
    """Open, store, commit, and only then acknowledge. An empty 200 means: no passive reply."""
    web, now = _web(), MachineTime(datetime.now(UTC))
    received = callback.receive(request.args.to_dict(flat=False), request.get_data(), now)
    message, envelope = received.message, received.envelope
    acceptance = web.acceptor.accept(Arrival(message, envelope.nonce, envelope.payload_hash))
    if acceptance is Acceptance.REPLAYED:
        raise CallbackRefused("nonce was used for another payload")
    metrics.callback(callback.name, acceptance.value)
    return ""


def _waking(waker: Waker) -> Callable[[Sequence[Arrival]], None]:
    """What follows a commit: somebody is told that there is work."""

    def wake(new: Sequence[Arrival]) -> None:
        waker.wake(Work.INBOX)
        if any(arrival.message.all_pictures for arrival in new):
            waker.wake(Work.MEDIA)

    return wake


def _readyz() -> tuple[str, int]:
    web = _web()
    missing = [
        name for name, part in (("database", web.database), ("redis", web.waker)) if not part.answers()
    ]
    return (f"not ready: {', '.join(missing)}", 503) if missing else ("ready", 200)


def _metrics() -> Response:
    return Response(metrics.exposition(_web().database), mimetype=CONTENT_TYPE_LATEST)


def _unexpected(error: Exception) -> tuple[str, int] | HTTPException:
    """The web boundary. Whatever went wrong, the platform is asked to deliver again; never a 500."""
    if isinstance(error, HTTPException):
        return error
    log.exception("request failed path=%s", request.path)
    return "try again", 503
