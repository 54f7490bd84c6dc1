"""INSERT … ON CONFLICT on either database: SQLAlchemy has it per dialect only."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def put(connection: Connection, table: Table, values: Mapping[str, object]) -> None:
    """Insert or replace by primary key; right also when another transaction does the same."""
    keys = [column.name for column in table.primary_key]
    statement = insert_into(connection, table).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=dict(values)))
