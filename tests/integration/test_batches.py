"""A batch of messages is handled as if each were alone, and costs the database little more than one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from domain.clock import BusinessTime
from domain.errors import StoreContention
from domain.messages import Chat, IncomingMessage
from store import events, inbox, reporters
from store.arrivals import Arrival
from store.database import Database
from store.slots import Slots
from store.tables import inbox as letters
from store.tables import outbox, slots
from tests.integration.builders import BUSINESS_NOW, take_in
from tests.integration.world import parts, put_roster_in_force
from workers import bootstrap, process_inbox
from workers.bootstrap import Parts

HOUR = timedelta(hours=1)
BLOCKED = "益民路12号电动车乱停堵门"


@pytest.fixture
def worker(database: Database) -> Parts:
    put_roster_in_force(database)
    return parts(database)[0]


def batch(
    worker: Parts, *lines: tuple[str, str], group: str = "g-yimin", pictures: tuple[str, ...] = ()
) -> list[str]:
    """What became of lines that people write in a group, all handled in one transaction."""
    hear(worker, *lines, group=group, pictures=pictures)
    together(worker)
    return outcomes(worker)[-len(lines) :]


def hear(
    worker: Parts, *lines: tuple[str, str], group: str = "g-yimin", pictures: tuple[str, ...] = ()
) -> None:
    """Take them in; the pictures come with the first."""
    for number, (who, text) in enumerate(lines, 1 + len(outcomes(worker))):
        key, chat = f"m{number}", Chat("group", group)
        shown = pictures if number == 1 else ()
        message = IncomingMessage(
            "aibot", key, chat, who, "text", text, pictures=shown, reply_to=f"https://r/{key}"
        )
        take_in(worker.database, Arrival(message, key, key.encode().ljust(32, b".")))


def together(worker: Parts) -> None:
    with worker.database.write() as connection:
        claim = inbox.claim(connection, bootstrap.machine_now())
    process_inbox._Turn(worker, worker.office(), worker.classifier()).together(claim)


def outcomes(worker: Parts) -> list[str]:
    with worker.database.read() as connection:
        return list(connection.execute(select(letters.c.outcome).order_by(letters.c.id)).scalars())


def answers(worker: Parts) -> list[str]:
    with worker.database.read() as connection:
        said = select(outbox.c.text).where(outbox.c.purpose == "answer").order_by(outbox.c.id)
        return list(connection.execute(said).scalars())


def test_the_same_problem_is_seen_among_the_messages_of_one_batch(worker: Parts) -> None:
    said = [("wujin", BLOCKED), ("huimian", BLOCKED), ("wujin", "益民路40号电动车乱停堵门")]
    assert batch(worker, *said) == ["reported", "joined", "reported"]
    with worker.database.read() as connection:
        who = [each.userid for each in reporters.reporters_of(connection, 1)]
    assert who == ["huimian", "wujin"]


def test_the_same_problem_is_seen_in_what_was_there_before(worker: Parts) -> None:
    assert batch(worker, ("wujin", BLOCKED)) == ["reported"]
    assert batch(worker, ("huimian", BLOCKED), ("huimian", BLOCKED)) == ["joined", "joined"]


def test_a_command_finds_what_was_reported_just_before(worker: Parts) -> None:
    said = [("wujin", BLOCKED), ("li", "收到"), ("wujin", "催办"), ("li", "办结 1"), ("wujin", "满意")]
    assert batch(worker, *said) == ["reported", "claimed", "urged", "resolved", "confirmed"]


def test_a_command_without_a_number_means_what_is_open_by_then(worker: Parts) -> None:
    batch(worker, ("wujin", BLOCKED), ("wujin", "益民路40号电动车乱停堵门"))
    said = [
        ("li", "办结 1"),
        ("li", "收到"),
        ("wujin", "益民路60号电动车乱停堵门"),
        ("li", "收到 3"),
        ("li", "待办"),
    ]
    assert batch(worker, *said) == ["resolved", "claimed", "reported", "claimed", "todo"]
    assert answers(worker)[-1].startswith("待办 2 件")


def test_what_was_withdrawn_in_the_batch_is_no_longer_the_same_problem(worker: Parts) -> None:
    said = [("wujin", BLOCKED), ("wujin", "撤回 1"), ("wujin", BLOCKED), ("wujin", "我的上报")]
    assert batch(worker, *said) == ["reported", "withdrawn", "reported", "mine"]
    assert "#2" in answers(worker)[2]
    assert answers(worker)[3].startswith("您的上报 2 件")


def test_what_was_put_right_in_the_batch_is_looked_for_as_it_is_now(worker: Parts) -> None:
    said = [("wujin", BLOCKED), ("wujin", "改路段 1 大同路"), ("huimian", BLOCKED)]
    assert batch(worker, *said)[2] == "reported"


def test_who_joined_in_the_batch_is_a_reporter_at_once(worker: Parts) -> None:
    batch(worker, ("wujin", BLOCKED))
    said = [
        ("huimian", BLOCKED),
        ("huimian", BLOCKED),
        ("huimian", "我的上报"),
        ("huimian", "匿名 1"),
        ("bianli", BLOCKED),
    ]
    assert batch(worker, *said)[:3] == ["joined", "joined", "mine"]
    assert "#1" in answers(worker)[3]
    with worker.database.read() as connection:
        who = {each.userid: each.anonymous for each in reporters.reporters_of(connection, 1)}
    assert who == {"wujin": False, "huimian": True, "bianli": False}
    with worker.database.read() as connection:
        done = [each.action.value for each in events.history(connection, 1)]
    assert done == ["上报", "我也反映", "补充", "匿名", "我也反映"]


def test_an_answer_finds_its_question(worker: Parts) -> None:
    said = [("stranger", "电动车堵路"), ("stranger", "2")]
    assert batch(worker, *said, group="g-area") == ["reported_pending", "corrected"]


def test_the_pictures_of_a_new_problem_are_counted(worker: Parts) -> None:
    batch(worker, ("wujin", BLOCKED), ("li", "查询 1"), pictures=("https://p/1", "https://p/2"))
    assert "[图2]" in answers(worker)[1]


def test_a_hint_is_given_once_an_hour(worker: Parts) -> None:
    small_talk = [("wujin", "今天天气不错"), ("huimian", "今天天气不错"), ("wujin", "今天天气不错")]
    first, other, again = batch(worker, *small_talk)
    assert (first, other, again) == ("hint:chatter", "hint:chatter", "chatter")
    assert batch(worker, ("wujin", "今天天气不错")) == ["chatter"]


def test_a_slot_that_another_transaction_took_meanwhile_is_contention(database: Database) -> None:
    with database.write() as connection:
        mine = Slots(connection)
        mine.read({"hint:li"})
        connection.execute(insert(slots).values(key="hint:li", at=BUSINESS_NOW))
        assert mine.once("hint:li", BUSINESS_NOW, HOUR)
        with pytest.raises(StoreContention):
            mine.write()


@pytest.mark.parametrize(
    ("last", "is_free"),
    [(None, True), (-61, True), (-60, True), (-59, False), (0, False), (1, True)],
)
def test_a_slot_is_the_same_read_ahead_or_not(database: Database, last: int | None, is_free: bool) -> None:
    """``last``: minutes; the clock may have been set back behind the last time."""
    with database.write() as connection:
        if last is not None:
            at = BusinessTime(BUSINESS_NOW + timedelta(minutes=last))
            connection.execute(insert(slots), [{"key": key, "at": at} for key in ("ahead", "not")])
        both = Slots(connection)
        both.read({"ahead"})
        assert [both.once(key, BUSINESS_NOW, HOUR) for key in ("ahead", "not")] == [is_free, is_free]
        both.write()
        assert [both.once(key, BUSINESS_NOW, HOUR) for key in ("ahead", "not")] == [False, False]


def test_more_reports_are_no_more_statements(worker: Parts) -> None:
    def statements(*numbers: int) -> int:
        asked: list[str] = []

        def note(_: Any, __: Any, statement: str, *___: Any) -> None:
            asked.append(statement)

        hear(worker, *(("wujin", f"益民路{number}号电动车乱停堵门") for number in numbers))
        event.listen(worker.database.engine, "before_cursor_execute", note)
        together(worker)
        event.remove(worker.database.engine, "before_cursor_execute", note)
        return len(asked)

    statements(1)  # reads the roster
    assert statements(*range(100, 130)) == statements(2, 4, 6)
