"""From labelled lines to a weights file that the classifier reads."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from learning.learn import Example, example, label_of, learn, write
from nlp.classifier import Classifier
from nlp.lexicon import DATA, Lexicon
from nlp.model import LABELS, Model
from nlp.reading import Gazetteer

LIONS = ("路口一对石狮子", "石狮子在路口", "谁家的石狮子", "石狮子又立起来了", "两个石狮子")
THANKS = ("谢谢路长", "多谢大家", "谢谢各位", "辛苦了谢谢", "谢谢啊", "真谢谢")


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    classifier = Classifier(Lexicon.load(), Gazetteer())
    lions: list[dict[str, Any]] = [
        {"text": text, "intent": "report", "label": "garbage", "alt": ["vending"]} for text in LIONS
    ]
    thanks: list[dict[str, Any]] = [{"text": text, "intent": "chatter", "label": "none"} for text in THANKS]
    return [example(line, classifier.features_of(line["text"])) for line in (*lions, *thanks)]


def test_labels() -> None:
    assert label_of({"label": "parking", "intent": "report"}) == "parking"
    assert label_of({"label": "none", "intent": "remind"}) == "remind"
    assert label_of({"label": "none"}) == "chatter"
    assert label_of({"label": "none", "kind": "title"}) == "outside"


def test_words_of_a_label_speak_for_it_and_a_second_right_label_gets_its_share(
    examples: list[Example],
) -> None:
    weights = learn(examples)
    lions, thanks = weights["piece:石狮"], weights["piece:谢谢"]
    assert lions["garbage"] > lions.get("vending", 0) > lions["chatter"]
    assert thanks["chatter"] > 0 > thanks["garbage"]
    assert not any(feature.startswith("piece:多谢") for feature in weights), "said once: nothing to learn"


def test_a_doubtful_line_says_less(examples: list[Example]) -> None:
    doubtful = [Example(e.features, e.label, e.others, 0.3 if e.label == "chatter" else 1) for e in examples]
    assert learn(doubtful)["piece:谢谢"]["chatter"] < learn(examples)["piece:谢谢"]["chatter"]


def test_the_file_is_what_was_learned(examples: list[Example], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    weights = learn(examples)
    write(weights, folder / "weights.csv")
    assert learn(examples) == weights, "learned twice, learned alike"
    lexicon = Lexicon.load(folder)
    assert weights == {
        feature: {label: weight for label, weight in zip(LABELS, row, strict=True) if weight}
        for feature, row in lexicon.weights.items()
    }
    assert lexicon.version != Lexicon.load().version
    read = Classifier(lexicon, Gazetteer()).read("石狮子立这里")
    assert read.guesses[0].category == "garbage"


@pytest.mark.parametrize("row", ["word:灯,facility", "word:灯,lamp=1", "word:灯,facility=x", "word:灯"])
def test_a_bad_row_is_named_with_its_line(row: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    (folder / "weights.csv").write_text(f"bias,chatter=0.5\n{row}\n", "utf-8")
    with pytest.raises(ValueError, match=r"weights\.csv line 2"):
        Lexicon.load(folder)


def test_pieces_say_the_same_in_a_short_and_in_a_long_text() -> None:
    model = Model({"bias": [0.0] * len(LABELS), "piece:堆": [0.0, 0.5, *[0.0] * (len(LABELS) - 2)]})
    short = model.chances({"bias": 1.0}, {"堆", "垛"})
    long = model.chances({"bias": 1.0}, {"堆", *"一二三四五六七"})
    assert short[1] > long[1] > short[0], "one of two pieces against one of eight"
    assert model.chances({"bias": 1.0}, ())[1] == model.chances({"bias": 1.0}, {"垛"})[1]
