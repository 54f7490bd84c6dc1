from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nlp.classifier import Classifier, load_classifier
from nlp.corrections import compare, suggest, suggestions_text
from nlp.lexicon import DATA, Lexicon, expand, version_of
from nlp.reading import Gazetteer
from tests.unit.nlp.conftest import DATA as LABELLED


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "lexicon_copy"))


def add_row(folder: Path, row: str) -> None:
    with (folder / "lexicon" / "garbage.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")


def test_the_version_follows_the_content(copy: Path) -> None:
    assert version_of(copy) == version_of(DATA)
    add_row(copy, "object,extra,garbage,exposed,1.0,废旧灯笼")
    assert version_of(copy) != version_of(DATA)


def test_a_bad_row_is_named(copy: Path) -> None:
    add_row(copy, "object,extra,garbage,exposed,heavy,废旧灯笼")
    with pytest.raises(ValueError, match=r"garbage.csv line \d+"):
        Lexicon.load(copy)


def test_every_word_belongs_to_a_known_category_or_intent() -> None:
    lexicon = Lexicon.load()
    subs = {(sub.category, sub.code) for sub in lexicon.subs}
    for entry in lexicon.entries:
        if entry.sub:
            assert (entry.category, entry.sub) in subs, entry
    assert len(subs) == 56


def test_every_sub_has_words_of_its_own() -> None:
    lexicon = Lexicon.load()
    spoken = {(entry.category, entry.sub) for entry in lexicon.entries if entry.sub}
    silent = [(s.category, s.code) for s in lexicon.subs if (s.category, s.code) not in spoken]
    assert silent == []


def test_braces_are_alternatives() -> None:
    assert list(expand("{清|扫}{完|好}了")) == ["清完了", "清好了", "扫完了", "扫好了"]


def test_a_longer_word_hides_a_shorter_one() -> None:
    found = {hit.entry.word for hit in Lexicon.load().find("停车场", frozenset())}
    assert "停车场" in found
    assert "停车" not in found


def test_corrections_propose_words_and_the_comparison_shows_their_effect(
    classifier: Classifier, copy: Path
) -> None:
    wrong = [
        {"text": f"{where}撂了个噗噜锅", "label": "garbage", "intent": "report", "alt": []}
        for where in ("桥头", "亭子", "塔前")
    ]
    found = suggest(wrong, classifier, least=1)
    assert suggestions_text(found)
    add_row(copy, "problem,trash,garbage,exposed,2.0,噗噜锅")
    then = load_classifier(Gazetteer(), folder=copy)
    text = compare(wrong, classifier, then)
    assert classifier.version in text
    assert then.version in text


def test_nothing_of_anyone_elses_data_is_needed() -> None:
    assert (LABELLED / "chat_own_dev.jsonl").exists()
