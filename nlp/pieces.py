"""The pieces of a text: its characters and pairs of neighbours, for what no word of the lexicon says.

A typo, a dialect word or a new thing still shares pieces with what was learned. All pieces of a text together
say as much as a few words, however long it is.
"""

from __future__ import annotations

import math
from operator import add

PIECE = "piece"
_SAY = 14.0
_START, _END = "^", "$"


def pieces(text: str) -> set[str]:
    """Characters, and pairs of neighbours with the ends of the text marked. Spaces do not count."""
    marked = f"{_START}{''.join(text.split())}{_END}"
    return {*marked, *map(add, marked, marked[1:])}


def weight_of(count: int) -> float:
    """What one of so many pieces counts."""
    return _SAY / math.sqrt(count) if count else 0.0
