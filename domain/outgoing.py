"""What goes out: messages as the handlers mean them, and deliveries as a channel sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, cast

from domain.clock import BusinessTime

RouteKind = Literal[
    "reply",
    "webhook",
    "app",
    "card",
    "respond",
    "chat",
    "direct",
    "welcome",
    "update",
    "mp",
    "mp_notice",
    "dispatch",
]
"""reply: the address of one message (response_url). webhook: a group's push robot. app: one person by the
self-built app. card: the app's card whose button was pressed. By the robot's long connection: respond,
welcome, update: in answer to a frame; chat: a group; direct: one person. By the 公众号 to a follower: mp:
客服消息, after his word only; mp_notice: 订阅通知. dispatch: the system that handed a problem over."""
AttachmentKind = Literal["image", "file"]


CONNECTED: frozenset[RouteKind] = frozenset({"respond", "chat", "direct", "welcome", "update"})
"""Only the process that holds the robot's socket can take these."""
BRIEF: frozenset[RouteKind] = frozenset({"welcome", "update"})
"""Good for five seconds: what comes too late for them is missed by nobody."""
IN_GROUP: frozenset[RouteKind] = frozenset({"webhook", "chat"})
TO_PERSON: frozenset[RouteKind] = frozenset({"app", "direct", "mp"})


class Purpose(StrEnum):
    """Why a message is sent. Decides its rank when the budget is short and whether quiet hours hold it."""

    ANSWER = "answer"
    TASK = "task"
    """New work for the one it is sent to."""
    NOTICE = "notice"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class ToWriter:
    """The answer to the message being handled: once, whole, through that message's own address."""


@dataclass(frozen=True, slots=True)
class ToPerson:
    """One person: 1:1 where he can be reached so, else ``group`` (a chat id) with a mention of him.
    ``private``: what it is about he said 1:1, and nobody else learns that it was he; where nothing else leads
    to him, he is told when he next writes."""

    userid: str
    group: str | None
    private: bool = False


@dataclass(frozen=True, slots=True)
class ToGroup:
    """A group chat, mentioning people by userid where given."""

    chat_id: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToCard:
    """The card whose button was pressed: what it shows from now on instead of its buttons."""


Recipient = ToWriter | ToPerson | ToGroup | ToCard


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a template card; ``key`` comes back in the click (``认领:12``)."""

    text: str
    key: str


def work_buttons(number: int) -> tuple[Button, ...]:
    """What the card of a problem to be worked on offers its owner."""
    return tuple(Button(verb, f"{verb} {number}") for verb in ("认领", "办结", "转派"))


def look_buttons(number: int | None) -> tuple[Button, ...]:
    """What a card of the robot offers once it was pressed: it cannot be without any."""
    return (Button("查看", f"查询 {number}") if number else Button("帮助", "帮助"),)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or file of our own. path: under MEDIA_DIR. name: what people see it called."""

    kind: AttachmentKind
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a handler means it. ``issue``: number of the issue it is about. ``danger``: goes first, is
    never held by quiet hours. ``reply_with``: what to type as an answer (``收到 12``), told where the way
    out is a group; empty if no answer is expected. ``not_before``: it may be sent then at the earliest.
    ``attachment``: is what is sent; ``text`` then only names it in the records."""

    to: Recipient
    text: str
    purpose: Purpose
    issue: int | None = None
    danger: bool = False
    buttons: tuple[Button, ...] = ()
    reply_with: str = ""
    not_before: BusinessTime | None = None
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A place the platform delivers to: a reply address, a frame's id, a chat id, a userid or a card's
    response code, by the route."""

    route: RouteKind
    target: str

    @property
    def in_group(self) -> bool:
        """Whether a whole group reads it."""
        return self.route in IN_GROUP

    def __str__(self) -> str:
        return f"{self.route}:{self.target}"

    @classmethod
    def parse(cls, stored: str) -> Address:
        """The inverse of ``str``; only ever given our own stored addresses."""
        route, _, target = stored.partition(":")
        return cls(cast(RouteKind, route), target)


@dataclass(frozen=True, slots=True)
class Draft:
    """A row for the outbox: one call to one address. ``fallback`` gets the word if the address fails for
    good. ``held_until``: business time before which it may not leave. ``footer``: the end of ``text`` that
    is said once where several are merged. ``whole``: False for a part of a longer text. ``payer``: the
    address whose budget it costs, where that is another one (an answer to a frame counts with its chat)."""

    address: Address
    text: str
    purpose: Purpose
    danger: bool = False
    mentions: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    issue: int | None = None
    fallback: Address | None = None
    held_until: BusinessTime | None = None
    attachment: Attachment | None = None
    footer: str = ""
    whole: bool = True
    payer: Address | None = None

    @property
    def mergeable(self) -> bool:
        """Whether it may stand in one message with others to the same address. A danger told 1:1 keeps its
        card and its buttons."""
        alone = self.address.route in TO_PERSON
        pushed = self.address.in_group or (alone and not self.danger)
        return (
            pushed
            and self.attachment is None
            and self.whole
            and self.issue is not None
            and self.purpose in MERGEABLE
        )

    @property
    def is_card(self) -> bool:
        """Whether it is fresh work told 1:1, with buttons that a merged message would not have. What quiet
        hours held back is merged all the same."""
        return self.address.route in TO_PERSON and self.purpose is Purpose.TASK and self.held_until is None

    @property
    def body(self) -> str:
        """The text without its footer."""
        return self.text.removesuffix(f"\n{self.footer}") if self.footer else self.text


MERGEABLE = frozenset({Purpose.TASK, Purpose.NOTICE, Purpose.REMINDER, Purpose.ESCALATION})

MAX_BYTES: Mapping[RouteKind, int] = {
    "reply": 20480,
    "webhook": 2048,
    "app": 2048,
    "card": 60,
    "respond": 20480,
    "chat": 20000,
    "direct": 20480,
    "welcome": 2048,
    "update": 60,
    "mp": 2048,
    "mp_notice": 2048,
    "dispatch": 20480,
}
"""Longest text of one call in UTF-8 bytes: DOC 101138 (markdown), DOC 91770 (text), DOC 90236 (text), DOC
101463 (markdown; in a group there stays room for the names of those it is for). A card's button has no
documented limit; it is kept to what fits."""

MAX_ATTACHED: Mapping[tuple[RouteKind, AttachmentKind], int] = {
    ("webhook", "image"): 2 * 1024 * 1024,
    ("webhook", "file"): 20 * 1024 * 1024,
    ("app", "image"): 10 * 1024 * 1024,
    ("app", "file"): 20 * 1024 * 1024,
    ("chat", "image"): 10 * 1024 * 1024,
    ("chat", "file"): 20 * 1024 * 1024,
    ("direct", "image"): 10 * 1024 * 1024,
    ("direct", "file"): 20 * 1024 * 1024,
    ("mp", "image"): 10 * 1024 * 1024,
}
"""Largest attachment in bytes: DOC 91770 (before encoding), DOC 90389, DOC 101463. Answers carry
none."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call to the platform: what a channel's sender is given.

    target: reply address, frame's id, chat id, userid or card's code, by the route. key: stays the same when
    the call is repeated (idempotency, card task id). anew: an answer that has certainly not arrived yet; the
    same words may have been said a moment ago (待办 asked twice) and are meant again, so they are no
    repetition.
    """

    route: RouteKind
    target: str
    text: str
    key: str
    mentions: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    anew: bool = False
    attachment: Attachment | None = None


class Sender(Protocol):
    """A channel's way out. Returns when the platform confirmed; raises ``SendError`` otherwise."""

    max_bytes: int
    """Longest text in UTF-8 bytes that one call may carry."""

    def send(self, delivery: Delivery) -> None: ...
