"""How a person is heard and answered on each channel: a small driver each, for ``test_channels``.

Another channel is another ``Voice`` and a line in ``CHANNELS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.fleet import Fleet, Street


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
class Cast:
    """The two who talk."""

    reporter: Voice
    chief: Voice


CHANNELS: Mapping[str, Callable[[Fleet, Street], Cast]] = {
    "aibot": lambda fleet, street: Cast(
        InGroup(fleet, street.shop(), street.group), InGroup(fleet, street.chief, street.group)
    ),
    "app": lambda fleet, street: Cast(ByApp(fleet, street.shop()), ByApp(fleet, street.chief)),
}
"""Channel → who is heard how on it."""
