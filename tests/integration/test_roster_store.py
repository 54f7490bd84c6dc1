"""Roster versions, push keys and leave in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import text

from domain.clock import BusinessTime, MachineTime
from domain.errors import StaleRoster
from domain.ports import Leave
from domain.roster import Person, Role, Roster, Section, Subdistrict
from store import leaves, schema
from store import roster as roster_store
from store.database import Database

NOW = MachineTime(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
TODAY = BusinessTime(NOW)
FIRST = Roster((Subdistrict("解放路街道"),), (Section("益民路", "解放路街道"),))
SECOND = Roster(FIRST.subdistricts, FIRST.sections, (Person("zhang", "张三", Role.CHIEF, 3),))


def test_there_is_no_roster_before_the_first_import(database: Database) -> None:
    with database.read() as connection:
        assert roster_store.current(connection) is None
        assert roster_store.current_version(connection) == 0
        assert roster_store.load(connection, 1) is None
        assert roster_store.versions(connection) == []


def test_the_newest_version_is_in_force_and_older_ones_stay(database: Database) -> None:
    with database.write() as connection:
        first = roster_store.save(connection, FIRST, {}, "first.xlsx", NOW)
        second = roster_store.save(
            connection, SECOND, {}, "second.xlsx", MachineTime(NOW + timedelta(hours=1))
        )
    with database.read() as connection:
        assert roster_store.current(connection) == (second, SECOND)
        assert roster_store.current_version(connection) == second > first
        assert roster_store.load(connection, first) == FIRST
        assert [(v.number, v.source) for v in roster_store.versions(connection)] == [
            (second, "second.xlsx"),
            (first, "first.xlsx"),
        ]
        assert roster_store.versions(connection)[1].imported_at == NOW


def test_an_old_version_is_restored_by_saving_it_again(database: Database) -> None:
    with database.write() as connection:
        first = roster_store.save(connection, FIRST, {}, "first.xlsx", NOW)
        roster_store.save(connection, SECOND, {}, "second.xlsx", NOW)
        old = roster_store.load(connection, first)
        assert old is not None
        third = roster_store.save(connection, old, {}, f"恢复第{first}版", NOW)
    with database.read() as connection:
        assert roster_store.current(connection) == (third, FIRST)


def test_an_import_that_fails_leaves_nothing(database: Database) -> None:
    def import_and_fail() -> None:
        with database.write() as connection:
            roster_store.save(connection, FIRST, {"wr-1": "key"}, "first.xlsx", NOW)
            raise RuntimeError("later step")

    with pytest.raises(RuntimeError, match="later step"):
        import_and_fail()
    with database.read() as connection:
        assert roster_store.current(connection) is None
        assert roster_store.push_key(connection, "wr-1") is None


def test_an_import_adds_and_changes_keys_but_removes_none(database: Database) -> None:
    with database.write() as connection:
        roster_store.save(connection, FIRST, {"wr-1": "old", "wr-2": "two"}, "a.xlsx", NOW)
        roster_store.save(connection, FIRST, {"wr-1": "new", "wr-3": "three", "wr-2": ""}, "b.xlsx", NOW)
        roster_store.set_push_key(connection, "wr-4", "four")
        roster_store.save(connection, FIRST, {}, "c.xlsx", NOW)
    with database.read() as connection:
        keys = [roster_store.push_key(connection, f"wr-{n}") for n in range(1, 6)]
        assert keys == ["new", "two", "three", "four", None]
        assert roster_store.push_key_ids(connection) == {"wr-1", "wr-2", "wr-3", "wr-4"}


def test_no_version_holds_a_key(database: Database) -> None:
    with database.write() as connection:
        roster_store.save(connection, FIRST, {"wr-1": "very-secret"}, "a.xlsx", NOW)
        documents = connection.execute(text("SELECT document FROM roster_versions")).scalars().all()
    assert documents
    assert not any("very-secret" in document for document in documents)


def test_a_long_source_is_cut(database: Database) -> None:
    with database.write() as connection:
        roster_store.save(connection, FIRST, {}, "长" * 500, NOW)
        assert roster_store.versions(connection)[0].source == "长" * 200


def test_leave_begins_and_ends_at_its_time_or_by_word(database: Database) -> None:
    tomorrow = BusinessTime(TODAY + timedelta(days=1))
    with database.write() as connection:
        leaves.set_absent(connection, "zhang", Leave(TODAY, tomorrow))
        leaves.set_absent(connection, "li", Leave(tomorrow, None))
    with database.read() as connection:
        assert leaves.absent(connection, TODAY) == {"zhang"}
        assert leaves.absent(connection, tomorrow) == {"li"}
        assert leaves.absent(connection, BusinessTime(TODAY + timedelta(days=400))) == {"li"}
        assert leaves.planned(connection, "li", TODAY) == [Leave(tomorrow, None)]
    with database.write() as connection:
        leaves.set_absent(connection, "zhang", Leave(TODAY, None))
        assert leaves.clear_absent(connection, "li", TODAY)
        assert not leaves.clear_absent(connection, "li", TODAY)
        assert leaves.absent(connection, tomorrow) == {"zhang"}


def test_who_was_away_before_the_upgrade_still_is(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.engine.begin():
        pass
    command.upgrade(schema.alembic(database), "0001")
    with database.write() as connection:
        connection.execute(text("INSERT INTO absences (userid, until) VALUES ('li', NULL)"))
    schema.migrate(database)
    with database.read() as connection:
        assert leaves.absent(connection, TODAY) == {"li"}
    database.close()


def test_of_two_who_amend_the_same_version_one_has_to_read_again(database: Database) -> None:
    with database.write() as connection:
        first = roster_store.save(connection, FIRST, {}, "first.xlsx", NOW)
    with database.write() as connection:
        roster_store.hold(connection, first)
        assert roster_store.amend(connection, first, SECOND, "绑定", NOW) == first + 1
    with pytest.raises(StaleRoster), database.write() as connection:
        roster_store.amend(connection, first, FIRST, "绑定", NOW)
    with pytest.raises(StaleRoster), database.write() as connection:
        roster_store.hold(connection, first)
