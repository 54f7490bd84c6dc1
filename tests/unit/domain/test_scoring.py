"""The formula of 自评, computed by hand."""

from __future__ import annotations

import pytest

from domain.figures import Counts
from domain.scoring import score


@pytest.mark.parametrize(
    ("counts", "points"),
    [
        # 40 × 8/10 + 20 × (1 − 1/8) + 20 × 3/4 + 20 × 6/8 = 32 + 17.5 + 15 + 15
        (
            Counts(
                due=10, due_on_time=8, resolved=8, rework=1, satisfied=3, dissatisfied=1, claims=8, prompt=6
            ),
            79.5,
        ),
        # nobody answered: 40 × 8/10 + 20 × 1 + 20 × 6/8 = 67 of 80 points
        (Counts(due=10, due_on_time=8, resolved=8, claims=8, prompt=6), 83.8),
        # nothing was done: 0 of 40
        (Counts(due=10), 0.0),
        # what is suspended was not due: 6 − 1
        (Counts(due=6, due_suspended=1, due_on_time=5, resolved=5, claims=5, prompt=5), 100.0),
        (Counts(due=5, due_suspended=1, due_on_time=4, resolved=4), None),
        (Counts(), None),
    ],
)
def test_points(counts: Counts, points: float | None) -> None:
    assert score(counts).points == points


def test_below_sixty_it_warns_and_unrated_it_does_not() -> None:
    assert score(Counts(due=10, due_on_time=2)).warns
    assert not score(Counts(due=10, due_on_time=6)).warns
    assert not score(Counts(due=4)).warns
