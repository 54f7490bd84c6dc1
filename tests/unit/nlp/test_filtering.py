from __future__ import annotations

import json

import pytest

from nlp.classifier import Classifier
from nlp.evaluation import classify_lines, evaluate
from tests.unit.nlp.conftest import lines


def test_it_keeps_the_object_and_adds_the_reading(classifier: Classifier) -> None:
    [out] = classify_lines(['{"text": "大同路28号门口垃圾没人收", "id": 7}'], classifier)
    row = json.loads(out)
    assert row["id"] == 7
    assert (row["intent"], row["category"], row["section"], row["number"]) == (
        "report",
        "garbage",
        "大同路",
        None,
    )
    assert 0 <= row["confidence"] <= 1
    assert row["matched"]


def test_category_is_none_unless_it_is_a_report(classifier: Classifier) -> None:
    [out] = classify_lines(['{"text": "12 办结"}'], classifier)
    row = json.loads(out)
    assert (row["intent"], row["category"], row["sub"], row["number"]) == ("resolve", "none", None, 12)


def test_blank_lines_are_skipped(classifier: Classifier) -> None:
    assert list(classify_lines(["", "  \n"], classifier)) == []


@pytest.mark.parametrize("bad", ["{", "[]", '{"txt": "x"}', '{"text": 3}'])
def test_a_bad_line_is_named_by_its_number(classifier: Classifier, bad: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(classify_lines(['{"text": "好"}', bad], classifier))


def test_the_section_of_the_group_is_never_returned_as_named(classifier: Classifier) -> None:
    [out] = classify_lines(['{"text": "门口垃圾没人收"}'], classifier, section="大同路")
    assert json.loads(out)["section"] is None


def test_the_evaluation_has_every_table(classifier: Classifier) -> None:
    text = evaluate(lines("chat_own_heldback.jsonl"), classifier)
    for title in (
        "report precision",
        "F1",
        "confusion",
        "intent accuracy",
        "section where named",
        "answered without asking",
        "worst of",
    ):
        assert title in text
