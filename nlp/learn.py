"""Learn weights.csv from labelled lines. Run by hand: ``python -m nlp.learn FILE.jsonl …``."""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from nlp.classifier import load_classifier
from nlp.lexicon import DATA
from nlp.model import LABELS, OUTSIDE, softmax
from nlp.reading import Gazetteer

Row = tuple[dict[str, float], str, tuple[str, ...], float]  # features, label, other right labels, importance

MIN_COUNT = {"cut": 3, "word": 2, "first": 4}
DECAY = {
    "cut": 4.0,
    "word": 2.5,
    "pair": 3.0,
    "first": 3.0,
    "tag": 1.0,
    "sum": 0.3,
    "lead": 0.3,
    "both": 0.3,
    "clear": 0.3,
    "meant": 0.3,
    "many": 1.0,
    "head": 2.0,
    "forbidden": 0.5,
    "shape": 1.5,
    "bias": 1.0,
}
EPOCHS = 14
L2 = 0.008
RATE = 0.25
LEAST = 0.15  # weights nearer to zero are not shipped


def label_of(row: dict[str, object]) -> str:
    """The model's label of a labelled line: its category if it is a report, else its intent."""
    if row.get("label") == "none" and row.get("kind") in {"title", "sentence", OUTSIDE}:
        return OUTSIDE
    label = str(row.get("label") or row.get("category") or "none")
    intent = str(row.get("intent") or ("report" if label != "none" else "chatter"))
    return label if intent == "report" and label != "none" else intent


def train(rows: Sequence[Row], rounds: int = 3) -> dict[str, dict[str, float]]:
    """The mean of several trainings in different order: steadier than any one of them."""
    total: dict[str, dict[str, float]] = {}
    for seed in range(rounds):
        for feature, row in train_once(rows, seed).items():
            mean = total.setdefault(feature, {})
            for label, weight in row.items():
                mean[label] = mean.get(label, 0.0) + weight / rounds
    return {
        feature: {label: round(w, 2) for label, w in row.items() if abs(w) >= LEAST}
        for feature, row in total.items()
    }


def train_once(rows: Sequence[Row], seed: int) -> dict[str, dict[str, float]]:
    """Weights by label for every feature frequent enough (AdaGrad; L2 stronger for rarer kinds)."""
    counts = Counter(feature for features, *_ in rows for feature in features)
    kept = {f for f, n in counts.items() if n >= MIN_COUNT.get(f.partition(":")[0], 2)}
    data = [([(f, v) for f, v in row[0].items() if f in kept], *row[1:]) for row in rows]
    size = len(LABELS)
    weights = {f: [0.0] * size for f in kept}
    squares = {f: [1e-2] * size for f in kept}
    decay = {f: L2 * DECAY.get(f.partition(":")[0], 1.0) for f in kept}
    shuffled = random.Random(seed)  # noqa: S311 - order of examples, not a secret
    for _ in range(EPOCHS):
        shuffled.shuffle(data)
        for features, label, others, importance in data:
            _step(weights, squares, decay, features, _target(label, others), importance)
    return {
        f: {LABELS[i]: w for i, w in enumerate(row) if abs(w) >= 0.01} for f, row in sorted(weights.items())
    }


def _target(label: str, others: tuple[str, ...]) -> dict[int, float]:
    target = {LABELS.index(label): 1.0}
    known = [LABELS.index(o) for o in others if o in LABELS and o != label]
    for i in known:
        target[i] = 0.25 / len(known)
    if known:
        target[LABELS.index(label)] = 0.75
    return target


def _step(
    weights: dict[str, list[float]],
    squares: dict[str, list[float]],
    decay: dict[str, float],
    features: list[tuple[str, float]],
    target: dict[int, float],
    importance: float,
) -> None:
    size = len(LABELS)
    scores = [0.0] * size
    for feature, value in features:
        row = weights[feature]
        for i in range(size):
            scores[i] += row[i] * value
    gradient = softmax(scores)
    for i, wanted in target.items():
        gradient[i] -= wanted
    active = [(i, g * importance) for i, g in enumerate(gradient) if abs(g) > 0.003]
    for feature, value in features:
        row, square, shrink = weights[feature], squares[feature], decay[feature]
        for i, g in active:
            step = g * value + shrink * row[i]
            square[i] += step * step
            row[i] -= RATE * step / math.sqrt(square[i])


def write(weights: dict[str, dict[str, float]], path: Path) -> None:
    """The weights as the readable file that ships."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "label", "weight"])
        for feature, row in weights.items():
            writer.writerows((feature, label, f"{weight:g}") for label, weight in row.items())


def read_lines(paths: Iterable[Path]) -> list[dict[str, object]]:
    """Labelled lines of several jsonl files."""
    return [
        json.loads(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def main(arguments: Sequence[str]) -> None:
    """Learn from the files named and write data/weights.csv."""
    classifier = load_classifier(Gazetteer())
    rows: list[Row] = []
    for line in read_lines(map(Path, arguments)):
        alternatives = line.get("alt")
        others = tuple(str(a) for a in alternatives) if isinstance(alternatives, list) else ()
        weight = 1.0 if line.get("certain", True) else 0.3
        rows.append((classifier.features_of(str(line["text"])), label_of(line), others, weight))
    write(train(rows), DATA / "weights.csv")


if __name__ == "__main__":
    main(sys.argv[1:])
