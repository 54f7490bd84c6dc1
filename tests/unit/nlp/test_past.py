"""Which day, week or month of the past somebody means."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.past import Past, past_said

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "meant", "rest"),
    [
        ("", None, ""),
        ("益民路", None, "益民路"),
        ("益民路 11-20", Past("day", date(2026, 11, 20)), "益民路"),
        ("11月20日 益民路", Past("day", date(2026, 11, 20)), "益民路"),
        ("11-26", Past("day", date(2025, 11, 26)), ""),
        ("2026-11-26", Past("day", date(2026, 11, 26)), ""),
        ("昨天", Past("day", date(2026, 11, 24)), ""),
        ("今天 大同路", Past("day", date(2026, 11, 25)), "大同路"),
        ("上周", Past("week", date(2026, 11, 18)), ""),
        ("解放路街道 上月", Past("month", date(2026, 10, 31)), "解放路街道"),
        ("10月", Past("month", date(2026, 10, 1)), ""),
        ("10月份 益民路", Past("month", date(2026, 10, 1)), "益民路"),
        ("12月", Past("month", date(2025, 12, 1)), ""),
        ("2-29", Past("day", date(2024, 2, 29)), ""),
        ("二七路 13-40", None, "二七路 13-40"),
    ],
)
def test_what_is_meant(text: str, meant: Past | None, rest: str) -> None:
    assert past_said(text, TODAY) == (meant, rest)
