"""登记, 排行 and 申诉: official flags, our own score, and who hears of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import Database
from tests.integration.office_work import Town
from tests.unit.handlers.town import moment


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(database, tmp_path)


def enter(town: Town, *months: str, group: str | None = None) -> list[tuple[str, str, str]]:
    """A black flag for 益民路 in each month; what came of the last one."""
    sent: list[tuple[str, str, str]] = []
    for month in months:
        sent = town.say("sun", f"登记 {month} 益民路 黑旗", group)
    return sent


def test_a_flag_is_entered_and_counted(town: Town) -> None:
    assert enter(town, "10月") == [
        ("app", "sun", "已登记 2026-10 红黑旗(市、区考评结果):\n益民路 黑旗,黑旗连续1次、2026年累计1次")
    ]
    ((_, _, text),) = town.say("guan", "登记 10月 大同路、钱塘路 红旗")
    assert text.splitlines()[1:] == ["大同路 红旗", "钱塘路 红旗"]


def test_two_warn_and_three_in_a_row_draft_the_reminder_1_to_1(town: Town) -> None:
    ((_, _, second),) = enter(town, "8月", "9月")
    assert "【预警】益民路 2026-09 黑旗:连续2次、本年累计2次。" in second
    assert "问责提醒" not in second
    ((route, target, third),) = enter(town, "10月")
    assert (route, target) == ("app", "sun")
    assert (
        "【问责提醒·草稿】益民路 黑旗连续3次、本年累计3次(2026-08、2026-09、2026-10)。\n李路:您负责的益民路"
        in third
    )


def test_four_in_a_year_draft_it_too_and_a_group_never_reads_it(town: Town) -> None:
    sent = enter(town, "1月", "3月", "5月", "10月", group="g-sup")
    answer, draft = sent
    assert (answer[0], "问责" in answer[2], "李路" in answer[2]) == ("reply", False, False)
    assert (draft[0], draft[1]) == ("app", "sun")
    assert "【问责提醒·草稿】益民路 黑旗连续1次、本年累计4次" in draft[2]


def test_what_was_entered_by_mistake_is_taken_back(town: Town) -> None:
    enter(town, "9月", "10月")
    ((_, _, text),) = town.say("sun", "登记 10月 益民路 撤销")
    assert text.endswith("益民路 无,黑旗连续0次、2026年累计1次")


@pytest.mark.parametrize(
    ("who", "said", "group", "answered"),
    [
        ("li", "登记 10月 益民路 黑旗", None, "「登记」只能由本街道督导或管理员操作。"),
        ("sun", "登记 10月 益民路 黑旗", "g-yimin", "「登记」请在督导群或单聊里操作。"),
        ("sun", "登记 10月 大同路 黑旗", None, "「大同路」不在您能查看的范围内。"),
        ("sun", "登记 10月 火星路 黑旗", None, "没有这些路段:火星路。没有登记。"),
        ("sun", "登记 益民路 黑旗", None, "登记官方红黑旗请发:登记 10月 益民路 黑旗"),
        ("sun", "登记", None, "登记官方红黑旗请发:"),
    ],
)
def test_what_cannot_be_entered(town: Town, who: str, said: str, group: str | None, answered: str) -> None:
    ((_, _, text),) = town.say(who, said, group)
    assert text.startswith(answered)


# --- 排行 and 申诉 ------------------------------------------------------------------------------------------
@pytest.fixture
def worked(town: Town) -> Town:
    """On 益民路 six issues: five resolved in time, one of them returned at first; one is late."""
    for number in range(6):
        town.say("wujin", f"{100 + number}号门口电动车堵路", "g-yimin")
    town.say("li", "退回 5 不归我管", "g-yimin")
    town.say("wang", "转派 5 @李路 是您的", "g-yimin")
    for number in range(1, 6):
        town.say("li", f"办结 {number} 无照片 已清", "g-yimin")
    town.at(moment("11-24 17:00"))
    return town


def ranking(town: Town, who: str = "sun", group: str | None = None) -> str:
    ((_, _, text), *_) = town.say(who, "排行", group)
    return text


def test_the_ranking_explains_itself_and_leaves_out_what_was_returned(worked: Town) -> None:
    text = ranking(worked)
    assert text.startswith("【排行】解放路街道 2026-11 自评(仅供预警,不代替官方红黑旗)\n— 按路段 —\n")
    # on time 4/5, no rework of 4, all 4 claims prompt: (32 + 20 + 20) of 80
    assert "1. 益民路 90分 按期结案80.0%(4/5) 返工0.0%(0/4) 及时认领100.0%(4/4)" in text
    assert "— 按责任人 —\n1. 李路 90分" in text
    assert "退回、重复、不予受理、撤回和申诉成立的不计" in text


def test_no_group_reads_names(worked: Town) -> None:
    assert "李路" not in ranking(worked, "sun", "g-sup")
    street = ranking(worked, "wujin", "g-yimin")
    assert "1. 益民路 90分" in street
    assert "李路" not in street


def test_an_upheld_appeal_takes_an_issue_out_of_the_score(worked: Town) -> None:
    answer, told = worked.say("li", "申诉 6 当天道路封闭施工")
    assert answer[2] == "「#6」的申诉已提交,由 孙督 裁定,结果会通知您。"
    assert told[:2] == ("app", "sun")
    assert told[2].startswith("【申诉】李路 对「#6」申诉:当天道路封闭施工\n请裁定:申诉 #6 成立")
    answer, told = worked.say("sun", "申诉 #6 成立 有施工许可")
    assert answer[2] == "「#6」的申诉已裁定成立,不再计入自评。"
    assert told == ("app", "li", "您对「#6」的申诉成立:有施工许可")
    assert "益民路 不评(应结案4件)" in ranking(worked)


def test_a_rejected_appeal_changes_nothing(worked: Town) -> None:
    worked.say("li", "申诉 6 当天道路封闭施工")
    answer, told = worked.say("sun", "申诉 6 不成立 没有封闭")
    assert answer[2] == "「#6」的申诉已裁定不成立,维持原结果。"
    assert told[2] == "您对「#6」的申诉不成立:没有封闭"
    assert "1. 益民路 90分" in ranking(worked)
    assert worked.say("sun", "申诉 6 成立")[0][2].startswith("对「#6」没有待定的申诉")


def test_an_appeal_against_a_flag(town: Town) -> None:
    enter(town, "9月", "10月")
    answer, _ = town.say("li", "申诉 10月 益民路 当天停电无法作业")
    assert answer[2] == "「10月 益民路」的申诉已提交,由 孙督 裁定,结果会通知您。"
    town.say("sun", "申诉 10月 益民路 成立")
    assert enter(town, "11月")[0][2].startswith(
        "已登记 2026-11 红黑旗(市、区考评结果):\n益民路 黑旗,黑旗连续1次、2026年累计2次"
    )


@pytest.mark.parametrize(
    ("who", "said", "answered"),
    [
        ("qian", "申诉 10月 益民路 不公平", "「10月 益民路」不是您负责的,不能申诉。"),
        ("li", "申诉 10月 益民路", "申诉请写明对象和理由"),
        ("li", "申诉", "申诉请写明对象和理由"),
        ("li", "申诉 99 不对", "#99 没有查到"),
    ],
)
def test_what_cannot_be_appealed(town: Town, who: str, said: str, answered: str) -> None:
    ((_, _, text),) = town.say(who, said)
    assert text.startswith(answered)
