"""jieba with our own dictionary, in an instance of its own."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import jieba

_FREQUENCY = 2000  # high enough that our words are not cut, low enough not to glue neighbours

_COMMON = 100  # occurrences in jieba's corpus from which a word is an everyday one


class Tokenizer:
    """Cuts text into words; knows the lexicon's words and the gazetteer's names."""

    def __init__(self, words: Iterable[str], cache_dir: Path | None = None) -> None:
        """cache_dir holds jieba's compiled dictionary; default: this user's own in the temp folder."""
        jieba.setLogLevel(logging.ERROR)
        folder = cache_dir or Path(tempfile.gettempdir()) / f"luguanjia-jieba-{os.getuid()}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = str(folder)
        self._jieba.initialize()
        for word in words:
            if len(word) > 1:
                self._jieba.add_word(word, _FREQUENCY)

    def cut(self, text: str) -> list[str]:
        """The words of a text, in order; nothing is dropped."""
        return list(self._jieba.cut(text, HMM=False))

    def knows(self, word: str) -> bool:
        """True when the general dictionary holds the word as a common one (合作, not 敦睦)."""
        return int(self._jieba.FREQ.get(word) or 0) >= _COMMON


def spans(words: list[str]) -> frozenset[tuple[int, int]]:
    """Start and end of every word."""
    found, start = [], 0
    for word in words:
        found.append((start, start + len(word)))
        start += len(word)
    return frozenset(found)
