"""A report made 1:1: what the street's group sees of it, and what it costs the group."""

from __future__ import annotations

from pathlib import Path

from tests.unit.handlers import merchant_harness
from tests.unit.handlers.merchant_harness import GROUP, Told


def test_where_the_app_reaches_the_owner_the_group_gets_one_line(tmp_path: Path) -> None:
    for street in merchant_harness.street(tmp_path):
        heard = street.report("wujin", "门口电动车堵路", Told(), single=True)
        to_group = [draft.text for draft in heard.drafts if draft.address.target == GROUP]
        assert len(to_group) == 1
        assert to_group[0].splitlines() == [
            "#1 商户反映:停车秩序·非机动车乱停放 益民路28号,责任人 李路,时限 11-23 12:00",
            "(本通知不接收回复,请@路管家)",
        ]
        assert "商户反映:门口电动车堵路" in heard.to("li")


def test_otherwise_the_notice_is_that_line(tmp_path: Path) -> None:
    for street in merchant_harness.street(tmp_path, app=False):
        heard = street.report("wujin", "门口电动车堵路", Told(), single=True)
        to_group = [draft for draft in heard.drafts if draft.address.target == GROUP]
        assert len(to_group) == 1
        assert "商户反映:门口电动车堵路" in to_group[0].text
        assert to_group[0].mentions == ("li",)


def test_what_was_said_in_the_group_is_not_said_there_again(tmp_path: Path) -> None:
    for street in merchant_harness.street(tmp_path):
        assert street.report("wujin", "门口电动车堵路", Told()).to(GROUP) == ""
        assert (
            street.report("li", "12号垃圾满了", Told("garbage", "overflow", 12), single=True).to(GROUP) == ""
        )


def test_an_assumed_street_waits_for_the_answer(tmp_path: Path) -> None:
    for street in merchant_harness.street(tmp_path):
        heard = street.report("stranger", "有电动车堵路", Told(), single=True)
        assert heard.outcome == "reported_pending"
        assert heard.to(GROUP) == ""
        answered = street.report("stranger", "益民路", Told(section="益民路"), single=True)
        assert answered.outcome == "corrected"
        assert answered.to(GROUP).startswith("#1 商户反映:")
