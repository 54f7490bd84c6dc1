"""The lot by which work is chosen for a check."""

from __future__ import annotations

from datetime import date

import pytest

from domain.sampling import drawn

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.mark.parametrize(("resolved", "expected"), [(0, 0), (1, 1), (9, 1), (10, 1), (11, 2), (100, 10)])
def test_a_tenth_is_drawn_and_at_least_one(resolved: int, expected: int) -> None:
    assert len(drawn(range(1, resolved + 1), MONDAY)) == expected


def test_it_is_the_same_in_whatever_order_and_however_often() -> None:
    assert drawn(range(1, 51), MONDAY) == drawn([*reversed(range(1, 51)), 7, 7], MONDAY)


def test_another_day_draws_others() -> None:
    assert drawn(range(1, 101), MONDAY) != drawn(range(1, 101), TUESDAY)


def test_what_is_drawn_was_resolved() -> None:
    assert set(drawn([3, 14, 15, 92, 65], MONDAY)) <= {3, 14, 15, 92, 65}
