"""Dialogs about the same problem: joined, parted, taken up again, come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.issues import Action, State
from tests.unit.handlers import merchant_harness
from tests.unit.handlers.merchant_harness import GROUP, Street, Told

AT_28 = Told(house=28)
AT_12 = Told(house=12)


@pytest.fixture(name="street")
def _street(tmp_path: Path) -> Iterator[Street]:
    yield from merchant_harness.street(tmp_path)


def test_a_second_report_gets_no_second_number(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    heard = street.report("huimian", "28号门口车堵死了", AT_28, pictures=1)
    assert heard.outcome == "joined"
    first, *rest = heard.answer.splitlines()
    assert first == "已有 #1,已为您一并反映;不同的问题请回复 新问题"
    assert "停车秩序·非机动车乱停放" in rest[0]
    assert rest[1] == "待认领 · 责任人 李路 · 处理时限 11-23 12:00"
    assert rest[-1] == "回复请@路管家 新问题"
    assert street.reporters(1) == {"wujin", "huimian"}
    assert street.pictures(1) == [False]
    assert street.actions(1) == ["上报", "我也反映"]


def test_its_owner_hears_how_many_there_are(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("huimian", "28号门口车堵死了", AT_28)
    heard = street.report("bianli", "28号走不过去", AT_28)
    assert heard.to("li").startswith("#1 又有2人反映:停车秩序·非机动车乱停放 益民路28号")
    assert "28号走不过去" in heard.to("li")
    assert "请优先处理" in heard.to("li")
    assert heard.to(GROUP) == ""


def test_without_the_app_it_costs_the_group_receipt_and_notice(tmp_path: Path) -> None:
    for street in merchant_harness.street(tmp_path, app=False):
        street.report("wujin", "门口电动车堵路", AT_28)
        heard = street.report("huimian", "28号门口车堵死了", AT_28)
        assert [draft.address.target for draft in heard.drafts if draft.address.route == "webhook"] == [GROUP]
        assert "又有1人反映" in heard.to(GROUP)


@pytest.mark.parametrize(
    "told", [AT_12, Told(house=28, category="garbage", sub="exposed"), Told(danger=True)]
)
def test_another_place_or_kind_is_another_problem(street: Street, told: Told) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    heard = street.report("huimian", "这里也有问题", told)
    assert heard.issue == 2
    assert heard.outcome == "reported"


def test_everyone_who_reported_hears_of_claim_and_result(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("huimian", "28号门口车堵死了", AT_28)
    claimed = street.say("li", "收到 1")
    resolved = street.say("li", "办结 1")
    for userid in ("wujin", "huimian"):
        assert "已认领" in claimed.to(userid)
        assert "您看好了吗" in resolved.to(userid)
    assert street.say("huimian", "满意 1").outcome == "confirmed"


def test_new_problem_takes_out_what_was_added_and_opens_its_own(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("huimian", "28号对面三轮车乱停", AT_28, pictures=1)
    heard = street.say("huimian", "新问题")
    assert heard.issue == 2
    assert heard.answer.startswith("#2 已受理:停车秩序·非机动车乱停放")
    assert "28号对面三轮车乱停" in heard.to("li")
    assert street.issue(2).text == "28号对面三轮车乱停"
    assert street.issue(2).owner == "li"
    assert street.issue(2).house_number == 28
    assert street.reporters(1) == {"wujin"}
    assert street.reporters(2) == {"huimian"}
    assert street.pictures(1) == []
    assert street.pictures(2) == [False]
    assert street.actions(1)[-1] == "拆分"
    assert street.say("huimian", "新问题").outcome == "nothing_to_part"


def test_undo_takes_out_what_was_added_and_opens_nothing(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("huimian", "28号对面三轮车乱停", AT_28, pictures=1)
    heard = street.say("huimian", "撤销")
    assert (heard.outcome, heard.answer) == ("undone", "#1 已撤销您刚才的反映。")
    assert street.reporters(1) == {"wujin"}
    assert street.pictures(1) == []
    assert street.say("huimian", "查询 2").outcome == "unknown_number"
    assert street.say("huimian", "新问题").outcome == "nothing_to_part"


def test_undo_means_what_was_done_after_the_report(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("wujin", "门口垃圾没人清", Told(category="garbage", sub="exposed", house=28))
    street.report("huimian", "28号对面三轮车乱停", AT_28)
    street.say("huimian", "补充 1 还有一辆")
    street.say("wujin", "撤回 2")
    assert street.say("wujin", "撤销").issue == 2
    assert street.reporters(1) == {"wujin", "huimian"}


def test_new_problem_is_too_late_after_ten_minutes(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("huimian", "28号门口车堵死了", AT_28)
    street.later(minutes=11)
    assert street.say("huimian", "新问题").outcome == "nothing_to_part"
    assert street.reporters(1) == {"wujin", "huimian"}


def test_new_problem_may_announce_a_report(street: Street) -> None:
    heard = street.report("wujin", "新问题 12号门口垃圾没人清", Told("garbage", "exposed", house=12))
    assert heard.outcome == "reported"


def test_new_problem_by_another_means_nothing(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("huimian", "28号门口车堵死了", AT_28)
    assert street.say("bianli", "新问题").outcome == "nothing_to_part"
    assert street.reporters(1) == {"wujin", "huimian"}


def test_the_same_person_again_adds_to_his_report(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    heard = street.report("wujin", "门口电动车还堵着路", AT_28)
    assert heard.answer.startswith("已有 #1")
    assert street.reporters(1) == {"wujin"}
    assert street.actions(1) == ["上报", "补充"]
    assert "又有" not in heard.others
    assert street.say("wujin", "新问题").issue == 2
    assert street.reporters(1) == {"wujin"}, "he reported it before"


@pytest.mark.parametrize("ended", [("办结 1",), ("办结 1", "满意 1")])
def test_what_was_thought_done_is_taken_up_again(street: Street, ended: tuple[str, ...]) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    for userid, words in zip(("li", "wujin"), ended, strict=False):
        street.say(userid, words)
    heard = street.report("huimian", "28号门口车又堵了", AT_28)
    assert heard.outcome == "joined"
    assert street.issue(1).state is State.CLAIMED
    assert "28号门口车又堵了" in heard.to("li")
    street.say("huimian", "新问题")
    assert street.issue(1).state is (State.RESOLVED if len(ended) == 1 else State.CLOSED)
    assert street.issue(2).state is State.REPORTED


def test_a_problem_that_came_back_is_linked(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.say("li", "办结 1")
    street.say("wujin", "满意 1")
    street.later(days=7)
    heard = street.report("huimian", "28号门口车又堵了", AT_28)
    assert heard.issue == 2
    assert street.issue(2).recurrence_of == 1
    assert [event.reason for event in street.history(2) if event.action is Action.RECURRENCE] == ["上次 #1"]
    assert heard.to("li").endswith("复发:上次 #1")
    street.later(days=31)
    assert street.issue(1).number == 1


def test_one_joins_by_number_once(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    heard = street.say("huimian", "我也反映 1")
    assert heard.outcome == "joined"
    assert "又有1人反映" in heard.to("li")
    again = street.say("huimian", "+1 1")
    assert again.outcome == "joined_already"
    assert again.others == ""
    assert street.actions(1) == ["上报", "我也反映"]


@pytest.mark.parametrize("words", ["+1", "我家也是", "同上"])
def test_one_joins_by_quote_or_the_only_one(street: Street, words: str) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    assert street.say("huimian", words).outcome == "joined"
    street.report("wujin", "垃圾满了", Told("garbage", "overflow", house=28))
    assert street.say("bianli", words).outcome == "asked_which"
    assert street.say("bianli", "1").outcome == "joined"
    assert street.say("bianli", words, quote="#2 新问题:环境卫生").issue == 2


def test_several_are_joined_at_once(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.report("wujin", "垃圾满了", Told("garbage", "overflow", house=28))
    heard = street.say("huimian", "我也反映 1 2 9")
    assert [line[:2] for line in heard.answer.splitlines() if line.startswith("#")] == ["#1", "#2", "#9"]
    assert street.reporters(2) == {"wujin", "huimian"}


def test_who_cannot_join_is_told_why(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    assert street.say("li", "我也反映 1").outcome == "not_possible"
    assert street.say("bianli", "我也反映 1", single=True).outcome == "unknown_number", "another street's"
    street.say("wujin", "撤回 1")
    assert "直接再报" in street.say("huimian", "我也反映 1").answer


def test_a_picture_after_the_report_goes_with_it(street: Street) -> None:
    street.report("wujin", "门口电动车堵路", AT_28)
    street.later(minutes=30)
    street.report("huimian", "28号门口车堵死了", AT_28, single=True)
    assert street.photo("huimian").outcome == "supplemented"
    assert street.pictures(1) == [False]
