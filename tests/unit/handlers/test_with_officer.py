"""Dialogs: what an officer has does not count against the chief.

机动车乱停放 has 2 working hours: reported 11-23 10:01, it is due at 14:01.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clock import MachineTime
from domain.issues import State
from domain.outgoing import Outgoing, Purpose, ToPerson
from handlers import due
from store.desk import DatabaseDesk
from tests.unit.domain.cases import shown
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import CITY, Town
from tests.unit.handlers.town import office

JIEFANG = "解放路街道"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """#1 is reported at 10:01 and claimed at 10:02."""
    for here in chief_harness.town(tmp_path):
        here.report()
        here.say("li", "收到 1")
        yield here


def take(town: Town, at: str) -> tuple[Outgoing, ...]:
    """One look at the ladder."""
    town.at(at)
    with town.database.write() as connection:
        desk = DatabaseDesk(connection, office(roster=CITY), town.now, MachineTime(town.now))
        issue = desk.issue(1)
        assert issue is not None
        return due.take(desk, issue)


def told(messages: tuple[Outgoing, ...]) -> dict[str, str]:
    return {each.to.userid: each.text for each in messages if isinstance(each.to, ToPerson)}


def test_what_the_officer_resolves_late_is_on_time_for_the_chief(town: Town) -> None:
    town.at("11-23 11:00").say("li", "协办 1 交警")
    assert town.at("11-23 14:50").say("zhang", "进展 1 已到现场").answer == (
        "#1 已记下进展,部门协办中,时限暂停(最迟 11-23 15:01 起续计)。"
    )
    assert "部门协办中,时限暂停(最迟 11-23 15:01 起续计)" in town.say("li", "查询 1").answer
    said = town.at("11-23 14:58").say("zhang", "办结 1")
    assert (said.outcome, town.issue().on_time, shown(town.issue().deadline)) == (
        "resolved", True, "11-23 15:59",
    )  # fmt: skip
    assert "超" not in said.answer
    town.at("11-23 18:00")
    counts = town.counts(JIEFANG)
    assert (counts.due, counts.due_on_time, counts.handlings, counts.handling_s) == (1, 1, 1, 60 * 60)


def test_given_back_what_was_left_is_left(town: Town) -> None:
    said = town.at("11-23 11:00").say("li", "协办 1 交警")
    assert said.answer.endswith("部门办理的时间不算您的:时限暂停,最迟 11-23 15:01 起续计。")
    assert "请于 11-23 15:01 前处理" in said.told("zhang")
    said = town.at("11-23 11:29").say("zhang", "退回 1 车主自己开走了")
    assert "时限续计到 11-23 14:30。" in said.told("li")
    assert shown(town.issue().deadline) == "11-23 14:30"
    assert town.issue().paused_at is None


def test_nobody_reminds_the_chief_and_the_officer_is_asked_once(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    assert take(town, "11-23 11:59") == ()
    said = take(town, "11-23 12:00")
    assert told(said) == {
        "zhang": "#1 停车秩序·机动车乱停放 益民路28号 益民五金店\n"
        "责任人 李路 请部门协办,还没有答复。请在 11-23 15:00 前处理,"
        "或回复:进展 1 · 办结 1 · 退回 1 原因"
    }
    assert take(town, "11-23 14:31") == ()


def test_an_officer_who_gave_word_is_not_asked_again(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    town.at("11-23 11:20").say("zhang", "进展 1 拖车在路上")
    assert take(town, "11-23 14:30") == ()


def test_an_officer_who_never_answers_holds_it_for_its_own_duration(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    take(town, "11-23 12:00")
    said = told(take(town, "11-23 15:00"))
    assert set(said) == {"li", "zhang", "wang"}
    assert said["li"].splitlines()[1] == (
        "交警 张三 协办到时,还没有办结。责任人 李路,时限续计到 11-23 16:01。"
    )
    assert said["wang"] == said["li"]
    assert said["zhang"].endswith("请尽快处理并回复:办结 1;不归您请发:退回 1 原因")
    assert town.history()[-1].action.value == "协办到时"
    assert (town.state(), shown(town.issue().deadline)) == (State.CLAIMED, "11-23 16:01")
    assert "请于 11-23 16:01 前处理" in told(take(town, "11-23 15:46"))["li"]
    late = town.at("11-23 16:30").say("li", "办结 1")
    assert (late.outcome, town.issue().on_time) == ("resolved", False)
    assert town.counts(JIEFANG).handling_s == (59 + 91) * 60


def test_with_an_officer_it_is_not_late_and_not_due(town: Town) -> None:
    town.at("11-23 11:55").say("li", "协办 1 交警")
    town.at("11-23 14:31")
    counts = town.counts(JIEFANG)
    assert (counts.due, counts.overdue, counts.open) == (0, 0, 1)
    assert "超时" not in town.say("sun", "超时").answer.replace("没有超时", "")


def test_late_before_it_stays_late_and_those_above_hear_it(town: Town) -> None:
    town.at("11-23 14:10").say("li", "进展 1 等人来")
    said = town.at("11-23 14:19").say("li", "协办 1 交警")
    assert said.answer.endswith("已经超时,时限不再顺延;部门办理的时间不计入您的处置时长。")
    assert set(told(take(town, "11-23 14:31"))) == {"li", "wang"}
    town.at("11-23 15:19").say("zhang", "办结 1")
    assert (town.issue().on_time, shown(town.issue().deadline)) == (False, "11-23 14:01")
    assert town.counts(JIEFANG).handling_s == (119 + 20) * 60


def test_a_second_officer_has_his_own_time(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    said = town.at("11-23 11:29").say("li", "协办 1 城管")
    assert said.answer.endswith("最迟 11-23 15:30 起续计。")
    assert shown(town.issue().deadline) == "11-23 14:31"
    town.at("11-23 11:39").say("zhang", "退回 1 不归交警")
    assert shown(town.issue().paused_at) == "11-23 11:30", "the other one still has it"
    town.at("11-23 11:49").say("cheng", "退回 1 也不归我")
    assert shown(town.issue().deadline) == "11-23 14:51"


def test_what_was_returned_waits_for_its_owner_whoever_helps(town: Town) -> None:
    town.at("11-23 10:59").say("li", "退回 1 不归我")
    town.at("11-23 11:05").say("wang", "协办 1 交警")
    assert shown(town.issue().paused_at) == "11-23 11:00"
    assert set(told(take(town, "11-23 11:10"))) == {"wang"}


def test_help_that_is_no_officers_stops_no_clock(town: Town) -> None:
    said = town.at("11-23 11:00").say("li", "协办 1 备岗")
    assert said.answer == "#1 已请 备岗 协办,责任人不变。"
    assert town.issue().paused_at is None


def test_unclaimed_the_time_to_claim_stands_still_too(town: Town) -> None:
    town.at("11-23 10:29").report(30)
    town.at("11-23 10:34").say("li", "协办 2 交警")
    town.at("11-23 11:34").say("zhang", "办结 2")
    assert town.issue(2).on_time is True
    counts = town.counts(JIEFANG)
    assert (counts.claims, counts.claim_s) == (2, (1 + 5) * 60)


def test_undone_the_clock_never_stopped(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    town.at("11-23 11:05").say("li", "撤销")
    assert (town.issue().paused_at, shown(town.issue().deadline)) == (None, "11-23 14:01")
    town.at("11-23 11:59").say("li", "办结 1")
    assert town.counts(JIEFANG).handling_s == 119 * 60


def test_returned_while_an_officer_has_it_the_level_above_begins_afresh(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    town.at("11-23 14:29").say("li", "退回 1 不归我")
    assert take(town, "11-23 14:39") == ()
    assert set(told(take(town, "11-23 14:40"))) == {"wang"}
    town.at("11-23 14:59").say("wang", "认领 1")
    assert shown(town.issue().deadline) == "11-23 16:01"


def test_more_time_is_added_to_what_is_left(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    assert town.at("11-23 14:29").say("li", "延期 1 1小时").outcome == "extended"
    town.at("11-23 14:59").say("zhang", "退回 1 办完了")
    assert shown(town.issue().deadline) == "11-23 17:01"


def test_what_an_officer_has_is_not_muted(town: Town) -> None:
    town.at("11-23 10:59").say("li", "协办 1 交警")
    assert town.say("li", "静音 1").answer == "#1 部门协办期间时限暂停,不会催您,不用静音"


def test_a_danger_is_followed_up_after_ten_minutes(town: Town) -> None:
    town.at("11-23 10:29").report(30, danger=True)
    town.at("11-23 10:30").say("li", "收到 2")
    town.at("11-23 10:31").say("li", "协办 2 交警")
    town.at("11-23 10:42")
    with town.database.write() as connection:
        desk = DatabaseDesk(connection, office(roster=CITY), town.now, MachineTime(town.now))
        issue = desk.issue(2)
        assert issue is not None
        said = due.take(desk, issue)
    assert set(told(said)) == {"li", "zhang", "wang"}
    assert all(each.danger and each.purpose is Purpose.ESCALATION for each in said)


def test_what_an_officer_owns_is_his_time(town: Town) -> None:
    town.at("11-23 10:31").say("li", "转派 1 @张三")
    town.at("11-23 14:31").say("zhang", "退回 1 不归交警")
    town.at("11-23 14:34").say("li", "认领 1")
    town.at("11-23 14:44").say("li", "办结 1")
    counts = town.counts(JIEFANG)
    assert counts.handling_s == (31 + 10) * 60
