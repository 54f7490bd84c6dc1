"""The app's XML into an ``IncomingMessage`` (vendor's documents 90239 and 90240).

Everything a member writes to the app is meant for us: 1:1, mentioned, answered by message/send.
"""

from __future__ import annotations

from wechatpy.enterprise import parse_message

from bot.channel import Content, one_to_one
from bot.fields import Document, Malformed, label, token
from bot.xml_message import content_of, fields_of
from domain.messages import ButtonClick, IncomingMessage

CHANNEL = "app_channel"


def parse(payload: str, unique: str, agent_id: int) -> IncomingMessage:
    """One message per payload, whatever is in it; never raises. ``unique`` (a hash of the payload) is the
    key of events, whose sender and second collide in practice."""
    sender, key = "", f"{CHANNEL}#{unique}"
    try:
        document = fields_of(payload, parse_message)
        sender = token(document, "FromUserName")
        content = content_of(document, {"event": _event})
        if content.numbered:
            key = f"{CHANNEL}:{agent_id}:{token(document, 'MsgId')}"
    except Malformed as fault:
        content = Content("unknown", detail=f"malformed:{fault}")
    return one_to_one(CHANNEL, key, sender, content)


def _event(document: Document) -> Content:
    """Events carry no message id. wechatpy does not know ``template_card_event``; its fields are here."""
    name = token(document, "Event")
    if name != "template_card_event":
        return Content("event", detail=f"event:{label(name)}", numbered=False)
    button = ButtonClick(
        key=token(document, "EventKey", 1024),
        task_id=token(document, "TaskId"),
        response_code=token(document, "ResponseCode", 1024) if document.get("ResponseCode") else "",
    )
    return Content("button", button=button, numbered=False)
