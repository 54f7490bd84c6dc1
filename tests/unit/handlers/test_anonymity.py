"""The name of a reporter who asked for it appears nowhere in what others get."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.handlers import merchant_harness
from tests.unit.handlers.merchant_harness import GROUP, Street, Told

NAME = "益民五金店"
AT_28 = Told(house=28)
PLACE_UNSAID = Told()


@pytest.fixture(name="street")
def _street(tmp_path: Path) -> Iterator[Street]:
    yield from merchant_harness.street(tmp_path)


def all_that_follows(street: Street, number: int) -> str:
    """What everybody else gets of an issue from its claim to its end, lists and histories included."""
    heard = [
        street.say("huimian", f"我也反映 {number}"),
        street.say("wujin", f"催办 {number}", single=True),
        street.say("wujin", f"补充 {number} 又来一辆", single=True),
        street.say("li", f"收到 {number}"),
        street.say("li", f"办结 {number}"),
        street.say("wujin", f"不满意 {number} 还有一辆", single=True),
        street.say("li", "待办"),
    ]
    shown = [heard[0].answer, heard[3].answer, heard[-1].answer, *(each.others for each in heard)]
    for userid, group in (("huimian", GROUP), ("li", GROUP), ("wang", GROUP), ("sun", GROUP)):
        shown.append(street.say(userid, f"查询 {number}", group=group).answer)
    shown += [
        street.say(userid, f"查询 {number}", single=True).answer for userid in ("li", "huimian", "wang")
    ]
    street.later(days=1)
    shown += [draft.text for draft in street.tick(number)]
    return "\n".join(shown)


def test_what_was_said_in_the_group_is_named(street: Street) -> None:
    heard = street.report("wujin", "门口电动车堵路", PLACE_UNSAID)
    assert NAME in heard.to("li")
    assert f"上报 {NAME}" in street.say("li", "查询 1").answer


@pytest.mark.parametrize("told", [AT_28, PLACE_UNSAID])
def test_what_was_said_one_to_one_names_nobody(street: Street, told: Told) -> None:
    heard = street.report("wujin", "门口电动车堵路", told, single=True)
    assert "商户反映" in heard.to("li")
    assert "益民路28号" in heard.to("li"), "his own address is still the place"
    assert NAME not in heard.others + all_that_follows(street, 1)


@pytest.mark.parametrize(
    "words",
    [
        "匿名 28号门口电动车堵路",
        "匿名上报 28号门口电动车堵路",
        "匿名:电动车堵路",
        "匿名反映电动车堵路",
        "28号门口电动车堵路,匿名",
        "电动车堵路 别写我名字",
    ],
)
def test_it_may_be_said_with_the_report(street: Street, words: str) -> None:
    heard = street.report("wujin", words, AT_28)
    assert heard.outcome == "reported"
    assert NAME not in heard.others + all_that_follows(street, 1)


def test_it_may_be_said_before(street: Street) -> None:
    assert street.say("wujin", "匿名").outcome == "hide_next"
    heard = street.report("wujin", "门口电动车堵路", PLACE_UNSAID)
    assert NAME not in heard.others + all_that_follows(street, 1)
    assert NAME in street.report("wujin", "门口垃圾", Told("garbage", "exposed")).to("li"), (
        "for one report only"
    )


@pytest.mark.parametrize("words", ["匿名", "匿名 1", "1匿名", "别写我名字"])
def test_it_may_be_said_within_ten_minutes(street: Street, words: str) -> None:
    street.report("wujin", "门口电动车堵路", PLACE_UNSAID)
    street.later(minutes=9)
    heard = street.say("wujin", words)
    assert (heard.outcome, heard.others) == ("hidden", "")
    assert NAME not in all_that_follows(street, 1)
    assert street.say("wujin", "匿名 1").outcome == "hidden_already"
    assert street.actions(1).count("匿名") == 1


def test_one_who_joined_may_hide_too(street: Street) -> None:
    street.report("huimian", "28号门口电动车堵路", AT_28)
    street.later(minutes=20)
    street.say("wujin", "匿名")
    joined = street.report("wujin", "门口电动车堵路", AT_28)
    assert joined.outcome == "joined"
    assert NAME not in joined.others + street.say("li", "查询 1").answer


def test_wrong_person_too_late_unknown(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    assert street.say("huimian", "匿名 1").outcome == "not_allowed"
    assert street.say("wujin", "匿名 8").outcome == "unknown_number"
    street.later(minutes=11)
    assert "超过10分钟" in street.say("wujin", "匿名 1").answer


def test_a_supervisor_sees_who_it_was_but_not_in_the_group(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28, single=True)
    assert NAME in street.say("sun", "查询 1", single=True).answer
    assert NAME not in street.say("sun", "查询 1").answer
    assert "没有查到" in street.say("zhou", "查询 1", single=True).answer, "another subdistrict's supervisor"


def test_who_left_is_not_named_either(street: Street) -> None:
    street.report("huimian", "28号门口电动车堵路", AT_28)
    street.say("wujin", "我也反映 1", single=True)
    street.say("wujin", "撤回 1", single=True)
    assert NAME not in street.say("li", "查询 1").answer


def test_new_problem_stays_anonymous(street: Street) -> None:
    street.report("huimian", "28号门口电动车堵路", AT_28)
    street.say("wujin", "匿名")
    street.report("wujin", "28号对面三轮车乱停", AT_28)
    assert NAME not in street.say("wujin", "新问题").others + street.say("li", "查询 2").answer
