"""消息推送: what a group's webhook takes (DOC 91770)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from typing import Any

from sandbox.cgi_bin import content
from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.media import MediaExpired, content_type_of
from sandbox.roster import Group
from sandbox.transcript import Draft, entry_of
from sandbox.world import World

ROBOT_NAME = "消息推送"


def send(world: World, key: str, body: dict[str, Any]) -> Answer:
    """Say something in the group of ``key``; at most 20 a minute."""
    group = _group(world, key)
    draft = _draft(world, key, body)
    if not world.webhook_windows.take(key):
        raise ApiError(45009, "20 messages a minute per key")
    entry_id = f"push-{secrets.token_hex(8)}"
    entry = entry_of(draft, id=entry_id, chat=group.chat_id, sender="push", userid="", name=ROBOT_NAME)
    world.transcript.add(entry)
    return Answer({"errcode": 0, "errmsg": "ok"}, chats=(group.chat_id,))


def upload(world: World, key: str, kind: str, name: str, data: bytes | None) -> Answer:
    """A file for a later message of the same key; lives three days."""
    group = _group(world, key)
    if kind not in {"file", "voice"}:
        raise ApiError(40005, "type must be file or voice")
    if data is None:
        raise ApiError(40035, "the form field media is missing")
    if not 5 < len(data) <= world.limits.file_bytes:
        raise ApiError(40006, f"6 to {world.limits.file_bytes} bytes")
    media_id = world.uploads.put(data, f"webhook:{key}", name)
    answer = {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media_id}
    answer["created_at"] = str(int(world.now()))
    return Answer(answer, chats=(group.chat_id,))


def _group(world: World, key: str) -> Group:
    group = world.roster.group_of_key(key)
    if group is None:
        raise ApiError(93000)
    return group


def _draft(world: World, key: str, body: dict[str, Any]) -> Draft:
    match body.get("msgtype"):
        case "text":
            return content.text(body, world.limits.text_bytes)
        case "markdown":
            return content.markdown(body, "markdown", world.limits.markdown_bytes, mentions=True)
        case "markdown_v2":
            return content.markdown(body, "markdown_v2", world.limits.markdown_bytes, mentions=False)
        case "image":
            return _image(world, body)
        case "file":
            return _file(world, key, body)
        case "template_card":
            return content.card(body, content.NOTICE_CARDS)
    raise ApiError(40008, f"msgtype {body.get('msgtype')!r}")


def _image(world: World, body: dict[str, Any]) -> Draft:
    fields = content.part(body, "image")
    try:
        data = base64.b64decode(fields.get("base64") or "", validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise ApiError(40035, "image.base64") from error
    if not data:
        raise ApiError(44004)
    if len(data) > world.limits.image_bytes:
        raise ApiError(40009, "at most 2 MB before encoding")
    if content_type_of(data) not in {"image/png", "image/jpeg"}:
        raise ApiError(40004, "PNG or JPG")
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != str(fields.get("md5")).lower():
        raise ApiError(301019)
    return Draft("image", pictures=(f"/sandbox-api/pictures/{world.shown.put(data, content_type_of(data))}",))


def _file(world: World, key: str, body: dict[str, Any]) -> Draft:
    try:
        media = world.uploads.get(str(content.part(body, "file").get("media_id")))
    except (KeyError, MediaExpired) as error:
        raise ApiError(40007) from error
    if media.content_type != f"webhook:{key}":
        raise ApiError(40007, "uploaded with another key")
    shown = world.shown.put(media.data, "application/octet-stream", media.name)
    return Draft("file", media.name, file=f"/sandbox-api/pictures/{shown}")
