"""Dialogs: 延期, 同意, 不同意. What is reported at 10:01 has two working hours: until 14:01."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Town
from tests.unit.handlers.town import SHANGHAI


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


def shown(town: Town) -> str:
    return f"{town.issue().deadline.astimezone(SHANGHAI):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("延期 1 1小时 料没到", "11-23 15:01"),
        ("1 延期 两小时", "11-23 16:01"),
        ("延期 1 半小时", "11-23 14:31"),
        ("延期 1 到15:00", "11-23 15:00"),
        ("延期 1 到下午4点 等配件", "11-23 16:00"),
    ],
)
def test_once_alone_up_to_the_categorys_own_duration(town: Town, words: str, until: str) -> None:
    town.report()
    said = town.say("li", words)
    assert said.answer == f"#1 已延期,新时限 {until}。再延要上级同意。"
    assert shown(town) == until
    assert said.told("wujin").startswith(f"#1 处理时限延到 {until}")
    assert (town.issue().extensions, town.issue().cycle) == (1, 2)


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("延期 1 两天 等配件", "11-25 14:01"),
        ("宽限两天 1", "11-25 14:01"),
        ("宽限两天", "11-25 14:01"),
        ("再给半天 1", "11-24 08:01"),
        ("1 明天弄中不中", "11-24 18:00"),
        ("明天弄中不中", "11-24 18:00"),
        ("延期 1 到周六", "11-30 18:00"),  # not a working day
    ],
)
def test_more_is_for_the_level_above_to_grant(town: Town, words: str, until: str) -> None:
    town.report()
    asked = town.say("li", words)
    assert asked.answer == f"#1 已向 王二 申请延期到 {until},同意前时限 11-23 14:01 不变。"
    assert asked.buttons("wang") == ["同意 1", "不同意 1"]
    assert asked.heard == {"wang"}
    assert shown(town) == "11-23 14:01"
    granted = town.say("wang", "同意 1", press=True)
    assert granted.answer == f"#1 已同意延期,新时限 {until}。"
    assert granted.face == "已同意"
    assert shown(town) == until
    assert "王二 同意延期" in granted.told("li")
    assert until in granted.told("wujin")


def test_a_second_time_is_for_the_level_above(town: Town) -> None:
    town.report()
    town.say("li", "延期 1 1小时")
    assert town.say("li", "延期 1 1小时").outcome == "extension_asked"


def test_what_is_late_is_for_the_level_above(town: Town) -> None:
    town.report()
    assert town.at("11-23 14:30").say("li", "延期 1 1小时").outcome == "extension_asked"


def test_danger_is_for_the_level_above(town: Town) -> None:
    town.report(danger=True)
    assert town.say("li", "延期 1 10分钟").outcome == "extension_asked"


def test_refused_with_a_reason(town: Town) -> None:
    town.report()
    town.say("li", "延期 1 两天 等配件")
    said = town.say("wang", "不同意 1 今天必须弄")
    assert said.answer == "#1 已回复 李路:不同意延期,时限 11-23 14:01 不变。"
    assert "王二 不同意延期:今天必须弄" in said.told("li")
    assert town.say("wang", "同意 1").answer == "#1 没有待同意的延期申请"


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("wang", "extended"),
        ("sun", "extended"),
        ("guan", "extended"),
        ("zhao", "extended"),  # level 1
        ("li", "not_allowed"),  # nobody grants his own
        ("wujin", "not_allowed"),
        ("zhou", "unknown_number"),
    ],
)
def test_who_may_grant(town: Town, who: str, outcome: str) -> None:
    town.report()
    town.say("li", "延期 1 两天 等配件")
    assert town.say(who, "同意 1").outcome == outcome


def test_the_refusal_says_who_could_grant(town: Town) -> None:
    town.report()
    town.say("li", "延期 1 两天 等配件")
    assert town.say("li", "同意 1").answer == "#1 不能由您同意延期,可由 王二 操作。"


def test_granted_without_a_number_when_only_one_asks(town: Town) -> None:
    town.report(28)
    town.report(30)
    town.say("li", "延期 2 两天 等配件")
    assert town.say("wang", "同意").issue == 2


def test_asked_again_in_the_same_words_nobody_is_told_again(town: Town) -> None:
    town.report()
    town.say("li", "延期 1 到 11-25 等配件")
    said = town.say("li", "延期 1 到 11-25 等配件")
    assert said.outcome == "extension_asked_already"
    assert said.heard == set()


def test_a_request_that_is_over_by_now_is_not_granted(town: Town) -> None:
    town.report()
    town.say("li", "延期 1 到 11-24 等配件")
    assert "已经过了,请重新申请" in town.at("11-25 09:00").say("wang", "同意 1").answer


def test_those_above_extend_at_once(town: Town) -> None:
    town.report()
    said = town.say("sun", "延期 1 两天 下雪")
    assert said.outcome == "extended"
    assert "下雪" in said.told("li")


@pytest.mark.parametrize("words", ["延期 1", "延期 1 晚点弄"])
def test_how_long_is_asked(town: Town, words: str) -> None:
    town.report()
    assert town.say("li", words).outcome == "asked_time"


@pytest.mark.parametrize("words", ["延期 1 到11:00", "延期 1 100天"])
def test_no_earlier_deadline_and_none_beyond_two_months(town: Town, words: str) -> None:
    town.report()
    assert town.say("li", words).outcome == "not_possible"


@pytest.mark.parametrize("before", ["办结 1", "退回 1 派错了", "转外部 1 数字城管"])
def test_what_cannot_be_extended(town: Town, before: str) -> None:
    town.report()
    town.say("li", before)
    assert "不能延期" in town.say("wang", "延期 1 1小时").answer


@pytest.mark.parametrize(
    ("who", "outcome"), [("bei", "extended"), ("wujin", "not_allowed"), ("qian", "unknown_number")]
)
def test_who_may_extend(town: Town, who: str, outcome: str) -> None:
    town.report()
    assert town.say(who, "延期 1 1小时").outcome == outcome


def test_several_at_once(town: Town) -> None:
    town.report(28)
    town.report(30)
    said = town.say("li", "延期 1 2 9 1小时 料没到")
    assert [line[:6] for line in said.answer.splitlines()] == ["#1 已延期", "#2 已延期", "#9 没有查"]


def test_undone_the_old_deadline_holds(town: Town) -> None:
    town.report()
    town.say("li", "延期 1 1小时")
    assert town.say("li", "撤销").outcome == "undone"
    assert (shown(town), town.issue().extensions) == ("11-23 14:01", 0)


def test_a_request_taken_back_is_not_granted(town: Town) -> None:
    town.report()
    town.say("li", "延期 1 两天 等配件")
    town.say("li", "撤销")
    assert town.say("wang", "同意 1").answer == "#1 没有待同意的延期申请"
