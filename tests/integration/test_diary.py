"""签到, 日志 and 纪要: what is kept, and the log of a day in chat and as a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from store import diary
from store.database import Database
from store.figures import Scope
from store.period import Period
from tests.integration.office_work import Town
from tests.unit.handlers.town import moment
from workers import exporting


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    """A morning on 益民路."""
    town = Town(database, tmp_path)
    town.say("li", "签到")
    town.say("wujin", "28号门口电动车堵路", "g-yimin")
    town.say("li", "办结 1 无照片 挪走了", "g-yimin")
    town.say("li", "随手办 益民路 铲小广告3处", "g-yimin")
    town.say("li", "日志 益民路 联合城管巡查两遍")
    return town


def test_what_was_kept_is_said(town: Town) -> None:
    ((_, _, signed),) = town.say("li", "签到", "g-yimin")
    assert signed == "已签到:益民路 11-23 10:00"
    ((_, _, noted),) = town.say("li", "日志 下午复查28号")
    assert noted == "已记入 益民路 今天的工作日志。查看请发:日志 益民路"
    ((_, _, kept),) = town.say("sun", "纪要 下周整治益民路占道经营", "g-sup")
    assert kept == "已记入 解放路街道 周例会纪要。"


def test_the_log_of_a_day(town: Town) -> None:
    town.at(moment("11-24 09:00"))
    ((_, _, text),) = town.say("sun", "日志 益民路 11-23")
    assert text.splitlines() == [
        "【工作日志】益民路 11-23 00:00 至 11-24 00:00",
        "上报 1 · 认领 1 · 办结 1 · 随手办 1 · 签到 1",
        "11-23 10:00 签到 李路",
        "11-23 10:00 #1 上报 停车秩序·非机动车乱停放 28号 商户",
        "11-23 10:00 #1 认领 停车秩序·非机动车乱停放 28号 李路",
        "11-23 10:00 #1 办结 停车秩序·非机动车乱停放 28号 李路:无照片 挪走了",
        "11-23 10:00 #2 随手办 广告宣传·非法小广告 李路",
        "11-23 10:00 记事 李路:联合城管巡查两遍",
    ]
    ((_, _, today),) = town.say("li", "日志")
    assert today == "【工作日志】益民路 11-24 00:00 至 11-24 09:00\n没有记录。"


def test_a_group_reads_no_names(town: Town) -> None:
    ((_, _, text),) = town.say("li", "日志", "g-yimin")
    assert "办结" in text
    assert "李路" not in text


@pytest.mark.parametrize(
    ("who", "said", "answered"),
    [
        ("wujin", "日志", "「日志」供路长和督导使用。"),
        ("wujin", "签到", "「签到」供路长和督导使用。"),
        ("li", "纪要 整治", "「纪要」只能由本街道督导或管理员操作。"),
        ("sun", "纪要", "请写明纪要内容"),
        ("sun", "日志 今天开会", "是哪个路段"),
        ("sun", "签到", "是哪个路段"),
        ("li", "日志 大同路", "「大同路」不在您能查看的范围内。"),
    ],
)
def test_what_cannot_be_kept_or_read(town: Town, who: str, said: str, answered: str) -> None:
    ((_, _, text),) = town.say(who, said)
    assert text.startswith(answered)


def test_the_log_of_a_month_is_a_file(town: Town, tmp_path: Path) -> None:
    town.say("sun", "纪要 下周整治")
    words, file = town.say("sun", "导出 日志 本月")
    assert words[2].endswith("工作日志 7 条,见文件。")
    assert file[2] == "工作日志 解放路街道 20261101-20261123.xlsx"
    path = tmp_path / "log.xlsx"
    day = date(2026, 11, 23)
    assert exporting.log_to_file(town.parts, path, (day, day), "益民路") == 6
    names, *rows = load_workbook(path)["路长制工作日志"].iter_rows(values_only=True)
    assert names[:6] == ("日期", "时间", "街道", "路段", "事项", "案件编号")
    assert ("2026-11-23", "10:00", "解放路街道", "益民路", "随手办", 2) in [row[:6] for row in rows]


def test_a_log_is_read_day_by_day_and_nothing_is_lost_between_days(town: Town) -> None:
    for day in ("11-24 23:59", "11-25 00:00", "11-27 10:00"):
        town.at(moment(day))
        town.say("li", f"日志 益民路 {day[:5]} 巡查")
    town.say("wujin", "30号门口电动车堵路", "g-yimin")
    whole = Scope(Period(moment("11-01 00:00"), moment("12-01 00:00")), sections=("益民路",))
    with town.database.read() as connection:
        at_once = list(diary.read(connection, whole))
    assert len(at_once) >= 8
    assert list(diary.stream(town.database, whole)) == at_once
    nothing = Scope(Period(moment("10-01 00:00"), moment("10-02 00:00")))
    assert list(diary.stream(town.database, nothing)) == []
