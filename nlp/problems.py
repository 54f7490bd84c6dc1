"""From category to problem: which sub, on which words, and whether people may be hurt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from nlp.lexicon import Hit
from nlp.reading import Problem

# what a category most likely is when its words name no sub
_USUAL = {
    "parking": "motor",
    "garbage": "exposed",
    "ads": "sticker",
    "vending": "occupying",
    "construction": "nuisance",
    "facility": "road",
    "noise": "shop",
    "greening": "untrimmed",
    "other_street": "other",
}


def problem(category: str, hits: Sequence[Hit], share: float) -> tuple[Problem, float]:
    """The problem of a category and how much the lexicon itself says for it."""
    scores: dict[str, float] = defaultdict(float)
    words: dict[str, None] = {}
    strength = 0.0
    for hit in hits:
        entry = hit.entry
        if entry.category == category:
            strength += entry.weight
            words[entry.word] = None
            if entry.sub:
                # a sub is decided by its strongest words, not by many weak ones
                scores[entry.sub] += entry.weight * entry.weight
    sub = max(scores, key=lambda code: scores[code]) if scores else _USUAL[category]
    return Problem(category, sub, round(share, 4), tuple(words)[:6]), strength


def danger_words(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Words that say people may be hurt."""
    return tuple(hit.entry.word for hit in hits if hit.entry.kind == "danger")


def is_danger(
    dangerous: frozenset[tuple[str, str]], problems: Sequence[Problem], hits: Sequence[Hit]
) -> bool:
    """True when the main problem is of a dangerous sub (category, code), or words of danger are used."""
    return any((p.category, p.sub) in dangerous for p in problems[:1]) or bool(danger_words(hits))
