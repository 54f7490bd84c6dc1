"""Many rows at once: one statement and one journey, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, insert

from store.columns import EPOCH


def append(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, or_leave: bool = False
) -> None:
    """Insert rows of equal columns in their order; ``or_leave``: what is there already stays as it is.
    PostgreSQL is given a list a column: a statement of its own for every row, or parameters in thousands,
    take it far longer."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table).prefix_with("OR IGNORE") if or_leave else insert(table), rows)
        return
    names = tuple(rows[0])
    lists = tuple([plain(row[name]) for row in rows] for name in names)
    leave = " ON CONFLICT DO NOTHING" if or_leave else ""
    connection.exec_driver_sql(_from_lists(table, names) + leave, lists)


@lru_cache
def _from_lists(table: Table, names: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    lists = ", ".join(f"%s::{_kind(table, name)}[]" for name in names)
    return f"INSERT INTO {table.name} ({quoted}) SELECT * FROM unnest({lists})"  # noqa: S608 - our own names


def _kind(table: Table, name: str) -> str:
    """The column's type without a length: a cast to one would cut instead of refusing."""
    return str(table.c[name].type).partition("(")[0]


def plain(value: Any) -> Any:
    """A value as its column keeps it."""
    return (value - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value
