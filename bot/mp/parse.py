"""The 公众号's XML into an ``IncomingMessage``. Everything a follower writes is meant for us, 1:1."""

from __future__ import annotations

from wechatpy import parse_message

from bot.channel import Content, one_to_one
from bot.fields import Document, Malformed, label, token, words
from bot.xml_message import content_of, fields_of, optional
from domain.followers import follower_id
from domain.messages import ButtonClick, IncomingMessage, MessageKind

CHANNEL = "mp"
LONGEST_OPENID = 64
FOLLOWING: dict[str, MessageKind] = {
    "subscribe": "follow",
    "subscribe_scan": "follow",
    "scan": "scan",
    "unsubscribe": "unfollow",
}
"""Events as wechatpy names them; subscribe_scan is its name for following by a QR code with a scene."""


def parse(payload: str, unique: str) -> IncomingMessage:
    """One message per payload, whatever is in it; never raises. ``unique`` (a hash of the payload) is the
    key of events, whose sender and second collide in practice."""
    sender, key = "", f"{CHANNEL}#{unique}"
    try:
        document = fields_of(payload, parse_message)
        sender = follower_id(token(document, "FromUserName", LONGEST_OPENID))
        content = content_of(document, {"event": _event, "text": _text})
        if content.numbered:
            key = f"{CHANNEL}:{token(document, 'ToUserName', LONGEST_OPENID)}:{token(document, 'MsgId')}"
    except Malformed as fault:
        content = Content("unknown", detail=f"malformed:{fault}")
    return one_to_one(CHANNEL, key, sender, content)


def _text(document: Document) -> Content:
    """A tap on a line of a menu message comes as the text of that line, with the line's id."""
    said = words(document, "Content")
    if document.get("bizmsgmenuid"):
        return Content("button", button=ButtonClick(said, "", ""))
    return Content("text", said)


def _event(document: Document) -> Content:
    """Events carry no message id."""
    name = token(document, "Event").lower()
    if name == "click":
        key = token(document, "EventKey", 1024)
        return Content("button", button=ButtonClick(key, "", ""), numbered=False)
    if name in FOLLOWING:
        return Content(FOLLOWING[name], optional(document, "EventKey"), numbered=False)
    return Content("event", detail=f"event:{label(name)}", numbered=False)
