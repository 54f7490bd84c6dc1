"""The weights at work: a linear model over named features, small enough to read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

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


Weights = Mapping[str, tuple[tuple[int, float], ...]]  # feature → (position in LABELS, weight)


class Model:
    """Chances of every label (nine categories of report, fourteen other intents, OUTSIDE); their sum is 1."""

    def __init__(self, weights: Weights) -> None:
        self._rows = weights

    def chances(self, features: Mapping[str, float]) -> list[float]:
        """Softmax over LABELS."""
        scores = [0.0] * len(LABELS)
        rows = self._rows
        for feature, value in features.items():
            row = rows.get(feature, ())
            if value == 1.0:  # nearly all: worth a loop without the product
                for i, weight in row:
                    scores[i] += weight
            else:
                for i, weight in row:
                    scores[i] += weight * value
        return softmax(scores)

    def reasons(self, features: Mapping[str, float], label: str) -> list[tuple[str, float]]:
        """Words that spoke for a label, strongest first."""
        i = LABELS.index(label)
        found: dict[str, float] = {}
        for feature, value in features.items():
            if feature.startswith(("word:", "cut:")):
                for j, weight in self._rows.get(feature, ()):
                    if j == i and weight > 0:
                        found[feature.partition(":")[2]] = weight * value
        return sorted(found.items(), key=lambda pair: -pair[1])


def softmax(scores: Sequence[float]) -> list[float]:
    """Scores as chances."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
