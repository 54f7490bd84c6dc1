"""The app's XML into an ``IncomingMessage`` (vendor's documents 90239 and 90240).

Everything a member writes to the app is meant for us: 1:1, mentioned, answered by message/send.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers.expat import ExpatError

from wechatpy.enterprise import parse_message

from bot.channel import Content
from bot.fields import Document, Malformed, degrees, label, token, url, words
from domain.messages import ButtonClick, Chat, IncomingMessage, Location

CHANNEL = "app_channel"
MEDIA_PREFIX = "media:"
"""Marks a media id in a picture reference; anything else in it is a URL."""


def parse(payload: str, unique: str, agent_id: int) -> IncomingMessage:
    """One message per payload, whatever is in it; never raises. ``unique`` (a hash of the payload) is the
    key of events, whose sender and second collide in practice."""
    sender, key = "", f"{CHANNEL}#{unique}"
    try:
        document = _document(payload)
        sender = token(document, "FromUserName")
        content = _content(document)
        if content.numbered:
            key = f"{CHANNEL}:{agent_id}:{token(document, 'MsgId')}"
    except Malformed as fault:
        content = Content("unknown", detail=f"malformed:{fault}")
    return IncomingMessage(
        channel=CHANNEL,
        dedupe_key=key,
        chat=Chat("single", sender),
        sender=sender,
        kind=content.kind,
        text=content.text.strip(),
        pictures=content.pictures,
        location=content.location,
        button=content.button,
        detail=content.detail,
    )


def _document(payload: str) -> Document:
    # no document of the platform declares anything; entities are how small XML becomes large
    if "<!DOCTYPE" in payload.upper() or "<!ENTITY" in payload.upper():
        raise Malformed("doctype")
    try:
        fields = parse_message(payload)._data
    except KeyError as error:
        raise Malformed(f"missing {error.args[0]}") from error
    except (ExpatError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed("not the platform's xml") from error
    if not isinstance(fields, Mapping):
        raise Malformed("no fields")
    return fields


def _content(document: Document) -> Content:
    msgtype = token(document, "MsgType").lower()
    if msgtype in {"video", "shortvideo", "file"}:
        return Content("unknown", detail=f"unsupported:{msgtype}")
    reader = _READERS.get(msgtype)
    return (
        reader(document)
        if reader
        else Content("unknown", detail=f"unknown_type:{label(msgtype)}", numbered=False)
    )


def _text(document: Document) -> Content:
    return Content("text", words(document, "Content"))


def _image(document: Document) -> Content:
    """Both references are kept: the address may be outside our allowed hosts, the id may have expired."""
    references = [url(document, "PicUrl")] if document.get("PicUrl") else []
    if document.get("MediaId"):
        references.append(MEDIA_PREFIX + token(document, "MediaId", 512))
    if not references:
        raise Malformed("missing PicUrl")
    return Content("image", pictures=(" ".join(references),))


def _voice(document: Document) -> Content:
    """Without ``Recognition`` (the administrator has to switch it on) there is only the sound: no text."""
    return Content("voice", _optional(document, "Recognition"))


def _location(document: Document) -> Content:
    latitude, longitude = degrees(document, "Location_X", 90), degrees(document, "Location_Y", 180)
    return Content("location", location=Location(latitude, longitude, _optional(document, "Label")))


def _link(document: Document) -> Content:
    lines = (_optional(document, name) for name in ("Title", "Description", "Url"))
    return Content("text", "\n".join(line for line in lines if line))


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


def _optional(document: Document, name: str) -> str:
    return words(document, name) if document.get(name) else ""


_READERS: dict[str, Callable[[Document], Content]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "location": _location,
    "link": _link,
    "event": _event,
}
