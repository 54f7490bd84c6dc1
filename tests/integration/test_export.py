"""The register in chat and on the command line: who gets it, what stands in it, what is too large."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from domain.clock import MachineTime
from domain.errors import LuguanjiaError
from store.database import Database
from tests.integration.office_work import Town
from tests.unit.handlers.town import moment
from workers import exporting
from workers.bootstrap import machine_now


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    """On 益民路 one issue with a formula and a phone number in its text, resolved; one on 大同路."""
    town = Town(database, tmp_path / "media")
    town.say("wujin", "=1+1 28号门口电动车堵路 13812345678", "g-yimin")
    town.say("li", "办结 1 无照片 挪走了", "g-yimin")
    town.say("bianli", "56号门口垃圾堆成山没人清", "g-area")
    return town


def table(path: Path) -> list[dict[str, object]]:
    names, *rows = load_workbook(path)["案件台账"].iter_rows(values_only=True)
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def test_the_supervisors_group_gets_words_and_the_file(town: Town) -> None:
    town.at(moment("11-23 11:00"))
    sent = town.say("sun", "导出 本月", "g-sup")
    name = "台账 解放路街道 20261101-20261123.xlsx"
    assert sent == [
        (
            "reply",
            "https://reply/4",
            "【导出】解放路街道 11-01 00:00 至 11-23 11:00 上报的案件 1 件,见文件。",
        ),
        ("webhook", "g-sup", name),
    ]
    (file,) = town.attachments()
    assert (file.kind, file.name) == ("file", name)
    (row,) = table(town.parts.settings.media_dir / file.path)
    assert row["案件编号"] == 1
    assert row["问题来源"] == "群众反映"
    assert (row["大类"], row["小类"], row["代码"]) == ("停车秩序", "非机动车乱停放", "0410")
    assert (row["状态"], row["责任人"], row["责任单位"]) == ("已处理待确认", "李路", "解放路街道")
    assert (row["上报时间"], row["是否按期"]) == ("2026-11-23 10:00:00", "按期")
    assert "13812345678" not in str(row["问题描述"])
    assert "wujin" not in str(row), "who reported it stays where it is"


def test_1_to_1_by_the_app(town: Town) -> None:
    sent = town.say("guan", "导出 大同路 今天")
    assert [(route, target) for route, target, _ in sent] == [("app", "guan"), ("app", "guan")]
    assert sent[0][2].startswith("【导出】大同路 11-23 00:00 至 11-23 10:00 上报的案件 1 件")


@pytest.mark.parametrize(
    ("who", "said", "group", "answered"),
    [
        ("li", "导出 本月", None, "「导出」供督导和管理员使用。"),
        ("wujin", "导出", "g-yimin", "「导出」供督导和管理员使用。"),
        ("sun", "导出 本月", "g-yimin", "台账含责任人姓名,请在督导群或单聊里发:导出 本月"),
        ("sun", "导出 大同路", "g-sup", "「大同路」不在您能查看的范围内。"),
        ("sun", "导出 上月", "g-sup", "【导出】解放路街道 10-01 00:00 至 11-01 00:00 没有案件。"),
        ("sun", "导出 2026-12-01", "g-sup", "还没到那一天,没有数据。"),
    ],
)
def test_who_is_told_what(town: Town, who: str, said: str, group: str | None, answered: str) -> None:
    ((_, _, text),) = town.say(who, said, group)
    assert text.startswith(answered)
    assert town.attachments() == []


def test_where_no_file_can_be_sent_it_says_so(database: Database, tmp_path: Path) -> None:
    town = Town(database, tmp_path, app=False)
    ((_, _, text),) = town.say("sun", "导出 本月", "g-sup")
    assert text.endswith("没有案件。")


@pytest.mark.parametrize(
    ("name", "most"), [("MOST_IN_CHAT", 0), ("MAX_ATTACHED", {("webhook", "file"): 100})]
)
def test_what_is_too_large_for_a_chat_is_said(
    town: Town, monkeypatch: pytest.MonkeyPatch, name: str, most: object
) -> None:
    monkeypatch.setattr(exporting, name, most)
    ((_, _, text),) = town.say("sun", "导出 本月", "g-sup")
    assert "共 1 件,太大,聊天里发不了" in text
    assert "python -m bot export" in text
    assert list((town.parts.settings.media_dir / "out").glob("*.xlsx")) == []


def test_the_command_line_writes_all_of_it_or_a_part(town: Town, tmp_path: Path) -> None:
    def numbers(days: tuple[date | None, date | None], place: str) -> list[object]:
        path = tmp_path / "cases.xlsx"
        rows = exporting.to_file(town.parts, path, days, place)
        found = [row["案件编号"] for row in table(path)]
        assert len(found) == rows
        return found

    today, tomorrow = date(2026, 11, 23), date(2026, 11, 24)
    assert numbers((None, None), "") == [1, 2]
    assert numbers((today, today), "一马路街道") == [2]
    assert numbers((None, today), "益民路") == [1]
    assert numbers((tomorrow, None), "") == []
    with pytest.raises(LuguanjiaError, match="没有叫「火星路」的路段或街道"):
        numbers((None, None), "火星路")


def test_pages_follow_each_other_without_gap_or_double(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        town.say("wujin", f"{100 + number}号门口电动车堵路", "g-yimin")
    monkeypatch.setattr("store.cases.PAGE", 2)
    path = town.parts.settings.media_dir / "all.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    exporting.to_file(town.parts, path, (None, None), "")
    assert [row["案件编号"] for row in table(path)] == list(range(1, 10))


def test_files_nobody_waits_for_any_more_are_dropped(town: Town) -> None:
    town.say("sun", "导出 本月", "g-sup")
    folder = town.parts.settings.media_dir / "out"
    exporting.forget_files(town.parts.settings.media_dir, machine_now())
    assert len(list(folder.iterdir())) == 1
    later = MachineTime(machine_now() + exporting.KEPT + timedelta(minutes=1))
    exporting.forget_files(town.parts.settings.media_dir, later)
    assert list(folder.iterdir()) == []
