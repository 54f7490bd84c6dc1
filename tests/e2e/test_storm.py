"""Everything is killed, one thing after another, while two hundred reports come in over ten chats.

One storm per kind of database, looked at from many sides. The worker is killed while it holds the leases of
messages that it has not finished, the sender while the platform has taken its calls and not yet answered.
"""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from store.tables import outbox
from tests.fleet import STREETS, Fleet, Said, Street
from tests.fleet.town import Json

pytestmark = pytest.mark.timeout(240)

CHATS = [street for street in STREETS.values() if street.key != "ermalu"][:10]
FIRST, LAST = 10, 20
"""House numbers reported in each chat: those up to the first while the worker stands still."""
MINUTE = timedelta(minutes=1)
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass
class Storm:
    """What was said, and how it went. read: messages that the worker had begun and not finished when it was
    killed. called: words on their way to a slow platform when their sender was killed. Both with the time of
    that death."""

    fleet: Fleet
    said: dict[Street, list[Said]] = field(default_factory=dict)
    redelivered: list[Json] = field(default_factory=list)
    since: int = 0
    numbers_from: int = 0
    read: set[int] = field(default_factory=set)
    worker_died: datetime = BEGINNING
    called: set[int] = field(default_factory=set)
    sender_died: datetime = BEGINNING
    recovered: float = 0.0
    _acknowledged: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def report(self, street: Street, numbers: range, copies: int = 1) -> None:
        """Report one house after the other, each after the one before was acknowledged."""
        for number in numbers:
            text = f"{number}号门口电动车乱停把路堵死了"
            said = self.fleet.say(street.shop(3), text, group=street.group, copies=copies, attempts=60)
            self.said.setdefault(street, []).append(said)
            with self._counting:
                self._acknowledged += 1

    def wait_for(self, acknowledged: int) -> None:
        self.fleet.wait_for(lambda: self._acknowledged >= acknowledged, 60, f"{acknowledged} acknowledged")


@pytest.fixture(scope="module")
def storm(own_fleet: Fleet) -> Storm:
    storm = Storm(own_fleet, since=own_fleet.town.last(), numbers_from=own_fleet.records.last_number())
    with ThreadPoolExecutor(len(CHATS)) as pool:
        kill_the_sender_in_the_middle_of_calls(storm)
        kill_the_worker_in_the_middle_of_work(storm, pool)
        kill_one_after_another(storm, pool)
    own_fleet.whole()
    return storm


def kill_the_sender_in_the_middle_of_calls(storm: Storm) -> None:
    """The platform takes its time, and takes effect; whoever called does not live to hear it."""
    fleet = storm.fleet
    for endpoint in ("aibot_response", "message_send"):
        fleet.town.faults(endpoint, delay=2, count=1)
    storm.report(CHATS[0], range(1, 2), copies=3)
    fleet.wait_for(lambda: len(fleet.records.being_sent()) == 2, 10, "answer and notice are being sent")
    time.sleep(0.5)
    fleet.kill("outbox")
    storm.sender_died = datetime.now(UTC)
    storm.called = fleet.records.being_sent()


def kill_the_worker_in_the_middle_of_work(storm: Storm, pool: ThreadPoolExecutor) -> None:
    """The worker stands still while reports pile up, is let go, and dies as soon as it has begun."""
    fleet = storm.fleet
    with fleet.paused("inside"):
        numbers = {street: range(2 if street is CHATS[0] else 1, FIRST + 1) for street in CHATS}
        wait([pool.submit(storm.report, street, numbers[street]) for street in CHATS])
        pid = fleet.lane("inside")
    fleet.wait_for(fleet.records.being_read, 30, "the worker has begun", pause=0.001)
    os.kill(pid, signal.SIGKILL)
    storm.worker_died = datetime.now(UTC)
    storm.read = fleet.records.being_read()
    for said in storm.said[CHATS[1]][:1] + storm.said[CHATS[0]][:1]:
        again = fleet.town.post("redeliver", {"msgid": said.msgid, "copies": 3})
        storm.redelivered += again["deliveries"]


def kill_one_after_another(storm: Storm, pool: ThreadPoolExecutor) -> None:
    """Every process dies once or more while reports go on coming; each is started again at once."""
    fleet, before = storm.fleet, FIRST * len(CHATS)
    running = [pool.submit(storm.report, street, range(FIRST + 1, LAST + 1)) for street in CHATS]
    victims = ["web", "inside", "cron", "outbox", "flush", "worker", "web", "media", "redis"]
    for index, victim in enumerate(victims, 1):
        storm.wait_for(before + index * 10)
        if victim == "flush":
            fleet.flush_redis()
        else:
            fleet.kill(victim)
        fleet.start_again()
    for one in running:
        one.result(120)
    back = time.monotonic()
    fleet.supervised(fleet.records.idle, 120, "nothing is left to do")
    storm.recovered = time.monotonic() - back


def everything(storm: Storm) -> list[tuple[Street, int, Said]]:
    """Street, house number and message, in the order of each chat."""
    return [
        (street, number, said)
        for street, all_said in storm.said.items()
        for number, said in enumerate(all_said, 1)
    ]


def test_sender_and_worker_died_in_the_middle_of_it(storm: Storm) -> None:
    assert len(storm.called) == 2
    assert len(storm.read) == FIRST * len(CHATS) - 1
    assert [delivery["status"] for delivery in storm.redelivered] == [200] * 6


def test_every_message_was_acknowledged_and_has_one_outcome(storm: Storm) -> None:
    found = everything(storm)
    assert len(found) == 200
    for _, _, said in found:
        assert 200 in said.statuses
        assert set(said.statuses) <= {200, 503, None}
        rows = storm.fleet.records.inbox_of(said.msgid)
        assert [(row.state, row.outcome) for row in rows] == [("done", "reported")]


def test_every_message_has_one_issue_and_each_chat_kept_its_order(storm: Storm) -> None:
    issues = storm.fleet.records.issues_since(storm.numbers_from)
    assert len(issues) == 200
    for street in CHATS:
        ours = [issue for issue in issues if issue.section == street.name]
        assert [issue.house_number for issue in ours] == list(range(1, LAST + 1)), street.name
        assert {issue.chat_id for issue in ours} == {street.group}
    assert all(storm.fleet.records.actions(issue.number) == ["上报"] for issue in issues)


def test_every_message_has_one_receipt_with_the_number_of_its_issue(storm: Storm) -> None:
    issues = {
        (issue.section, issue.house_number): issue.number
        for issue in storm.fleet.records.issues_since(storm.numbers_from)
    }
    shown: dict[str, list[str]] = {}
    for entry in storm.fleet.pushed(storm.since):
        if "已受理" in entry["text"]:
            assert entry["sender"] == "robot", "no receipt had to go by webhook"
            shown.setdefault(entry["quote"]["id"], []).append(entry["text"])
    for street, number, said in everything(storm):
        (receipt,) = shown[said.msgid]
        assert receipt.startswith(f"#{issues[street.name, number]} 已受理"), (street.name, number)


def test_every_chief_was_told_of_every_issue(storm: Storm) -> None:
    """Many at once in one message; a second time only what was under way when the sender died."""
    issues = storm.fleet.records.issues_since(storm.numbers_from)
    for street in CHATS:
        told = Counter(
            number
            for text in storm.fleet.texts(f"app:{street.chief}", storm.since)
            for number in {int(found) for found in re.findall(r"#(\d+)", text)}
        )
        assert sorted(told) == [issue.number for issue in issues if issue.section == street.name]
        assert max(told.values()) <= 2


def test_everything_was_taken_up_within_a_minute(storm: Storm) -> None:
    records = storm.fleet.records
    handled = [row.handled_at for row in records.inbox_since(0) if row.id in storm.read]
    settled = [row.settled_at for row in records.all(select(outbox).where(outbox.c.id.in_(storm.called)))]
    assert max(handled) - storm.worker_died < MINUTE
    assert max(settled) - storm.sender_died < MINUTE
    assert storm.recovered < MINUTE.total_seconds()


def test_nothing_of_the_dead_is_left(storm: Storm) -> None:
    """No second web server answers on the port with the memory of yesterday."""
    web = storm.fleet.daemons["web"]
    listening = storm.fleet.processes_on("web")
    assert listening
    assert listening <= {web.pid, *web.children()}
