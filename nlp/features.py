"""What a text gives the weights to work on: concepts of the lexicon, their pairs, words, shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.lexicon import Hit

_CAP = 6.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hits of one text and the features made of them (name → value)."""

    hits: tuple[Hit, ...]
    features: dict[str, float]


def features(text: str, words: Sequence[str], hits: Iterable[Hit]) -> dict[str, float]:
    """Named features of a normalised text. Names are readable: they stand in weights.csv."""
    found: dict[str, float] = {"bias": 1.0}
    strength: dict[str, float] = defaultdict(float)
    tags: dict[str, None] = {}
    for hit in hits:
        entry = hit.entry
        tags[entry.tag] = None
        found[f"word:{entry.word}"] = 1.0
        if entry.category:
            strength[entry.category] += entry.weight
    for tag in tags:
        found[f"tag:{tag}"] = 1.0
    for category, total in strength.items():
        found[f"sum:{category}"] = min(total, _CAP) / 3
    for word in words:
        found.setdefault(f"cut:{word}", 1.0)
    if words:
        found[f"first:{words[0]}"] = 1.0
    found.update(_shape(text))
    return found


def _shape(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    length = len(text)
    found[
        "shape:tiny"
        if length <= 6
        else "shape:short"
        if length <= 14
        else "shape:mid"
        if length <= 32
        else "shape:long"
    ] = 1.0
    head = text.lstrip("# ")
    if head[:1].isdigit():
        found["shape:number_first"] = 1.0
    if "#" in text:
        found["shape:hash"] = 1.0
    if text.rstrip("!. [笑]").endswith(("?", "吗", "么", "没", "不")):
        found["shape:asks"] = 1.0
    if text.startswith("@"):
        found["shape:at"] = 1.0
    if "\n" in text:
        found["shape:lines"] = 1.0
    return found
