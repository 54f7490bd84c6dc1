"""自评: our own monthly score of a section or chief, for early warning only; official flags are awarded by
city and district.

The whole formula is here. It looks at what was reported in the month and may fairly be held against somebody
(``store.quality.fair``: never returned, not rejected, merged or withdrawn, no upheld appeal), by the
deadlines and the working time of the figures, so that it can be computed again from the records at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.figures import Counts, Rate

LEAST = 5
"""Issues that should have been closed, so that one bad day is no verdict."""
WARN_BELOW = 60.0
"""Points below which it is an early warning (预警)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: ``weight`` points for a full ``share`` (of 1); None: nothing to judge by."""

    name: str
    weight: int
    rate: Rate
    share: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """points: 0 to 100, one decimal; None: too little happened to be rated."""

    points: float | None
    parts: Sequence[Part]

    @property
    def warns(self) -> bool:
        return self.points is not None and self.points < WARN_BELOW


def score(counts: Counts) -> Score:
    """The score of one group's fair counts. A part without anything to judge leaves its weight to the
    others."""
    parts = (
        _part("按期结案", 40, counts.on_time),
        _part("返工", 20, counts.reworking, inverted=True),
        _part("满意", 20, counts.satisfaction),
        _part("及时认领", 20, counts.promptness),
    )
    judged = [part for part in parts if part.share is not None]
    if counts.on_time.denominator < LEAST:
        return Score(None, parts)
    weight = sum(part.weight for part in judged)
    points = sum(part.weight * (part.share or 0) for part in judged)
    return Score(round(100 * points / weight, 1), parts)


def _part(name: str, weight: int, rate: Rate, *, inverted: bool = False) -> Part:
    if rate.denominator <= 0:
        return Part(name, weight, rate, None)
    share = min(rate.numerator / rate.denominator, 1.0)
    return Part(name, weight, rate, 1 - share if inverted else share)
