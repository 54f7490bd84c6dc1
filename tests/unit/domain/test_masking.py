"""What is hidden of people's numbers, and what is not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import mask

HIDDEN = {
    # mobiles
    "13800000000": "138****0000",
    "+86 138-0000-0000": "+86 138-****-0000",
    "8613800000000": "86138****0000",
    "008613800000000": "0086*******0000",
    "013800000000": "0138****0000",
    "138 0000 0000": "138 **** 0000",
    "138.0000.0000": "138.****.0000",
    "138 000 00000": "138 *** *0000",
    "1380000 0000": "138**** 0000",
    "1380 000 0000": "138* *** 0000",
    "13800 000000": "138** **0000",
    "1 3 8 0 0 0 0 0 0 0 0": "1 3 8 * * * * 0 0 0 0",
    "1\u200b38\u200b\u2060000\xad00000": "1\u200b38\u200b\u2060***\xad*0000",
    "１３８００００００００": "１３８****００００",
    "８６１３８００００００００": "８６１３８****００００",
    "𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟎𝟎𝟎𝟎": "𝟏𝟑𝟖****𝟎𝟎𝟎𝟎",
    "tel13800000000a": "tel138****0000a",
    "老板13800000000,他13911112222": "老板138****0000,他139****2222",
    "益民路2813800000000": "益民路28138****0000",
    "1380000000012": "138****000012",
    # landlines and service numbers
    "0371-66668888": "0371-****8888",
    "(0371)66668888": "(0371)****8888",
    "（0371）6666 8888": "（0371）**** 8888",
    "037166668888": "0371****8888",
    "010 6666 8888": "010 **** 8888",
    "400-123-4567": "400-***-4567",
    "电话66668888": "电话****8888",
    "座机:6666-888": "座机:6666-888",  # not a number's shape
    "电话是 6666-8888": "电话是 ****-8888",
    # plates
    "豫A12345": "豫A***45",
    "豫A·12345": "豫A·***45",
    "豫A 12345 2辆": "豫A ***45 2辆",
    "豫AD12345": "豫A****45",
    "豫A12345678": "豫A****5678",
    "豫A88K8812-25号": "豫A****812-25号",
    "豫a·d1234 5": "豫a·***34 5",
    "豫ＡＤ１２３４５": "豫Ａ****４５",
    "沪C1234学": "沪C***4学",
    "车牌A12345": "车牌A***45",
    "车牌号:D88888": "车牌号:D***88",
    # identity and card numbers
    "410103199001011234": "4101************34",
    "41010319900101123X": "4101************3X",
    "410103 19900101 123x": "4101** ******** **3x",
    "410103900101123": "4101*********23",
    "6222020200001234567": "6222***********4567",
    "6222 0202 0000 1234": "6222 **** **** 1234",
    "5" * 40: "5555" + "*" * 32 + "5555",
}

KEPT = [
    "#12 #13、#14",
    "大同路12号",
    "13-15号、17号",
    "大同路13 15 17 19 121号",
    "益民路1-86号单号",
    "2026-11-23 09:00",
    "2026-11-23 2026-11-24 2026-11-25",
    "20261123",
    "08:00-12:00,14:00-18:00",
    "13500元",
    "12345.67元",
    "请先拨 119 / 110 / 120",
    "转12345热线",
    "单号202611230001",
    "新KTVABC装修",
    "鲁A级景区",
    "川菜馆12号",
    "联系人在13号楼",
    "0110",
    "👨‍👩‍👧13只",
    "",
]


@pytest.mark.parametrize("number", HIDDEN)
def test_it_hides_the_middle_of_a_number(number: str) -> None:
    assert mask(number) == HIDDEN[number]
    assert mask(f"我是{number}，快来") == f"我是{HIDDEN[number]}，快来"


@pytest.mark.parametrize("text", KEPT)
def test_it_leaves_other_numbers_alone(text: str) -> None:
    assert mask(text) == text


FRAGMENTS = st.lists(
    st.sampled_from([*HIDDEN, *KEPT, "1", "38", "0000", " ", "-", "*", "豫A", "电话", "号"]), max_size=8
).map("".join)


@given(FRAGMENTS | st.text())
def test_masking_again_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(FRAGMENTS | st.text())
def test_it_only_replaces_letters_and_digits(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(new in (old, "*") for new, old in zip(masked, text, strict=True))


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Nd"])),
    st.text(st.characters(exclude_categories=["Nd"])),
)
def test_no_mobile_survives_between_other_words(mobile: str, before: str, after: str) -> None:
    assert mobile not in mask(before + mobile + after)


@given(st.text("0123456789 -·豫A车牌电话", min_size=1, max_size=60))
def test_no_run_of_eleven_digits_that_could_be_a_mobile_survives(text: str) -> None:
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", mask(text))


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "豫A", "1-", "豫A 1 ", "电话 ", "13 ", "86 ", "138", "\u200b1", "0371-"]
)
@pytest.mark.timeout(10)  # a pattern that backtracks would take minutes
def test_hostile_repetition_ends(unit: str) -> None:
    text = unit * (4000 // len(unit))
    assert len(mask(text)) == len(text)
