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


Weights = Mapping[str, tuple[tuple[int, float], ...]]  # feature → (position in LABELS, weight)


class Model:
    """Chances of every label (nine categories of report, fourteen other intents, OUTSIDE); their sum is 1."""

    def __init__(self, weights: Weights) -> None:
        whole = {feature: _whole(row) for feature, row in weights.items()}
        self._rows = {feature: row for feature, row in whole.items() if not feature.startswith(_PREFIX)}
        self._pieces = {f.removeprefix(_PREFIX): row for f, row in whole.items() if f.startswith(_PREFIX)}

    def chances(self, features: Mapping[str, float], pieces: Collection[str] = ()) -> list[float]:
        """Softmax over LABELS."""
        known = [(self._rows[feature], value) for feature, value in features.items() if feature in self._rows]
        rows = [row if value == 1.0 else [weight * value for weight in row] for row, value in known]
        if met := [self._pieces[piece] for piece in pieces if piece in self._pieces]:
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


def _whole(row: Sequence[tuple[int, float]]) -> list[float]:
    """A weight for every label, so that the rows of a text can be added up column by column."""
    weights = [0.0] * len(LABELS)
    for i, weight in row:
        weights[i] = weight
    return weights


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores as chances."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
