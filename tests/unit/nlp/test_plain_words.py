"""What a merchant writes plainly is read rightly, to the bot or among themselves."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp.classifier import Classifier
from tests.unit.nlp.conftest import lines

ROWS = lines("plain_words.jsonl")


@pytest.mark.parametrize("mention", [True, False])
def test_plain_words_get_their_category(classifier: Classifier, mention: bool) -> None:
    read = {row["text"]: classifier.read(row["text"], mention=mention) for row in ROWS}
    wrong = [
        row["text"]
        for row in ROWS
        if not (problems := read[row["text"]].problems) or problems[0].category != row["label"]
    ]
    assert wrong == []
    subs = sum(read[row["text"]].problems[0].sub == row["sub"] for row in ROWS)
    assert subs / len(ROWS) >= 0.9


def test_every_sub_has_plain_words(classifier: Classifier) -> None:
    said = Counter((row["label"], row["sub"]) for row in ROWS)
    assert all(said[sub.category, sub.code] >= 2 for sub in classifier.lexicon.subs)


@pytest.mark.parametrize(
    "text",
    [
        "请大家别乱停车",
        "消防通道怎么划线",
        "垃圾已经清走了谢谢",
        "昨天那堆垃圾清走了",
        "招牌松了找我,专业维修,电话微信同号",
        "路灯几点亮",
    ],
)
def test_plain_words_are_no_report_where_something_else_is_meant(classifier: Classifier, text: str) -> None:
    assert classifier.read(text).intent != "report"
