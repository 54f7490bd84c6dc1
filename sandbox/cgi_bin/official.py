"""公众号: token, 客服消息, 订阅通知, QR codes with a scene, the menu; with the limits of each."""

from __future__ import annotations

import re
import secrets
from typing import Any

from sandbox.cgi_bin import content
from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.media import MediaExpired, content_type_of
from sandbox.transcript import Button, Card, Draft, entry_of
from sandbox.world import World

NAME = "公众号"
LONGEST_SCENE = 64
KEYWORD = re.compile(r"([a-z_]+)\d+")
LONGEST = {"thing": 20, "character_string": 32, "phrase": 5, "number": 32, "short_thing": 5}
"""Characters that a keyword of a 订阅通知 takes, by its kind."""


def token(world: World, fields: dict[str, Any]) -> Answer:
    """stable_token: the same again while it is good; a new one only by force."""
    if fields.get("grant_type") != "client_credential":
        raise ApiError(40002)
    if fields.get("appid") != world.settings.mp_app_id:
        raise ApiError(40013)
    if fields.get("secret") != world.settings.mp_secret:
        raise ApiError(40125)
    ticket = world.tokens.issue("mp") if fields.get("force_refresh") else world.tokens.current("mp")
    return Answer({"access_token": ticket.code, "expires_in": int(ticket.expires - world.now())})


def check_token(world: World, access_token: str) -> None:
    if not access_token:
        raise ApiError(41001)
    state = world.tokens.state(access_token)
    if state != "good" or world.tokens.subject(access_token) != "mp":
        raise ApiError(42001 if state == "expired" else 40001)


def custom_send(world: World, access_token: str, body: dict[str, Any]) -> Answer:
    """客服消息 to one follower."""
    check_token(world, access_token)
    draft = _draft(world, body)
    openid = str(body.get("touser") or "")
    if refusal := world.followers.take(openid):
        raise ApiError(refusal)
    chat = f"mp:{world.followers.person(openid)}"
    _show(world, chat, draft)
    return Answer({"errcode": 0, "errmsg": "ok"}, chats=(chat,))


def _draft(world: World, body: dict[str, Any]) -> Draft:
    match body.get("msgtype"):
        case "text":
            return Draft("text", _text(world, content.part(body, "text").get("content")))
        case "image":
            return _image(world, body)
        case "msgmenu":
            return _menu_message(world, content.part(body, "msgmenu"))
    raise ApiError(40008, f"msgtype {body.get('msgtype')!r}")


def _text(world: World, value: object) -> str:
    if not isinstance(value, str):
        raise ApiError(47001, "content must be a string")
    if not value.strip():
        raise ApiError(44004)
    if len(value.encode("utf-8", "surrogatepass")) > world.limits.text_bytes:
        raise ApiError(45002)
    return value


def _image(world: World, body: dict[str, Any]) -> Draft:
    try:
        media = world.uploads.get(str(content.part(body, "image").get("media_id")))
    except (KeyError, MediaExpired) as error:
        raise ApiError(40007) from error
    shown = world.shown.put(media.data, content_type_of(media.data), media.name)
    return Draft("image", pictures=(f"/sandbox-api/pictures/{shown}",))


def _menu_message(world: World, menu: dict[str, Any]) -> Draft:
    """Lines to tap; what is tapped comes back as the text of the line."""
    head, lines = _text(world, menu.get("head_content")), menu.get("list")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise ApiError(47001, "list")
    buttons = tuple(Button(str(line.get("content") or ""), str(line.get("content") or "")) for line in lines)
    if not all(button.text and line.get("id") for button, line in zip(buttons, lines, strict=True)):
        raise ApiError(47001, "a line needs id and content")
    return Draft("card", head, card=Card("msgmenu", "", head, "", buttons))


def notify(world: World, access_token: str, body: dict[str, Any]) -> Answer:
    """订阅通知 (subscribe/bizsend): only to who subscribed, only what fits its keywords."""
    check_token(world, access_token)
    if not body.get("template_id"):
        raise ApiError(40037)
    data = content.part(body, "data")
    for keyword, filled in data.items():
        kind = KEYWORD.fullmatch(keyword)
        value = filled.get("value") if isinstance(filled, dict) else None
        if kind is None or not isinstance(value, str) or not value or len(value) > LONGEST.get(kind[1], 32):
            raise ApiError(47003, f"argument invalid! data.{keyword}.value")
    openid = str(body.get("touser") or "")
    person = world.followers.person(openid)
    if not person:
        raise ApiError(40003)
    if person not in world.subscribed:
        raise ApiError(43101)
    lines = "\n".join(filled["value"] for filled in data.values())
    chat = f"mp:{person}"
    _show(world, chat, Draft("text", f"【服务通知】\n{lines}"))
    return Answer({"errcode": 0, "errmsg": "ok"}, chats=(chat,))


def upload(world: World, access_token: str, kind: str, name: str, data: bytes | None) -> Answer:
    """media/upload of the 公众号: the answer has no errcode when all is well."""
    check_token(world, access_token)
    if kind != "image":
        raise ApiError(40004)
    if data is None or content_type_of(data) not in {"image/png", "image/jpeg"}:
        raise ApiError(40005)
    media_id = world.uploads.put(data, "mp:image", name)
    return Answer({"type": kind, "media_id": media_id, "created_at": int(world.now())})


def create_code(world: World, access_token: str, body: dict[str, Any]) -> Answer:
    """A lasting code with a scene of up to 64 characters."""
    check_token(world, access_token)
    if body.get("action_name") != "QR_LIMIT_STR_SCENE":
        raise ApiError(40053, "only QR_LIMIT_STR_SCENE here")
    scene = content.part(content.part(body, "action_info"), "scene").get("scene_str")
    if not isinstance(scene, str) or not 1 <= len(scene) <= LONGEST_SCENE:
        raise ApiError(40053)
    ticket = secrets.token_urlsafe(60)
    world.codes[ticket] = f"http://weixin.qq.com/q/{secrets.token_urlsafe(16)}#{scene}"
    return Answer({"ticket": ticket, "url": world.codes[ticket]})


def create_menu(world: World, access_token: str, body: dict[str, Any]) -> Answer:
    """At most three buttons of sixteen bytes, five below each of sixty."""
    check_token(world, access_token)
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    for button in buttons:
        below = button.get("sub_button") or []
        if len(str(button.get("name") or "").encode()) > 16 or len(below) > 5:
            raise ApiError(40018)
        for each in below or [button]:
            if each.get("type") != "click" or not each.get("key") or not each.get("name"):
                raise ApiError(40019)
            if len(each["name"].encode()) > 60 or len(each["key"].encode()) > 128:
                raise ApiError(40018)
    world.menu[:] = [entry for button in buttons for entry in (button.get("sub_button") or [button])]
    return Answer({"errcode": 0, "errmsg": "ok"})


def _show(world: World, chat: str, draft: Draft) -> None:
    entry_id = f"mp-{secrets.token_hex(8)}"
    world.transcript.add(entry_of(draft, id=entry_id, chat=chat, sender="mp", userid="", name=NAME))
