"""The migrations and ``store/tables.py`` say the same, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from store import schema
from store.database import Database
from store.tables import metadata


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    yield database
    database.close()


def partial_indexes(engine: Engine) -> dict[str, bool]:
    """Names of all indexes, and whether each has a condition."""
    found = inspect(engine)
    dialect = engine.dialect.name
    return {
        str(index["name"]): f"{dialect}_where" in index.get("dialect_options", {})
        for table in found.get_table_names()
        for index in found.get_indexes(table)
    }


def test_a_fresh_database_becomes_current(empty: Database) -> None:
    assert not schema.is_current(empty)
    schema.migrate(empty)
    assert schema.is_current(empty)


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = sorted(inspect(database.engine).get_table_names())
    schema.migrate(database)
    assert schema.is_current(database)
    assert sorted(inspect(database.engine).get_table_names()) == before


def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_alembic_check_agrees(database: Database) -> None:
    command.check(schema.alembic(database))


def test_what_waits_has_an_index_of_its_own_size(database: Database) -> None:
    wanted = {
        str(index.name): bool(index.dialect_options[database.engine.dialect.name].get("where") is not None)
        for table in metadata.tables.values()
        for index in table.indexes
    }
    found = partial_indexes(database.engine)
    assert {name: found.get(name) for name in wanted} == wanted


def test_there_is_one_newest_revision(database: Database) -> None:
    assert len(ScriptDirectory.from_config(schema.alembic(database)).get_heads()) == 1
