"""The message bodies of the robot's JSON, one function per type; each raises ``Malformed``."""

from __future__ import annotations

from bot.channel import Content
from bot.fields import Document, Malformed, clean, degrees, inner, token, url, words
from domain.messages import Location, Quote

OWN_KEY = "#aeskey="
MAX_PICTURES = 20
"""More than a chat client lets one send; further ones are left out."""


def text(document: Document) -> Content:
    return Content("text", words(inner(document, "text"), "content"))


def image(document: Document) -> Content:
    return Content("image", pictures=(_picture(inner(document, "image")),))


def _picture(document: Document) -> str:
    """Its address; by long connection the file has a key of its own, which goes with it (``pictures.py``)."""
    address = url(document, "url")
    return f"{address}{OWN_KEY}{token(document, 'aeskey')}" if document.get("aeskey") else address


def voice(document: Document) -> Content:
    """The platform has transcribed it already."""
    return Content("voice", words(inner(document, "voice"), "content"))


def location(document: Document) -> Content:
    place = inner(document, "location")
    names = (place.get(key) for key in ("label", "name", "title", "address"))
    title = next((clean(name) for name in names if isinstance(name, str) and name), "")
    here = Location(degrees(place, "latitude", 90), degrees(place, "longitude", 180), title)
    return Content("location", location=here)


def mixed(document: Document) -> Content:
    """Texts joined by line breaks, and the pictures, each in the order they were sent."""
    items = inner(document, "mixed").get("msg_item")
    if not isinstance(items, list):
        raise Malformed("missing msg_item")
    texts: list[str] = []
    pictures: list[str] = []
    for item in items:
        if not isinstance(item, dict):
            raise Malformed("msg_item is no object")
        if item.get("msgtype") == "text":
            texts.append(words(inner(item, "text"), "content"))
        elif item.get("msgtype") == "image":
            pictures.append(_picture(inner(item, "image")))
    return Content("mixed", "\n".join(texts), tuple(pictures[:MAX_PICTURES]))


_QUOTABLE = {"text": text, "voice": voice, "image": image, "mixed": mixed}


def quoted(quote: object) -> Quote | None:
    """The quoted message as far as it can be read: a strange quote must not cost the message itself."""
    if not isinstance(quote, dict):
        return None
    kind = quote.get("msgtype")
    reader = _QUOTABLE.get(kind) if isinstance(kind, str) else None
    try:
        content = reader(quote) if reader else Content("unknown")
    except Malformed:
        content = Content("unknown")
    return Quote(content.text, content.pictures)
