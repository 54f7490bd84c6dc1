"""Rates carry their fraction, and sums of groups are sums."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.figures import Counts, Key, Rate, change, rolled_up, total


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


def test_the_added_rates_and_times() -> None:
    counts = Counts(
        reported=10, not_accepted=2, recurred=1, due=8, due_suspended=2, due_extended=3, claims=4,
        claim_s=2400, prompt=3, handlings=2, handling_s=9000,
    )  # fmt: skip
    assert str(counts.recurrence) == "12.5%(1/8)"
    assert str(counts.extension) == "50.0%(3/6)"
    assert str(counts.promptness) == "75.0%(3/4)"
    assert counts.claim_time == timedelta(minutes=10)
    assert counts.handling_time == timedelta(hours=1, minutes=15)
    assert Counts().claim_time is Counts().handling_time is None


def test_groups_are_rolled_up_by_any_name() -> None:
    here = Key("解放路街道", "益民路", "li", "parking")
    groups = {
        here: Counts(reported=2),
        here._replace(category="garbage"): Counts(reported=3),
        here._replace(section=None, owner=None): Counts(reported=5),
    }
    assert rolled_up(groups, lambda key: key.section or "") == {"益民路": Counts(reported=5)}
    assert rolled_up(groups, lambda key: key.category) == {
        "parking": Counts(reported=7),
        "garbage": Counts(reported=3),
    }
