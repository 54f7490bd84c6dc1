"""The lexicon: what people say, as data a person can edit (data/lexicon/*.csv)."""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from nlp.model import LABELS, Weights

DATA = Path(__file__).parent / "data"
_GAP = ".."
_WINDOW = 8  # characters that may stand between the two halves of a gapped phrase
_LONGEST_HALF = 8
_LAYERS = 5
_LAYER_OF = {"danger": 2, "pattern": 3, "clear": 4, "meant": 4}  # things and faults 0, talk 1
_STREET = frozenset({"object", "fault", "problem", "neutral"})
_BRACES = re.compile(r"(\{[^{}]*\})")
_STOP = re.compile(r"[。!?\n]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word and what it is evidence of.

    kind: object, fault, problem (both in one), place, cue, negation, appeal … (see docs/classifier.md).
    tag: the concept, by which weights are learned. weight: how strongly it speaks for category and sub.
    """

    word: str
    kind: str
    tag: str
    category: str = ""
    sub: str = ""
    weight: float = 0.0
    layer: int = 0  # words hide shorter ones only within their layer (_LAYER_OF)


class Hit(NamedTuple):
    """An entry found in a text, from start to end."""

    entry: Entry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sub:
    """One row of the taxonomy: codes and Chinese names."""

    category: str
    category_name: str
    code: str
    name: str
    danger: bool


_Known = tuple[tuple[Entry, ...], tuple[tuple[str, Entry], ...]]
"""What a piece of text is: whole words, first halves of words with a gap; neither: the beginning of one."""


@dataclass(frozen=True)
class Lexicon:
    """Words, taxonomy and learned weights of one folder. version changes whenever any of its files does."""

    entries: tuple[Entry, ...]
    subs: tuple[Sub, ...]
    weights: Weights
    version: str
    _words: dict[str, _Known] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words: dict[str, list[Entry]] = {}
        gapped: dict[str, list[tuple[str, Entry]]] = {}
        for entry in self.entries:
            first, _, second = entry.word.partition(_GAP)
            if second:
                gapped.setdefault(first, []).append((second, entry))
            else:
                words.setdefault(first, []).append(entry)
        # every beginning of a word stands in the table as well, so that a search can stop early
        table: dict[str, _Known] = {
            word[:length]: ((), ()) for word in (*words, *gapped) for length in range(1, len(word) + 1)
        }
        table |= {
            word: (tuple(words.get(word, ())), tuple(gapped.get(word, ()))) for word in (*words, *gapped)
        }
        object.__setattr__(self, "_words", table)

    @classmethod
    def load(cls, folder: Path = DATA) -> Lexicon:
        """Read a lexicon folder; a bad row is a ValueError that names file and line."""
        entries = tuple(
            entry for path in sorted((folder / "lexicon").glob("*.csv")) for entry in _entries(path)
        )
        return cls(
            entries, _taxonomy(folder / "taxonomy.csv"), _weights(folder / "weights.csv"), version_of(folder)
        )

    def words(self) -> Iterator[str]:
        """All whole words, for the tokenizer's dictionary."""
        return (word for word, (entries, _) in self._words.items() if entries and len(word) > 1)

    def find(self, text: str, tokens: frozenset[tuple[int, int]]) -> list[Hit]:
        """Entries in a normalised text. A word inside a longer one does not count (停车 in 停车场); a single
        character counts only where the tokenizer found it to be a word (tokens: spans of its words)."""
        hits: list[Hit] = []
        covered = [0] * _LAYERS
        known_as, size = self._words.get, len(text)
        for start in range(size):
            found: list[tuple[int, tuple[Entry, ...]]] = []
            for end in range(start + 1, size + 1):
                if (known := known_as(text[start:end])) is None:
                    break
                entries, halves = known
                if entries and (end > start + 1 or (start, end) in tokens):
                    found.append((end, entries))
                if halves:
                    hits.extend(_second_halves(text, start, end, halves))
            for end, entries in reversed(found):
                _take(hits, covered, entries, start, end)
        return hits


def _take(hits: list[Hit], covered: list[int], entries: tuple[Entry, ...], start: int, end: int) -> None:
    before = covered.copy()
    for entry in entries:
        if end > before[entry.layer]:
            hits.append(Hit(entry, start, end))
            covered[entry.layer] = end


def version_of(folder: Path) -> str:
    """A short fingerprint of every data file that decides how text is read."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.txt"), *(folder / "lexicon").glob("*.csv")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def _second_halves(text: str, start: int, end: int, halves: tuple[tuple[str, Entry], ...]) -> Iterator[Hit]:
    near = text[end : end + _WINDOW + _LONGEST_HALF]
    for second, entry in halves:
        if second in near and (at := near.index(second)) <= _WINDOW and not _STOP.search(near, 0, at):
            yield Hit(entry, start, end + at + len(second))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}


def _entries(path: Path) -> Iterator[Entry]:
    for line, row in _rows(path):
        try:
            weight = float(row["weight"] or 0)
            kind, tag, words = row["kind"], row["tag"], row["words"].split()
        except (KeyError, ValueError) as error:
            raise ValueError(
                f"{path.name} line {line}: expected kind,tag,category,sub,weight,words ({error})"
            ) from error
        layer = 0 if kind in _STREET else _LAYER_OF.get(kind, 1)
        for spelling in dict.fromkeys(s for word in words for s in expand(word)):
            yield Entry(spelling.replace("␣", " "), kind, tag, row["category"], row["sub"], weight, layer)


def expand(word: str) -> Iterator[str]:
    """Every spelling of a word with alternatives in braces: ``{清|扫}{完|好}了`` is four words."""
    parts = [part.strip("{}").split("|") for part in _BRACES.split(word) if part]
    return ("".join(choice) for choice in itertools.product(*parts))


def _taxonomy(path: Path) -> tuple[Sub, ...]:
    return tuple(
        Sub(row["category"], row["category_zh"], row["sub"], row["sub_zh"], row["danger"] == "yes")
        for _, row in _rows(path)
    )


def _weights(path: Path) -> Weights:
    index = {label: i for i, label in enumerate(LABELS)}
    weights: dict[str, list[float]] = {}
    # a weight is one of a few hundred numbers, so rows share them and stay small
    same: dict[str, tuple[int, float]] = {}
    if not path.exists():
        return weights
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.reader(file), 1):
            try:
                feature, said = row
                weights[feature] = found = [0.0] * len(LABELS)
                for pair in said.split():
                    i, weight = same.get(pair) or same.setdefault(pair, _pair(pair, index))
                    found[i] = weight
            except (KeyError, ValueError) as error:
                raise ValueError(
                    f"{path.name} line {line}: expected feature,label=weight … ({error})"
                ) from error
    return weights


def _pair(said: str, index: Mapping[str, int]) -> tuple[int, float]:
    label, _, weight = said.partition("=")
    return index[label], float(weight)
