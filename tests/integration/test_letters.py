"""What was given up is listed, masked, and goes once more by command; /metrics shows it until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from sqlalchemy import update

from bot import metrics
from bot.wake import Waker, Work
from domain.clock import BusinessTime
from domain.errors import SendError
from domain.outgoing import Address, Draft, Purpose
from store import audits, clock, inbox, issues, outbox
from store.database import Database
from store.retention import GONE
from store.tables import inbox as inbox_rows
from store.tables import outbox as outbox_rows
from tests.integration.builders import NOW, arrival, draft, issue, take_in
from tests.integration.test_delivery import NOT_VISIBLE, run, states, worker
from tests.integration.world import RecordingWaker, put_roster_in_force
from workers import deliver_outbox, letters_admin
from workers.bootstrap import Parts, machine_now

SAID = "我的电话 13812345678,店门口又堵了"


@pytest.fixture
def here(database: Database) -> Parts:
    """Three letters of which the first was parked, and a notice for a group whose key is wrong."""
    put_roster_in_force(database)
    first, *others = (arrival(key) for key in "abc")
    take_in(database, replace(first, message=replace(first.message, text=SAID)), *others)
    with database.write() as connection:
        claim = inbox.claim(connection, machine_now())
        for attempts in range(5):
            letter = replace(claim.letters[0], attempts=attempts)
            inbox.fail(connection, letter, "ValueError: 13812345678 is no street", machine_now())
        outbox.add(connection, [draft("g-yimin", "#3 新上报:电话 13812345678")], NOW)
    run(database, webhook=SendError("invalid webhook key", permanent=True, code=93000))
    return worker(database)[0]


def listed(here: Parts, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    letters_admin.list_letters(here)
    return capsys.readouterr().out.splitlines()


def test_both_kinds_are_listed_with_their_reason_and_without_phone_numbers(
    here: Parts, capsys: pytest.CaptureFixture[str]
) -> None:
    parked, failed, count = listed(here, capsys)
    assert parked.startswith("i1\t")
    assert parked.endswith(
        "收 group\t我的电话 138****5678,店门口又堵了\t原因:ValueError: 138****5678 is no street"
    )
    assert failed.startswith("o1\t")
    assert failed.endswith("发 webhook\t#3 新上报:电话 138****5678\t原因:93000 invalid webhook key")
    assert count.startswith("共 2 条。")


def test_retrying_one_leaves_the_other(here: Parts, capsys: pytest.CaptureFixture[str]) -> None:
    letters_admin.retry(here, "i1")
    assert [line[:3] for line in listed(here, capsys)[:-1]] == ["o1\t"]
    with here.database.write() as connection:
        waiting = inbox.claim(connection, machine_now()).letters
    assert [(letter.id, letter.attempts) for letter in waiting] == [(1, 0), (2, 0), (3, 0)]
    assert isinstance(here.waker, RecordingWaker)
    assert here.waker.woken == [Work.INBOX, Work.OUTBOX]


def test_retrying_all_sends_what_had_failed(here: Parts, capsys: pytest.CaptureFixture[str]) -> None:
    letters_admin.retry(here, "all")
    assert capsys.readouterr().out.startswith("2 条已重新排队")
    deliver_outbox.deliver(here)
    assert states(here.database) == [("webhook", "sent")]
    assert listed(here, capsys) == ["没有处理不了的消息,也没有发不出去的消息。"]
    letters_admin.retry(here, "all")
    assert capsys.readouterr().out.startswith("0 条已重新排队")


def test_what_was_not_given_up_cannot_be_retried(here: Parts) -> None:
    for name in ("i2", "o9", "1", "x", ""):
        with pytest.raises(letters_admin.NoSuchLetter, match="什么也没有做"):
            letters_admin.retry(here, name)


def test_what_went_another_way_is_not_among_them(
    here: Parts, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sent again, it would be said twice."""
    to_chief = Draft(Address("app", "li"), "#4 提醒", Purpose.NOTICE, fallback=Address("webhook", "g-yimin"))
    with database.write() as connection:
        outbox.add(connection, [to_chief], NOW)
    run(database, app=NOT_VISIBLE)
    assert [line[:3] for line in listed(here, capsys)[:-1]] == ["i1\t", "o1\t"]


def test_what_could_go_no_other_way_is_among_them_and_counts(
    here: Parts, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its fallback is there, but closed."""
    to_shop = Draft(Address("webhook", "g-yimin"), "#4 提醒", Purpose.NOTICE, fallback=Address("app", "li"))
    with database.write() as connection:
        outbox.add(connection, [to_shop], NOW)
    made, senders = worker(database, app=False)
    senders["webhook"].fault = lambda _: NOT_VISIBLE
    deliver_outbox.deliver(made)
    assert [line[:3] for line in listed(here, capsys)[:-1]] == ["i1\t", "o1\t", "o2\t"]
    with database.read() as connection:
        assert sum(count for _, count in outbox.failures(connection, NOW)) == 2
        assert audits.given_up(connection, machine_now(), 0) == 2


def test_what_has_lost_its_text_is_not_among_them(here: Parts, capsys: pytest.CaptureFixture[str]) -> None:
    with here.database.write() as connection:
        connection.execute(update(inbox_rows).values(detail=None))
        connection.execute(update(outbox_rows).values(text=GONE))
    assert listed(here, capsys) == ["没有处理不了的消息,也没有发不出去的消息。"]
    letters_admin.retry(here, "all")
    assert states(here.database) == [("webhook", "failed")]


def figures(database: Database) -> dict[str, float]:
    nobody = Waker(redis.Redis(port=1, socket_connect_timeout=0.1))
    text = metrics.exposition(database, nobody, 500).decode()
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix("luguanjia_"): float(value) for name, _, value in lines}


def test_the_figures_of_an_operator(here: Parts) -> None:
    """Business time is NOW, a Monday at 10:00."""
    database = here.database
    with database.write() as connection:
        due = clock.now(connection, machine_now()) - timedelta(minutes=9)
        issues.add(connection, [(issue(7, chat_id=None), BusinessTime(due))])
        clock.beat(connection, "tick", machine_now())
        outbox.add(connection, [draft("g-erma", "later")], machine_now())
    run(database, webhook=SendError("too many", permanent=False, code=45009))
    found = figures(database)
    assert found["inbox_waiting"] == 2
    assert found["inbox_parked"] == 1
    assert found["inbox_limit"] == 500
    assert found['outbox_failed{code="93000"}'] == 1
    assert found['outbox_retrying{code="45009"}'] == 1
    assert found["outbox_moving"] == 1
    assert found['newest_outcomes{outcome="parked"}'] == 1
    assert 539 < found["step_oldest_due_seconds"] < 600
    assert found["tick_age_seconds"] < 60
    assert found["backup_age_seconds"] == float("inf"), "there never was one"
    assert (found["database_up"], found["redis_up"]) == (1, 0)


def test_without_a_database_the_figures_say_so() -> None:
    assert figures(Database("postgresql://nobody@127.0.0.1:1/x"))["database_up"] == 0
