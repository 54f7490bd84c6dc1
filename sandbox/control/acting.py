"""What the control API does."""

from __future__ import annotations

import json
from typing import Any

from sandbox.callbacks.dispatch import Dispatcher
from sandbox.callbacks.letter import Attempt, Letter
from sandbox.callbacks.verify import verify
from sandbox.control import requests_in
from sandbox.press import press
from sandbox.say import say
from sandbox.world import World

Fields = dict[str, Any]


def say_it(world: World, dispatcher: Dispatcher, fields: Fields) -> Fields:
    return say(world, dispatcher, requests_in.utterance(world, fields))


def press_it(world: World, dispatcher: Dispatcher, fields: Fields) -> Fields:
    message = requests_in.string(fields, "message", needed=True)
    key = requests_in.string(fields, "key", needed=True)
    return press(world, dispatcher, message, key, requests_in.number(fields, "copies") or 1)


def redeliver(world: World, dispatcher: Dispatcher, fields: Fields) -> Fields:
    """The payload of an earlier delivery again, as the platform does when an answer was lost."""
    msgid = requests_in.string(fields, "msgid", needed=True)
    earlier = [one for one in world.deliveries.since(0) if one["msgid"] == msgid]
    if not earlier:
        raise ValueError(f"nothing was delivered with msgid {msgid}")
    again = {**fields, "via": earlier[-1]["via"]}
    return _deliver(dispatcher, requests_in.letter(again, msgid, earlier[-1]["plain"]))


def raw(dispatcher: Dispatcher, fields: Fields) -> Fields:
    """Any decrypted payload, well-formed or not, encrypted and signed as told."""
    payload = fields.get("payload", "")
    plain = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return _deliver(dispatcher, requests_in.letter(fields, str(fields.get("msgid") or "raw"), plain))


def verify_it(world: World, fields: Fields) -> Fields:
    return verify(world, requests_in.channel(fields))


def set_roster(world: World, fields: Fields) -> Fields:
    """Push one, or fetch the bot's again when nothing is given."""
    if fields:
        world.roster.push(fields)
    elif error := world.roster.refresh():
        raise ValueError(f"the bot's roster could not be had: {error}")
    current = world.roster.current
    return {"groups": len(current.groups), "people": len(current.people)}


def spoil_tokens(world: World, fields: Fields) -> None:
    if fields.get("action") == "expire":
        world.tokens.expire_all()
    elif fields.get("action") == "revoke":
        world.tokens.forget_all()
    else:
        raise ValueError("action must be expire or revoke")


def move_follower(world: World, fields: Fields) -> Fields:
    """What befalls a follower without his doing, or in a page of the 公众号."""
    person, action = requests_in.string(fields, "person", needed=True), fields.get("action")
    if action == "close":
        world.followers.close(person)
    elif action == "subscribe":
        world.subscribed.add(person)
    elif action == "unsubscribe":
        world.subscribed.discard(person)
    elif action is not None:
        raise ValueError("action must be close, subscribe or unsubscribe")
    return {"openid": world.followers.openid(person), "following": world.followers.following(person)}


def disturb_connection(world: World, fields: Fields) -> Fields:
    """What may befall the robot's long connection, other than by the bot itself."""
    action, session = fields.get("action"), world.hub.session
    if action == "kick":
        world.hub.kick()
    elif action not in {"close", "drop", "freeze"}:
        raise ValueError("action must be close, drop, freeze or kick")
    elif session is None:
        raise ValueError("nobody is connected")
    elif action == "close":
        session.close(1012)
    elif action == "drop":
        session.drop()
    else:
        session.frozen = True
    return connection(world)


def connection(world: World) -> Fields:
    return {
        "connected": world.hub.session is not None,
        "joined": world.hub.joined,
        "kicked": world.hub.kicked,
    }


def reset(world: World) -> None:
    """A fresh start for the next test; roster, tokens and open response codes stay."""
    world.transcript.clear()
    world.calls.clear()
    world.deliveries.clear()
    world.faults.clear()
    world.webhook_windows.clear()
    world.member_windows.clear()
    world.chat_minutes.clear()
    world.chat_hours.clear()
    world.hub.clear()
    world.followers.clear()
    world.subscribed.clear()


def _deliver(dispatcher: Dispatcher, letter: Letter) -> Fields:
    made: list[Attempt] = []
    sent = dispatcher.dispatch(letter, made.extend)
    return {"held": not sent, "deliveries": [attempt.to_json() for attempt in made]}
