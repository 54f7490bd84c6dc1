"""Official 红黑旗: what was entered, and what black ones in a row, or in a year, come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Colour(StrEnum):
    RED = "red"
    BLACK = "black"
    NONE = "none"


COLOURS = {Colour.RED: "红旗", Colour.BLACK: "黑旗", Colour.NONE: "无"}


class Consequence(StrEnum):
    NOTHING = "nothing"
    WARNING = "warning"
    ACCOUNTABILITY = "accountability"


@dataclass(frozen=True, slots=True)
class Standing:
    """run: black flags in consecutive months around the one looked at; total: in its calendar year."""

    run: int
    total: int

    @property
    def consequence(self) -> Consequence:
        """问责提醒 at 连续3次 or 累计4次; a warning at 2 and 3 before."""
        if self.run >= 3 or self.total >= 4:
            return Consequence.ACCOUNTABILITY
        return Consequence.WARNING if self.run >= 2 or self.total >= 2 else Consequence.NOTHING


def standing(month: str, black: Collection[str]) -> Standing:
    """How it stands with a section in a month (``2026-10``), given its months with a black flag."""
    if month not in black:
        return Standing(0, sum(each[:4] == month[:4] for each in black))
    run = 1
    for step in (-1, 1):
        neighbour = _moved(month, step)
        while neighbour in black:
            run += 1
            neighbour = _moved(neighbour, step)
    return Standing(run, sum(each[:4] == month[:4] for each in black))


def _moved(month: str, by: int) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04d}-{number + 1:02d}"
