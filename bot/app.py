"""The web process: it verifies, decrypts, parses, stores, wakes a worker and answers. It decides nothing.

Callbacks come through ``bot.door``; the rest is a few routes for operators.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from bot import metrics, sandbox_routes
from bot.addresses import AllowedAddresses
from bot.aibot.callback import AibotCallback
from bot.app_channel.callback import AppCallback
from bot.channel import Callback
from bot.dispatch import routes as dispatch
from bot.dispatch.parse import Parser
from bot.dispatch.reception import Counter
from bot.door import MAX_BODY, Door
from bot.mentions import MentionStripper
from bot.mp.callback import MpCallback
from bot.relay import routes as relay
from bot.relay.parse import Ours
from bot.uploads import Uploads
from bot.wake import Waker, after_commit, connect
from config import Settings
from domain.taxonomy import parse_taxonomy
from store.acceptor import Acceptor
from store.database import Database

log = logging.getLogger(__name__)

TAXONOMY_FILE = Path(__file__).parent.parent / "data" / "taxonomy.csv"


@dataclass(frozen=True, slots=True)
class Web:
    """What the views work with."""

    database: Database
    waker: Waker
    inbox_limit: int


def callbacks(settings: Settings) -> dict[str, Callback]:
    """The configured channels by the last part of their route; a channel that is off has no route (404)."""
    channels: dict[str, Callback] = {}
    if settings.aibot:
        channels["aibot"] = AibotCallback(settings.aibot, settings.bot_names, settings.api_base)
    if settings.app:
        channels["app"] = AppCallback(settings.app, settings.bot_names)
    if settings.mp:
        channels["mp"] = MpCallback(settings.mp)
    return channels


def create_app(settings: Settings) -> Flask:
    """The WSGI application. Neither the database nor Redis need to be up for it to start."""
    database = Database(settings.database_url)
    waker = Waker(connect(settings.redis_url))
    acceptor = Acceptor(database, settings.inbox_limit, after_commit(waker), sandbox=settings.sandbox)
    web = Web(database, waker, settings.inbox_limit)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.extensions["luguanjia"] = web
    app.add_url_rule("/healthz", view_func=lambda: "ok")
    app.add_url_rule("/readyz", view_func=_readyz)
    app.add_url_rule("/metrics", view_func=_metrics)
    app.after_request(_counted)
    app.register_error_handler(RequestEntityTooLarge, lambda _: ("too large", 413))
    app.register_error_handler(Exception, _unexpected)
    _mount_relay(app, settings, acceptor, database)
    if settings.sandbox:
        app.register_blueprint(sandbox_routes.blueprint(web.database, web.waker, settings))
    app.wsgi_app = Door(callbacks(settings), acceptor, app.wsgi_app)  # type: ignore[method-assign]
    return app


def _mount_relay(app: Flask, settings: Settings, acceptor: Acceptor, database: Database) -> None:
    """The ways in for the organisation's own programs; those that are off have no route (404)."""
    strip, uploads = MentionStripper(settings.bot_names), Uploads(settings.media_dir)
    if settings.relay:
        names = frozenset((*settings.bot_names, *settings.push_names))
        ours = Ours(settings.relay.own_ids, names, strip)
        app.register_blueprint(relay.blueprint(settings.relay, ours, acceptor, uploads))
    if settings.dispatch:
        hosts = AllowedAddresses(settings.api_base, settings.dispatch_media_hosts)
        taxonomy = parse_taxonomy(TAXONOMY_FILE.read_text("utf-8"))
        desk = dispatch.Desk(
            {source.name: source for source in settings.dispatch},
            Parser(taxonomy, hosts, uploads),
            Counter(acceptor, database, taxonomy, settings.timezone, settings.public_url),
        )
        app.register_blueprint(dispatch.blueprint(desk))


def _web() -> Web:
    from_app: Web = current_app.extensions["luguanjia"]
    return from_app


def _readyz() -> tuple[str, int]:
    web = _web()
    missing = [
        name for name, part in (("database", web.database), ("redis", web.waker)) if not part.answers()
    ]
    if missing:
        return f"not ready: {', '.join(missing)}", 503
    worries = metrics.worries(web.database)
    return "\n".join(["ready", *worries]), 200


def _metrics() -> Response:
    web = _web()
    text = metrics.exposition(web.database, web.waker, web.inbox_limit)
    return Response(text, mimetype=CONTENT_TYPE_LATEST)


def _counted(response: Response) -> Response:
    metrics.answered(str(response.status_code))
    return response


def _unexpected(error: Exception) -> tuple[str, int] | HTTPException:
    """The web boundary. Whatever went wrong, the platform is asked to deliver again; never a 500."""
    if isinstance(error, HTTPException):
        return error
    log.exception("request failed path=%s", request.path)
    return "try again", 503
