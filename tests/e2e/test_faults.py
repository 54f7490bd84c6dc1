"""The platform in bad weather, callbacks that come again, Redis gone: nothing is lost, nothing said twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Row, update

from store.tables import outbox
from tests.fleet import STREETS, Fleet, Said, Street
from tests.fleet.town import Json


@pytest.fixture
def fleet(own_fleet: Fleet) -> Iterator[Fleet]:
    """Whole before each test and after it."""
    own_fleet.whole()
    yield own_fleet
    own_fleet.whole()


def report(fleet: Fleet, street: Street, text: str = "") -> Said:
    """A report by the street's hardware shop; without words of its own, of a new problem."""
    return fleet.say(street.shop(), text or fleet.new_problem(street), group=street.group)


def receipts(fleet: Fleet, said: Said) -> list[Json]:
    """The receipts of one report: the robot's quote it, those by webhook cannot."""
    shown = [entry for entry in fleet.pushed(said.since, said.chat) if "已受理" in entry["text"]]
    return [entry for entry in shown if not entry["quote"] or entry["quote"]["id"] == said.msgid]


on_one_database = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
"""For what a database has no part in."""


# --- the platform ----------------------------------------------------------------------------------------


@on_one_database
def test_an_answer_waits_for_a_platform_that_is_down_for_a_moment(fleet: Fleet) -> None:
    street, before = STREETS["yiminlu"], fleet.town.last_call()
    fleet.town.faults("aibot_response", status=503, count=1)
    said = report(fleet, street)
    assert "已受理" in fleet.answer_to(said)
    assert [call["status"] for call in fleet.town.calls("aibot_response", before)] == [503, 200]
    assert [entry["sender"] for entry in receipts(fleet, said)] == ["robot"]


@on_one_database
def test_an_answer_whose_confirmation_was_lost_is_not_repeated_by_webhook(fleet: Fleet) -> None:
    street, before = STREETS["datonglu"], fleet.town.last_call()
    fleet.town.faults("aibot_response", lose_answer=True, count=1)
    said = report(fleet, street)
    assert "已受理" in fleet.answer_to(said)
    assert [entry["sender"] for entry in receipts(fleet, said)] == ["robot"]
    assert fleet.town.calls("webhook", before) == []
    calls = fleet.town.calls("aibot_response", before)
    assert [call["answer"]["errcode"] for call in calls] == [0, 40029]


@on_one_database
def test_an_answer_address_that_expired_is_replaced_by_the_webhook(fleet: Fleet) -> None:
    fleet.town.faults("aibot_response", errcode=40029, count=1)
    said = report(fleet, STREETS["qiantanglu"])
    assert "已受理" in fleet.answer_to(said)
    assert [entry["sender"] for entry in receipts(fleet, said)] == ["push"]


@on_one_database
def test_a_webhook_over_its_limit_waits_and_delays_no_answer(fleet: Fleet) -> None:
    street = STREETS["caochangjie"]
    fleet.town.faults("aibot_response", errcode=40029, count=1)
    fleet.town.faults("webhook", errcode=45009, count=1)
    first = report(fleet, street)

    def over_the_limit() -> list[Row[Any]]:
        rows = fleet.records.outbox_of([row.id for row in fleet.records.inbox_of(first.msgid)])
        return [row for row in rows if row.route == "webhook" and row.code == 45009]

    (row,) = fleet.wait_for(over_the_limit)
    assert row.state == "waiting"
    assert (row.next_at - row.created_at).total_seconds() > 55
    assert receipts(fleet, first) == []
    started = time.monotonic()
    second = report(fleet, street)
    assert "已受理" in fleet.answer_to(second)
    assert time.monotonic() - started < 5
    with fleet.database.write() as connection:  # as if the minute were over
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(next_at=row.created_at))
    assert "已受理" in fleet.answer_to(first)
    assert [entry["sender"] for entry in receipts(fleet, first)] == ["push"]


@on_one_database
@pytest.mark.parametrize(("action", "errcode"), [("expire", 42001), ("revoke", 40014)])
def test_a_token_that_no_longer_holds_is_fetched_anew_once(fleet: Fleet, action: str, errcode: int) -> None:
    street = STREETS["dunmulu"]
    fleet.ask(street.chief, "待办")
    fleet.town.post("tokens", {"action": action})
    before = fleet.town.last_call()
    said = fleet.say(street.shop(1), fleet.new_problem(street))
    assert "已受理" in fleet.answer_to(said)
    codes = [call["answer"]["errcode"] for call in fleet.town.calls("message_send", before)]
    assert codes.count(errcode) >= 1
    assert codes.count(0) == 2, "the receipt and the chief's notice"
    assert len(fleet.town.calls("gettoken", before)) == 1


@on_one_database
def test_a_token_that_cannot_be_had_for_a_moment_costs_only_time(fleet: Fleet) -> None:
    street = STREETS["longhailu"]
    fleet.town.post("tokens", {"action": "expire"})
    fleet.town.faults("gettoken", status=500, count=2)
    assert "已受理" in fleet.ask(street.shop(), fleet.new_problem(street))


@on_one_database
def test_whom_the_app_cannot_reach_is_told_in_the_group_by_name(fleet: Fleet) -> None:
    street = STREETS["jianxinjie"]
    roster = fleet.http("GET", "/sandbox/roster").json()
    roster["people"] = [person for person in roster["people"] if person["userid"] != street.chief]
    fleet.town.post("roster", roster)
    try:
        said = report(fleet, street)
        answer = fleet.answer_to(said)
    finally:
        fleet.town.post("roster", {})
    number = answer.split()[0]
    (told,) = [entry for entry in fleet.pushed(said.since, street.group) if entry["sender"] == "push"]
    assert told["text"].startswith(f"{number} 新问题")
    assert told["mentions"] == [street.chief]
    assert told["text"].endswith("(本通知不接收回复,请@路管家)")
    assert f"回复请@路管家 认领 {number[1:]}" in told["text"]
    assert len(fleet.pushed(said.since, street.group)) == 2, "a report costs the group two messages at most"


@on_one_database
def test_a_card_whose_confirmation_was_lost_is_not_shown_twice(fleet: Fleet) -> None:
    street, before = STREETS["hezuolu"], fleet.town.last_call()
    fleet.town.faults("message_send", lose_answer=True, count=1)
    said = report(fleet, street)
    number = fleet.answer_to(said).split()[0]
    assert len(fleet.town.calls("message_send", before)) == 2
    assert [text.split()[0] for text in fleet.texts(f"app:{street.chief}", said.since)] == [number]


@on_one_database
def test_a_picture_that_is_none_is_recorded_and_asked_for_once(fleet: Fleet) -> None:
    street = STREETS["zhongyuanlu"]
    nothing = "bm90IGEgcGljdHVyZSwgbm90IGF0IGFsbA=="
    words = fleet.new_problem(street)
    said = fleet.say(street.shop(), words, group=street.group, pictures=[nothing, nothing])
    number = int(fleet.answer_to(said).split()[0][1:])
    fleet.settle_down()
    asked = [entry for entry in fleet.pushed(said.since, street.group) if "没有收到" in entry["text"]]
    assert [(entry["sender"], entry["mentions"]) for entry in asked] == [("push", [street.shop()])]
    assert asked[0]["text"].startswith(f"#{number} 您发的图片没有收到")
    assert fleet.records.actions(number) == ["上报", "图片未取到"]


# --- the same callback again -----------------------------------------------------------------------------


@pytest.mark.parametrize("same_bytes", [True, False])
def test_a_callback_delivered_three_times_at_once_has_one_effect(fleet: Fleet, same_bytes: bool) -> None:
    street, before = STREETS["tieyingjie"], fleet.records.last_number()
    words = fleet.new_problem(street)
    said = fleet.say(street.shop(), words, group=street.group, copies=3, same_bytes=same_bytes)
    assert said.statuses == [200, 200, 200]
    assert "已受理" in fleet.answer_to(said)
    again = fleet.town.post("redeliver", {"msgid": said.msgid, "copies": 3})
    assert [delivery["status"] for delivery in again["deliveries"]] == [200, 200, 200]
    fleet.settle_down()
    assert len(fleet.records.inbox_of(said.msgid)) == 1
    assert len(fleet.records.issues_since(before)) == 1
    assert len(receipts(fleet, said)) == 1


# --- Redis -------------------------------------------------------------------------------------------------


def test_redis_flushed_and_killed_between_callback_and_processing_loses_nothing(fleet: Fleet) -> None:
    street, before = STREETS["jianzhongjie"], fleet.records.last_number()
    with fleet.paused("inside"):
        said = [report(fleet, street, "12号门口电动车乱停把路堵死了")]
        fleet.flush_redis()
        said.append(report(fleet, street, "28号门口电动车乱停把路堵死了"))
        fleet.kill("redis")
        said.append(report(fleet, street, "56号门口电动车乱停把路堵死了"))
        said.append(fleet.say(street.chief, "待办"))
        for one in said:
            assert one.statuses == [200]
            assert one.deliveries[0]["ms"] < 1000, "the callback is answered within a second"
        assert fleet.http("GET", "/healthz").status_code == 200
        ready = fleet.http("GET", "/readyz")
        assert (ready.status_code, ready.text) == (503, "not ready: redis")
        assert len(fleet.records.issues_since(before)) == 0
    fleet.start_again("redis")
    fleet.supervised(fleet.records.idle, 60, "taken up within 60 s")
    assert [len(receipts(fleet, one)) for one in said] == [1, 1, 1, 0]
    assert "#" in fleet.answer_to(said[3])
    assert [issue.house_number for issue in fleet.records.issues_since(before)] == [12, 28, 56]
