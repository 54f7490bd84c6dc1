"""A person presses a button of a template card: delivered once, never again (wecom.md)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from sandbox.callbacks import aibot, app_xml, mp_xml
from sandbox.callbacks.dispatch import Dispatcher
from sandbox.callbacks.letter import Attempt, Letter
from sandbox.callbacks.said import Press, Said
from sandbox.say import message_id, response_url, settle
from sandbox.transcript import Button, Card, Draft, Entry, entry_of
from sandbox.world import World


class PressError(Exception):
    """There is no such button, or it is gone."""


def press(world: World, dispatcher: Dispatcher, message: str, key: str, copies: int = 1) -> dict[str, Any]:
    """Press the button with ``key`` on the card ``message``, as the person whose chat it is in."""
    entry = world.transcript.find(message)
    if entry is None or entry.card is None:
        raise PressError("no card with this id")
    card, button = entry.card, _button(entry.card, key)
    via, _, person = entry.chat.partition(":")
    pressed = world.transcript.add(_trace(world, entry, person, button))
    event = Press(
        msgid=pressed.id,
        person=person,
        key=key,
        task_id=card.task_id,
        card_type=card.card_type,
        at=int(world.now()),
        response_code=world.card_codes.issue(entry.id.partition(":")[0]).code,
    )
    made: list[Attempt] = []

    def done(attempts: list[Attempt]) -> None:
        made.extend(attempts)
        settle(world, pressed, attempts)

    if via == "mp":
        line = card.buttons.index(button) + 1
        letter = _line_letter(world, event, line)
    else:
        letter = _app_letter(world, event) if via == "app" else _robot_letter(world, event)
    sent = dispatcher.dispatch(replace(letter, copies=copies), done)
    return {"msgid": pressed.id, "held": not sent, "deliveries": [attempt.to_json() for attempt in made]}


def _line_letter(world: World, event: Press, line: int) -> Letter:
    """A line of a menu message that was tapped comes as a message with its text, delivered like any other."""
    world.followers.tap(event.person)
    msgid = message_id("mp")
    said = Said(msgid, event.person, None, "text", event.key, event.at)
    return Letter("mp", event.msgid, mp_xml.message(said, world.followers.openid(event.person), line))


def _app_letter(world: World, event: Press) -> Letter:
    plain = app_xml.press(event, world.settings.corp_id, world.settings.agent_id)
    return Letter("app", event.msgid, plain, attempts=1)


def _robot_letter(world: World, event: Press) -> Letter:
    return Letter("aibot", event.msgid, aibot.press(event, response_url(world, event.msgid)), attempts=1)


def _button(card: Card, key: str) -> Button:
    if card.done:
        raise PressError(f"the buttons were replaced by {card.done}")
    for button in card.buttons:
        if button.key == key:
            return button
    raise PressError(f"keys of this card: {', '.join(button.key for button in card.buttons)}")


def _trace(world: World, entry: Entry, person: str, button: Button) -> Entry:
    return entry_of(
        Draft("press", button.text),
        id=f"press-{secrets.token_hex(8)}",
        chat=entry.chat,
        sender="person",
        userid=person,
        name=world.roster.current.name_of(person),
    )
