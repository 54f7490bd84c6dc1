"""The weights at work: a linear model over named features, small enough to read."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from nlp.pieces import PIECE, weight_of

REPORTS = (
    "parking",
    "garbage",
    "ads",
    "vending",
    "construction",
    "facility",
    "noise",
    "greening",
    "other_street",
)
INTENTS = (
    "claim", "progress", "resolve", "return", "transfer", "feedback_good", "feedback_bad",
    "query", "reopen", "extend", "remind", "question", "chatter", "spam",
)  # fmt: skip
# letters to the authorities about other things (buses, schools, wages): chatter to us, but not its style
OUTSIDE = "outside"
LABELS: tuple[str, ...] = (*REPORTS, *INTENTS, OUTSIDE)
_PREFIX = f"{PIECE}:"


Weights = Mapping[str, Sequence[float]]
"""By feature a weight for every label, in the order of LABELS: rows can be added up column by column."""


class Model:
    """Chances of every label (nine categories of report, fourteen other intents, OUTSIDE); their sum is 1."""

    def __init__(self, weights: Weights) -> None:
        self._rows: dict[str, Sequence[float]] = {}
        self._pieces: dict[str, Sequence[float]] = {}
        for feature, row in weights.items():
            if feature.startswith(_PREFIX):
                self._pieces[feature.removeprefix(_PREFIX)] = row
            else:
                self._rows[feature] = row

    def chances(self, features: Mapping[str, float], pieces: Collection[str] = ()) -> list[float]:
        """Softmax over LABELS."""
        row_of, piece_of = self._rows.get, self._pieces.get
        rows: list[Sequence[float]] = []
        for feature, value in features.items():
            if (row := row_of(feature)) is not None:
                rows.append(row if value == 1.0 else [weight * value for weight in row])
        if met := [row for piece in pieces if (row := piece_of(piece)) is not None]:
            each = weight_of(len(pieces))
            rows.append([total * each for total in map(sum, zip(*met, strict=True))])
        return softmax(list(map(sum, zip(*rows, strict=True))) or [0.0] * len(LABELS))

    def reasons(self, features: Mapping[str, float], label: str) -> list[tuple[str, float]]:
        """Words that spoke for a label, strongest first."""
        i = LABELS.index(label)
        found: dict[str, float] = {}
        for feature, value in features.items():
            row = self._rows.get(feature) if feature.startswith(("word:", "cut:")) else None
            if row is not None and row[i] > 0:
                found[feature.partition(":")[2]] = row[i] * value
        return sorted(found.items(), key=lambda pair: -pair[1])


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores as chances."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
