"""What the bot may put into the answer to a callback itself (DOC 101031, 90241)."""

from __future__ import annotations

import json
import secrets
from typing import Any
from xml.etree import ElementTree

from sandbox.cgi_bin import content, replies
from sandbox.cgi_bin.app_messages import APP_NAME
from sandbox.cgi_bin.errors import ApiError
from sandbox.cipher import CipherError
from sandbox.transcript import Draft, Entry, entry_of
from sandbox.world import World


def show_reply(world: World, asked: Entry, answer: str) -> str:
    """Show a passive reply in the chat of ``asked``. Returns "" or why there is nothing to show."""
    if not answer.strip():
        return ""
    try:
        if asked.chat.startswith("app:"):
            _say_as_app(world, asked, _app_text(world, answer))
        else:
            replies.say(world, asked, _robot_draft(world, asked, _opened(world, answer)))
    except (CipherError, ApiError, ValueError, KeyError, TypeError, ElementTree.ParseError) as error:
        return f"unusable reply: {error!r}"
    return ""


def _opened(world: World, answer: str) -> dict[str, Any]:
    outer = json.loads(answer)
    stamp, nonce, encrypted = str(outer["timestamp"]), str(outer["nonce"]), outer["encrypt"]
    if not world.bot_cipher.signed_by(outer["msgsignature"], stamp, nonce, encrypted):
        raise CipherError("bad signature")
    opened: dict[str, Any] = json.loads(world.bot_cipher.decrypt(encrypted))
    return opened


def _robot_draft(world: World, asked: Entry, reply: dict[str, Any]) -> Draft:
    """A finished stream, a card, or, only on entering the chat, a text."""
    if reply.get("msgtype") == "stream":
        return Draft("markdown", content.content(content.part(reply, "stream"), world.limits.reply_bytes))
    if reply.get("msgtype") == "template_card":
        return content.card(reply, content.NOTICE_CARDS + content.BUTTON_CARDS)
    if reply.get("msgtype") == "text" and asked.kind == "enter":
        return content.text(reply, world.limits.text_bytes)
    raise ApiError(40008, "stream or template_card")


def _app_text(world: World, answer: str) -> str:
    outer = ElementTree.fromstring(answer)  # noqa: S314 - our own bot on loopback, capped by requests
    encrypted = outer.findtext("Encrypt") or ""
    stamp, nonce = outer.findtext("TimeStamp") or "", outer.findtext("Nonce") or ""
    if not world.app_cipher.signed_by(outer.findtext("MsgSignature") or "", stamp, nonce, encrypted):
        raise CipherError("bad signature")
    inner = ElementTree.fromstring(world.app_cipher.decrypt(encrypted))  # noqa: S314
    return content.content({"content": inner.findtext("Content") or ""}, world.limits.text_bytes)


def _say_as_app(world: World, asked: Entry, text: str) -> None:
    entry_id = f"app-{secrets.token_hex(8)}"
    entry = entry_of(
        Draft("text", text), id=entry_id, chat=asked.chat, sender="app", userid="", name=APP_NAME
    )
    world.transcript.add(entry)
