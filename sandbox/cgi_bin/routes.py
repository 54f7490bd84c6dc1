"""The routes under the address that the bot calls the platform."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file

from sandbox.cgi_bin import app_messages, cards, official, replies, webhook
from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.cgi_bin.guard import json_body, serve
from sandbox.media import MediaExpired, MediaStore
from sandbox.world import World


def platform_routes(world: World) -> Blueprint:
    """``/cgi-bin/…`` and ``/media/<id>``."""
    routes = Blueprint("platform", __name__)
    _webhook_routes(routes, world)
    _app_routes(routes, world)
    _media_routes(routes, world)
    _mp_routes(routes, world)

    @routes.post("/cgi-bin/aibot/response")
    def aibot_response() -> Response:
        code = request.args.get("response_code", "")
        return serve(world, "aibot_response", lambda: replies.send(world, code, json_body()))

    return routes


def _webhook_routes(routes: Blueprint, world: World) -> None:
    @routes.post("/cgi-bin/webhook/send")
    def webhook_send() -> Response:
        key = request.args.get("key", "")
        return serve(world, "webhook", lambda: webhook.send(world, key, json_body()))

    @routes.post("/cgi-bin/webhook/upload_media")
    def webhook_upload() -> Response:
        return serve(world, "webhook", lambda: _upload(world))


def _upload(world: World) -> Answer:
    name, data = _form_file()
    return webhook.upload(world, request.args.get("key", ""), request.args.get("type", ""), name, data)


def _app_upload(world: World) -> Answer:
    name, data = _form_file()
    token, kind = request.args.get("access_token", ""), request.args.get("type", "")
    return app_messages.upload(world, token, kind, name, data)


def _form_file() -> tuple[str, bytes | None]:
    media = request.files.get("media")
    return (media.filename or "", media.read()) if media else ("", None)


def _app_routes(routes: Blueprint, world: World) -> None:
    @routes.get("/cgi-bin/gettoken")
    def gettoken() -> Response:
        corp_id, secret = request.args.get("corpid", ""), request.args.get("corpsecret", "")
        return serve(world, "gettoken", lambda: app_messages.token(world, corp_id, secret))

    @routes.post("/cgi-bin/message/send")
    def message_send() -> Response:
        token = request.args.get("access_token", "")
        return serve(world, "message_send", lambda: app_messages.send(world, token, json_body()))

    @routes.post("/cgi-bin/message/update_template_card")
    def update_template_card() -> Response:
        token = request.args.get("access_token", "")
        return serve(world, "message_send", lambda: cards.update_card(world, token, json_body()))


def _mp_routes(routes: Blueprint, world: World) -> None:
    """The 公众号's own platform, which is another host in life: below ``/mp``."""

    def calls(path: str, endpoint: str, act: Callable[[World, str, dict[str, Any]], Answer]) -> None:
        def view() -> Response:
            token = request.args.get("access_token", "")
            return serve(world, endpoint, lambda: act(world, token, json_body()))

        routes.add_url_rule(f"/mp/cgi-bin/{path}", f"mp {path}", view, methods=["POST"])

    calls("stable_token", "mp_token", lambda world, _, fields: official.token(world, fields))
    calls("message/custom/send", "mp_send", official.custom_send)
    calls("message/subscribe/bizsend", "mp_notify", official.notify)
    calls("qrcode/create", "mp_account", official.create_code)
    calls("menu/create", "mp_account", official.create_menu)

    @routes.post("/mp/cgi-bin/media/upload")
    def mp_upload() -> Response:
        return serve(world, "media_upload", lambda: _mp_upload(world))

    @routes.get("/mp/cgi-bin/media/get")
    def mp_media() -> Response:
        return serve(world, "media", lambda: _held_media(world, official.check_token))


def _mp_upload(world: World) -> Answer:
    name, data = _form_file()
    return official.upload(
        world, request.args.get("access_token", ""), request.args.get("type", ""), name, data
    )


def _media_routes(routes: Blueprint, world: World) -> None:
    @routes.post("/cgi-bin/media/upload")
    def media_upload() -> Response:
        return serve(world, "media_upload", lambda: _app_upload(world))

    @routes.get("/cgi-bin/media/get")
    def media_get() -> Response:
        return serve(world, "media", lambda: _held_media(world, app_messages.check_token))

    @routes.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        return serve(world, "media", lambda: file_response(world.media, media_id))


def _held_media(world: World, check_token: Callable[[World, str], None]) -> Response:
    check_token(world, request.args.get("access_token", ""))
    try:
        media = world.media.get(request.args.get("media_id", ""))
    except (KeyError, MediaExpired) as error:
        raise ApiError(40007) from error
    return Response(media.data, mimetype=media.content_type)


def file_response(store: MediaStore, media_id: str) -> Response:
    """The file; 404 if unknown, 403 if its time is over, as the vendor's storage answers."""
    try:
        media = store.get(media_id)
    except KeyError:
        return Response("no such file", status=404)
    except MediaExpired:
        return Response("request has expired", status=403)
    response = send_file(
        BytesIO(media.data),
        mimetype=media.content_type,
        as_attachment=not media.content_type.startswith("image/"),
        download_name=media.name or media.id,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
