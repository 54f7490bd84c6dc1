"""A summary at a glance, as values: what the picture shows, in words and numbers that are final."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One big number: ``label`` above, ``note`` below it."""

    label: str
    value: str
    note: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a list: ``share`` of the full length, 0 to 1; None: nothing to show a share of."""

    name: str
    share: float | None
    words: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Column:
    """One step of time: how many of the first and of the second kind."""

    label: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns over time; ``names`` of the two kinds."""

    title: str
    names: tuple[str, str]
    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class BarList:
    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Board:
    title: str
    subtitle: str
    tiles: Sequence[Tile]
    chart: Chart | None
    lists: Sequence[BarList]
    notes: Sequence[str] = ()
