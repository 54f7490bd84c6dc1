"""Taking the bot's own @name out of what was written to it.

The platform delivers the mention as plain text: an @, half or full width, the display name (spaces possible),
and usually a U+2005 after it; at the start, at the end, or in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Python's \s lacks the zero-width characters that chat clients insert; line breaks must survive.
# Possessive, so that a flood of spaces is read once and not once per space.
_GAP = r"(?:[^\S\r\n\u2028\u2029]|[\u200b-\u200d\u2060\ufeff])*+"


class MentionStripper:
    """Strips the configured display names; without names, only the outer spaces."""

    def __init__(self, names: Sequence[str]) -> None:
        # longest first, else 路管家 would leave the 小助手 of 路管家小助手 behind
        patterns = [_spaced(name) for name in sorted(names, key=len, reverse=True) if name.strip()]
        self._mention = re.compile(f"[@＠]{_GAP}(?:{'|'.join(patterns)}){_GAP}") if patterns else None

    def names_us(self, text: str) -> bool:
        """Whether the bot is mentioned."""
        return self._mention is not None and self._mention.search(text) is not None

    def apply(self, text: str) -> str:
        """The text without the bot's mentions and without outer spaces."""
        if self._mention and ("@" in text or "＠" in text):
            text = self._mention.sub(_gap_left, text)
        return text.strip()


def _spaced(name: str) -> str:
    return _GAP.join(re.escape(part) for part in name.split())


def _gap_left(mention: re.Match[str]) -> str:
    """One space, so that words do not run together, unless there is one already."""
    before = mention.string[max(mention.start() - 1, 0) : mention.start()]
    return "" if not before or before.isspace() else " "
