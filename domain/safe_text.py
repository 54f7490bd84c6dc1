"""Makes people's words harmless in what the bot sends: they are shown, never obeyed.

Characters that mean something to the platform's markdown, mentions or links become their full-width twins,
so that a Chinese reader still reads what was written. Our own formatting is added after this, never before.
"""

from __future__ import annotations

import re

from domain.graphemes import COMBINING, ZWJ, border_at_or_before
from domain.masking import mask

CUT_MARK = "…"

_EMOJI = "\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U0010ffff]"
)
"""Control, bidirectional, zero-width and private characters, fillers, halves of surrogate pairs."""

_STRAY_JOINER = re.compile(f"(?<![{_EMOJI}]){ZWJ}|{ZWJ}(?![{_EMOJI}])")
_STRAY_SELECTOR = re.compile(f"(?<![{_EMOJI}0-9#*])\ufe0f")
_HEAPED_ACCENTS = re.compile(f"([{COMBINING}]{{2}})[{COMBINING}]+")
_BLANKS = re.compile(r"\s+")

_TWINS = str.maketrans("<>@#*_`~|[](){}&\\^", "＜＞＠＃＊＿｀～｜［］（）｛｝＆＼＾")
_DOTTED_ADDRESS = re.compile(r"\d+(?:\.\d+){3,}")
_DOMAIN_DOT = re.compile(r"(?<=\S)\.(?=[^\W\d_])")
_SCHEME = re.compile(r":?//+")
_LIST_OR_RULE = re.compile(r"^(?:[-+=]+|\d+\.(?=\s|$))")
_WIDE = str.maketrans(".:/-+=", "．：／－＋＝")


def _widen(match: re.Match[str]) -> str:
    return match.group().translate(_WIDE)


def _visible(text: str) -> str:
    """One line without anything a reader cannot see."""
    text = _INVISIBLE.sub("", text)
    text = _STRAY_JOINER.sub("", text)
    text = _STRAY_SELECTOR.sub("", text)
    text = _HEAPED_ACCENTS.sub(r"\1", text)
    return _BLANKS.sub(" ", text).strip()


def _inert(text: str) -> str:
    """Without mention, link, heading, quote, list, emphasis, code or table."""
    text = text.translate(_TWINS)
    text = _DOTTED_ADDRESS.sub(_widen, text)
    text = _DOMAIN_DOT.sub("．", text)
    text = _SCHEME.sub(_widen, text)
    return _LIST_OR_RULE.sub(_widen, text)


def _masked(text: str) -> str:
    return mask(text).translate(_TWINS)  # the mask's own stars would be emphasis


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    end = border_at_or_before(text, limit - len(CUT_MARK))
    return text[:end].rstrip(" " + ZWJ) + CUT_MARK


def plain(text: str, limit: int) -> str:
    """``text`` as one harmless line of at most ``limit`` characters, cut with ``…``, numbers masked.

    Applying it again changes nothing. It may be put anywhere in a message, at the start of a line too; in
    front of it stands at least what the caller writes. ``limit`` must be at least 1.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    # Masked before the cut, which could hide what a number is, and after it, which could make one.
    return _masked(_cut(_masked(_inert(_visible(text))), limit))
