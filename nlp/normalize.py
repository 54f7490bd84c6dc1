"""One spelling for what people type: width, script, typos, emoji, numerals."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "零〇一二两三四五六七八九十百千"
# 号 makes it a house or issue number; 二马路 and 三轮车 keep their characters
_NUMBERED = re.compile(f"(?<![{_NUMERAL}第])([{_NUMERAL}]{{1,8}})(?=号(?!线|楼|院)|单(?!元|车|行|位|号))")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\ufe0f\u200d\u20e3]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200c\u200e-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t\u3000\xa0]+")
_LINES = re.compile(r"\s*\n\s*")
_REPEATS = re.compile(r"([!?。,~])\1+")


def _pairs(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return [(row[0], row[1]) for row in rows[1:] if len(row) >= 2 and row[0]]


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    text = (DATA / "traditional.txt").read_text(encoding="utf-8")
    return {ord(pair[0]): pair[1] for pair in text.split() if len(pair) == 2}


@lru_cache(maxsize=1)
def _typos() -> tuple[re.Pattern[str], dict[str, str]]:
    table = dict(_pairs(DATA / "typos.csv"))
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), table


@lru_cache(maxsize=1)
def _emoji() -> dict[str, str]:
    return dict(_pairs(DATA / "emoji.csv"))


def chinese_number(numeral: str) -> int | None:
    """The value of a Chinese numeral up to 9999 (``一百二十三``, ``十二``, ``二八``), else None."""
    if not numeral or any(c not in _NUMERAL for c in numeral):
        return None
    if not any(c in _UNITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    if digit and len(numeral) >= 2 and numeral[-2] == "百":  # 一百二 is 120
        digit *= 10
    return total + digit


def _digits(match: re.Match[str]) -> str:
    value = chinese_number(match.group(1))
    return match.group(1) if value is None else str(value)


def width(text: str) -> str:
    """Half width (NFKC), invisible characters dropped, spaces single; nothing else is changed."""
    text = unicodedata.normalize("NFKC", text).replace("\r", "\n")
    text = _INVISIBLE.sub("", text)
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def simplify(text: str) -> str:
    """Traditional characters as simplified ones."""
    return text.translate(_simplified())


def normalize(text: str) -> str:
    """The spelling in which the lexicon is written. Idempotent; never longer words, never an exception."""
    text = simplify(width(text))
    pattern, table = _typos()
    text = pattern.sub(lambda m: table[m.group()], text)
    words = _emoji()
    text = _EMOJI.sub(lambda m: words.get(m.group(), ""), text)
    text = _NUMBERED.sub(_digits, text)
    return _REPEATS.sub(r"\1", text).strip()
