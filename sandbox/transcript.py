"""What people see in their chats: everything that was said, by whom, where, in order."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from sandbox.journal import Journal

Sender = Literal["person", "robot", "push", "app", "mp"]


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Card:
    """A template card. ``done``: what the buttons were replaced with, "" while they can be pressed."""

    card_type: str
    title: str
    desc: str
    task_id: str
    buttons: tuple[Button, ...]
    done: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    id: str
    name: str
    text: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The visible part of a message, whoever sends it. pictures: addresses the page can show."""

    kind: str
    text: str = ""
    mentions: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    card: Card | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as it stands in one chat.

    chat: chat id of a group, else ``aibot:<userid>``, ``app:<userid>`` or ``mp:<userid>``. seq: place in the
    whole record; rev: grows whenever any entry changes. heard: the bot was sent it (people's messages only).
    """

    id: str
    chat: str
    sender: Sender
    userid: str
    name: str
    kind: str
    text: str = ""
    mentions: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    card: Card | None = None
    file: str = ""
    quote: Quote | None = None
    heard: bool = True
    deliveries: tuple[dict[str, Any], ...] = ()
    at: str = ""
    seq: int = 0
    rev: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def entry_of(draft: Draft, **where: Any) -> Entry:
    """An entry that shows ``draft``; ``where`` gives id, chat, sender, userid, name and so on."""
    shown = {name: getattr(draft, name) for name in ("kind", "text", "mentions", "pictures", "card", "file")}
    return Entry(**{**shown, **where})


class Transcript:
    """All entries, newest ``size`` kept. Thread-safe."""

    def __init__(self, size: int, stamp: Callable[[], str]) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._size = size
        self._stamp = stamp
        self._lock = threading.Lock()
        self.changes: Journal[Entry] = Journal(size)

    def add(self, entry: Entry) -> Entry:
        """Append; an id that is already there gets a suffix. Returns the entry as stored."""
        with self._lock:
            name = entry.id
            while name in self._entries:
                name += "+"
            now = self._stamp()
            stored = self.changes.add(lambda n: replace(entry, id=name, at=entry.at or now, seq=n, rev=n))
            self._keep(stored)
            return stored

    def change(self, entry_id: str, **fields: Any) -> Entry | None:
        """Replace fields of one entry; None if it is unknown or forgotten."""
        with self._lock:
            old = self._entries.get(entry_id)
            if old is None:
                return None
            stored = self.changes.add(lambda n: replace(old, rev=n, **fields))
            self._entries[entry_id] = stored
            return stored

    def find(self, entry_id: str) -> Entry | None:
        with self._lock:
            return self._entries.get(entry_id)

    def since(self, seq: int) -> list[Entry]:
        """Entries added after ``seq``, in order, each as it stands now."""
        with self._lock:
            return [entry for entry in self._entries.values() if entry.seq > seq]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.changes.clear()

    def _keep(self, entry: Entry) -> None:
        self._entries[entry.id] = entry
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)
