from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import chinese_number, normalize


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("亭车", "停车"),
        ("拉圾桶满了", "垃圾桶满了"),
        ("小广吿", "小广告"),
        ("站道经营", "占道经营"),
        ("電動車停滿騎樓", "电动车停满骑楼"),
        ("大風把攤子刮倒", "大风把摊子刮倒"),
        ("福华街２８号", "福华街28号"),
        ("二百零六号", "206号"),
        ("二马路", "二马路"),
        ("三轮车", "三轮车"),
        ("十二号单", "12号单"),
        ("弄好了👍", "弄好了[赞]"),
        ("什么!!!", "什么!"),
        ("  多　空 格 ", "多 空 格"),
    ],
)
def test_it_spells_as_the_lexicon_does(typed: str, meant: str) -> None:
    assert normalize(typed) == meant


@pytest.mark.parametrize(
    ("numeral", "value"), [("十", 10), ("二十八", 28), ("一百零三", 103), ("一百二", 120), ("二八", 28)]
)
def test_it_reads_chinese_numerals(numeral: str, value: int) -> None:
    assert chinese_number(numeral) == value


def test_it_leaves_other_words_alone_as_numerals() -> None:
    assert chinese_number("十字") is None


@given(st.text(max_size=80))
def test_it_never_fails_and_repeating_it_changes_nothing_more(text: str) -> None:
    once = normalize(text)
    assert normalize(normalize(once)) == normalize(once)


def test_it_drops_what_cannot_be_seen() -> None:
    assert normalize("垃\u200b圾\u202e\x00") == "垃圾"
