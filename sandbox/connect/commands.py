"""What the bot asks for by frames: answers, pushes, welcomes, new faces of cards (DOC 101463).

The vendor publishes no codes for this channel. 846605 (unknown frame), 846607 (too many, and also: nobody has
spoken there) and 846608 (stream is over) are what its users report.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.cgi_bin import content, replies
from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.app_messages import uploaded
from sandbox.cgi_bin.errors import ApiError
from sandbox.cgi_bin.tickets import Tickets
from sandbox.connect import uploads
from sandbox.transcript import Draft, Entry, entry_of
from sandbox.world import World

OK = {"errcode": 0, "errmsg": "ok"}
Body = dict[str, Any]


def act(world: World, command: str, req_id: str, body: Body) -> Answer:
    """Do it. Raises ``ApiError``."""
    do = COMMANDS.get(command)
    if do is None:
        raise ApiError(40008, f"cmd {command!r}")
    return do(world, req_id, body)


def _respond(world: World, req_id: str, body: Body) -> Answer:
    """Within 24 h; a stream's id stands for one message, which cannot be changed once it is finished."""
    asked = _asked(world, world.frames, req_id)
    stream = body.get("stream") if body.get("msgtype") == "stream" else None
    if isinstance(stream, dict) and world.streams.get(str(stream.get("id"))):
        raise ApiError(846608, "stream message update expired")
    draft = _stream(world, body) if stream is not None else _draft(world, body)
    _take(world, asked.chat)
    replies.say(world, asked, draft)
    if isinstance(stream, dict):
        world.streams[str(stream.get("id"))] = bool(stream.get("finish"))
    world.hub.answered(asked.id)
    return Answer(OK, chats=(asked.chat,))


def _push(world: World, _req_id: str, body: Body) -> Answer:
    """Only where somebody has spoken to the robot."""
    chat = _chat(body)
    draft = _draft(world, body)
    if chat not in world.spoken:
        raise ApiError(846607, "no message of a user in this chat")
    _take(world, chat)
    name = world.settings.bot_names[0]
    entry_id = f"push-{secrets.token_hex(8)}"
    world.transcript.add(entry_of(draft, id=entry_id, chat=chat, sender="robot", userid="", name=name))
    return Answer(OK, chats=(chat,))


def _welcome(world: World, req_id: str, body: Body) -> Answer:
    asked = _asked(world, world.moments, req_id)
    if asked.kind != "enter":
        raise ApiError(846605, "enter_chat only")
    _take(world, asked.chat)
    replies.say(world, asked, content.text(body, world.limits.text_bytes))
    world.hub.answered(asked.id)
    return Answer(OK, chats=(asked.chat,))


def _update(world: World, req_id: str, body: Body) -> Answer:
    asked = _asked(world, world.moments, req_id)
    if body.get("response_type") != "update_template_card":
        raise ApiError(40008, "update_template_card")
    new = content.card(body, content.NOTICE_CARDS + content.BUTTON_CARDS).card
    entries = world.transcript.since(0)
    cards = [each for each in entries if each.chat == asked.chat and each.card and new]
    pressed = next((each for each in cards if each.card and new and each.card.task_id == new.task_id), None)
    if pressed is None or new is None:
        raise ApiError(40035, "no card with this task_id")
    world.transcript.change(pressed.id, card=new, text=content.card_text(new))
    world.hub.answered(asked.id)
    return Answer(OK, chats=(asked.chat,))


def _asked(world: World, tickets: Tickets, req_id: str) -> Entry:
    """The message or event that a frame carried."""
    asked = world.transcript.find(tickets.subject(req_id))
    if tickets.state(req_id) != "good" or asked is None:
        raise ApiError(846605, f"req_id {tickets.state(req_id)}")
    return asked


def _take(world: World, chat: str) -> None:
    """Thirty a minute and a thousand an hour, answers and pushes together."""
    if not world.chat_minutes.take(chat) or not world.chat_hours.take(chat):
        raise ApiError(846607, "aibot send msg frequency limit exceeded")


def _chat(body: Body) -> str:
    chat_id = body.get("chatid")
    if not isinstance(chat_id, str) or not chat_id:
        raise ApiError(40035, "chatid")
    return f"aibot:{chat_id}" if body.get("chat_type") == 1 else chat_id


def _stream(world: World, body: Body) -> Draft:
    return Draft("markdown", content.content(content.part(body, "stream"), world.limits.reply_bytes))


def _draft(world: World, body: Body) -> Draft:
    match body.get("msgtype"):
        case "markdown":
            return content.markdown(body, "markdown", world.limits.reply_bytes, mentions=False)
        case "template_card":
            return content.card(body, content.NOTICE_CARDS + content.BUTTON_CARDS)
        case "image" | "file" as kind:
            return uploaded(world, body, kind, owner="aibot")
    raise ApiError(40008, f"msgtype {body.get('msgtype')!r}")


COMMANDS: Mapping[str, Callable[[World, str, Body], Answer]] = {
    "ping": lambda _world, _req_id, _body: Answer(OK),
    "aibot_respond_msg": _respond,
    "aibot_send_msg": _push,
    "aibot_respond_welcome_msg": _welcome,
    "aibot_respond_update_msg": _update,
    "aibot_upload_media_init": uploads.begin,
    "aibot_upload_media_chunk": uploads.part,
    "aibot_upload_media_finish": uploads.end,
}
