"""Where a text may be cut so that nobody sees half an emoji.

A small part of Unicode's segmentation rules (UAX #29), enough for what people type in a chat: joined
emoji, skin tones, flags, keycaps and combining accents stay whole.
"""

from __future__ import annotations

ZWJ = "\u200d"
"""Zero-width joiner: makes one emoji of several."""

COMBINING = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Combining marks, as the inside of a regular expression's character class."""

_LOOK_BACK = 40
"""Longer sequences are nobody's emoji: they are cut anywhere."""


def _extends(char: str) -> bool:
    """Whether ``char`` only changes the look of the one before it."""
    code = ord(char)
    return (
        char == ZWJ
        or 0x0300 <= code <= 0x036F
        or 0x1AB0 <= code <= 0x1AFF
        or 0x1DC0 <= code <= 0x1DFF
        or 0x20D0 <= code <= 0x20FF
        or 0xFE00 <= code <= 0xFE0F
        or 0xFE20 <= code <= 0xFE2F
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _is_flag_letter(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _is_border(text: str, index: int) -> bool:
    before, after = text[index - 1], text[index]
    if before == ZWJ or _extends(after) or before + after == "\r\n":
        return False
    if not (_is_flag_letter(before) and _is_flag_letter(after)):
        return True
    start = index
    while start > max(0, index - _LOOK_BACK) and _is_flag_letter(text[start - 1]):
        start -= 1
    return (index - start) % 2 == 0


def border_at_or_before(text: str, index: int) -> int:
    """The last place up to ``index`` where ``text`` may be cut; ``index`` itself if none is near."""
    if index <= 0 or index >= len(text):
        return index
    for place in range(index, max(0, index - _LOOK_BACK), -1):
        if _is_border(text, place):
            return place
    return index
