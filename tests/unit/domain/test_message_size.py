"""Parts fit, lose nothing, and are cut where it hurts least."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message_size import split

MARK = re.compile(r"\n\((\d+)/(\d+)\)\Z")
LINES = st.lists(
    st.text(st.sampled_from("一二三ab #é👍🇨"), max_size=60)
    | st.sampled_from(["👨‍👩‍👧" * 30, "", "长" * 400]),
    max_size=30,
).map("\n".join)


def words(part: str) -> str:
    return MARK.sub("", part)


@given(LINES | st.text(), st.integers(64, 400))
def test_every_part_fits_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert "".join(map(words, parts)).replace("\n", "") == text.replace("\n", "")


@given(LINES, st.integers(64, 400))
def test_parts_are_numbered_and_a_single_one_is_not(text: str, limit: int) -> None:
    parts = split(text, limit)
    if len(parts) == 1:
        assert not MARK.search(parts[0])
        return
    marks = [MARK.search(part) for part in parts]
    assert [mark and mark.groups() for mark in marks] == [
        (str(number), str(len(parts))) for number in range(1, len(parts) + 1)
    ]
    assert all(words(part).strip("\n") for part in parts)


@given(LINES, st.integers(128, 400))
def test_every_later_part_begins_with_the_lead(text: str, limit: int) -> None:
    parts = split(text, limit, "#12 (续)")
    assert all(len(part.encode()) <= limit for part in parts)
    assert all(part.startswith("#12 (续)\n") for part in parts[1:])


@given(st.lists(st.text("一二三四五", min_size=1, max_size=30), max_size=100))
def test_short_lines_are_never_cut(lines: list[str]) -> None:
    parts = split("\n".join(lines), 240)
    assert [line for part in parts for line in words(part).split("\n") if line] == lines


def test_one_part_is_the_text_itself() -> None:
    assert split("一" * 20, 64) == ["一" * 20]
    assert split("", 64) == [""]


def test_lines_stay_whole() -> None:
    lines = ["#1 " + "一" * 10, "#2 " + "二" * 10, "#3 " + "三" * 10]
    assert split("\n".join(lines), 80) == [f"{lines[0]}\n{lines[1]}\n(1/2)", f"{lines[2]}\n(2/2)"]


def test_a_long_line_after_a_short_one_fills_the_part() -> None:
    first, *_ = split("#1\n" + "一" * 1000, 2048)
    assert len(first.encode()) > 2000


def test_more_than_nine_parts_still_fit() -> None:
    parts = split("一" * 4000, 70)
    assert len(parts) > 99
    assert parts[-1].endswith(f"({len(parts)}/{len(parts)})")
    assert max(len(part.encode()) for part in parts) <= 70


def test_an_emoji_of_several_stays_whole() -> None:
    family = "👨‍👩‍👧"
    for shift in range(len(family.encode())):
        for part in split("a" * shift + family * 40, 100):
            assert not words(part).replace(family, "").strip("a")


def test_a_mention_stays_whole() -> None:
    for shift in range(30):
        parts = split("一" * shift + "<@chief3-yiminlu>" * 20, 128)
        assert "".join(map(words, parts)).count("<@chief3-yiminlu>") == 20
        assert sum(part.count("<@chief3-yiminlu>") for part in parts) == 20


def test_half_a_surrogate_pair_does_not_break_it() -> None:
    assert split("\ud83d" * 3, 64) == ["???"]


def test_four_thousand_emoji() -> None:
    parts = split("👍" * 4000, 2048)
    assert len(parts) == 8
    assert "".join(map(words, parts)) == "👍" * 4000


def test_a_limit_that_holds_nothing_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="too small"):
        split("一", 10)
