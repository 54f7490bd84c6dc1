"""顺延: every open deadline of a place, one event each, one word to each owner."""

from __future__ import annotations

import pytest

from domain.issues import SYSTEM, Action, State
from store import issues
from store.desk import DatabaseDesk
from tests.integration.builders import NOW, issue
from tests.unit.domain.cases import shown
from tests.unit.handlers.supervisor_harness import DIRTY, Street, street
from tests.unit.handlers.town import MORNING, office

__all__ = ["street"]


@pytest.fixture(name="two")
def _two(street: Street) -> Street:
    """#1 in work, due 11-23 14:01; #2 reported, due 16:03."""
    street.claimed()
    street.reported(DIRTY, "huimian")
    return street


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        ("顺延 街道 1天 暴雪", "11-24 14:01", "11-24 16:03"),
        ("顺延 1天 暴雪", "11-24 14:01", "11-24 16:03"),
        ("顺延 街道1天 今晚暴雪", "11-24 14:01", "11-24 16:03"),
        ("顺延 解放路街道 半天 停电", "11-24 08:01", "11-24 10:03"),
        ("顺延 益民路 2小时 停水", "11-23 16:01", "11-24 08:03"),
    ],
)
def test_each_deadline_moves(two: Street, said: str, first: str, second: str) -> None:
    heard = two.say("sun", said)
    assert heard.outcome == "postponed"
    assert "已顺延 2 件" in heard.answer
    assert heard.heard == {"li"}
    assert "#1 #2" in heard.told("li")
    assert len(heard.messages) == 2
    assert [event.action for event in two.history(2)][-1] is Action.POSTPONE
    assert two.history(2)[-1].reason
    moved = [two.issue(1), two.issue(2)]
    assert [shown(each.deadline) for each in moved] == [first, second]
    assert [each.cycle for each in moved] == [2, 2]
    assert [each.state for each in moved] == [State.CLAIMED, State.REPORTED]


def test_what_is_said_of_it_stands_for_what_is_due_now(two: Street) -> None:
    two.say("sun", "顺延 街道 1天 暴雪")
    assert not two.tick()


def test_done_and_paused_ones_stay(street: Street) -> None:
    street.resolved()
    street.reported(DIRTY, "huimian")
    street.say("sun", "缓办 2 等施工")
    heard = street.say("sun", "顺延 街道 1天 暴雪")
    assert heard.answer == "解放路街道 没有需要顺延的未办结问题。"
    assert not heard.heard


@pytest.mark.parametrize(
    "said",
    ["顺延", "顺延 1天", "顺延 暴雪", "顺延 街道 暴雪", "顺延 大同路 1天 暴雪"],
)
def test_place_length_and_reason_are_wanted(two: Street, said: str) -> None:
    before = two.issue(1).deadline
    assert two.say("sun", said).answer.startswith("顺延请写明")
    assert two.issue(1).deadline == before


def test_not_for_a_season(two: Street) -> None:
    assert two.say("sun", "顺延 街道 60天 修路").outcome == "not_possible"


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "wujin", "zhang"])
def test_only_supervisors_do_it(two: Street, who: str) -> None:
    heard = two.say(who, "顺延 街道 1天 暴雪")
    assert heard.outcome == "not_allowed"
    assert two.issue(1).cycle == 1


def test_a_supervisor_moves_nothing_elsewhere(two: Street) -> None:
    assert "没有需要顺延" in two.say("zhou", "顺延 街道 1天 暴雪").answer
    assert two.issue(1).cycle == 1


def test_an_administrator_names_the_subdistrict(two: Street) -> None:
    assert two.say("guan", "顺延 街道 1天 暴雪").outcome == "asked_reason"
    assert "已顺延 2 件" in two.say("guan", "顺延 解放路街道 1天 暴雪").answer


def test_a_thousand_at_once(street: Street) -> None:
    with street.database.write() as connection:
        desk = DatabaseDesk(connection, office(), MORNING, NOW)
        for _ in range(1000):
            desk.open_issue(issue(owner="li", chat_id="g-yimin", reporter="wujin"), SYSTEM, {})
    heard = street.say("sun", "顺延 街道 1天 暴雪")
    assert "已顺延 1000 件" in heard.answer
    assert len(heard.messages) == 2
    assert "等共 1000 件" in heard.told("li")
    with street.database.read() as connection:
        assert not issues.due(connection, street.now, 10)
