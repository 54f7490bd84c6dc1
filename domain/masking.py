"""Hides phone numbers, licence plates, identity and card numbers, and leaves enough to recognise them.

Every occurrence is hidden, however it is grouped or written (full-width digits, dashes, dots). Separators
stay and the length does not change: ``138****0000``, ``豫A·***12``, ``4101************34``. Issue numbers,
house numbers, dates, times and prices are left alone; what could be either because it is long, is hidden.
"""

from __future__ import annotations

import re
import unicodedata

_SEP = r"[\s\-‐-―－.．·•・_＿]"
_S = _SEP + "{0,2}"
_GAP = _SEP + "{1,3}"

# Zero-width characters, variation selectors and keycaps: ways to write past a mask.
_ZERO_WIDTH = r"[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\u20e3\ufeff]"

# 3-4-4 and the other groupings people use. Free separators would join lists of house numbers (13 15 17 …).
_MOBILE = (
    rf"1[3-9]\d(?:{_S}\d{{4}}{_S}\d{{4}}|{_S}\d{{3}}{_S}\d{{5}}|\d{_S}\d{{3}}{_S}\d{{4}}"
    rf"|\d{_S}\d{{4}}{_S}\d{{3}}|\d\d{_S}\d{{6}})"
    rf"|1{_GAP}[3-9](?:{_GAP}\d){{9}}"
)
_IDENTITY = rf"[1-9]\d{{5}}{_S}\d{{8}}{_S}\d{{3}}[\dXx]|[1-9]\d{{14}}"
_CARD = rf"[3-69]\d{{3}}(?:{_S}\d{{4}}){{3}}(?:{_S}\d{{1,4}})?"
_COUNTRY = rf"(?:(?:\+|00)?86{_S}|0)?"
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_PHONE_WORD = r"(?:电话|座机|热线|号码|手机|微信|致电|联系|[Tt][Ee][Ll]|☎|📞)[^\d\n]{0,4}"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_CHAR = r"[A-Za-z\d]"
_PLATE = (
    rf"(?P<number>{_CHAR}(?:{_SEP}?{_CHAR}){{3}}(?:{_SEP}?{_CHAR}){{1,2}}?"
    rf"|{_CHAR}{{4}}[学警港澳挂领])(?!{_CHAR})"
)

# What to look for, how many letters and digits of the group "number" stay visible at its start and end.
# The longest kinds come first: a mobile inside an identity number must not be taken for one.
_RULES: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(pattern), head, tail)
    for pattern, head, tail in (
        # With a digit: 新KTVABC is a word, not a plate.
        (rf"{_PROVINCE}{_S}[A-Za-z]{_S}(?=(?:\W?\w){{0,5}}\d){_PLATE}", 0, 2),
        # Glued to what follows: still somebody's plate.
        (rf"{_PROVINCE}{_S}[A-Za-z]{_S}(?={_CHAR}{{0,4}}\d)(?P<number>{_CHAR}{{5,6}})(?={_CHAR})", 0, 2),
        (rf"车牌号?码?[是为:：\s]{{0,3}}(?:[A-Za-z]{_S}(?={_CHAR}{{5}}))?{_PLATE}", 0, 2),
        (rf"(?<!\d)(?P<number>{_IDENTITY})(?!\d)", 4, 2),
        (rf"(?<!\d)(?P<number>{_CARD})(?!\d)", 4, 4),
        (r"(?P<number>\d{15,})", 4, 4),
        (rf"(?<!\d){_COUNTRY}(?P<number>{_MOBILE})(?!\d)", 3, 4),
        # Glued to a house number, or with a digit too many: still somebody's number.
        (r"(?<!\d)\d{1,3}(?P<number>1[3-9]\d{9})(?!\d)", 3, 4),
        (r"(?<!\d)(?P<number>1[3-9]\d{9})\d{1,3}(?!\d)", 3, 4),
        (rf"(?<!\d){_AREA}[)）]?{_S}(?P<number>[1-9](?:\d{{6,7}}|\d{{2,3}}{_SEP}\d{{4}}))(?!\d)", 0, 4),
        (rf"(?<!\d)(?P<number>[48]00{_S}(?:\d{{3}}{_S}\d{{4}}|\d{{4}}{_S}\d{{3}}))(?!\d)", 3, 4),
        (rf"{_PHONE_WORD}(?P<number>[1-9]\d{{2,3}}{_SEP}?\d{{4}})(?!\d)", 0, 4),
    )
)
_CANDIDATE = re.compile(rf"\d(?:{_SEP}|{_ZERO_WIDTH}){{0,6}}\d|{_PROVINCE}|车{_ZERO_WIDTH}*牌")
_INVISIBLE = re.compile(_ZERO_WIDTH)

_NARROW = {code: code - 0xFEE0 for code in (0xFF0B, *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE_DIGIT = re.compile(r"(?![0-9])\d")


def _narrow(text: str) -> str:
    """Full-width letters and digits of any script as ASCII; the length stays."""
    if text.isascii():
        return text
    text = text.translate(_NARROW)
    return _WIDE_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit.group())), text)


def _hidden(text: str) -> str:
    """``text`` with every number that a rule finds hidden by ``*``, one round."""
    for pattern, head, tail in _RULES:
        chars: list[str] | None = None
        for match in pattern.finditer(text):
            start, end = match.span("number")
            places = [place for place in range(start, end) if text[place].isalnum()]
            chars = chars or list(text)
            for place in places[head : len(places) - tail]:
                chars[place] = "*"
        if chars:
            text = "".join(chars)
    return text


def _masked(text: str) -> str:
    narrow = _narrow(text)
    masked, before = _hidden(narrow), narrow
    while masked != before:  # what is left of one number may complete the next; each round hides more
        masked, before = _hidden(masked), masked
    if masked == narrow:
        return text
    return "".join("*" if new == "*" else old for new, old in zip(masked, text, strict=True))


def mask(text: str) -> str:
    """``text`` with every phone number, plate, identity and card number hidden; of the same length."""
    if not _CANDIDATE.search(text):
        return text
    if not _INVISIBLE.search(text):
        return _masked(text)
    masked = iter(_masked(_INVISIBLE.sub("", text)))
    return "".join(char if _INVISIBLE.match(char) else next(masked) for char in text)
