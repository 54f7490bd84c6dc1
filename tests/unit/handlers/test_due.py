"""What the ladder says when it is due: whom, in which words, by which way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clock import MachineTime
from domain.issues import State
from domain.outgoing import Outgoing, Purpose, ToPerson
from handlers import due
from store.desk import DatabaseDesk
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import CITY, Town
from tests.unit.handlers.town import office


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


def take(town: Town, at: str, number: int = 1) -> tuple[Outgoing, ...]:
    """One look at the ladder of an issue."""
    town.at(at)
    with town.database.write() as connection:
        desk = DatabaseDesk(connection, office(roster=CITY), town.now, MachineTime(town.now))
        issue = desk.issue(number)
        assert issue is not None
        return due.take(desk, issue)


def told(messages: tuple[Outgoing, ...]) -> dict[str, str]:
    return {each.to.userid: each.text for each in messages if isinstance(each.to, ToPerson)}


def test_nothing_is_said_before_its_time(town: Town) -> None:
    town.report()
    assert take(town, "11-23 10:10") == ()


def test_an_unclaimed_problem_is_brought_up_with_its_owner(town: Town) -> None:
    town.report()
    (reminder,) = take(town, "11-23 10:11")
    assert reminder.purpose is Purpose.REMINDER
    assert reminder.text == "#1 停车秩序·机动车乱停放 益民路28号 益民五金店\n还没认领,请于 11-23 14:01 前处理"
    assert reminder.to == ToPerson("li", "g-yimin")
    assert reminder.reply_with == "收到 1"
    assert [button.key for button in reminder.buttons][:2] == ["认领 1", "办结 1"]
    assert take(town, "11-23 10:11") == ()


def test_level_two_hears_half_an_hour_late_with_the_history(town: Town) -> None:
    town.report()
    said = told(take(town, "11-23 14:31"))
    assert set(said) == {"li", "wang"}
    assert "已超时" in said["li"]
    assert said["li"].endswith("(时限 11-23 14:01)")
    assert said["wang"].startswith("【升级】#1 ")
    assert "责任人 李路" in said["wang"]
    assert "11-23 10:01 上报" in said["wang"]


def test_the_supervisor_hears_four_hours_late(town: Town) -> None:
    town.report()
    take(town, "11-23 14:31")
    assert set(told(take(town, "11-24 08:00"))) == {"li", "sun"}


def test_level_one_hears_after_two_working_days(town: Town) -> None:
    town.report()
    take(town, "11-24 09:00")
    assert "zhao" in told(take(town, "11-25 14:01"))


def test_danger_unclaimed_for_ten_minutes_reaches_those_above(town: Town) -> None:
    town.report(danger=True)
    said = take(town, "11-23 10:11")
    assert set(told(said)) == {"li", "sun", "zhao"}
    assert all(each.danger for each in said)
    assert told(said)["sun"].startswith("【升级】⚠ 危险 #1 ")


def test_an_unanswered_question_goes_to_level_two_with_the_candidates(town: Town) -> None:
    town.say("stranger", "电动车堵路", "g-area")
    said = told(take(town, "11-23 10:11"))
    assert set(said) == {"qian", "zhou"}
    assert said["zhou"].splitlines()[0] == "#1 路段待核,上报人未回复。"
    assert "可能:大同路、钱塘路" in said["zhou"]
    assert said["zhou"].endswith("责任人 钱大")


def test_the_history_tells_who_was_reminded(town: Town) -> None:
    town.report()
    take(town, "11-23 14:31")
    assert town.history()[-1].reason == "已提醒 李路、王二"
    assert town.history()[-1].actor == ""


def test_a_claim_without_progress_goes_back(town: Town) -> None:
    town.report()
    town.say("li", "收到 1")
    take(town, "11-23 10:40")
    said = told(take(town, "11-23 14:05"))
    assert set(said) == {"li", "wang"}
    assert "认领后一直没有进展" in said["wang"]
    assert town.state() is State.REPORTED


def test_progress_keeps_a_claim(town: Town) -> None:
    town.report()
    town.say("li", "收到 1")
    town.at("11-23 11:30")
    town.say("li", "进展 1 在等拖车")
    take(town, "11-23 14:05")
    assert town.state() is State.CLAIMED


def test_silence_closes_and_tells_how_to_reopen(town: Town) -> None:
    town.report()
    town.say("li", "办结 1")
    said = told(take(town, "11-24 10:05"))
    assert "重开 1" in said["wujin"]
    assert (town.state(), town.issue().close_reason) == ("closed", "silent")


@pytest.mark.parametrize("hour", ["12:30", "19:00", "23:00"])
def test_outside_working_hours_nobody_is_reminded_of_ordinary_things(town: Town, hour: str) -> None:
    town.report()
    take(town, "11-23 11:59")
    assert take(town, f"11-23 {hour}") == ()


def test_at_night_a_danger_is_said_all_the_same(town: Town) -> None:
    town.at("11-23 23:00")
    town.report(danger=True)
    assert take(town, "11-23 23:12") != ()


def test_nobody_is_told_twice_what_he_owns_and_watches(town: Town) -> None:
    town.report()
    town.say("wang", "认领 1")
    said = take(town, "11-23 14:31")
    assert len(told(said)) == len(said)


def test_what_is_over_is_silent(town: Town) -> None:
    town.report()
    town.say("wujin", "撤回 1")
    assert take(town, "11-27 10:00") == ()
