"""The robot's answer through response_url: one call within the hour (DOC 101138)."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.cgi_bin import content
from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.transcript import Draft, Entry, Quote, entry_of
from sandbox.world import World


def send(world: World, code: str, body: dict[str, Any]) -> Answer:
    """Answer the message that ``code`` was handed out for.

    The vendor publishes no error code for a code that is unknown, used or expired; 40029 stands for all.
    """
    state = world.response_codes.state(code)
    asked = world.transcript.find(world.response_codes.subject(code))
    if state != "good" or asked is None:
        raise ApiError(40029, f"response_code {state}")
    draft = _draft(world, asked, body)
    if (state := world.response_codes.use(code)) != "good":
        raise ApiError(40029, f"response_code {state}")
    say(world, asked, draft)
    return Answer({"errcode": 0, "errmsg": "ok"}, chats=(asked.chat,))


def say(world: World, asked: Entry, draft: Draft) -> None:
    """Show the robot's answer to ``asked``; in a group it quotes what it answers."""
    is_group = not asked.chat.startswith("aibot:")
    quote = Quote(asked.id, asked.name, asked.text, asked.pictures) if is_group else None
    entry = entry_of(
        draft,
        id=f"reply-{secrets.token_hex(8)}",
        chat=asked.chat,
        sender="robot",
        userid="",
        name=world.settings.bot_names[0],
        quote=quote,
    )
    world.transcript.add(entry)


def _draft(world: World, asked: Entry, body: dict[str, Any]) -> Draft:
    if body.get("msgtype") == "markdown":
        return content.markdown(body, "markdown", world.limits.reply_bytes, mentions=False)
    if body.get("msgtype") == "template_card" and asked.chat.startswith("aibot:"):
        return content.card(body, content.NOTICE_CARDS + content.BUTTON_CARDS)
    raise ApiError(40008, "markdown; template_card in 1:1 only")
