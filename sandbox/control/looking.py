"""What the control API shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sandbox.samples import LABELS
from sandbox.transcript import Entry
from sandbox.world import World

Query = Mapping[str, str]
Shown = dict[str, Any]


def transcript(world: World, query: Query) -> Shown:
    """Messages in order: of one chat, or of all chats that one person sees."""
    entries = world.transcript.since(_since(query))
    if chat := query.get("chat"):
        entries = [entry for entry in entries if entry.chat == chat]
    if person := query.get("person"):
        groups = {group.chat_id for group in world.roster.known().groups_of(person)}
        entries = [entry for entry in entries if _sees(person, groups, entry)]
    last = max((entry.seq for entry in entries), default=_since(query))
    return {"messages": [entry.to_json() for entry in entries], "last": last}


def calls(world: World, query: Query) -> Shown:
    found = world.calls.since(_since(query))
    wanted = query.get("endpoint")
    shown = [call for call in found if wanted in {None, call["endpoint"]}]
    return {"calls": shown, "last": found[-1]["n"] if found else _since(query)}


def deliveries(world: World, query: Query) -> Shown:
    found = world.deliveries.since(_since(query))
    wanted = query.get("msgid")
    shown = [one for one in found if wanted in {None, one["msgid"]}]
    return {"deliveries": shown, "last": found[-1]["n"] if found else _since(query)}


def groups(world: World, _query: Query) -> Shown:
    roster = world.roster.known()
    rows = [
        {**asdict(group), "members": [person.userid for person in roster.members(group)]}
        for group in roster.groups
    ]
    return {"groups": rows}


def people(world: World, _query: Query) -> Shown:
    roster = world.roster.known()
    rows = [
        {**asdict(person), "groups": [group.chat_id for group in roster.groups_of(person.userid)]}
        for person in roster.people
    ]
    return {"people": rows}


def samples(_world: World, _query: Query) -> Shown:
    rows = [{"name": name, "label": LABELS[name], "url": f"/page/pictures/{name}.png"} for name in LABELS]
    return {"samples": rows}


def state(world: World, _query: Query) -> Shown:
    return {
        "bot_names": list(world.settings.bot_names),
        "bot_url": world.settings.bot_url,
        "base_url": world.base_url,
        "connect": world.settings.connect,
        "now": world.clock.stamp(),
        "groups": len(world.roster.current.groups),
        "people": len(world.roster.current.people),
        "menu": world.menu,
        "last": world.transcript.changes.last,
    }


def _sees(person: str, groups: set[str], entry: Entry) -> bool:
    own = {f"{via}:{person}" for via in ("aibot", "app", "mp")}
    return entry.chat in groups | own or entry.userid == person


def _since(query: Query) -> int:
    return int(query.get("since") or 0)
