"""An archive hands over what groups say, another system its problems: the worker, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config import DispatchSource, RelaySettings
from domain.clock import BusinessTime, MachineTime
from domain.messages import Chat, HandedOver, IncomingMessage
from store import doubts as stored
from store.arrivals import Acceptance, Arrival
from store.database import Database
from store.tables import doubts, inbox
from tests.integration.office_work import Sent, Town
from tests.unit.handlers.town import MORNING
from workers import process_inbox, run_sweep

CAMERA = DispatchSource("camera", "视频监控中心", "a-secret-of-the-tests", "https://centre.example/progress")
SECRET = "号门口那个人是不是又在那儿呢"


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    made = Town(database, tmp_path)
    own = RelaySettings("a-secret-of-the-tests", frozenset())
    made.parts.settings = replace(made.parts.settings, relay=own, dispatch=(CAMERA,))
    made.news()
    return made


def take(town: Town, message: IncomingMessage) -> list[Sent]:
    nonce = message.dedupe_key
    assert town._acceptor.accept(Arrival(message, nonce, nonce.encode().ljust(32)[:32])) is Acceptance.NEW
    process_inbox.drain(town.parts)
    return town.news()


def overhear(town: Town, who: str, text: str, key: str) -> list[Sent]:
    chat = Chat("group", "g-yimin")
    return take(town, IncomingMessage("relay", f"relay:{key}", chat, who, "text", text, mentioned=False))


def row(town: Town, key: str) -> Any:
    with town.database.read() as connection:
        return connection.execute(select(inbox).where(inbox.c.dedupe_key == key)).one()


def test_words_that_came_to_nothing_are_not_kept(town: Town) -> None:
    assert overhear(town, "wujin", "今天生意冷清得很啊", "a") == []
    kept = row(town, "relay:a")
    assert (kept.outcome, kept.detail) == ("overheard:chatter", None)
    assert "生意" not in kept.document
    assert IncomingMessage.from_json(kept.document).sender == "wujin"


def test_words_that_report_are_kept_and_answered(town: Town) -> None:
    said = overhear(town, "wujin", "28号门口电动车乱停把路堵死了", "a")
    assert [(route, target) for route, target, _ in said] == [("webhook", "g-yimin"), ("app", "li")]
    assert "电动车" in row(town, "relay:a").document


def test_doubtful_words_are_kept_for_a_day_beside_the_inbox(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "handlers.overheard.REPORT_OVERHEARD", 0.0
    )  # everything that is no report is doubtful
    assert overhear(town, "wujin", f"28{SECRET}", "a") == []
    assert SECRET not in row(town, "relay:a").document
    (listed,) = town.tick(BusinessTime(MORNING + timedelta(minutes=5)))
    assert listed[:2] == ("app", "li")
    assert SECRET in listed[2]
    assert town.tick(BusinessTime(MORNING + timedelta(minutes=6))) == []
    with town.database.write() as connection:
        later = BusinessTime(MORNING + timedelta(hours=25))
        stored.forget(connection, later, MachineTime(later))
    with town.database.read() as connection:
        assert connection.execute(select(doubts.c.id)).all() == []


def test_the_sweep_lets_go_of_what_is_old(town: Town) -> None:
    run_sweep.sweep(town.parts)


# --- problems from another system ------------------------------------------------------------------------


def hand_over(town: Town, key: str, **what: Any) -> list[Sent]:
    handed = HandedOver(
        key, "ab" * 32, **{"section": "益民路", "house_number": 28, "category": "parking", **what}
    )
    camera = Chat("single", "camera")
    text = "益民路28号 电动车占满盲道"
    said = IncomingMessage("dispatch", f"dispatch:camera:{key}", camera, "dispatch:camera", "text", text)
    return take(town, replace(said, handed_over=handed))


def heard(sent: list[Sent]) -> list[tuple[str, str, str]]:
    """What the camera was told: key, event, state."""
    bodies = [json.loads(text) for route, target, text in sent if (route, target) == ("dispatch", "camera")]
    return [(body["key"], body["event"], body["issue"]["state"]) for body in bodies]


def test_it_becomes_an_issue_like_any_other(town: Town) -> None:
    sent = hand_over(town, "key-0001")
    assert heard(sent) == [("key-0001", "上报", "reported")]
    by_address = {(route, target): text for route, target, text in sent}
    assert "视频监控中心:益民路28号 电动车占满盲道" in by_address["app", "li"]
    assert by_address["webhook", "g-yimin"].startswith("#1 视频监控中心反映:停车秩序")
    assert not [target for _, target, _ in sent if target.startswith("dispatch")]


def test_its_source_hears_every_step_and_silence_closes_it(town: Town) -> None:
    hand_over(town, "key-0001")
    assert heard(town.say("li", "收到 1")) == [("key-0001", "认领", "claimed")]
    assert heard(town.say("li", "办结 1")) == [("key-0001", "办结", "resolved")]
    closed = town.tick(BusinessTime(MORNING + timedelta(days=2)))
    assert ("key-0001", "无回复自动结案", "closed") in heard(closed)
    body = next(json.loads(text) for route, _, text in closed if route == "dispatch")
    assert body["issue"]["closed_as"] == "逾期未确认"


def judge(town: Town, text: str) -> list[Sent]:
    """The camera's word on what was done, as the route writes it down."""
    verdict = HandedOver("key-judge", "cd" * 32, judged="dissatisfied")
    camera = Chat("single", "camera")
    said = IncomingMessage("dispatch", "dispatch:camera:key-judge", camera, "dispatch:camera", "text", text)
    return take(town, replace(said, handed_over=verdict))


def test_its_source_may_be_dissatisfied(town: Town) -> None:
    hand_over(town, "key-0001")
    town.say("li", "办结 1")
    sent = judge(town, "不满意 1 还有两辆")
    assert town.outcome() == "reopened"
    assert heard(sent) == [("key-0001", "不满意", "claimed")]
    assert "还有两辆" not in "".join(text for route, _, text in sent if route == "dispatch")


@pytest.mark.parametrize("reason", ["2号门口还是堵着", "、2 也没有好", "3", "益民路12号门口还是有电动车"])
def test_a_reason_judges_no_other_problem_whatever_numbers_it_holds(town: Town, reason: str) -> None:
    hand_over(town, "key-0001")
    hand_over(town, "key-0002", house_number=66, category="garbage")
    town.say("li", "办结 1 2")
    hand_over(
        town, "key-0003", section="没有的路", house_number=None, category="facility"
    )  # it is asked where
    sent = judge(town, f"不满意 1 {reason}")
    assert town.outcome() == "reopened"
    assert heard(sent) == [("key-0001", "不满意", "claimed")]
    assert reason in "".join(text for route, target, text in sent if (route, target) == ("app", "li"))


def test_an_unknown_street_is_taken_and_marked(town: Town) -> None:
    sent = hand_over(town, "key-0001", section="没有的路", house_number=None)
    body = next(json.loads(text) for route, _, text in sent if route == "dispatch")
    assert body["issue"]["number"] == 1


def test_what_is_there_already_is_joined_under_its_number(town: Town) -> None:
    hand_over(town, "key-0001")
    sent = hand_over(town, "key-0002")
    assert town.outcome() == "joined"
    assert ("key-0002", "上报", "reported") in heard(sent)
    assert heard(town.say("li", "收到 1")) == [
        ("key-0001", "认领", "claimed"),
        ("key-0002", "认领", "claimed"),
    ]
