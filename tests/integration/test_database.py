"""One database, two ways to use it, and one error when it does not answer."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from domain.errors import StoreContention, StoreUnavailable
from store.batch import Batch
from store.database import Database, normal_url
from store.tables import counters, metadata, slots
from tests.integration.builders import NOW, at_once, issue


def slot_keys(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(slots.c.key).order_by(slots.c.key)).scalars())


def put_slot(database: Database, key: str, *, then: Exception | None = None) -> None:
    with database.write() as connection:
        connection.execute(slots.insert().values(key=key, at=NOW))
        if then:
            raise then


def test_a_write_is_kept_at_the_end_of_its_block(database: Database) -> None:
    put_slot(database, "a")
    assert slot_keys(database) == ["a"]


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    with pytest.raises(ValueError, match="boom"):
        put_slot(database, "a", then=ValueError("boom"))
    assert slot_keys(database) == []


def test_a_read_keeps_nothing(database: Database) -> None:
    with database.read() as connection:
        connection.execute(slots.insert().values(key="a", at=NOW))
    assert slot_keys(database) == []


def test_a_savepoint_undoes_its_own_part_alone(database: Database) -> None:
    def fails() -> None:
        with connection.begin_nested():
            connection.execute(slots.insert().values(key="b", at=NOW))
            raise ValueError("boom")

    with database.write() as connection:
        connection.execute(slots.insert().values(key="a", at=NOW))
        with pytest.raises(ValueError, match="boom"):
            fails()
        with connection.begin_nested():
            connection.execute(slots.insert().values(key="c", at=NOW))
    assert slot_keys(database) == ["a", "c"]


def test_a_broken_rule_is_no_outage(database: Database) -> None:
    put_slot(database, "a")
    with pytest.raises(IntegrityError):
        put_slot(database, "a")


def test_writers_take_turns(database: Database) -> None:
    def number() -> int:
        with database.write() as connection:
            return Batch(connection).open(issue(), lambda _: None).number

    assert sorted(found for found in at_once([number] * 8) if isinstance(found, int)) == list(range(1, 9))


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.write() as connection:
        connection.execute(slots.insert().values(key="a", at=NOW))
        assert slot_keys(database) == []


def test_times_come_back_as_they_were_and_in_utc(database: Database) -> None:
    put_slot(database, "a")
    with database.read() as connection:
        stored = connection.execute(select(slots.c.at)).scalar_one()
    assert stored == NOW
    assert str(stored.tzinfo) == "UTC"


def test_two_in_each_others_way_end_with_one_giving_way(database: Database) -> None:
    """SQLite has one writer at a time; PostgreSQL ends one of the two."""
    with database.write() as connection:
        connection.execute(counters.insert(), [{"name": "a", "value": 0}, {"name": "b", "value": 0}])
    first_held = threading.Barrier(2)

    def both(first: str, second: str) -> None:
        with database.write() as connection:
            connection.execute(counters.update().where(counters.c.name == first).values(value=1))
            if not database.is_sqlite:
                first_held.wait(5)
            connection.execute(counters.update().where(counters.c.name == second).values(value=1))

    ended = at_once([lambda: both("a", "b"), lambda: both("b", "a")])
    expected = [] if database.is_sqlite else [StoreContention]
    assert [type(each) for each in ended if each is not None] == expected


def test_a_database_that_is_not_there_is_unavailable() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    assert not database.answers()
    with pytest.raises(StoreUnavailable), database.read() as connection:
        connection.execute(text("SELECT 1"))
    database.close()


def test_a_folder_for_the_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a/b/c.db")
    assert database.answers()
    database.close()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:///var/x.db", "sqlite:///var/x.db"),
    ],
)
def test_every_usual_url_gets_our_driver(given: str, used: str) -> None:
    assert normal_url(given) == used


def test_a_commit_on_sqlite_is_on_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        waits_ms = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert waits_ms is not None
    assert 1000 <= waits_ms <= 5000  # long enough for a drain, no longer than the platform waits
    database.close()


def test_on_sqlite_a_thread_that_never_gets_its_turn_hears_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'turns.db'}")
    metadata.create_all(database.engine)
    monkeypatch.setattr("store.database.BUSY_TIMEOUT_S", 0.05)
    heard: list[str] = []

    def other() -> None:
        with pytest.raises(StoreUnavailable) as raised:
            put_slot(database, "b")
        heard.append(str(raised.value))

    with database.write():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert heard == ["database is locked"]
    put_slot(database, "c")
    assert slot_keys(database) == ["c"]
    database.close()
