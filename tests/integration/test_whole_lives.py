"""What one issue costs its street's group from its report to its end, counted as the push robot and
the app are called, over real inbox, ladder and outbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from domain.errors import SendError
from domain.outgoing import Delivery
from store.database import Database
from tests.integration.office_work import Town
from tests.integration.world import RecordingSender
from tests.unit.handlers.town import moment
from workers import deliver_outbox

GROUP = "g-yimin"
BLOCKED = "28号门口机动车乱停把路堵死了"
"""机动车乱停放: two working hours, so due at 11:00 of a report at 09:00."""

Scene = tuple[str, str, str]
"""When, who ("": time passes), what he says."""
REPORT: Scene = ("11-24 09:00", "wujin", BLOCKED)
NORMAL_LIVES: dict[str, Sequence[Scene]] = {
    "solved at once, and confirmed": [
        REPORT,
        ("11-24 09:05", "li", "收到 1"),
        ("11-24 09:40", "li", "办结 1"),
        ("11-24 10:00", "wujin", "满意 1"),
    ],
    "claimed late, solved at the last moment, confirmed by silence": [
        REPORT,
        ("11-24 09:11", "", ""),
        ("11-24 10:10", "li", "收到 1"),
        ("11-24 10:46", "", ""),
        ("11-24 10:58", "li", "办结 1"),
        ("11-25 10:59", "", ""),
    ],
    "never claimed before it was solved": [
        REPORT,
        ("11-24 09:11", "", ""),
        ("11-24 10:46", "", ""),
        ("11-24 10:58", "li", "办结 1"),
        ("11-24 12:00", "wujin", "满意 1"),
    ],
    "extended": [
        REPORT,
        ("11-24 09:11", "", ""),
        ("11-24 09:30", "li", "延期 1 2小时 等拖车"),
        ("11-24 10:40", "", ""),
        ("11-24 14:46", "", ""),
        ("11-24 14:58", "li", "办结 1"),
        ("11-24 17:30", "wujin", "满意 1"),
    ],
    "an officer helps": [
        REPORT,
        ("11-24 09:05", "li", "收到 1"),
        ("11-24 09:06", "li", "协办 1 交警"),
        ("11-24 10:06", "", ""),
        ("11-24 10:10", "zhang", "办结 1 拖走了"),
        ("11-25 10:11", "", ""),
    ],
}


def only_those_who_work(delivery: Delivery) -> SendError | None:
    """Merchants are not in the app: the platform refuses them, and the group is told instead."""
    merchants = {"wujin", "huimian"}
    return SendError("invaliduser", code=81013, permanent=True) if delivery.target in merchants else None


class Street:
    """The town at work, with its senders."""

    def __init__(self, database: Database, media: Path, *, app: bool) -> None:
        self.town = Town(database, media, app=app)
        self._senders = cast(dict[str, RecordingSender], self.town.parts.senders)
        if app:
            self._senders["app"].fault = only_those_who_work

    def live(self, scenes: Sequence[Scene]) -> None:
        for at, who, text in scenes:
            self.town.tick(moment(at))
            if who:
                self.town.say(who, text, GROUP)
            deliver_outbox.deliver(self.town.parts)

    @property
    def in_group(self) -> list[str]:
        """What the group was told unasked."""
        return [each.text for each in self._senders["webhook"].sent if each.target == GROUP]

    def one_to_one(self, userid: str) -> list[str]:
        return [each.text for each in self._senders["app"].sent if each.target == userid]


@pytest.fixture(params=[True, False], ids=["reachable 1:1", "only in the group"])
def street(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Street:
    return Street(database, tmp_path, app=request.param)


@pytest.mark.parametrize("life", NORMAL_LIVES)
def test_a_normal_issue_costs_its_group_three_messages_at_most(street: Street, life: str) -> None:
    street.live(NORMAL_LIVES[life])
    asked = [text for text in street.in_group if "满意" in text]
    assert asked, "the reporter was not asked"
    assert 1 <= len(street.in_group) <= 3, street.in_group


def test_who_can_be_reached_is_reminded_1_to_1_and_the_group_hears_of_it_once(
    database: Database, tmp_path: Path
) -> None:
    street = Street(database, tmp_path, app=True)
    street.live([REPORT, *((f"11-24 {clock}", "", "") for clock in ("09:11", "10:46", "11:01", "11:31"))])
    assert street.in_group == []
    assert len(street.one_to_one("li")) == 5
    street.live([(f"11-{day} {clock}", "", "") for day in (24, 25, 26, 27) for clock in ("15:00", "17:00")])
    (overdue,) = street.in_group
    assert overdue.startswith("#1 停车秩序·机动车乱停放 益民路28号 益民五金店\n已超时")
    assert "李路" not in overdue
    street.live([("11-27 17:30", "li", "办结 1"), ("11-27 17:40", "wujin", "满意 1")])
    assert len(street.in_group) == 2


def test_who_cannot_be_reached_is_called_in_the_group_from_the_deadline_on(
    database: Database, tmp_path: Path
) -> None:
    street = Street(database, tmp_path, app=False)
    street.live([REPORT, ("11-24 09:11", "", ""), ("11-24 10:46", "", "")])
    assert len(street.in_group) == 2, "notice and one reminder; one message is left for the reporter"
    street.live([("11-24 11:01", "", ""), ("11-24 11:31", "", "")])
    assert ["已超时" in text for text in street.in_group] == [False, False, True, True]


def test_an_app_that_does_not_know_the_chief_costs_the_group_no_more(
    database: Database, tmp_path: Path
) -> None:
    street = Street(database, tmp_path, app=True)
    street._senders["app"].fault = lambda _: SendError("invaliduser", code=81013, permanent=True)
    street.live(NORMAL_LIVES["never claimed before it was solved"])
    assert len(street.in_group) <= 3, street.in_group


def test_danger_is_called_as_often_as_it_must(database: Database, tmp_path: Path) -> None:
    street = Street(database, tmp_path, app=False)
    street.live([("11-24 09:00", "wujin", "28号门口井盖丢了露着大洞,很危险")])
    street.live([(f"11-24 {clock}", "", "") for clock in ("09:11", "10:46", "11:01")])
    assert len(street.in_group) >= 4
