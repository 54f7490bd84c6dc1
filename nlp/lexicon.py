"""The lexicon: what people say, as data a person can edit (data/lexicon/*.csv)."""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "data"
_GAP = ".."
_WINDOW = 8  # characters that may stand between the two halves of a gapped phrase
_LAYERS = 4
_STREET = frozenset({"object", "fault", "problem", "neutral"})
_BRACES = re.compile(r"(\{[^{}]*\})")
_STOP = re.compile(r"[。!?\n]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word and what it is evidence of.

    kind: object, fault, problem (both in one), place, cue, negation, past, appeal, … (see docs/classifier.md).
    tag: the concept, by which weights are learned. weight: how strongly it speaks for category and sub.
    """

    word: str
    kind: str
    tag: str
    category: str = ""
    sub: str = ""
    weight: float = 0.0
    layer: int = 0  # words hide shorter ones only within their layer: street, talk, danger, pattern


@dataclass(frozen=True, slots=True)
class Hit:
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


@dataclass(frozen=True)
class Lexicon:
    """Words, taxonomy and learned weights of one folder. version changes whenever any of its files does."""

    entries: tuple[Entry, ...]
    subs: tuple[Sub, ...]
    weights: dict[str, dict[str, float]]
    version: str
    _words: dict[str, tuple[Entry, ...]] = field(init=False, repr=False)
    _lengths: dict[str, tuple[int, ...]] = field(init=False, repr=False)
    _gapped: dict[str, tuple[tuple[str, Entry], ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words: dict[str, list[Entry]] = {}
        gapped: dict[str, list[tuple[str, Entry]]] = {}
        lengths: dict[str, set[int]] = {}
        for entry in self.entries:
            first, _, second = entry.word.partition(_GAP)
            if second:
                gapped.setdefault(first, []).append((second, entry))
            else:
                words.setdefault(first, []).append(entry)
            lengths.setdefault(first[0], set()).add(len(first))
        object.__setattr__(self, "_words", {w: tuple(e) for w, e in words.items()})
        object.__setattr__(self, "_gapped", {w: tuple(e) for w, e in gapped.items()})
        object.__setattr__(self, "_lengths", {c: tuple(sorted(n, reverse=True)) for c, n in lengths.items()})

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
        return (word for word in self._words if len(word) > 1)

    def find(self, text: str, tokens: frozenset[tuple[int, int]]) -> list[Hit]:
        """Entries in a normalised text. A word inside a longer one does not count (停车 in 停车场); a single
        character counts only where the tokenizer found it to be a word (tokens: spans of its words)."""
        hits: list[Hit] = []
        covered = [0] * _LAYERS
        words, lengths, gapped = self._words, self._lengths, self._gapped
        for start, char in enumerate(text):
            for length in lengths.get(char, ()):
                end = start + length
                word = text[start:end]
                if word in gapped:
                    hits.extend(_second_halves(text, start, end, gapped[word]))
                if word not in words or (length == 1 and (start, end) not in tokens):
                    continue
                for entry in words[word]:
                    if end > covered[entry.layer]:
                        hits.append(Hit(entry, start, end))
                for layer in {entry.layer for entry in words[word]}:
                    covered[layer] = max(covered[layer], end)
        return hits


def version_of(folder: Path) -> str:
    """A short fingerprint of every data file that decides how text is read."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.txt"), *(folder / "lexicon").glob("*.csv")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def _second_halves(text: str, start: int, end: int, halves: tuple[tuple[str, Entry], ...]) -> Iterator[Hit]:
    for second, entry in halves:
        at = text.find(second, end, end + _WINDOW + len(second))
        if at >= 0 and not _STOP.search(text, end, at):
            yield Hit(entry, start, at + len(second))


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
        layer = 0 if kind in _STREET else {"danger": 2, "pattern": 3}.get(kind, 1)
        for word in dict.fromkeys(spelling for word in words for spelling in expand(word)):
            yield Entry(word.replace("␣", " "), kind, tag, row["category"], row["sub"], weight, layer)


def expand(word: str) -> Iterator[str]:
    """Every spelling of a word with alternatives in braces: ``{清|扫}{完|好}了`` is four words."""
    parts = [part.strip("{}").split("|") for part in _BRACES.split(word) if part]
    return ("".join(choice) for choice in itertools.product(*parts))


def _taxonomy(path: Path) -> tuple[Sub, ...]:
    return tuple(
        Sub(row["category"], row["category_zh"], row["sub"], row["sub_zh"], row["danger"] == "yes")
        for _, row in _rows(path)
    )


def _weights(path: Path) -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = {}
    if path.exists():
        for _, row in _rows(path):
            weights.setdefault(row["feature"], {})[row["label"]] = float(row["weight"])
    return weights
