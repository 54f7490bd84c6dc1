"""One message of the archive, as its SDK decrypted it (DOC 91774), into an ``IncomingMessage``.

The archive holds everything that was said. What cannot be meant for the bot is not kept: it is named to the
poller and forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.channel import Content
from bot.fields import Document, Malformed, clean, degrees, inner, json_object, label, token, words
from bot.mentions import MentionStripper
from bot.uploads import REFERENCE
from domain.clock import MachineTime
from domain.errors import LuguanjiaError
from domain.messages import Chat, IncomingMessage, Location, Quote

CHANNEL = "relay"
OLDEST = timedelta(hours=24)
"""What was said earlier is history: acting on it would flood streets and chiefs with what is long over."""
AHEAD = timedelta(minutes=10)
MOST_PICTURES = 9
TEXTS = frozenset({"text", "ChatRecordText"})
ROBOT = "wb"
"""The ids of robots, ours and others', begin so."""
_QUOTES = (
    re.compile(
        r"(?:这是一条引用/回复消息:|This is a quote/reply:)\s*[\"“](.*?)[\"”]\s*-{6}\s*(.*)", re.DOTALL
    ),
    re.compile(r"「(.*?)」\s*(?:- ){5,}-\s*(.*)", re.DOTALL),
)
"""How the archive writes a quote into the text: by WeCom, and by WeChat."""


class NotForUs(LuguanjiaError):
    """Authentic and well-formed, but nothing the bot could act on; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Ours:
    """By what we know ourselves in the archive. names: of the robots, as an optional ``sender_name`` says."""

    ids: frozenset[str]
    names: frozenset[str]
    strip: MentionStripper


@dataclass(frozen=True, slots=True)
class Line:
    """A message and its place in the archive's own order."""

    message: IncomingMessage
    order: tuple[int, float]


def parse(line: str, ours: Ours, now: MachineTime) -> Line:
    """Raises ``Malformed`` with the name of the field, or ``NotForUs``."""
    document = json_object(line)
    msgid, sender = token(document, "msgid"), token(document, "from")
    sent_at = _sent_at(document)
    _check_it_is_for_us(document, ours, sent_at, now)
    content = _content(document)
    text, quote = _unquoted(content.text)
    message = IncomingMessage(
        channel=CHANNEL,
        dedupe_key=f"{CHANNEL}:{msgid}",
        chat=Chat("group", token(document, "roomid")),
        sender=sender,
        kind=content.kind,
        text=ours.strip.apply(text),
        mentioned=ours.strip.names_us(text),
        pictures=content.pictures,
        quote=quote,
        location=content.location,
        sent_at=sent_at,
    )
    return Line(message, (_whole(document, "seq", 0), sent_at))


def _check_it_is_for_us(document: Document, ours: Ours, sent_at: float, now: MachineTime) -> None:
    sender = token(document, "from")
    action = words(document, "action") if "action" in document else "send"
    if action != "send":
        raise NotForUs(f"action:{label(action)}")
    if not document.get("roomid"):
        raise NotForUs("not_a_group")
    if sender.startswith(ROBOT) or sender in ours.ids or _name(document) in ours.names:
        raise NotForUs("robot")
    if sent_at < (now - OLDEST).timestamp():
        raise NotForUs("too_old")
    if sent_at > (now + AHEAD).timestamp():
        raise Malformed("msgtime lies in the future")


def _name(document: Document) -> str:
    """What people see the sender called, if the poller says so."""
    name = document.get("sender_name")
    return name if isinstance(name, str) else ""


def _sent_at(document: Document) -> float:
    """Unix seconds; the archive counts milliseconds."""
    return _whole(document, "msgtime") / 1000


def _whole(document: Document, name: str, absent: int | None = None) -> int:
    value = document.get(name, absent)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise Malformed(f"{name} is no whole number")
    return value


def _content(document: Document) -> Content:
    msgtype = words(document, "msgtype")
    pictures = _pictures(document)
    if msgtype == "text":
        return Content("text", words(inner(document, "text"), "content"), pictures)
    if msgtype == "mixed":
        return Content("mixed", _texts(inner(document, "mixed")), pictures)
    if msgtype == "location":
        return Content("location", location=_location(inner(document, "location")))
    if msgtype == "image" and pictures:
        return Content("image", pictures=pictures)
    raise NotForUs(f"msgtype:{label(msgtype)}")


def _texts(mixed: Document) -> str:
    """The words of a message of several parts; each part is JSON within JSON."""
    items = mixed.get("item")
    if not isinstance(items, list):
        raise Malformed("mixed.item is no list")
    texts = (each for each in items if isinstance(each, dict) and str(each.get("type")) in TEXTS)
    return "\n".join(words(json_object(words(text, "content")), "content") for text in texts)


def _location(place: Document) -> Location:
    described = next((str(place[name]) for name in ("address", "title") if place.get(name)), "")
    return Location(degrees(place, "latitude", 90), degrees(place, "longitude", 180), clean(described[:200]))


def _pictures(document: Document) -> tuple[str, ...]:
    """References that ``POST /relay/pictures`` gave."""
    named = document.get("pictures", [])
    if not isinstance(named, list) or len(named) > MOST_PICTURES:
        raise Malformed(f"pictures is no list of at most {MOST_PICTURES}")
    if not all(isinstance(each, str) and REFERENCE.fullmatch(each) for each in named):
        raise Malformed("pictures holds something else than references of uploads")
    return tuple(named)


def _unquoted(text: str) -> tuple[str, Quote | None]:
    """What somebody says, apart from what he quotes: else every quoted report would be a new one."""
    for form in _QUOTES:
        match = form.match(text.lstrip().replace("：", ":", 1))
        if match:
            return match[2], Quote(match[1])
    return text, None


def in_order(lines: Sequence[Line]) -> list[IncomingMessage]:
    """As they were said: by the archive's sequence where every one has it, else by their time."""
    numbered = all(line.order[0] for line in lines)
    return [
        line.message for line in sorted(lines, key=lambda line: line.order if numbered else line.order[1:])
    ]
