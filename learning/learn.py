"""From labelled lines to weights: a linear model with one weight for every feature and label.

Logistic regression with a penalty on large weights. How much a kind of feature may say is its ``SCALE``: what
the lexicon's author meant (categories led, plain words) may say much at once, a word met three times little.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.model import LABELS, OUTSIDE
from nlp.pieces import PIECE

Features = Mapping[str, float]
Weights = dict[str, dict[str, float]]

MIN_COUNT = {"cut": 4, "word": 2, "first": 5, PIECE: 5}
"""In how many lines a feature of a kind must stand to be learned; two for other kinds."""
SCALE = {
    "cut": 0.5,
    "word": 0.63,
    "first": 0.58,
    "head": 0.71,
    "shape": 0.82,
    "forbidden": 1.41,
    "sum": 1.83,
    "lead": 1.83,
    "both": 1.83,
    "clear": 1.83,
    "meant": 1.83,
    PIECE: 0.5,
}
FREEDOM = 2.0
"""Inverse strength of the penalty."""
LEAST = 0.04
"""Weights nearer to zero are not shipped."""
SECOND_RIGHT = 0.25
"""How much of a line goes to its other right categories."""
UNCERTAIN = 0.3
"""What a line counts whose label is doubtful."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled line. others: further right labels. importance: 1, or less for a doubtful one."""

    features: Features
    label: str
    others: tuple[str, ...] = ()
    importance: float = 1.0


def label_of(line: Mapping[str, Any]) -> str:
    """The model's label of a labelled line: its category if it is a report, else its intent."""
    if line.get("label") == "none" and line.get("kind") in {"title", "sentence", OUTSIDE}:
        return OUTSIDE
    label = str(line.get("label") or line.get("category") or "none")
    intent = str(line.get("intent") or ("report" if label != "none" else "chatter"))
    return label if intent == "report" and label != "none" else intent


def learn(examples: Sequence[Example]) -> Weights:
    """Weights by feature and label. The same examples give the same weights."""
    counts = Counter(feature for example in examples for feature in example.features)
    kept = sorted(feature for feature, count in counts.items() if count >= MIN_COUNT.get(kind_of(feature), 2))
    scales = np.array([SCALE.get(kind_of(feature), 1.0) for feature in kept])
    rows, labels, importance = _table(examples, {feature: i for i, feature in enumerate(kept)}, scales)
    model = LogisticRegression(C=FREEDOM, max_iter=300, tol=1e-3, fit_intercept=False)
    model.fit(rows, labels, sample_weight=importance)
    learned = dict(zip((LABELS[i] for i in model.classes_), model.coef_ * scales, strict=True))
    return {feature: row for i, feature in enumerate(kept) if (row := _shipped(learned, i))}


def kind_of(feature: str) -> str:
    """``word`` of ``word:垃圾``."""
    return feature.partition(":")[0]


def _table(
    examples: Sequence[Example], columns: Mapping[str, int], scales: np.ndarray
) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """The examples as numbers; one with several right labels stands there once for each."""
    values: list[float] = []
    at: list[int] = []
    ends, labels, importance = [0], [], []
    for example in examples:
        for label, share in _shares(example).items():
            known = [(columns[f], value) for f, value in example.features.items() if f in columns]
            at.extend(column for column, _ in known)
            values.extend(value * scales[column] for column, value in known)
            ends.append(len(at))
            labels.append(LABELS.index(label))
            importance.append(share * example.importance)
    table = csr_matrix((values, at, ends), shape=(len(labels), len(columns)))
    return table, np.array(labels), np.array(importance)


def _shares(example: Example) -> dict[str, float]:
    others = [label for label in example.others if label in LABELS and label != example.label]
    if not others:
        return {example.label: 1.0}
    return {example.label: 1.0 - SECOND_RIGHT, **dict.fromkeys(others, SECOND_RIGHT / len(others))}


def _shipped(learned: Mapping[str, np.ndarray], column: int) -> dict[str, float]:
    weights = {label: round(float(row[column]), 2) for label, row in learned.items()}
    return {label: weight for label, weight in weights.items() if abs(weight) >= LEAST}


def write(weights: Weights, path: Path) -> None:
    """The weights as a file that people read and correct: a feature and its weights in a line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for feature, row in weights.items():
            writer.writerow((feature, " ".join(f"{label}={weight:g}" for label, weight in row.items())))


def example(line: Mapping[str, Any], features: Features) -> Example:
    """A line of a labelled file, with what its text gives."""
    others: Iterable[Any] = line.get("alt") or ()
    importance = 1.0 if line.get("certain", True) else UNCERTAIN
    return Example(features, label_of(line), tuple(map(str, others)), importance)
