"""The way into the inbox: an acknowledgement means "on disk", a 503 means "nothing was kept"."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot.addresses import AllowedAddresses
from bot.aibot.parse import parse
from bot.mentions import MentionStripper
from domain.errors import InboxFull, StoreUnavailable
from store import arrivals, schema
from store.acceptor import Acceptor
from store.arrivals import Acceptance, Arrival, Moments
from store.database import Database
from store.tables import inbox, media, nonces
from tests.integration.builders import arrival, at_once, message, take_in

NEW, DUPLICATE, REPLAYED = Acceptance.NEW, Acceptance.DUPLICATE, Acceptance.REPLAYED


class Process:
    """One web process: its acceptor, and what it was told to do after each commit."""

    def __init__(self, database: Database, limit: int = 1000) -> None:
        self.calls: list[list[str]] = []
        self.acceptor = Acceptor(database, limit, self._note, sandbox=False)

    def _note(self, new: Sequence[Arrival]) -> None:
        self.calls.append([each.message.text for each in new])

    def accept(self, each: Arrival) -> Acceptance:
        return self.acceptor.accept(each)


@pytest.fixture
def process(database: Database) -> Process:
    return Process(database)


def kept(database: Database) -> list[str]:
    with database.read() as connection:
        found = connection.execute(select(inbox.c.dedupe_key).order_by(inbox.c.id)).scalars()
        return [key.rpartition(":")[2] for key in found]


def nonce_count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(nonces)).scalar_one())


def all_at_once(process: Process, batch: Sequence[Arrival]) -> list[Acceptance | BaseException]:
    return at_once([lambda each=each: process.accept(each) for each in batch])  # type: ignore[misc]


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the batches that were committed."""
    sizes: list[int] = []
    write = arrivals.store

    def counted(connection: Connection, batch: Sequence[Arrival], at: Moments) -> list[Acceptance]:
        sizes.append(len(batch))
        return write(connection, batch, at)

    monkeypatch.setattr(arrivals, "store", counted)
    return sizes


def test_what_is_accepted_is_stored(database: Database) -> None:
    assert take_in(database, arrival("a"), arrival("b")) == [NEW, NEW]
    assert kept(database) == ["a", "b"]


def test_the_same_message_is_stored_once(database: Database) -> None:
    given = [arrival("a"), arrival("a"), arrival("a", nonce="another")]
    assert take_in(database, *given) == [NEW, DUPLICATE, DUPLICATE]
    assert kept(database) == ["a"]


def test_a_nonce_with_another_payload_is_a_replay(database: Database) -> None:
    given = [arrival("a", nonce="n"), arrival("b", nonce="n"), arrival("a", nonce="n")]
    assert take_in(database, *given) == [NEW, REPLAYED, DUPLICATE]
    assert kept(database) == ["a"]


def test_nonces_of_two_channels_are_two(database: Database) -> None:
    other = arrival("b", nonce="n")
    other.message = message("b", channel="app_channel")
    assert take_in(database, arrival("a", nonce="n"), other) == [NEW, NEW]


def test_pictures_are_noted_with_the_message(database: Database) -> None:
    given = arrival("a")
    given.message = message("a", pictures=("https://p/1", "https://p/2"))
    take_in(database, given, given)
    with database.read() as connection:
        assert connection.execute(select(media.c.ref).order_by(media.c.id)).scalars().all() == [
            "https://p/1",
            "https://p/2",
        ]


def test_duplicates_in_parallel_are_stored_once(database: Database, process: Process) -> None:
    results = all_at_once(process, [arrival("a") for _ in range(12)])
    assert sorted(str(result) for result in results) == sorted([str(NEW)] + [str(DUPLICATE)] * 11)
    assert kept(database) == ["a"]


def test_duplicates_at_several_processes_are_stored_once(database: Database) -> None:
    processes = [Process(database) for _ in range(4)]
    results = at_once([lambda each=each: each.accept(arrival("a")) for each in processes])  # type: ignore[misc]
    assert sorted(str(result) for result in results) == sorted([str(NEW)] + [str(DUPLICATE)] * 3)


def test_a_replay_in_the_same_batch_is_seen(database: Database, process: Process) -> None:
    batch = [arrival("a", nonce="n"), arrival("b", nonce="n"), arrival("c")]
    results = all_at_once(process, batch)
    assert results[2] is NEW
    assert sorted(str(result) for result in results[:2]) == sorted([str(NEW), str(REPLAYED)])
    assert len(kept(database)) == 2


def test_many_at_once_share_a_commit_and_every_one_is_kept(
    database: Database, process: Process, together: list[int]
) -> None:
    with ThreadPoolExecutor(32) as pool:
        results = list(pool.map(process.accept, [arrival(str(number)) for number in range(300)]))
    assert results == [NEW] * 300
    assert sorted(kept(database), key=int) == [str(number) for number in range(300)]
    assert len(together) < 300


def test_it_calls_once_for_each_commit_that_brought_something_new(
    process: Process, together: list[int]
) -> None:
    all_at_once(process, [arrival(str(number % 5)) for number in range(20)])
    called = [text for call in process.calls for text in call]
    assert sorted(called) == ["0", "1", "2", "3", "4"]
    assert len(process.calls) <= len(together)
    process.accept(arrival("0"))
    assert len([text for call in process.calls for text in call]) == 5


def test_processes_with_the_same_messages_in_another_order_all_get_their_answer(database: Database) -> None:
    """Batches that meet the same rows in opposite order would otherwise stand in each other's way."""
    names = [str(number) for number in range(40)]
    processes = [Process(database) for _ in range(4)]

    def run(process: Process, order: list[str]) -> list[Acceptance]:
        with ThreadPoolExecutor(20) as pool:
            return list(
                pool.map(process.accept, [arrival(name, nonce=f"{id(process)}-{name}") for name in order])
            )

    orders = [names, names[::-1]] * 2
    results = at_once([lambda p=p, o=o: run(p, o) for p, o in zip(processes, orders, strict=True)])  # type: ignore[misc]
    found = [answer for each in results if isinstance(each, list) for answer in each]
    assert found.count(NEW) == 40
    assert found.count(DUPLICATE) == 120
    assert len(kept(database)) == 40


def test_one_bad_row_does_not_take_its_neighbours_with_it(
    database: Database, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = arrivals.store

    def picky(connection: Connection, batch: Sequence[Arrival], at: Moments) -> list[Acceptance]:
        results = write(connection, batch, at)
        if any(each.message.text == "bad" for each in batch):
            raise ValueError("cannot store this")
        return results

    monkeypatch.setattr(arrivals, "store", picky)
    results = all_at_once(process, [arrival(name) for name in ("a", "b", "bad", "c", "d", "e")])
    assert [str(result) for result in results] == [str(NEW), str(NEW), "cannot store this", *[str(NEW)] * 3]
    assert sorted(kept(database)) == ["a", "b", "c", "d", "e"]
    assert nonce_count(database) == 5


def test_a_nonce_is_remembered_only_with_its_message(
    database: Database, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> dict[str, int]:
        raise ValueError("disk")

    monkeypatch.setattr(arrivals, "_insert", fails)
    with pytest.raises(ValueError, match="disk"):
        process.accept(arrival("a", nonce="n"))
    monkeypatch.undo()
    assert nonce_count(database) == 0
    assert process.accept(arrival("b", nonce="n")) is NEW


def test_a_full_inbox_refuses_and_keeps_nothing(database: Database) -> None:
    process = Process(database, limit=3)
    assert [process.accept(arrival(str(number))) for number in range(3)] == [NEW] * 3
    with pytest.raises(InboxFull):
        process.accept(arrival("3"))
    assert kept(database) == ["0", "1", "2"]
    assert nonce_count(database) == 3


def test_of_a_batch_as_many_are_taken_as_there_is_room(database: Database) -> None:
    process = Process(database, limit=5)
    results = all_at_once(process, [arrival(str(number)) for number in range(12)])
    assert results.count(NEW) == 5
    assert sum(isinstance(result, InboxFull) for result in results) == 7
    assert len(kept(database)) == 5


def test_a_full_inbox_takes_messages_again_when_it_was_emptied(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.acceptor.COUNT_EVERY_S", 0.0)
    process = Process(database, limit=1)
    process.accept(arrival("a"))
    with pytest.raises(InboxFull):
        process.accept(arrival("b"))
    with database.write() as connection:
        connection.execute(inbox.update().values(state="done"))
    assert process.accept(arrival("b")) is NEW


def test_all_who_wait_hear_that_the_database_is_down(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no-tables.db")
    process = Process(database)
    results = all_at_once(process, [arrival(str(number)) for number in range(8)])
    assert all(isinstance(result, StoreUnavailable) for result in results)
    assert process.calls == []


def test_a_database_that_stays_locked_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database.BUSY_TIMEOUT_S", 0.2)
    database = Database(f"sqlite:///{tmp_path}/locked.db")
    schema.migrate(database)
    process = Process(database)
    other = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        process.accept(arrival("a"))
    other.execute("ROLLBACK")
    other.close()
    assert process.accept(arrival("a")) is NEW
    database.close()


@pytest.mark.parametrize("length", [64, 128, 255, 256])
def test_every_id_that_is_parsed_can_be_stored(database: Database, length: int) -> None:
    payload = {
        "msgid": "m" * length,
        "aibotid": "b" * min(length, 128),
        "chatid": "g" * min(length, 128),
        "chattype": "group",
        "from": {"userid": "u" * min(length, 128)},
        "msgtype": "text",
        "text": {"content": "电动车堵门"},
    }
    replies = AllowedAddresses("https://qyapi.weixin.qq.com")
    parsed = parse(json.dumps(payload), "hash", MentionStripper(()), replies)
    assert parsed.kind == "text"
    given = arrival("a")
    given.message = parsed
    assert take_in(database, given) == [NEW]


def test_the_longest_ids_the_platform_may_send_are_stored(database: Database) -> None:
    given = arrival("a")
    given.message = message("a", chat="g" * 128, sender="u" * 128)
    assert take_in(database, given) == [NEW]
