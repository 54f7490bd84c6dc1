"""How a person is heard and answered on each channel: a small driver each, for ``test_channels``.

Another channel is another ``Voice`` and a line in ``CHANNELS``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.fleet import Fleet, Street
from tests.fleet.town import Json


class Voice(Protocol):
    """One person on one channel."""

    def say(self, text: str, pictures: Sequence[str] = ()) -> Sequence[str]:
        """Say it and return every answer, after all that it causes has happened."""

    def told(self, since: int) -> Sequence[str]:
        """What the bot said to this person unasked, after a place in the transcript."""


@dataclass(frozen=True)
class InGroup:
    """By @ in the street's group, through the 智能机器人; told 1:1 by the app."""

    fleet: Fleet
    person: str
    group: str

    def say(self, text: str, pictures: Sequence[str] = ()) -> Sequence[str]:
        return self.fleet.answers_to(self.fleet.say(self.person, text, group=self.group, pictures=pictures))

    def told(self, since: int) -> Sequence[str]:
        return self.fleet.texts(f"app:{self.person}", since)


@dataclass(frozen=True)
class ByApp:
    """1:1 with the 自建应用. A picture is a message of its own there and comes first."""

    fleet: Fleet
    person: str

    def say(self, text: str, pictures: Sequence[str] = ()) -> Sequence[str]:
        for picture in pictures:
            self.fleet.settle(self.fleet.say(self.person, pictures=[picture]))
        return self.fleet.answers_to(self.fleet.say(self.person, text))

    def told(self, since: int) -> Sequence[str]:
        return self.fleet.texts(f"app:{self.person}", since)


@dataclass(frozen=True)
class OnPhone:
    """1:1 with the 公众号, on plain WeChat."""

    fleet: Fleet
    person: str

    @classmethod
    def by_poster(cls, fleet: Fleet, street: Street) -> OnPhone:
        """Somebody who followed by the street's QR code, so that his chat knows the street."""
        phone = cls(fleet, street.shop())
        fleet.settle(fleet.say(phone.person, street.name, via="mp", kind="follow"))
        return phone

    def say(self, text: str, pictures: Sequence[str] = ()) -> Sequence[str]:
        return self.fleet.answers_to(self.fleet.say(self.person, text, via="mp", pictures=pictures))

    def told(self, since: int) -> Sequence[str]:
        return self.fleet.texts(f"mp:{self.person}", since)


@dataclass(frozen=True)
class Overheard:
    """In the street's group and to nobody in particular: the archive hears it; told 1:1 by the app."""

    fleet: Fleet
    person: str
    group: str

    def say(self, text: str, pictures: Sequence[str] = ()) -> Sequence[str]:
        how = {"via": "archive", "mention": False, "pictures": pictures}
        return self.fleet.answers_to(self.fleet.say(self.person, text, group=self.group, **how))

    def told(self, since: int) -> Sequence[str]:
        return self.fleet.texts(f"app:{self.person}", since)


@dataclass
class CommandCentre:
    """A system that hands a problem over, says by its own route what it thinks of the result, and is told by
    its webhook. What it is told is worded here, so that the same lines fit."""

    fleet: Fleet
    street: Street
    key: str = field(default_factory=lambda: f"cam-{secrets.token_hex(8)}")
    calls: int = 0

    def say(self, text: str, pictures: Sequence[str] = ()) -> Sequence[str]:  # noqa: ARG002
        self.calls = self.fleet.town.last_call()
        if text.startswith("满意"):
            document = self._post(f"/relay/issues/{self.key}/verdict", {"verdict": "satisfied"})
            return [f"#{document['issue']['number']} {document['issue']['state_name']}"]
        said = {"text": text, "section": self.street.name}
        issue = self._post("/relay/issues", said, self.key)["issue"]
        place = f"地点 {issue['section']} · 责任人 {issue['owner']}"
        return [f"#{issue['number']} 已受理:{issue['label']} {place} · 时限 {issue['deadline']}"]

    def told(self, since: int) -> Sequence[str]:  # noqa: ARG002
        """Every 办结 is a question: the centre may say what it thinks."""
        self.fleet.settle_down()
        bodies = [call["body"] for call in self.fleet.town.calls("command-centre", self.calls)]
        mine = [body for body in bodies if body["key"] == self.key]
        asked = {"办结": "您看好了吗"}
        return [f"#{body['issue']['number']} {asked.get(body['event'], body['event'])}" for body in mine]

    def _post(self, path: str, document: object, key: str = "") -> Json:
        body, stamp = json.dumps(document).encode(), str(int(time.time()))
        key = key or f"verdict-{secrets.token_hex(8)}"
        secret = self.fleet.environment["DISPATCH_SECRET_CAMERA"].encode()
        signed = f"{stamp}\n{key}\nPOST {path}\n".encode() + body
        headers = {
            "X-Source": "camera",
            "X-Timestamp": stamp,
            "Idempotency-Key": key,
            "X-Signature": hmac.new(secret, signed, hashlib.sha256).hexdigest(),
        }
        answer = self.fleet.http("POST", path, data=body, headers=headers)
        assert answer.status_code == 200, answer.text
        self.fleet.settle_down()
        found: Json = answer.json()
        return found


@dataclass(frozen=True)
class ByRobot:
    """Over the robot's long connection and by nothing else: in the street's group, or (``group`` empty) 1:1
    with the robot, which writes only to those who have written to it."""

    fleet: Fleet
    person: str
    group: str = ""
    told_alone: bool = False

    def say(self, text: str, pictures: Sequence[str] = ()) -> Sequence[str]:
        how = {"via": "aibot", "pictures": pictures}
        return self.fleet.answers_to(self.fleet.say(self.person, text, group=self.group or None, **how))

    def told(self, since: int) -> Sequence[str]:
        self.fleet.settle_down()
        alone = self.told_alone or not self.group
        return self.fleet.texts(f"aibot:{self.person}" if alone else self.group, since)

    def introduced(self) -> ByRobot:
        """He has written to the robot 1:1 before, so that he is told there."""
        ByRobot(self.fleet, self.person).say("待办")
        return ByRobot(self.fleet, self.person, self.group, told_alone=True)


@dataclass(frozen=True)
class Cast:
    """The two who talk."""

    reporter: Voice
    chief: Voice


CHANNELS: Mapping[str, Callable[[Fleet, Street], Cast]] = {
    "aibot": lambda fleet, street: Cast(
        InGroup(fleet, street.shop(), street.group), InGroup(fleet, street.chief, street.group)
    ),
    "relay": lambda fleet, street: Cast(
        Overheard(fleet, street.shop(), street.group), Overheard(fleet, street.chief, street.group)
    ),
    "dispatch": lambda fleet, street: Cast(
        CommandCentre(fleet, street), InGroup(fleet, street.chief, street.group)
    ),
    "mp": lambda fleet, street: Cast(
        OnPhone.by_poster(fleet, street), InGroup(fleet, street.chief, street.group)
    ),
    "app": lambda fleet, street: Cast(ByApp(fleet, street.shop()), ByApp(fleet, street.chief)),
    "connect": lambda fleet, street: Cast(
        ByRobot(fleet, street.shop(), street.group),
        ByRobot(fleet, street.chief, street.group).introduced(),
    ),
    "connect 1:1": lambda fleet, street: Cast(
        ByRobot(fleet, street.shop()), ByRobot(fleet, street.chief).introduced()
    ),
}
"""Channel → who is heard how on it."""
ON: Mapping[str, str] = {"connect": "connected_fleet", "connect 1:1": "connected_fleet"}
"""Channel → the fleet that has it, where that is another one than the others' ``archive_fleet``."""
