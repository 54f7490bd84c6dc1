"""The long connection with real processes: without push keys, app or public address, and while they die."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Row, select

from store.tables import inbox, issues, media, outbox
from tests.fleet import STREETS, Fleet, Said, Street
from tests.fleet.daemon import Daemon
from tests.fleet.fleet import procfile
from tests.fleet.town import Json

pytestmark = [
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
    pytest.mark.timeout(180),
]
YIMIN = STREETS["yiminlu"]


@pytest.fixture
def robot(connected_fleet: Fleet) -> Fleet:
    return connected_fleet


def connection(fleet: Fleet) -> Json:
    return fleet.town.get("connection")


def in_group(fleet: Fleet, since: int) -> list[str]:
    return fleet.texts(YIMIN.group, since)


def test_the_main_dialog_without_push_key_app_or_public_address(robot: Fleet) -> None:
    shop, chief = YIMIN.shop(), YIMIN.chief
    said = robot.say(shop, "31号门口电动车乱停把路堵死了", group=YIMIN.group)
    receipt = robot.answer_to(said)
    number = receipt.partition(" ")[0].removeprefix("#")
    robot.settle_down()
    notice = in_group(robot, said.since)[-1]
    assert receipt.startswith(f"#{number} 已受理")
    assert notice.startswith(f"@{YIMIN.chief_name}\n#{number} 新问题")
    assert notice.endswith(f"回复请@路管家 收到 {number}")
    assert robot.ask(chief, f"收到 {number}", group=YIMIN.group).startswith(f"#{number} ")
    done = robot.say(chief, f"办结 {number} 无照片 手机没电", group=YIMIN.group)
    assert f"#{number}" in robot.answer_to(done)
    robot.settle_down()
    assert any("满意" in text and f"#{number}" in text for text in in_group(robot, done.since))
    assert "已结案" in robot.ask(shop, f"满意 {number}", group=YIMIN.group)
    rows = robot.records.all(select(outbox.c.route, outbox.c.state))
    assert {row.state for row in rows if row.route in {"respond", "chat"}} == {"sent"}


def test_who_wrote_to_the_robot_is_told_there_with_buttons(robot: Fleet) -> None:
    chief = YIMIN.chief
    hello = robot.say(chief, "", via="aibot", kind="enter")
    robot.settle(hello)
    robot.settle_down()
    assert robot.texts(f"aibot:{chief}", hello.since)[0].startswith("您好,我是路管家")
    robot.ask(chief, "待办", via="aibot")
    said = robot.say(YIMIN.shop(), "33号门口电动车乱停把路堵死了", group=YIMIN.group)
    robot.settle(said)
    robot.settle_down()
    (card,) = [entry for entry in robot.pushed(said.since, f"aibot:{chief}") if entry["card"]]
    keys = [button["key"] for button in card["card"]["buttons"]]
    pressed = robot.press(card["id"], keys[0])
    robot.settle(pressed)
    robot.settle_down()
    (shown,) = [entry for entry in robot.town.transcript() if entry["id"] == card["id"]]
    assert keys[0].startswith("认领 ")
    assert (shown["card"]["title"], shown["card"]["buttons"][0]["text"]) == ("已认领", "查看")


def test_a_picture_in_the_group_is_kept(robot: Fleet) -> None:
    said = robot.say(YIMIN.shop(), "35号门口垃圾没人收", group=YIMIN.group, pictures=["garbage"])
    assert "已受理" in robot.answer_to(said)
    robot.settle_down()
    letter = robot.settle(said)[0].id
    rows = robot.records.all(select(media).where(media.c.inbox_id == letter))
    assert [(row.channel, row.state, "aeskey" in row.ref) for row in rows] == [("aibot", "stored", True)]


def test_a_process_told_to_stop_says_goodbye_and_hands_over_at_once(robot: Fleet) -> None:
    joined = connection(robot)["joined"]
    robot.restart("connect")
    robot.wait_for(lambda: connection(robot)["joined"] == joined + 1, 8, "connected again at once")
    assert "已受理" in robot.ask(YIMIN.shop(), "37号门口电动车乱停把路堵死了", group=YIMIN.group)


def test_the_second_process_stands_by_and_takes_over_from_a_dead_one(robot: Fleet) -> None:
    before = connection(robot)
    standby = Daemon("connect2", procfile()["connect"], robot.environment, robot.folder / "connect2.log")
    robot.daemons["connect2"] = standby
    standby.start()
    robot.wait_for(lambda: "standing by" in standby.log.read_text(), 10, "the second one stands by")
    assert "已受理" in robot.ask(YIMIN.shop(), "38号门口电动车乱停把路堵死了", group=YIMIN.group)
    assert connection(robot) == before, "and does not disturb the first"
    robot.daemons["connect"].kill()
    said = robot.say(YIMIN.shop(), "39号门口电动车乱停把路堵死了", group=YIMIN.group)
    robot.wait_for(lambda: connection(robot)["joined"] == before["joined"] + 1, 30, "the second took over")
    assert "已受理" in robot.answer_to(said)
    robot.start_again("connect")
    robot.wait_for(lambda: "standing by" in robot.daemons["connect"].tail(3), 10, "the first one stands by")
    assert "已受理" in robot.ask(YIMIN.shop(), "40号门口电动车乱停把路堵死了", group=YIMIN.group)
    assert connection(robot)["kicked"] == before["kicked"]
    standby.stop()
    del robot.daemons["connect2"]
    robot.wait_for(lambda: connection(robot)["connected"], 10, "the first one is connected again")


def test_nothing_is_lost_or_doubled_while_everything_breaks(robot: Fleet) -> None:
    """Reports from twelve streets, one after the other in each, while the connection is dropped, the server
    restarts, frames come twice, and the process dies by kill -9."""
    streets = [street for street in STREETS.values() if street.key not in {"yiminlu", "ermalu"}][:12]
    robot.town.faults("callback", duplicate=1, probability=0.2)

    def talk(street: Street) -> list[Said]:
        return [
            robot.say(street.shop(3), f"{number}号门口电动车乱停把路堵死了", group=street.group)
            for number in range(60, 75)
        ]

    with ThreadPoolExecutor(len(streets)) as pool:
        talks = [pool.submit(talk, street) for street in streets]
        for action in ("drop", "close", "drop"):
            robot.wait_for(lambda: connection(robot)["connected"], 30, "a connection")
            robot.town.post("connection", {"action": action})
        robot.kill("connect")
        robot.start_again("connect")
        said = [each for one in talks for each in one.result()]
    robot.town.fair_weather()
    robot.wait_for(lambda: connection(robot)["connected"], 30, "connected again")
    robot.wait_for(
        lambda: len(_letters(robot, said)) == len(said) and robot.records.idle(), 60, "all is done"
    )
    letters = _letters(robot, said)
    assert {row.state for row in letters} == {"done"}
    in_order = {street.group: [row for row in letters if row.chat_key == street.group] for street in streets}
    houses = {group: [row.id for row in rows] for group, rows in in_order.items()}
    assert all(ids == sorted(ids) for ids in houses.values())
    opened = Counter(
        (row.section, row.house_number)
        for row in robot.records.all(select(issues))
        if row.house_number in range(60, 75)
    )
    assert opened == Counter({(street.name, number): 1 for street in streets for number in range(60, 75)})
    receipts = Counter(entry["quote"]["id"] for entry in _receipts(robot, said[0].since))
    assert receipts == Counter({each.msgid: 1 for each in said}), "one receipt under each"


def _letters(fleet: Fleet, said: list[Said]) -> list[Row[Any]]:
    """The inbox rows of these, in the order in which they were said."""
    place = {each.msgid: index for index, each in enumerate(said)}
    rows = fleet.records.all(select(inbox).order_by(inbox.c.id))
    mine = [row for row in rows if row.dedupe_key.rpartition(":")[2] in place]
    return sorted(mine, key=lambda row: place[row.dedupe_key.rpartition(":")[2]])


def _receipts(fleet: Fleet, since: int) -> list[Json]:
    shown = fleet.town.transcript(since)
    return [
        entry
        for entry in shown
        if entry["sender"] == "robot" and "已受理" in entry["text"] and entry["quote"]
    ]
