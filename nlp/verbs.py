"""The commands there are and the words for them (data/commands.csv), and people's words for categories."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import get_args

from nlp.reading import Intent

_FILE = Path(__file__).parent / "data" / "commands.csv"


@dataclass(frozen=True, slots=True)
class Verb:
    """One canonical command, its intent if it has one, and the words that mean it."""

    name: str
    intent: Intent | None
    numbers: str  # none, one, many
    words: tuple[str, ...]
    casual: tuple[str, ...]


@lru_cache(maxsize=1)
def verbs() -> tuple[Verb, ...]:
    """All commands, as the data file lists them."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Verb(
                row["verb"],
                _intent(row["intent"]),
                row["numbers"],
                tuple(row["words"].split()),
                tuple(row["casual"].split()),
            )
            for row in csv.DictReader(file)
        )


def intent_of(verb: str) -> Intent | None:
    """The intent of a canonical verb; None for those that are no intent of the filter (日报, 绑定)."""
    return next((v.intent for v in verbs() if v.name == verb), None)


def _intent(word: str) -> Intent | None:
    known: dict[str, Intent] = {intent: intent for intent in get_args(Intent)}
    return known.get(word)


@lru_cache(maxsize=1)
def category_words() -> frozenset[str]:
    with (_FILE.parent / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words: set[str] = {row["category_zh"] for row in rows} | {row["sub_zh"] for row in rows}
    for row in rows:
        words.update(row["words"].split())
    return frozenset(words)


def is_category_word(word: str) -> bool:
    return word.strip() in category_words()


def category_word(word: str) -> tuple[str, str | None] | None:
    """(category, sub or None) that a person's word for a category means (``小广告`` → ads, sticker)."""
    with (_FILE.parent / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if word in {row["sub_zh"], row["sub"]} or word in row["words"].split():
            return row["category"], row["sub"]
    return next(
        ((row["category"], None) for row in rows if word in {row["category_zh"], row["category"]}), None
    )


def all_words(of: Iterable[Verb] | None = None) -> tuple[str, ...]:
    """Every word of every command, for the tokenizer's dictionary."""
    return tuple(word for verb in (of or verbs()) for word in verb.words if len(word) > 1)
