"""A shop that a report names may put it right itself; it never learns from us who reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.issues import Action, State
from tests.unit.handlers import merchant_harness
from tests.unit.handlers.merchant_harness import GROUP, Street, Told

OUTSIDE = Told("vending", "store_outside", shop="益民烩面馆", section="益民路")
REPORTER = "益民五金店"


@pytest.fixture(name="street")
def _street(tmp_path: Path) -> Iterator[Street]:
    yield from merchant_harness.street(tmp_path)


def test_the_named_shop_is_told_one_to_one(street: Street) -> None:
    heard = street.report("wujin", "烩面馆把桌子摆到人行道上了", OUTSIDE)
    told = next(draft for draft in heard.drafts if draft.address.target == "huimian")
    assert told.text.startswith("#1 有人反映贵店:占道经营·店外经营\n地点 益民路12号 益民烩面馆")
    assert "请先自行整改(30分钟)" in told.text
    assert [button.key for button in told.buttons] == ["已整改 1", "有异议 1"]
    assert REPORTER not in told.text
    assert "摆到人行道" not in told.text, "his words could tell who he is"
    assert told.fallback is None, "never in the group"
    assert street.actions(1) == ["上报", "提醒"]


@pytest.mark.parametrize(
    ("userid", "told"),
    [
        ("huimian", OUTSIDE),  # the shop itself reported
        ("wujin", Told("facility", "lamp", shop="益民烩面馆", section="益民路")),  # no shop causes this
        ("wujin", Told("vending", "store_outside", house=12)),  # not named
        ("wujin", Told("vending", "store_outside", shop="路边小店", section="益民路")),  # unknown
        ("wujin", Told("vending", "store_outside", shop="益民烩面馆", section="益民路", confidence=0.5)),
    ],
)
def test_nobody_is_accused_without_being_named_for_his_own_doing(
    street: Street, userid: str, told: Told
) -> None:
    assert street.report(userid, "桌子摆出来了", told).to("huimian") == ""
    assert street.say("huimian", "已整改 1", pictures=1).outcome == "not_allowed"


def test_without_the_app_it_is_not_told_in_the_group(tmp_path: Path) -> None:
    for street in merchant_harness.street(tmp_path, app=False):
        assert "贵店" not in street.report("wujin", "烩面馆摆出来了", OUTSIDE).others


@pytest.mark.parametrize("words", ["已整改 1", "1已整改", "已整改", "弄好了", "收进去了 1"])
def test_its_picture_resolves_it_as_put_right_by_itself(street: Street, words: str) -> None:
    street.report("wujin", "烩面馆摆出来了", OUTSIDE)
    heard = street.say("huimian", words, single=True, pictures=1)
    assert heard.outcome == "rectified"
    issue, last = street.issue(1), street.history(1)[-1]
    assert (issue.state, issue.owner, issue.resolved_by) == (State.RESOLVED, "li", "huimian")
    assert (last.action, last.reason) == (Action.RESOLVE, "自行整改")
    assert street.pictures(1) == [True]
    assert heard.to("li").startswith("#1 店家已自行整改 [图1]")
    assert "您看好了吗" in heard.to("wujin")
    assert street.say("huimian", "已整改 1", single=True, pictures=1).outcome == "not_possible"
    assert street.say("wujin", "满意 1").outcome == "confirmed"


def test_a_press_is_asked_for_the_picture(street: Street) -> None:
    street.report("wujin", "烩面馆摆出来了", OUTSIDE)
    assert street.press("huimian", "已整改 1").answer == "#1 请直接发整改后照片(10分钟内)。"
    assert street.issue(1).state is State.REPORTED
    assert street.photo("huimian").outcome == "rectified"
    assert street.pictures(1) == [True]


def test_only_the_named_shop_may(street: Street) -> None:
    street.report("wujin", "烩面馆摆出来了", OUTSIDE)
    assert street.say("wujin", "已整改 1", pictures=1).outcome == "not_allowed"
    assert street.say("wujin", "有异议 1 不是这样").outcome == "not_allowed"
    assert street.say("huimian", "已整改 5", single=True).answer.startswith("#5 没有查到")
    assert street.say("bianli", "已整改 1", single=True).outcome == "unknown_number", "another street's shop"
    assert street.say("wujin", "已整改", single=True).outcome in {"chatter", "no_candidate"}


def test_from_a_chief_the_same_words_are_a_resolution(street: Street) -> None:
    street.report("wujin", "烩面馆摆出来了", OUTSIDE)
    assert street.say("li", "已整改 1", pictures=1).outcome == "resolved"


@pytest.mark.parametrize("words", ["有异议 1 那是公共座椅", "有异议:那是公共座椅"])
def test_an_objection_is_recorded_and_told_to_the_owner(street: Street, words: str) -> None:
    street.report("wujin", "烩面馆摆出来了", OUTSIDE)
    heard = street.say("huimian", words, single=True)
    assert heard.outcome == "objected"
    assert heard.to("li").startswith("#1 店家有异议:那是公共座椅")
    assert heard.to("wujin") == heard.to(GROUP) == ""
    last = street.history(1)[-1]
    assert (last.action, last.reason, street.issue(1).state) == (
        Action.OBJECT,
        "那是公共座椅",
        State.REPORTED,
    )


def test_a_bare_objection_is_asked_for_its_reason(street: Street) -> None:
    street.report("wujin", "烩面馆摆出来了", OUTSIDE)
    assert street.press("huimian", "有异议 1").outcome == "asked_reason"
    assert street.say("huimian", "那是公共座椅", single=True).outcome == "objected"


def test_the_shop_never_reads_who_reported(street: Street) -> None:
    street.report("wujin", "烩面馆摆出来了", OUTSIDE)
    street.say("wujin", "催办 1")
    assert REPORTER not in street.say("huimian", "查询 1", single=True).answer
    assert REPORTER not in street.say("huimian", "查询 1").answer
