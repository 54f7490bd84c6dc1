"""Dialogs: 提醒 12 2小时, and 免打扰 of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from domain.outgoing import Outgoing, Purpose, ToPerson
from handlers.routing import Router
from store import own_quiet
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Town
from tests.unit.handlers.town import moment, office


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("提醒 1 2小时", "11-23 12:02"),
        ("提醒 1 30分钟", "11-23 10:32"),
        ("提醒 1 明天", "11-24 08:00"),
    ],
)
def test_he_is_reminded_when_he_wanted(town: Town, words: str, at: str) -> None:
    town.report()
    said = town.say("li", words)
    assert said.answer == f"#1 {at} 提醒您(办完了就不再提醒)。时限 11-23 14:01 不变。"
    (draft,) = [each for each in said.drafts if each.held_until is not None]
    assert draft.address.target == "li"
    assert draft.held_until is not None
    assert draft.held_until.strftime("%m-%d %H:%M") == at
    assert draft.text.startswith("#1 您要的提醒:停车秩序·")


def test_without_a_time_he_is_asked_for_one(town: Town) -> None:
    town.report()
    assert town.say("li", "提醒 1").answer == "#1 什么时候提醒您?例:提醒 1 2小时"


def test_after_mute_it_means_go_on(town: Town) -> None:
    town.report()
    town.say("li", "静音 1")
    assert town.say("li", "提醒 1").answer == "#1 已恢复提醒。"
    assert town.issue().muted_until is None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("免打扰 20:00-07:30", "每天 20:00–07:30 不打扰您,之后合并成一条。危险问题照常通知,时限照常计算。"),
        ("免打扰 晚上", "请写时段:免打扰 20:00-08:00;取消请发:免打扰 取消。只想某件先别催:静音 12 到 15:00"),
        ("免打扰 09:00-10:00", "免打扰时段不能和上班时间重叠。"),
        ("免打扰 20:00-09:00", "免打扰时段不能和上班时间重叠。"),
        ("免打扰 取消", "已取消您的免打扰时段,按全区的安静时段执行。"),
    ],
)
def test_quiet_hours_of_ones_own(town: Town, words: str, answer: str) -> None:
    assert town.say("li", words).answer == answer


def test_they_are_kept_and_given_up(town: Town) -> None:
    town.say("li", "免打扰 20:00-07:30")
    with town.database.read() as connection:
        assert own_quiet.everybody(connection) == {"li": (time(20), time(7, 30))}
    town.say("li", "免打扰 取消")
    with town.database.read() as connection:
        assert own_quiet.everybody(connection) == {}


@pytest.mark.parametrize(("hour", "until"), [("19:59", None), ("20:10", "07:30"), ("23:00", "07:30")])
def test_what_is_said_to_him_waits_for_their_end(hour: str, until: str | None) -> None:
    here = replace(office(), own_quiet={"li": (time(20), time(7, 30))})
    told = Outgoing(ToPerson("li", "g-yimin"), "#1 新问题", Purpose.TASK, 1)
    (draft,) = Router(here, moment(f"11-23 {hour}")).drafts([told])
    assert (draft.held_until.strftime("%H:%M") if draft.held_until else None) == until
    (danger,) = Router(here, moment(f"11-23 {hour}")).drafts([replace(told, danger=True)])
    assert danger.held_until is None
