"""What time does: reminders, escalation, closing by silence, quiet hours, the daily summary; by the sandbox's
clock, over real processes. Every test has a working day and a street of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pytest
from openpyxl import load_workbook
from PIL import Image

from tests.fleet import STREETS, Fleet, Street
from tests.fleet.town import Json

BLOCKED = "28号门口电动车乱停把路堵死了"
MANHOLE = "28号门口井盖丢了露着大洞,很危险"


def at(day: str, clock: str) -> str:
    """A moment in the year and time zone of the sample town."""
    return f"2026-{day}T{clock}+08:00"


@dataclass
class Watch:
    """What the people of one street were told since one looked last."""

    fleet: Fleet
    street: Street

    def __post_init__(self) -> None:
        self._seen = self.fleet.town.last()

    def news(self) -> dict[str, list[str]]:
        """Chat → texts of the bot, for owner, level 2, supervisor, level 1, reporter and group."""
        street = self.street
        roles = {
            f"app:{street.chief}": "owner",
            f"app:{street.leader}": "level 2",
            f"app:{street.supervisor}": "supervisor",
            f"app:chief1-{street.area}": "level 1",
            f"app:{street.shop()}": "reporter",
            street.group: "group",
            street.supervisors: "supervisors",
        }
        entries, found = self.fleet.pushed(self._seen), dict[str, list[str]]()
        self._seen = self.fleet.town.last()
        for entry in entries:
            if role := roles.get(entry["chat"]):
                found.setdefault(role, []).append(entry["text"])
        return found

    def told(self) -> dict[str, int]:
        """Who was told how often."""
        return {role: len(texts) for role, texts in self.news().items()}


def report(fleet: Fleet, street: Street, text: str = BLOCKED, **how: object) -> int:
    """A report by the street's hardware shop; returns its number."""
    answer = fleet.ask(street.shop(), text, group=street.group, **how)
    line = next(line for line in answer.splitlines() if line.startswith("#"))
    return int(line[1:].split()[0])


def begin(fleet: Fleet, street: str, day: str, clock: str = "09:00") -> Watch:
    fleet.set_clock(at(day, clock))
    return Watch(fleet, STREETS[street])


def test_an_unclaimed_issue_climbs_its_ladder_and_says_nothing_twice(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "yiminlu", "11-24")
    number = report(own_fleet, watch.street)
    assert watch.told() == {"group": 1, "owner": 1}
    ladder: Sequence[tuple[str, dict[str, int], str]] = (
        ("09:11", {"owner": 1}, "还没认领"),
        ("10:44", {}, ""),
        ("10:46", {"owner": 1}, "前处理"),
        ("11:01", {"owner": 1}, "已超时"),
        ("11:31", {"owner": 1, "level 2": 1}, "已超时"),
        ("12:00:30", {"owner": 1}, "已超时"),
        ("13:59", {}, ""),
        ("14:01", {"owner": 1}, "已超时"),
        ("15:01", {"owner": 1, "supervisor": 1}, "已超时"),
        ("17:59", {}, ""),
    )
    for clock, expected, words in ladder:
        own_fleet.set_clock(at("11-24", clock))
        news = watch.news()
        assert {role: len(texts) for role, texts in news.items()} == expected, (clock, news)
        assert all(f"#{number}" in text and words in text for text in news.get("owner", [])), news
        for role in ("level 2", "supervisor"):
            assert all(text.startswith(f"【升级】#{number}") for text in news.get(role, [])), news
        own_fleet.advance("30s")
        assert watch.told() == {}, f"said again after {clock}"
    assert own_fleet.ask(watch.street.chief, f"查询 {number}").count("提醒 系统") == 7


def test_a_jump_of_the_clock_sends_the_latest_step_alone_and_back_nothing(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "zhongyuanlu", "11-25")
    number = report(own_fleet, watch.street)
    watch.news()
    own_fleet.set_clock(at("11-25", "16:00"))
    assert watch.told() == {"owner": 1, "level 2": 1, "supervisor": 1}
    steps = own_fleet.records.steps(number)
    assert [name for name, outcome in steps.items() if outcome == "sent"] == ["late:4h"]
    assert {"unclaimed", "before", "deadline", "late:30m", "late:1h", "late:2h"} == {
        name for name, outcome in steps.items() if outcome == "superseded"
    }
    own_fleet.set_clock(at("11-25", "08:30"))
    own_fleet.set_clock(at("11-25", "10:50"))
    assert watch.told() == {}, "set back, nothing is said again"
    again = report(own_fleet, watch.street, "12号门口电动车乱停把路堵死了")
    assert watch.told() == {"group": 1, "owner": 1}
    own_fleet.set_clock(at("11-25", "11:01"))
    news = watch.news()
    assert list(news) == ["owner"]
    assert [text.splitlines()[0].split()[0] for text in news["owner"]] == [f"#{again}"]
    own_fleet.set_clock(at("11-25", "16:01"))
    assert all(f"#{again}" in text for texts in watch.news().values() for text in texts)
    assert own_fleet.records.actions(number).count("提醒") == 1


def test_a_claim_without_progress_goes_back(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "jianzhongjie", "11-26")
    number = report(own_fleet, watch.street)
    own_fleet.ask(watch.street.chief, f"收到 {number}")
    own_fleet.set_clock(at("11-26", "10:58"))
    watch.news()
    own_fleet.set_clock(at("11-26", "11:02"))
    news = watch.news()
    assert own_fleet.records.issue(number).state == "reported"
    assert own_fleet.records.actions(number)[-1] in {"认领过期", "提醒"}
    for role in ("owner", "level 2"):
        assert any("认领后一直没有进展,已退回「待认领」" in text for text in news[role]), news


def test_silence_closes_after_auto_close_hours_once(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "huaihelu", "11-26", "14:10")
    number = report(own_fleet, watch.street)
    own_fleet.ask(watch.street.chief, f"办结 {number}")
    watch.news()
    own_fleet.set_clock(at("11-27", "14:09"))
    assert own_fleet.records.issue(number).state == "resolved"
    assert watch.told().keys() <= {"supervisors"}
    own_fleet.set_clock(at("11-27", "14:12"))
    issue = own_fleet.records.issue(number)
    assert (issue.state, issue.close_reason) == ("closed", "silent")
    news = watch.news()
    assert news["reporter"] == [
        f"#{number} 未收到您的反馈,已按已处理结案。没弄好请在3个工作日内回复:重开 {number}"
    ]
    own_fleet.advance("2h")
    assert watch.told() == {}
    assert own_fleet.records.actions(number) == ["上报", "认领", "办结", "无回复自动结案"]
    shown = own_fleet.ask(watch.street.shop(), f"查询 {number}", group=watch.street.group)
    assert shown.startswith(f"#{number} 已结案 · ")
    assert "逾期未确认" in shown


def test_quiet_hours_hold_a_notice_until_their_end(own_fleet: Fleet) -> None:
    own_fleet.set_clock(at("11-27", "21:50"))
    watch = begin(own_fleet, "baoquanjie", "11-27", "22:30")
    number = report(own_fleet, watch.street)
    own_fleet.set_clock(at("11-28", "06:58"))
    assert watch.told() == {"group": 1}, "the writer is answered, nobody else is woken"
    own_fleet.set_clock(at("11-28", "07:00:01"))
    news = watch.news()
    assert list(news) == ["owner"]
    assert [text.splitlines()[0][: len(f"#{number} 新问题")] for text in news["owner"]] == [
        f"#{number} 新问题"
    ]
    own_fleet.advance("1m")
    assert watch.told() == {}


def test_danger_is_not_held(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "qinlaojie", "11-28", "23:10")
    number = report(own_fleet, watch.street, MANHOLE)
    own_fleet.settle_down()
    assert watch.told() == {"group": 1, "owner": 1, "level 2": 1}
    own_fleet.advance("11m")
    news = watch.news()
    assert {role: len(texts) for role, texts in news.items()} == {"owner": 1, "supervisor": 1, "level 1": 1}
    assert all(f"⚠ 危险 #{number}" in text for texts in news.values() for text in texts)


def test_an_unanswered_question_goes_to_level_2_with_the_candidates(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "datonglu", "11-30")
    answer = own_fleet.ask("wx-visitor", "门口电动车乱停把路堵死了", group="wr-yimalu-all")
    assert "请问在哪条路" in answer
    number = answer.split()[0]
    watch.news()
    own_fleet.set_clock(at("11-30", "09:11"))
    news = watch.news()
    (asked,) = news["level 2"]
    assert asked.startswith(f"{number} 路段待核,上报人未回复")
    assert "可能:大同路、钱塘路、操场街、敦睦路" in asked
    assert len(news["owner"]) == 1
    own_fleet.advance("1m")
    assert watch.told() == {}


def test_a_hint_is_given_again_after_an_hour(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "ermalu", "12-01")
    talk, where = "今天天气真不错啊", {"group": watch.street.group}
    assert "没看懂" in own_fleet.ask(watch.street.shop(), talk, **where)
    own_fleet.advance("55m")
    assert own_fleet.answers_to(own_fleet.say(watch.street.shop(), talk, **where)) == []
    own_fleet.advance("6m")
    assert "没看懂" in own_fleet.ask(watch.street.shop(), talk, **where)


def test_the_daily_summary_goes_to_the_supervisor_group_once(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "jianxinjie", "12-02", "17:00")
    number = report(own_fleet, watch.street)
    own_fleet.set_clock(at("12-02", "17:59"))
    assert "supervisors" not in watch.news()
    own_fleet.set_clock(at("12-02", "18:00:01"))
    (summary,) = _summaries(own_fleet, watch.street, "12-02")
    assert summary["text"].startswith("【日报】五里堡街道 12-01 18:00 至 12-02 18:00\n群众反映")
    assert summary["text"].endswith("(本通知不接收回复,请@路管家)")
    assert "\n上报 1(↑1) · 受理 1 · " in summary["text"]
    assert "目前未结 1" in summary["text"]
    _is_a_picture(own_fleet, own_fleet.pushed(0, watch.street.supervisors)[-1])
    own_fleet.advance("1m")
    own_fleet.kill("inside")
    own_fleet.kill("cron")
    own_fleet.whole()
    own_fleet.advance("1h")
    assert len(_summaries(own_fleet, watch.street, "12-02")) == 1
    own_fleet.set_clock(at("12-02", "12:00"))
    own_fleet.set_clock(at("12-02", "18:30"))
    assert len(_summaries(own_fleet, watch.street, "12-02")) == 1, "not again after the clock went back"
    own_fleet.set_clock(at("12-05", "18:01"))
    days = ["12-03", "12-04", "12-05"]
    assert [len(_summaries(own_fleet, watch.street, day)) for day in days] == [0, 0, 1], "the newest only"
    (late,) = _summaries(own_fleet, watch.street, "12-05")
    assert f"#{number} 待认领" in late["text"]
    assert "(超时)" in late["text"]


def test_a_supervisor_gets_the_day_1_to_1_with_its_picture(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "hezuolu", "12-08")
    number = report(own_fleet, watch.street)
    seen = own_fleet.town.last()
    text = own_fleet.ask(watch.street.supervisor, "日报", via="app")
    assert text.startswith("【日报】")
    assert f"{watch.street.chief_name} 上报1" in text
    assert f"#{number}" not in text, "not late"
    _is_a_picture(own_fleet, own_fleet.pushed(seen, f"app:{watch.street.supervisor}")[-1])


def test_the_supervisors_group_gets_the_register_as_a_file(own_fleet: Fleet) -> None:
    watch = begin(own_fleet, "fuhuajie", "12-09")
    number = report(own_fleet, watch.street)
    seen = own_fleet.town.last()
    text = own_fleet.ask(watch.street.supervisor, "导出 今天", group=watch.street.supervisors)
    assert text.endswith("上报的案件 1 件,见文件。")
    (file,) = [entry for entry in own_fleet.pushed(seen, watch.street.supervisors) if entry["kind"] == "file"]
    assert file["text"].startswith("台账 ")
    (sheet,) = load_workbook(BytesIO(own_fleet.town.fetch(file["file"]))).worksheets
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [number]


def _is_a_picture(fleet: Fleet, entry: Json) -> None:
    """What stands in the chat is a picture of a phone's width, as it reached the platform."""
    assert entry["kind"] == "image"
    with Image.open(BytesIO(fleet.town.fetch(entry["pictures"][0]))) as picture:
        assert (picture.format, picture.width) == ("PNG", 1080)


def _summaries(fleet: Fleet, street: Street, day: str) -> list[Json]:
    """The summaries of a day that stand in the street's supervisor group."""
    shown = fleet.pushed(0, street.supervisors)
    return [
        entry for entry in shown if entry["text"].startswith("【日报】") and f"至 {day} " in entry["text"]
    ]


@pytest.mark.parametrize("move", [{"advance": "soon"}, {"set": "2026-11-24T09:00:00"}, {"set": 5}, {}])
def test_a_senseless_move_of_the_clock_is_refused(own_fleet: Fleet, move: Json) -> None:
    before = own_fleet.records.business_now()
    answer = own_fleet.http("POST", "/sandbox/clock", json=move)
    assert answer.status_code == 400
    assert (own_fleet.records.business_now() - before).total_seconds() < 5
