"""The robot's JSON into an ``IncomingMessage`` (vendor's documents 100719 and 101027).

The same payloads come by callback and by long connection, so nothing here knows how they arrived.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.addresses import AllowedAddresses
from bot.aibot.bodies import image, location, mixed, quoted, text, voice
from bot.channel import Content
from bot.fields import Document, Malformed, inner, json_object, label, token, words
from bot.mentions import MentionStripper
from domain.messages import ButtonClick, Chat, IncomingMessage

CHANNEL = "aibot"
MAX_MSGID = 256
LONGEST_KEY = 200
"""What the inbox has room for (``store.tables``)."""
NOBODY = Chat("single", "")

_READERS: dict[str, Callable[[Document], Content]] = {
    "text": text,
    "mixed": mixed,
    "image": image,
    "voice": voice,
    "location": location,
}


def parse(payload: str, unique: str, strip: MentionStripper, replies: AllowedAddresses) -> IncomingMessage:
    """One message per payload, whatever is in it; never raises. ``unique`` (a hash of the payload) is the
    key of everything that has no message id of its own, or one too long to be stored."""
    chat, sender, reply_to, key = NOBODY, "", None, f"{CHANNEL}#{unique}"
    try:
        document = json_object(payload)
        chat, sender = _chat(document)
        reply_to = _reply_to(document, replies)
        content = _content(document)
        if content.numbered:
            named = f"{CHANNEL}:{token(document, 'aibotid')}:{token(document, 'msgid', MAX_MSGID)}"
            key = named if len(named) <= LONGEST_KEY else key
    except Malformed as fault:
        content = Content("unknown", detail=f"malformed:{fault}")
    return IncomingMessage(
        channel=CHANNEL,
        dedupe_key=key,
        chat=chat,
        sender=sender,
        kind=content.kind,
        text=strip.apply(content.text),
        pictures=content.pictures,
        quote=content.quote,
        location=content.location,
        button=content.button,
        reply_to=reply_to,
        detail=content.detail,
    )


def _chat(document: Document) -> tuple[Chat, str]:
    """Where it was said, and by whom."""
    sender = token(inner(document, "from"), "userid")
    chattype = _chattype(document)
    if chattype == "group":
        return Chat("group", token(document, "chatid")), sender
    if chattype != "single":
        raise Malformed(f"chattype {label(chattype)}")
    return Chat("single", sender), sender


def _chattype(document: Document) -> str:
    """What the long connection says of an event may lack it (document 101463): only a group has a chat id."""
    if document.get("msgtype") == "event" and document.get("chattype") is None:
        return "group" if document.get("chatid") is not None else "single"
    return words(document, "chattype")


def _reply_to(document: Document, replies: AllowedAddresses) -> str | None:
    # an address of any other host would make us post wherever a changed payload wants
    address = document.get("response_url")
    return address if isinstance(address, str) and replies.permits(address) else None


def _content(document: Document) -> Content:
    msgtype = words(document, "msgtype")
    if msgtype == "event":
        return _event(inner(document, "event"))
    if msgtype in {"file", "video"}:
        return Content("unknown", detail=f"unsupported:{msgtype}")
    reader = _READERS.get(msgtype)
    if reader is None:
        return Content("unknown", detail=f"unknown_type:{label(msgtype)}", numbered=False)
    content = reader(document)
    content.quote = quoted(document.get("quote"))
    return content


def _event(event: Document) -> Content:
    name = words(event, "eventtype")
    if name != "template_card_event":
        return Content("event", detail=f"event:{label(name)}", numbered=False)
    press = inner(event, name)
    # a robot's card is updated through the event's response_url; there is no response_code
    button = ButtonClick(token(press, "event_key", 1024), token(press, "task_id"), "")
    return Content("button", button=button, numbered=False)
