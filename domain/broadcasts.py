"""通知: a word of the supervisors to groups, and who said that he has read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from domain.clock import BusinessTime


@dataclass(frozen=True, slots=True)
class Broadcast:
    """number 0: not sent yet. author: userid. subdistrict: whose supervisors may see the replies. groups:
    chat ids it went to."""

    number: int
    text: str
    author: str
    subdistrict: str
    groups: tuple[str, ...]
    at: BusinessTime


@dataclass(frozen=True, slots=True)
class Reply:
    """收到, by whom and in which group (None: 1:1)."""

    userid: str
    chat_id: str | None
    at: BusinessTime


class Broadcasts(Protocol):
    """All of them, within one transaction."""

    def send(self, broadcast: Broadcast) -> Broadcast:
        """Store a new one; it gets its number."""

    def get(self, number: int) -> Broadcast | None: ...

    def newest_in(self, chat_id: str, within: timedelta) -> Broadcast | None:
        """The last one that went to a group, unless it is older."""

    def reply(self, number: int, reply: Reply) -> bool:
        """False if he had replied before."""

    def replies(self, number: int) -> Sequence[Reply]: ...
