"""Dialogs: 撤销, and 代办 in the history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.issues import State
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Town


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ([], "认领 1", State.REPORTED),
        ([], "办结 1", State.REPORTED),  # both of its events at once
        (["认领 1"], "办结 1", State.CLAIMED),
        (["认领 1"], "退回 1 派错了", State.CLAIMED),
        (["认领 1"], "转派 1 @张三", State.CLAIMED),
        ([], "转外部 1 数字城管", State.REPORTED),
    ],
)
def test_the_state_before_ones_last_message(town: Town, before: list[str], words: str, after: State) -> None:
    town.report()
    for each in before:
        town.say("li", each)
    was = town.issue()
    town.say("li", words)
    assert town.say("li", "撤销").outcome == "undone"
    now_is = town.issue()
    assert (now_is.state, now_is.owner, now_is.deadline) == (after, was.owner, was.deadline)
    assert town.actions()[-1] == "撤销"


@pytest.mark.parametrize("words", ["撤销", "点错了", "按错了", "撤销 1"])
def test_natural_words(town: Town, words: str) -> None:
    town.report()
    town.say("li", "认领 1")
    assert town.say("li", words).outcome == "undone"


def test_several_of_one_message_are_undone_together_or_one_by_one(town: Town) -> None:
    town.report(28)
    town.report(30)
    town.say("li", "认领 1 2")
    assert town.say("li", "撤销 2").answer.startswith("#2 已撤销「认领」")
    assert (town.state(1), town.state(2)) == (State.CLAIMED, State.REPORTED)


def test_a_second_time_undoes_nothing_more(town: Town) -> None:
    town.report()
    town.say("li", "认领 1")
    town.say("li", "撤销")
    assert town.say("li", "撤销").answer == "#1 刚才的操作已经撤销过了。"
    assert town.state() is State.REPORTED


def test_after_ten_minutes_it_is_too_late(town: Town) -> None:
    town.report()
    town.at("11-23 10:05").say("li", "认领 1")
    assert town.at("11-23 10:16").say("li", "撤销").answer.startswith("10分钟内没有可以撤销的操作")
    assert town.state() is State.CLAIMED


def test_overtaken_it_is_refused(town: Town) -> None:
    town.report()
    town.say("li", "办结 1")
    town.say("wujin", "满意 1")
    assert town.say("li", "撤销").answer == "#1 已有人接着办理,不能撤销。请看:查询 1"
    assert town.state() is State.CLOSED


def test_nobody_undoes_what_another_did(town: Town) -> None:
    town.report()
    town.say("li", "认领 1")
    assert town.say("wang", "撤销 1").outcome == "nothing_to_undo"


def test_only_what_the_last_message_did(town: Town) -> None:
    town.report(28)
    town.report(30)
    town.say("li", "认领 1")
    town.say("li", "认领 2")
    assert town.say("li", "撤销 1").answer == "#1 不是您上一步的操作,不能撤销。"


def test_reporters_hear_what_they_had_been_told_of(town: Town) -> None:
    town.report()
    town.say("li", "办结 1")
    said = town.say("li", "撤销")
    assert "李路 撤销了刚才的「办结」,现在是「待认领」" in said.told("wujin")


def test_reporters_hear_nothing_of_the_rest(town: Town) -> None:
    town.report()
    town.say("li", "静音 1")
    assert town.say("li", "撤销").heard == set()


def test_a_reporter_who_takes_something_back_is_not_named(town: Town) -> None:
    town.report()
    town.say("li", "办结 1")
    town.say("wujin", "不满意 1 还在")
    said = town.say("wujin", "撤销")
    assert said.told("li").startswith("#1 上报人 撤销了刚才的「不满意」")


# --- 代办 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["sun", "guan"])
@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("认领 1", "认领"),
        ("办结 1", "办结"),
        ("退回 1 派错了", "退回"),
        ("静音 1", "静音"),
        ("协办 1 交警", "协办"),
    ],
)
def test_what_is_done_for_a_chief_is_marked(town: Town, who: str, words: str, action: str) -> None:
    town.report()
    town.say(who, words)
    event = town.history()[-1]
    assert (event.action.value, event.data["on_behalf_of"]) == (action, "li")
    name = {"sun": "孙督", "guan": "管理"}[who]
    assert f"{action} {name}(代办)" in town.say("sun", "查询 1").answer


def test_the_owner_stays_the_owner(town: Town) -> None:
    town.report()
    town.say("sun", "认领 1")
    assert town.issue().owner == "li"


@pytest.mark.parametrize("who", ["li", "bei", "wang"])
def test_the_chain_of_duty_does_its_own_work(town: Town, who: str) -> None:
    town.report()
    town.say(who, "办结 1")
    assert "代办" not in town.say("sun", "查询 1").answer


def test_what_a_supervisor_owns_is_his_own_work(town: Town) -> None:
    town.report()
    town.say("sun", "转派 1 @孙督")
    town.say("sun", "办结 1")
    assert "代办" not in town.say("sun", "查询 1").answer
