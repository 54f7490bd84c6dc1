"""日报, 周报 and 月报: who may ask where, what they get, what comes by itself, what is corrected later."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from store.database import Database
from store.paper_tables import orders
from tests.integration.office_work import Sent, Town
from tests.unit.handlers.town import moment
from workers.bootstrap import machine_now

BLOCKED, DIRTY = "28号门口电动车乱停把路堵死了", "56号门口垃圾堆成山没人清"


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    """Monday 10:00: on 益民路 one report resolved by 李路 and confirmed, one waiting; one on 大同路."""
    town = Town(database, tmp_path)
    town.say("wujin", BLOCKED, "g-yimin")
    town.say("li", "办结 1 无照片 挪走了", "g-yimin")
    town.say("wujin", "满意 1", "g-yimin")
    town.say("wujin", "12号门口电动车堵路", "g-yimin")
    town.say("bianli", DIRTY, "g-area")
    return town


def only(sent: list[Sent]) -> str:
    """The text of the one answer."""
    texts = [text for route, _, text in sent if not text.endswith(".png")]
    assert len(texts) == 1, sent
    return texts[0]


def test_a_street_group_sees_its_own_section_without_names_and_without_a_picture(town: Town) -> None:
    town.at(moment("11-23 11:00"))
    ((route, target, text),) = town.say("wujin", "日报", "g-yimin")
    assert (route, target) == ("reply", "https://reply/6")
    assert text.startswith("【日报】益民路 11-22 11:00 至 11-23 11:00")
    assert "上报 2(↑2) · 受理 2 · 应结案 0" in text
    assert "其中 上报人确认 1 · 逾期未确认 0" in text
    assert "李路" not in text
    assert town.say("wujin", "日报 大同路", "g-yimin")[0][2].startswith("本群只能看本路段(益民路)")
    assert town.say("li", "周报 解放路街道", "g-yimin")[0][2].startswith("本群只能看本路段")


def test_a_supervisor_sees_names_1_to_1_only(town: Town) -> None:
    alone = town.say("sun", "日报")
    assert [(route, target) for route, target, _ in alone] == [("app", "sun"), ("app", "sun")]
    assert "— 按责任人 —\n李路 上报2" in only(alone)
    assert alone[1][2] == "解放路街道 日报.png"
    here = town.say("sun", "日报", "g-sup")
    assert [(route, target) for route, target, _ in here] == [
        ("reply", "https://reply/7"),
        ("webhook", "g-sup"),
    ]
    assert "李路" not in only(here)


@pytest.mark.parametrize(
    ("who", "said", "answered"),
    [
        ("sun", "日报 益民路", "【日报】益民路 "),
        ("sun", "日报 大同路", "「大同路」不在您能查看的范围内。"),
        ("sun", "日报 火星路", "没有叫「火星路」的路段或街道"),
        ("sun", "月报 明年", "没有叫「明年」的路段或街道"),
        ("guan", "日报", "【日报】全区 "),
        ("guan", "日报 一马路街道", "【日报】一马路街道 "),
        ("li", "日报", "【日报】益民路 "),
        ("li", "日报 大同路", "「大同路」不在您能查看的范围内。"),
        ("wang", "周报", "【周报】解放路街道 11-23 00:00 至 11-23 10:00"),
        ("wang", "周报 上周", "【周报】解放路街道 11-16 00:00 至 11-23 00:00"),
        ("wang", "月报 10月", "【月报】解放路街道 10-01 00:00 至 11-01 00:00"),
        ("zhang", "日报", "「日报」供路长和督导查看"),
        ("wujin", "日报", "「日报」供路长和督导查看"),
        ("sun", "日报 11-20", "【日报】解放路街道 11-19 18:00 至 11-20 18:00"),
        ("sun", "日报 2026-12-01", "还没到那一天,没有数据。"),
    ],
)
def test_whose_figures_one_may_ask_for(town: Town, who: str, said: str, answered: str) -> None:
    text = only(town.say(who, said))
    assert text.startswith(answered)
    assert ("按责任人 —" in text) == (who in {"sun", "guan"} and "没有上报" not in text and "【" in text)


def test_the_week_brings_the_agenda_and_the_month_counts_by_report_time(town: Town) -> None:
    week = town.tick(moment("11-30 09:00"))
    texts = {target: text for route, target, text in week if text.startswith("【周报】")}
    assert set(texts) == {"g-sup", "zhou"}
    assert "【周报】解放路街道 11-23 00:00 至 11-30 00:00" in texts["g-sup"]
    assert "周例会议题:\n按期率明显下降的路段:无\n超时未办(最急的在前):\n#2 " in texts["g-sup"]
    assert "会后请发:纪要 内容" in texts["g-sup"]
    month = town.tick(moment("12-01 09:00"))
    (text,) = [text for _, target, text in month if target == "g-sup" and text.startswith("【月报】")]
    assert "群众反映(按上报时间统计,箭头为比上一月)\n上报 2(↑2) · 受理 2 · 应结案 2" in text
    assert "按期结案率 50.0%(1/2)" in text


def test_what_was_put_off_comes_up_for_review_and_what_fell_is_named(town: Town) -> None:
    town.say("sun", "挂账 2 12-03 待拆迁")
    week = town.tick(moment("11-30 09:00"))
    (text,) = [text for _, target, text in week if target == "g-sup" and text.startswith("【周报】")]
    assert "挂账到期待复核:\n#2 缓办 停车秩序·非机动车乱停放 益民路12号" in text
    assert "按期结案率 100.0%(1/1)" in text, "what is put off is not held against anybody"


def test_the_summary_comes_with_its_picture_and_figures_change_against_the_day_before(town: Town) -> None:
    first = town.tick(moment("11-23 18:00"))
    assert [text for route, target, text in first if (route, target) == ("webhook", "g-sup")][-1] == (
        "解放路街道 日报.png"
    )
    picture = town.attachments()[0]
    assert (town.parts.settings.media_dir / picture.path).read_bytes().startswith(b"\x89PNG")
    second = town.tick(moment("11-24 18:00"))
    (text,) = [text for _, target, text in second if target == "g-sup" and text.startswith("【日报】")]
    assert "上报 0(↓2)" in text
    assert "更正" not in text
    third = town.tick(moment("11-26 18:00"))
    assert [text for _, target, text in third if target == "g-sup" and text.endswith(".png")] == []


def test_what_changed_after_it_was_announced_is_said_as_a_correction(town: Town) -> None:
    town.tick(moment("11-23 18:00"))
    town.at(moment("11-24 09:00"))
    town.say("sun", "不予受理 2 小区内部 物业")
    town.say("wujin", "重开 1 又堵上了", "g-yimin")
    sent = town.tick(moment("11-24 18:00"))
    (text,) = [text for _, target, text in sent if target == "g-sup" and text.startswith("【日报】")]
    assert (
        "更正 11-22 18:00 至 11-23 18:00 的日报(已发→现在):受理 2→1、应结案 2→0、按期结案 1→0、结案 1→0"
        in text
    )
    assert "更正" not in only(town.say("sun", "日报 11-22"))


def test_after_a_standstill_of_the_maker_only_the_newest_is_made(town: Town) -> None:
    for day in ("11-23", "11-24", "11-25"):
        town.at(moment(f"{day} 18:00"))
        town.order_only()
    sent = [text for _, target, text in town.news() if target == "g-sup" and text.startswith("【日报】")]
    assert [text.splitlines()[0] for text in sent] == ["【日报】解放路街道 11-24 18:00 至 11-25 18:00"]
    with town.database.read() as connection:
        states = connection.execute(select(orders.c.state, func.count()).group_by(orders.c.state))
        assert dict(states.all()) == {"done": 3, "void": 6}


def test_what_cannot_be_made_is_told_to_who_asked(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("workers.fill_orders.gathered", breaks)
    assert town.say("sun", "日报") == []
    for _ in range(2):
        with town.database.write() as connection:  # as if the pause were over
            connection.execute(orders.update().values(next_at=machine_now()))
        sent = town.news()
    assert [text for _, _, text in sent] == ["统计时出错,没有做成,已转管理员查看;请稍后再发一次。"]
