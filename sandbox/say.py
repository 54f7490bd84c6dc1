"""A person says something: it stands in the chat, and the bot hears it where it would in life."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, replace
from typing import Any

from sandbox import archive
from sandbox.callbacks import aibot, app_xml, mp_xml
from sandbox.callbacks.dispatch import Dispatcher
from sandbox.callbacks.letter import Attempt, Letter
from sandbox.callbacks.passive import show_reply
from sandbox.callbacks.said import Kind, Location, Picture, Quoted, Said, Via
from sandbox.cipher import Cipher
from sandbox.media import content_type_of
from sandbox.transcript import Draft, Entry, Quote, entry_of
from sandbox.world import World

UNHEARD = "机器人收不到"
PICTURES = "/sandbox-api/pictures/"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said, before it has a message id. ``chat_id`` None: 1:1 with the robot or the app.
    ``quote``: the entry that is quoted. ``letter``: how to deliver it (plain and msgid still empty)."""

    person: str
    chat_id: str | None
    via: Via
    kind: Kind
    text: str
    mention: bool
    pictures: tuple[bytes, ...]
    quote: Entry | None
    location: Location | None
    letter: Letter


def say(world: World, dispatcher: Dispatcher, utterance: Utterance) -> dict[str, Any]:
    """Say it and deliver it. The app has no mixed message: words and each picture go one by one."""
    results = [_say_one(world, dispatcher, part) for part in _parts(utterance)]
    first = results[0]
    return {
        **first,
        "msgids": [result["msgid"] for result in results],
        "held": any(result["held"] for result in results),
        "deliveries": [delivery for result in results for delivery in result["deliveries"]],
    }


def _parts(utterance: Utterance) -> list[Utterance]:
    if utterance.via != "app" or not utterance.pictures:
        return [utterance]
    words = [replace(utterance, pictures=())] if utterance.text else []
    return words + [replace(utterance, text="", kind="image", pictures=(one,)) for one in utterance.pictures]


def _say_one(world: World, dispatcher: Dispatcher, utterance: Utterance) -> dict[str, Any]:
    utterance = replace(utterance, text=_addressed(world, utterance))
    if utterance.via == "mp":
        _opens(world, utterance)
    heard, kept = _is_heard(world, utterance), _is_archived(world, utterance)
    entry = world.transcript.add(_entry(world, utterance, heard or kept))
    if not heard and not kept:
        return {"msgid": entry.id, "heard": False, "held": False, "reason": UNHEARD, "deliveries": []}
    if not heard:
        return _archived(world, utterance, entry)
    made: list[Attempt] = []

    def done(attempts: list[Attempt]) -> None:
        made.extend(attempts)
        settle(world, entry, attempts)

    letter = replace(utterance.letter, msgid=entry.id, plain=_payload(world, utterance, entry))
    sent = dispatcher.dispatch(letter, done)
    if kept:
        _archived(world, utterance, replace(entry, id=f"{entry.id}-archive"))
    deliveries = [attempt.to_json() for attempt in made]
    return {"msgid": entry.id, "heard": True, "held": not sent, "reason": "", "deliveries": deliveries}


def _is_archived(world: World, utterance: Utterance) -> bool:
    """Whether an archive holds it: all that is said in groups, where the organisation has one."""
    return utterance.chat_id is not None and (world.settings.archive or utterance.via == "archive")


def _archived(world: World, utterance: Utterance, entry: Entry) -> dict[str, Any]:
    """The robot does not hear it; the archive does."""
    said = Said(
        entry.id, utterance.person, utterance.chat_id, utterance.kind, utterance.text, int(world.now())
    )
    quoted = Quoted("text", utterance.quote.text) if utterance.quote else None
    line = archive.message(replace(said, quote=quoted))
    attempt = archive.hand_over(world, entry.id, line, utterance.pictures)
    if world.transcript.find(entry.id) is not None:  # the robot's own delivery stands there already
        settle(world, entry, [attempt])
    return {"msgid": entry.id, "heard": True, "held": False, "reason": "", "deliveries": [attempt.to_json()]}


def _opens(world: World, utterance: Utterance) -> None:
    """What a follower does allows the 公众号 some messages to him."""
    match utterance.kind:
        case "unfollow":
            world.followers.leave(utterance.person)
        case "follow":
            world.followers.follow(utterance.person)
        case "scan" | "click":
            world.followers.tap(utterance.person)
        case _:
            world.followers.word(utterance.person)


def settle(world: World, entry: Entry, attempts: list[Attempt]) -> None:
    """Note under the message how its deliveries went, and show what the bot answered in the 200 itself."""
    deliveries = tuple(attempt.to_json() for attempt in attempts)
    world.transcript.change(entry.id, deliveries=entry.deliveries + deliveries)
    arrived = (attempt.answer for attempt in attempts if attempt.status == 200 and not attempt.lost)
    answer = next((text for text in arrived if text), "")
    show_reply(world, entry, answer)


def _addressed(world: World, utterance: Utterance) -> str:
    if utterance.mention and not _names_robot(world, utterance.text):
        return f"@{world.settings.bot_names[0]} {utterance.text}"
    return utterance.text


def _names_robot(world: World, text: str) -> bool:
    return any(f"{at}{name}" in text for at in "@＠" for name in world.settings.bot_names)


def _is_heard(world: World, utterance: Utterance) -> bool:
    if utterance.via == "archive":
        return False
    if utterance.chat_id is None:
        return True
    return utterance.kind in {"text", "image", "mixed"} and _names_robot(world, utterance.text)


def _entry(world: World, utterance: Utterance, heard: bool) -> Entry:
    shown = tuple(f"{PICTURES}{world.shown.put(one, content_type_of(one))}" for one in utterance.pictures)
    quoted = utterance.quote
    is_mixed = utterance.text and shown
    text = utterance.location.label if utterance.location else utterance.text
    return entry_of(
        Draft("mixed" if is_mixed else "image" if shown else utterance.kind, text, pictures=shown),
        id=message_id(utterance.via),
        chat=utterance.chat_id or f"{utterance.via}:{utterance.person}",
        sender="person",
        userid=utterance.person,
        name=world.roster.current.name_of(utterance.person),
        quote=Quote(quoted.id, quoted.name, quoted.text, quoted.pictures) if quoted else None,
        heard=heard,
    )


def message_id(via: Via) -> str:
    """The robot's ids are text, the app's are 64-bit numbers."""
    return secrets.token_hex(16) if via not in {"app", "mp"} else str(10**18 + secrets.randbelow(8 * 10**18))


def _payload(world: World, utterance: Utterance, entry: Entry) -> str:
    said = Said(
        msgid=entry.id,
        person=utterance.person,
        chat_id=utterance.chat_id,
        kind=utterance.kind,
        text=utterance.text,
        at=int(world.now()),
        pictures=tuple(_hand_out(world, one, utterance.via) for one in utterance.pictures),
        quote=_quoted(world, utterance),
        location=utterance.location,
    )
    if utterance.via == "mp":
        return mp_xml.message(said, world.followers.openid(utterance.person))
    if utterance.via == "app":
        return app_xml.message(said, world.settings.corp_id, world.settings.agent_id)
    return aibot.message(said, response_url(world, entry.id))


def response_url(world: World, entry_id: str) -> str | None:
    if world.settings.connect:
        return None
    code = world.response_codes.issue(entry_id).code
    return f"{world.base_url}/cgi-bin/aibot/response?response_code={code}"


def _hand_out(world: World, data: bytes, via: Via) -> Picture:
    """An address good for five minutes; the robot's files are encrypted, by long connection each with a key
    of its own; the app's are not."""
    own_key = via == "aibot" and world.settings.connect
    cipher = Cipher.of(key := secrets.token_bytes(32)) if own_key else world.bot_cipher
    body = cipher.encrypt_bytes(data) if via == "aibot" else data
    kind = "application/octet-stream" if via == "aibot" else content_type_of(data)
    media_id = world.media.put(body, kind)
    aeskey = base64.b64encode(key).decode().rstrip("=") if own_key else ""
    return Picture(f"{world.base_url}/media/{media_id}", media_id, aeskey)


def _quoted(world: World, utterance: Utterance) -> Quoted | None:
    entry = utterance.quote
    if entry is None:
        return None
    pictures = [world.shown.get(address.removeprefix(PICTURES)).data for address in entry.pictures]
    handed = tuple(_hand_out(world, data, utterance.via) for data in pictures)
    return Quoted(entry.kind, entry.text, handed)
