"""Long messages in parts that fit the platform's byte limits."""

from __future__ import annotations

import re

from domain.graphemes import border_at_or_before

SMALLEST_LIMIT = 64
"""Bytes; below this the mark would leave no room for words."""

_OPEN_MENTION = re.compile(r"<@?[^<>\s]{0,130}\Z")


def split(text: str, max_bytes: int, lead: str = "") -> list[str]:
    """Parts of ``text`` of at most ``max_bytes`` UTF-8 bytes each, the mark included.

    One part comes back unmarked; more end with ``(1/3)`` on a line of its own (at the end, because the
    first line of an answer has a fixed form). ``lead`` begins every part but the first (``#12 (续)``).
    Cuts are made at line borders; a line longer than half a part may be cut between characters, never
    inside a character, a joined emoji or a ``<@mention>``. Line breaks at a cut are dropped.
    Raises ``ValueError`` for a limit too small to hold anything.
    """
    text = text.encode("utf-8", "replace").decode()
    lead = f"{lead}\n" if lead else ""
    if max_bytes < SMALLEST_LIMIT + 2 * _size(lead):
        raise ValueError(f"max_bytes {max_bytes} is too small")
    if _size(text) <= max_bytes:
        return [text]
    digits = 1
    while True:
        reserved = _size(_mark(10**digits - 1, 10**digits - 1))
        pieces = _cut(text, max_bytes - reserved, lead)
        if len(pieces) < 10**digits:
            break
        digits += 1
    if len(pieces) == 1:
        return pieces
    return [piece + _mark(number, len(pieces)) for number, piece in enumerate(pieces, 1)]


def _size(text: str) -> int:
    return len(text.encode())


def _mark(number: int, total: int) -> str:
    return f"\n({number}/{total})"


def _cut(text: str, room: int, lead: str) -> list[str]:
    """Pieces of at most ``room`` bytes, all but the first with ``lead`` in front."""
    pieces: list[str] = []
    place = 0
    while place < len(text):
        begin = lead if pieces else ""
        piece = _next_piece(text[place : place + room + 1], room - _size(begin))
        place += len(piece)
        if words := piece.strip("\n"):
            pieces.append(begin + words)
    return pieces


def _next_piece(window: str, room: int) -> str:
    """The first piece of ``window``, which holds more than ``room`` bytes unless it is the text's end."""
    if _size(window) <= room:
        return window
    fitting = len(window.encode()[:room].decode(errors="ignore"))
    line_end = window.rfind("\n", 0, fitting + 1)
    if line_end > 0 and _size(window[:line_end]) * 2 >= room:
        return window[: line_end + 1]
    end = border_at_or_before(window, fitting)
    if mention := _OPEN_MENTION.search(window, 0, end):
        end = mention.start() or end
    return window[:end]
