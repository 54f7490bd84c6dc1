"""What follows a supervisor's command: a day of review, where to go instead, what a check found."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from nlp.commands import parse_command
from nlp.destinations import where_to
from nlp.review_day import review_day
from nlp.verdict import verdict

MONDAY = datetime.fromisoformat("2026-11-23 10:00")


@pytest.mark.parametrize(
    ("said", "day", "reason"),
    [
        ("12-01 等专项资金", "2026-12-01", "等专项资金"),
        ("到12-01 等专项资金", "2026-12-01", "等专项资金"),
        ("2026-12-01 等资金", "2026-12-01", "等资金"),
        ("12月1日 等资金", "2026-12-01", "等资金"),
        ("01-15 等资金", "2027-01-15", "等资金"),
        ("下周一 等资金", "2026-11-30", "等资金"),
        ("明天 等资金", "2026-11-24", "等资金"),
        ("30天后 等资金", "2026-12-23", "等资金"),
        ("30天 等资金", "2026-12-23", "等资金"),
        ("三十天后 等资金", "2026-12-23", "等资金"),
        ("两周后 等资金", "2026-12-07", "等资金"),
        ("一个月后 等资金", "2026-12-23", "等资金"),
        ("3个月后复核 等资金", "2027-02-23", "等资金"),
        ("半年 等资金", "2027-05-23", "等资金"),
        ("月底 等资金", "2026-11-30", "等资金"),
        ("下月底 等资金", "2026-12-31", "等资金"),
        ("年底 等资金", "2026-12-31", "等资金"),
        ("等资金 12-01", "2026-12-01", "等资金"),
        ("12-01", "2026-12-01", ""),
        ("12-01 等到年底的资金", "2026-12-01", "等到年底的资金"),
        ("到 12-01 等资金", "2026-12-01", "等资金"),
        ("等资金", None, "等资金"),
        ("2小时 等资金", None, "2小时 等资金"),
        ("02-30 等资金", None, "02-30 等资金"),
        ("", None, ""),
    ],
)
def test_review_day(said: str, day: str | None, reason: str) -> None:
    assert review_day(said, MONDAY) == (date.fromisoformat(day) if day else None, reason)


def test_a_month_without_that_day_ends_earlier() -> None:
    assert review_day("三个月后 等", datetime.fromisoformat("2026-11-30 09:00"))[0] == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("said", "reason", "where"),
    [
        ("小区内部 物业", "小区内部", "物业"),
        ("小区内部道路,物业公司", "小区内部道路", "物业公司"),
        ("小区内部事务,请找物业", "小区内部事务", "物业"),
        ("不归街道管 请联系12345", "不归街道管", "12345"),
        ("噪声扰民纠纷 请向派出所反映", "噪声扰民纠纷", "派出所"),
        ("消费纠纷 12315", "消费纠纷", "12315"),
        ("产权不清 郑州铁路局", "产权不清", "郑州铁路局"),
        ("物业", "", "物业"),
        ("12345", "", "12345"),
        ("请找物业", "", "物业"),
        ("小区内部", "小区内部", ""),
        ("不属于 受理范围", "不属于 受理范围", ""),
        ("", "", ""),
    ],
)
def test_where_to(said: str, reason: str, where: str) -> None:
    assert where_to(said) == (reason, where)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("核查 12 通过", (True, "")),
        ("核查 12 合格", (True, "")),
        ("核查 12 通过了 现场干净", (True, "现场干净")),
        ("核查 12 不通过 还有垃圾", (False, "还有垃圾")),
        ("核查 12 不合格,还在", (False, "还在")),
        ("核查 12 没通过 还在", (False, "还在")),
        ("核查通过 12", (True, "")),
        ("核查不通过 12 还在", (False, "还在")),
        ("12 核查不通过 还有垃圾", (False, "还有垃圾")),
        ("12 核查通过", (True, "")),
        ("核查 12", (None, "")),
        ("核查 12 看不清", (None, "看不清")),
    ],
)
def test_verdict(text: str, found: tuple[bool | None, str]) -> None:
    command = parse_command(text)
    assert command is not None
    assert (command.verb, command.numbers) == ("核查", (12,))
    assert verdict(command.rest, text) == found
