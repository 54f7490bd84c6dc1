"""Rates carry their fraction, and sums of groups are sums."""

from __future__ import annotations

import pytest

from domain.figures import Counts, Rate, change, total


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (41, 45, "91.1%(41/45)"),
        (0, 0, "—(0/0)"),
        (0, 7, "0.0%(0/7)"),
        (7, 7, "100.0%(7/7)"),
        (1, 3, "33.3%(1/3)"),
        (2, 3, "66.7%(2/3)"),
        (1, 8, "12.5%(1/8)"),
        (1, 2000, "0.1%(1/2000)"),
        (1999, 2000, "99.9%(1999/2000)"),  # not a full mark
        (3, -1, "—(3/-1)"),
    ],
)
def test_a_rate_is_shown_with_its_fraction(numerator: int, denominator: int, shown: str) -> None:
    assert str(Rate(numerator, denominator)) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [
        (Rate(9, 10), Rate(8, 10), "↑10.0"),
        (Rate(8, 10), Rate(9, 10), "↓10.0"),
        (Rate(9, 10), Rate(18, 20), "→"),
        (Rate(0, 0), Rate(9, 10), "—"),
        (Rate(9, 10), Rate(0, 0), "—"),
    ],
)
def test_change_is_in_percentage_points(now: Rate, before: Rate, shown: str) -> None:
    assert change(now, before) == shown


YIMIN = Counts(
    reported=50,
    not_accepted=4,
    resolved=40,
    confirmed=20,
    silent=12,
    withdrawn=1,
    rejected=2,
    merged=2,
    rework=3,
    satisfied=20,
    dissatisfied=5,
    due=48,
    due_suspended=3,
    due_resolved=43,
    due_closed=32,
    due_on_time=41,
)


def test_the_standard_figures() -> None:
    assert (YIMIN.accepted, YIMIN.closed) == (46, 32)
    assert str(YIMIN.acceptance) == "92.0%(46/50)"
    assert str(YIMIN.on_time) == "91.1%(41/45)"
    assert str(YIMIN.handling) == "95.6%(43/45)"
    assert str(YIMIN.closing) == "71.1%(32/45)"
    assert str(YIMIN.reworking) == "7.5%(3/40)"
    assert str(YIMIN.satisfaction) == "80.0%(20/25)"


def test_groups_add_up() -> None:
    assert total([YIMIN, Counts(reported=2, due=1, due_on_time=1), Counts()]) == YIMIN + Counts(
        reported=2, due=1, due_on_time=1
    )
    assert str(total([YIMIN, Counts(due=5, due_on_time=5)]).on_time) == "92.0%(46/50)"
    assert total([]) == Counts()
    assert str(Counts().on_time) == "—(0/0)"
