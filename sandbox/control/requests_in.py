"""The JSON that the control API takes, as typed values. Every fault is a ValueError saying what is wrong."""

from __future__ import annotations

from typing import Any, get_args

from sandbox.callbacks.letter import Letter
from sandbox.callbacks.said import Kind, Location, Via
from sandbox.callbacks.tamper import Tamper
from sandbox.samples import picture_bytes
from sandbox.say import Utterance
from sandbox.world import World

ZHENGZHOU = (34.7535, 113.6587)


def utterance(world: World, raw: Any) -> Utterance:
    """``say`` (control/routes.py documents the fields)."""
    fields = obj(raw)
    via, kind = channel(fields), _kind(fields)
    chat_id = fields.get("chat_id")
    if via not in {"aibot", "archive"} and chat_id:
        raise ValueError(f"{via} never hears a group; leave chat_id out")
    if kind in {"follow", "scan", "unfollow", "click"} and via != "mp":
        raise ValueError(f"{kind} is for via mp only")
    if kind == "location" and via == "aibot" and not chat_id:
        raise ValueError("the robot takes no locations; say it via app")
    text = string(fields, "text")
    pictures = tuple(picture_bytes(str(given)) for given in fields.get("pictures") or ())
    if not text and not pictures and kind in {"text", "image", "mixed"} and not fields.get("mention"):
        raise ValueError("text or pictures is needed")
    return Utterance(
        person=string(fields, "person", needed=True),
        chat_id=chat_id,
        via=via,
        kind=kind,
        text=text,
        mention=bool(fields.get("mention")),
        pictures=pictures,
        quote=_quoted(world, fields.get("quote")),
        location=_location(fields) if kind == "location" else None,
        letter=letter(fields, "", ""),
    )


def letter(fields: dict[str, Any], msgid: str, plain: str) -> Letter:
    """How to deliver: via, copies, attempts, same_bytes, and what a test wants wrong."""
    wrong = {name: fields.get(name) for name in ("receiveid", "timestamp", "nonce", "msg_signature")}
    return Letter(
        via=channel(fields),
        msgid=msgid,
        plain=plain,
        attempts=number(fields, "attempts"),
        copies=number(fields, "copies") or 1,
        same_bytes=bool(fields.get("same_bytes")),
        tamper=Tamper(**{name: None if value is None else str(value) for name, value in wrong.items()}),
    )


def obj(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError("a JSON object is needed")  # noqa: TRY004 - one error for the caller
    return raw


def channel(fields: dict[str, Any]) -> Via:
    via: Any = fields.get("via") or "aibot"
    if via not in get_args(Via):
        raise ValueError("via must be aibot, app, mp or archive")
    chosen: Via = via
    return chosen


def _kind(fields: dict[str, Any]) -> Kind:
    kind: Any = fields.get("kind") or "text"
    if kind not in get_args(Kind):
        raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}")
    chosen: Kind = kind
    return chosen


def string(fields: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str) or (needed and not value):
        raise ValueError(f"{name} must be a string")
    return value


def number(fields: dict[str, Any], name: str) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or not 1 <= value <= 100:
        raise ValueError(f"{name} must be a whole number from 1 to 100")
    return value


def _quoted(world: World, entry_id: Any) -> Any:
    if not entry_id:
        return None
    entry = world.transcript.find(str(entry_id))
    if entry is None:
        raise ValueError(f"no message {entry_id} to quote")
    return entry


def _location(fields: dict[str, Any]) -> Location:
    place = fields.get("location") or {}
    latitude, longitude = place.get("latitude", ZHENGZHOU[0]), place.get("longitude", ZHENGZHOU[1])
    return Location(float(latitude), float(longitude), str(place.get("label") or string(fields, "text")))
