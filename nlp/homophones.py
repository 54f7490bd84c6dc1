"""Which characters are mistaken for each other: same sound (loosely, as keyboards have it) or shape."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "pinyin.txt"
# keyboards offer fuzzy sounds, and Henan and southern speech merge them
_FUZZY_START = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "f"))
_FUZZY_END = (("ing", "in"), ("eng", "en"), ("ang", "an"), ("ong", "on"))


def _sound(syllable: str) -> str:
    for long, short in _FUZZY_START:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    for long, short in _FUZZY_END:
        if syllable.endswith(long):
            return syllable.removesuffix(long) + short
    return syllable


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            syllable, characters = line.split()
            for character in characters:
                groups[character].add(_sound(syllable))
    return {character: frozenset(sounds) for character, sounds in groups.items()}


def confusable(one: str, other: str) -> bool:
    """True when one character is easily typed for the other: same, similar sound, or look-alike."""
    if one == other:
        return True
    groups = _groups()
    return bool(groups.get(one, frozenset()) & groups.get(other, frozenset()))


def lookalikes(character: str) -> tuple[str, ...]:
    """All characters that are easily typed for this one, itself not included."""
    groups = _groups()
    own = groups.get(character, frozenset())
    return tuple(other for other, sounds in groups.items() if other != character and sounds & own)
