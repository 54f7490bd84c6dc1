"""An orderly end: what was begun is finished, what was not is handed back, nothing waits for a lease."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from store.tables import chats, inbox, outbox
from tests.fleet import STREETS, Fleet

pytestmark = pytest.mark.timeout(240)
CHATS = [street for street in STREETS.values() if street.key != "ermalu"][:8]


@pytest.fixture
def fleet(own_fleet: Fleet) -> Iterator[Fleet]:
    own_fleet.whole()
    yield own_fleet
    own_fleet.whole()


def ended_by_itself(fleet: Fleet, name: str) -> bool:
    """Told to stop, it stops, and nobody has to kill it."""
    daemon = fleet.daemons[name]
    fleet.wait_for(lambda: daemon.alive, 5)
    daemon.stop()
    process = daemon._process
    assert process is not None
    return process.returncode != -signal.SIGKILL


def test_a_worker_that_is_told_to_stop_leaves_nothing_under_way(fleet: Fleet) -> None:
    for endpoint in ("aibot_response", "message_send", "webhook"):
        fleet.town.faults(endpoint, delay=2, count=8)
    with ThreadPoolExecutor(len(CHATS)) as pool:
        said = list(
            pool.map(
                lambda street: fleet.say(street.shop(), fleet.new_problem(street), group=street.group), CHATS
            )
        )
    sending = select(outbox.c.id).where(outbox.c.state == "sending")
    fleet.wait_for(lambda: fleet.records.count(sending) > 0, 20, "calls are under way")
    assert ended_by_itself(fleet, "worker")
    assert fleet.records.count(sending) == 0, "finished or handed back"
    assert fleet.records.count(select(chats.c.chat_key).where(chats.c.leased_until.is_not(None))) == 0
    fleet.town.fair_weather()
    fleet.start_again("worker")
    for one in said:
        assert "已受理" in fleet.answer_to(one), "one answer each, before or after"


def test_a_web_process_that_is_told_to_stop_loses_no_acknowledgement(fleet: Fleet) -> None:
    last = fleet.records.last_inbox_id()
    street = CHATS[0]
    with ThreadPoolExecutor(4) as pool:
        talk = [
            pool.submit(fleet.say, street.shop(), f"收到,第{number}次", group=street.group, attempts=60)
            for number in range(40)
        ]
        fleet.wait_for(lambda: any(one.done() for one in talk), 20, "some are acknowledged")
        assert ended_by_itself(fleet, "web")
        fleet.start_again("web")
        said = [one.result(60) for one in talk]
    assert all(one.statuses[-1] == 200 for one in said)
    rows = fleet.records.all(select(inbox.c.dedupe_key).where(inbox.c.id > last))
    assert len(rows) == len(said), "every acknowledged message is there, once"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_cron_ends_when_it_is_told_to(fleet: Fleet) -> None:
    assert ended_by_itself(fleet, "cron")
