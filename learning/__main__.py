"""``python -m learning FILE.jsonl …``: learn from the files named and write nlp/data/weights.csv."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from learning.learn import example, learn, write
from nlp.classifier import load_classifier
from nlp.lexicon import DATA
from nlp.reading import Gazetteer


def main(names: list[str]) -> None:
    """Every line is a JSON object: ``text``, ``label``, ``intent``, and perhaps ``alt`` and ``certain``."""
    classifier = load_classifier(Gazetteer())
    texts = [text for name in names for text in Path(name).read_text("utf-8").splitlines() if text.strip()]
    lines = [json.loads(text) for text in texts]
    weights = learn([example(line, classifier.features_of(str(line["text"]))) for line in lines])
    write(weights, DATA / "weights.csv")
    print(f"{len(lines)} lines, {len(weights)} features -> {DATA / 'weights.csv'}")


if __name__ == "__main__":
    main(sys.argv[1:])
