"""What black flags in a row, or in a year, come to."""

from __future__ import annotations

import pytest

from domain.flags import Consequence, Standing, standing

NOTHING, WARNING, ACCOUNTABILITY = Consequence.NOTHING, Consequence.WARNING, Consequence.ACCOUNTABILITY


@pytest.mark.parametrize(
    ("month", "black", "run", "total", "consequence"),
    [
        ("2026-10", ["2026-10"], 1, 1, NOTHING),
        ("2026-10", ["2026-09", "2026-10"], 2, 2, WARNING),
        ("2026-10", ["2026-08", "2026-09", "2026-10"], 3, 3, ACCOUNTABILITY),
        ("2026-09", ["2026-08", "2026-09", "2026-10"], 3, 3, ACCOUNTABILITY),  # entered late
        ("2026-10", ["2026-03", "2026-10"], 1, 2, WARNING),
        ("2026-10", ["2026-01", "2026-05", "2026-10"], 1, 3, WARNING),
        ("2026-10", ["2026-01", "2026-03", "2026-05", "2026-10"], 1, 4, ACCOUNTABILITY),
        ("2026-01", ["2025-11", "2025-12", "2026-01"], 3, 1, ACCOUNTABILITY),  # over the turn of the year
        ("2026-01", ["2025-05", "2025-07", "2025-09", "2026-01"], 1, 1, NOTHING),  # a new year
        ("2026-10", [], 0, 0, NOTHING),
        ("2026-10", ["2026-09"], 0, 1, NOTHING),  # this month's was taken back
    ],
)
def test_the_standing_of_a_section(
    month: str, black: list[str], run: int, total: int, consequence: Consequence
) -> None:
    found = standing(month, black)
    assert found == Standing(run, total)
    assert found.consequence is consequence
