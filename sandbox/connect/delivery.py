"""A letter to the bot as frames of its long connection."""

from __future__ import annotations

import json

from sandbox.callbacks.letter import Attempt, Letter
from sandbox.cgi_bin.tickets import Tickets
from sandbox.connect.hub import Callback
from sandbox.world import World


def deliver(world: World, letter: Letter) -> list[Attempt]:
    """Hand it over, once for each copy and each lost answer. Nobody acknowledges a frame: what is noted is
    whether somebody was connected."""
    body = json.loads(letter.plain)
    event = body.get("msgtype") == "event"
    tickets = world.moments if event else world.frames
    command = "aibot_event_callback" if event else "aibot_msg_callback"
    callback = Callback(letter.msgid, command, body, lambda: _new_id(tickets, letter.msgid))
    if not event:
        world.spoken.add(body.get("chatid") or f"aibot:{body.get('from', {}).get('userid')}")
    copies = letter.copies + letter.lost
    given = world.hub.hand_over(callback, copies)
    made = [
        Attempt(copy, 1, 200 if given else None, 0.0, "" if given else "not connected")
        for copy in range(1, copies + 1)
    ]
    for attempt in made:
        _record(world, letter, attempt)
    return made


def _record(world: World, letter: Letter, attempt: Attempt) -> None:
    seen = {
        "at": world.now(),
        "via": letter.via,
        "msgid": letter.msgid,
        "query": {},
        "body": letter.plain,
        "plain": json.dumps(json.loads(letter.plain), sort_keys=True),  # a frame has no bytes of its own
        "answer": "",
        **attempt.to_json(),
    }
    world.deliveries.add(lambda number: {"n": number, **seen})


def _new_id(tickets: Tickets, msgid: str) -> str:
    return tickets.issue(msgid).code
