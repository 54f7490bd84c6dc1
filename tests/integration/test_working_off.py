"""The worker between inbox and outbox: one effect per message, in order, whatever fails on the way."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.wake import Work
from domain.errors import LostLease, StoreContention
from domain.messages import Chat, IncomingMessage
from handlers.visit import Result, Visit, answer
from nlp.reading import Reading
from store import inbox
from store.arrivals import Arrival
from store.database import Database
from store.desk import DatabaseDesk
from store.tables import chats, slots
from store.tables import inbox as rows
from store.tables import issues as issue_rows
from store.tables import outbox as outbox_rows
from tests.integration.builders import at_once, take_in
from tests.integration.world import RecordingWaker, parts, put_roster_in_force
from workers import bootstrap, process_inbox
from workers.bootstrap import Parts


class Reader:
    """Takes every text for small talk, at once."""

    version = "test"

    def read(self, text: str, *, mention: bool = False) -> Reading:
        return Reading("chatter", 1.0, matched=(text, str(mention)))


@pytest.fixture
def worker(database: Database, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """A worker that answers every message; one that begins with ``bad`` breaks it."""
    put_roster_in_force(database)
    monkeypatch.setattr(Parts, "classifier", lambda _: Reader())
    monkeypatch.setattr(process_inbox, "handle", handled)
    return parts(database)[0]


def handled(visit: Visit) -> Result:
    text = visit.message.text
    said = answer(f"re:{text}", "handled")
    if text.startswith("bad"):
        visit.desk.once(f"broken:{text}")
        raise ValueError(f"cannot handle {text}")
    return said


def send(database: Database, *texts: str, chat: str = "g-yimin") -> None:
    for text in texts:
        message = IncomingMessage(
            "aibot",
            f"aibot:b:{text}",
            Chat("group", chat),
            "wujin",
            "text",
            text,
            reply_to=f"https://r/{text}",
        )
        take_in(database, Arrival(message, f"n{text}", text.encode().ljust(32)))


def outcomes(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.read() as connection:
        found = connection.execute(select(rows).order_by(rows.c.id))
        return {row.dedupe_key.rpartition(":")[2]: (row.state, row.outcome) for row in found}


def answers(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(outbox_rows.c.text).order_by(outbox_rows.c.id)).scalars())


def rested(database: Database) -> None:
    """As if every pause and lease were over."""
    with database.write() as connection:
        connection.execute(chats.update().values(leased_until=None))


def test_what_waits_is_worked_off_in_order(worker: Parts) -> None:
    send(worker.database, "a", "b", "c")
    process_inbox.drain(worker)
    assert answers(worker.database) == ["re:a", "re:b", "re:c"]
    assert set(outcomes(worker.database).values()) == {("done", "handled")}
    process_inbox.drain(worker)
    assert len(answers(worker.database)) == 3


def test_the_way_out_is_woken(worker: Parts) -> None:
    send(worker.database, "a")
    process_inbox.drain(worker)
    assert isinstance(worker.waker, RecordingWaker)
    assert Work.OUTBOX in worker.waker.woken


def test_the_chat_is_free_again_afterwards(worker: Parts) -> None:
    send(worker.database, "a")
    process_inbox.drain(worker)
    with worker.database.read() as connection:
        assert connection.execute(select(chats.c.leased_until)).scalars().all() == [None]


def test_a_bad_message_takes_only_itself_along(worker: Parts) -> None:
    send(worker.database, "a", "bad", "b")
    send(worker.database, "c", chat="g-erma")
    process_inbox.drain(worker)
    assert sorted(answers(worker.database)) == ["re:a", "re:c"]
    assert outcomes(worker.database) == {
        "a": ("done", "handled"),
        "bad": ("waiting", None),
        "b": ("waiting", None),
        "c": ("done", "handled"),
    }


def test_after_five_failures_its_sender_is_told_and_the_chat_goes_on(worker: Parts) -> None:
    send(worker.database, "bad", "b")
    for _ in range(5):
        process_inbox.drain(worker)
        rested(worker.database)
    assert outcomes(worker.database) == {"bad": ("parked", "parked"), "b": ("done", "handled")}
    told, said = answers(worker.database)
    assert "已转管理员查看" in told
    assert said == "re:b"
    with worker.database.read() as connection:
        kept = connection.execute(select(rows.c.detail).where(rows.c.state == "parked")).scalar_one()
    assert kept == "ValueError: cannot handle bad"


def test_what_a_failed_message_did_is_undone(worker: Parts) -> None:
    send(worker.database, "bad")
    for _ in range(2):
        process_inbox.drain(worker)
        rested(worker.database)
    with worker.database.read() as connection:
        assert connection.execute(select(slots.c.key)).all() == []


def test_a_message_is_worked_off_once_by_workers_at_the_same_time(worker: Parts) -> None:
    send(worker.database, *(f"m{number}" for number in range(20)))
    send(worker.database, *(f"n{number}" for number in range(20)), chat="g-erma")
    others = [parts(worker.database)[0] for _ in range(3)]
    assert at_once([lambda each=each: process_inbox.drain(each) for each in (worker, *others)]) == [None] * 4  # type: ignore[misc]
    said = answers(worker.database)
    assert [text for text in said if "m" in text] == [f"re:m{number}" for number in range(20)]
    assert [text for text in said if "n" in text] == [f"re:n{number}" for number in range(20)]


def test_who_lost_his_lease_leaves_it_to_the_other(worker: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    send(worker.database, "a")
    release = inbox.release
    lost: list[bool] = []

    def too_late(connection: object, fences: dict[str, int]) -> None:
        if not lost:
            lost.append(True)
            raise LostLease("taken over")
        release(connection, fences)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "release", too_late)
    process_inbox.drain(worker)
    assert answers(worker.database) == ["re:a"]


def test_after_a_deadlock_the_letters_are_done_one_by_one(
    worker: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(worker.database, "a", "b")
    release = inbox.release
    gave_way: list[bool] = []

    def contended(connection: object, fences: dict[str, int]) -> None:
        if not gave_way:
            gave_way.append(True)
            raise StoreContention("deadlock detected")
        release(connection, fences)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "release", contended)
    process_inbox.drain(worker)
    assert answers(worker.database) == ["re:a", "re:b"]


def test_a_killed_workers_messages_are_done_by_the_next(worker: Parts) -> None:
    send(worker.database, "a")
    with worker.database.write() as connection:
        inbox.claim(connection, bootstrap.machine_now())  # and then it was killed
    process_inbox.drain(worker)
    assert answers(worker.database) == []
    rested(worker.database)
    process_inbox.drain(worker)
    assert answers(worker.database) == ["re:a"]


def test_a_drain_makes_room_after_its_turn(worker: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_inbox, "TURN_S", 0.0)
    monkeypatch.setattr(inbox.claim, "__defaults__", (1,))
    send(worker.database, "a", "b")
    process_inbox.drain(worker)
    assert answers(worker.database) == ["re:a"]
    assert isinstance(worker.waker, RecordingWaker)
    assert Work.INBOX in worker.waker.woken


def test_issue_numbers_have_no_gaps_after_failures(database: Database) -> None:
    """With the real handlers: a report that fails gives its number back."""
    put_roster_in_force(database)
    made = parts(database)[0]
    send(database, "益民路12号电动车堵门", "益民路40号电动车堵门", "益民路60号电动车堵门")
    handled_so = process_inbox._Turn._handle
    failed: list[int] = []

    def fails_once(
        turn: process_inbox._Turn, desk: DatabaseDesk, letter: inbox.Letter, reading: Reading
    ) -> process_inbox._Effect:
        effect = handled_so(turn, desk, letter, reading)
        if len(failed) < 2 and "40号" in letter.message.text:
            failed.append(letter.id)
            raise ValueError("after its effects")
        return effect

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process_inbox._Turn, "_handle", fails_once)
        for _ in range(3):
            process_inbox.drain(made)
            rested(database)
    with database.read() as connection:
        found = connection.execute(
            select(issue_rows.c.number, issue_rows.c.house_number).order_by(issue_rows.c.number)
        )
        assert [tuple(row) for row in found] == [(1, 12), (2, 40), (3, 60)]
    assert len(failed) == 2
