"""House numbers against the plain meaning: a set of numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.house_numbers import EVERY_NUMBER, HouseNumbers, Parity

LIMIT = 60
spans = st.tuples(st.integers(1, LIMIT), st.integers(1, LIMIT)).map(lambda pair: (min(pair), max(pair)))
numbers = st.builds(
    HouseNumbers,
    st.lists(spans, min_size=1, max_size=4).map(tuple),
    st.sampled_from([None, Parity.ODD, Parity.EVEN]),
)


def as_set(value: HouseNumbers) -> set[int]:
    """The meaning, spelt out."""
    inside = {n for low, high in value.ranges for n in range(low, high + 1)}
    return inside if value.parity is None else {n for n in inside if n % 2 == value.parity}


@given(numbers, st.integers(1, LIMIT))
def test_it_covers_what_the_set_contains(value: HouseNumbers, number: int) -> None:
    assert value.covers(number) == (number in as_set(value))


@given(numbers, numbers)
def test_it_overlaps_when_the_sets_meet(one: HouseNumbers, other: HouseNumbers) -> None:
    assert one.overlaps(other) == bool(as_set(one) & as_set(other)) == other.overlaps(one)


@given(numbers, numbers)
def test_it_is_within_only_when_the_set_is_a_subset(one: HouseNumbers, other: HouseNumbers) -> None:
    """Never wrongly within; the reverse may miss odd mixtures of single numbers, which only warns."""
    if one.within(other):
        assert as_set(one) <= as_set(other)
    if one.parity == other.parity or other.parity is None:
        assert one.within(other) == (as_set(one) <= as_set(other))


@given(numbers.filter(as_set))
def test_it_reads_back_what_it_writes(value: HouseNumbers) -> None:
    assert as_set(HouseNumbers.parse(str(value))) == as_set(value)
    assert str(HouseNumbers.parse(str(value))) == str(HouseNumbers.parse(str(HouseNumbers.parse(str(value)))))


@given(st.text(alphabet="0123456789-、,单双号 ～至１５", max_size=12))
def test_it_parses_or_raises_value_error_only(text: str) -> None:
    try:
        parsed = HouseNumbers.parse(text)
    except ValueError:
        return
    assert HouseNumbers.parse(str(parsed)) == parsed


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("1-75", "1-75"),
        ("单号", "单号"),
        ("1-75、单号", "1-75、单号"),
        ("１－７５号", "1-75"),
        ("1号至75号", "1-75"),
        ("1~75,双号", "1-75、双号"),
        ("1-75双", "1-75、双号"),
        ("12", "12"),
        ("3;5；7，9,11 13", "3、5、7、9、11、13"),
        ("单号、双号", ""),
    ],
)
def test_it_understands_how_people_write(text: str, canonical: str) -> None:
    assert str(HouseNumbers.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("75-1", "「75-1」应由小到大"),
        ("0", "「0」应由小到大,从 1 起"),
        ("2、单号", "「2、单号」里没有任何门牌"),
        ("5、abc", "「abc」不是门牌"),
        ("1-", "「1-」不是门牌"),
        ("-5", "「-5」不是门牌"),
        ("1-2-3", "「1-2-3」不是门牌"),
        ("123456", "「123456」不是门牌"),
        ("A12", "「A12」不是门牌"),
    ],
)
def test_it_refuses_the_rest(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        HouseNumbers.parse(text)


def test_nothing_written_means_every_number() -> None:
    assert EVERY_NUMBER.covers(1)
    assert EVERY_NUMBER.covers(99_999)
    assert EVERY_NUMBER.overlaps(HouseNumbers.parse("双号"))
    assert HouseNumbers.parse("单号").within(EVERY_NUMBER)
    assert not EVERY_NUMBER.within(HouseNumbers.parse("1-75"))
    assert not HouseNumbers.parse("单号").overlaps(HouseNumbers.parse("双号"))
