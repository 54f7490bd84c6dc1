"""The XML of app and 公众号, as far as it is the same: opening a document safely, and the plain messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers.expat import ExpatError

from bot.channel import Content
from bot.fields import Document, Malformed, degrees, label, token, url, words
from domain.errors import CallbackRefused
from domain.messages import Location

MEDIA_PREFIX = "media:"
"""Marks a media id in a picture reference; anything else in it is a URL."""
_OPEN, _CLOSE = b"<Encrypt>", b"</Encrypt>"
_CDATA, _END = b"<![CDATA[", b"]]>"
UNSUPPORTED = frozenset({"video", "shortvideo", "file"})

Reader = Callable[[Document], Content]


def whole_document(body: bytes) -> bytes:
    """The body, if it looks like the platform's XML; nobody has parsed it yet. Raises ``CallbackRefused``."""
    document = body.strip()
    if b"<!DOCTYPE" in document.upper() or b"<!ENTITY" in document.upper():
        raise CallbackRefused("document type declared in the body")
    if not document.startswith((b"<xml>", b"<?xml")) or not document.endswith(b"</xml>"):
        raise CallbackRefused("body is not the platform's XML")
    return document


def encrypted_part(body: bytes) -> str:
    """The text of the one Encrypt element, without an XML parser: nobody has signed this document yet."""
    document = whole_document(body)
    if document.count(_OPEN) != 1 or document.count(_CLOSE) != 1:
        raise CallbackRefused("not exactly one Encrypt element")
    content = document[document.index(_OPEN) + len(_OPEN) : document.index(_CLOSE)].strip()
    if content.startswith(_CDATA) and content.endswith(_END):
        content = content[len(_CDATA) : -len(_END)].strip()
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as error:
        raise CallbackRefused("Encrypt is not base64") from error


def fields_of(payload: str, parse_message: Callable[[str], Any]) -> Document:
    """The fields as wechatpy's ``parse_message`` for the channel reads them. Raises ``Malformed``."""
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


def content_of(document: Document, readers: Mapping[str, Reader]) -> Content:
    """What a document holds, by its MsgType: one of ``readers`` (which come first), or a plain message."""
    msgtype = token(document, "MsgType").lower()
    if msgtype in UNSUPPORTED:
        return Content("unknown", detail=f"unsupported:{msgtype}")
    reader = readers.get(msgtype) or _READERS.get(msgtype)
    return (
        reader(document)
        if reader
        else Content("unknown", detail=f"unknown_type:{label(msgtype)}", numbered=False)
    )


def optional(document: Document, name: str) -> str:
    return words(document, name) if document.get(name) else ""


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
    return Content("voice", optional(document, "Recognition"))


def _location(document: Document) -> Content:
    latitude, longitude = degrees(document, "Location_X", 90), degrees(document, "Location_Y", 180)
    return Content("location", location=Location(latitude, longitude, optional(document, "Label")))


def _link(document: Document) -> Content:
    lines = (optional(document, name) for name in ("Title", "Description", "Url"))
    return Content("text", "\n".join(line for line in lines if line))


_READERS: dict[str, Reader] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "location": _location,
    "link": _link,
}
