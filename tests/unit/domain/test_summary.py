"""What a summary compares: with what was announced, and with the period before."""

from __future__ import annotations

from domain.figures import Counts
from domain.summary import Correction, corrections, newly_worse


def test_only_what_changed_since_is_a_correction() -> None:
    announced = Counts(reported=45, due=41, due_on_time=40, confirmed=12, silent=3)
    now = Counts(reported=45, due=40, due_on_time=39, confirmed=11, silent=4)
    assert corrections(announced, now) == (Correction("应结案", 41, 40), Correction("按期结案", 40, 39))
    assert corrections(announced, announced) == ()
    assert corrections(None, now) == (), "nothing was announced"


def test_newly_worse_needs_a_fall_of_ten_points_and_five_issues() -> None:
    before = {
        "益民路": Counts(due=10, due_on_time=10),
        "大同路": Counts(due=10, due_on_time=9),
        "钱塘路": Counts(due=4, due_on_time=4),
        "二马路": Counts(due=10, due_on_time=10),
    }
    now = {
        "益民路": Counts(due=10, due_on_time=9),  # 10 points
        "大同路": Counts(due=20, due_on_time=17),  # 5 points
        "钱塘路": Counts(due=10, due_on_time=1),  # too few before
        "二马路": Counts(due=10, due_on_time=5),  # 50 points
        "新路": Counts(due=10, due_on_time=0),  # nothing to compare with
    }
    assert newly_worse(now, before) == ["二马路", "益民路"]
