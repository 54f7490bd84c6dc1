"""All tables as lines of JSON, out of one consistent view, and back into an empty database of either kind.

No client program is needed, and what came out of SQLite goes into PostgreSQL as well. The tables are those
that the database itself tells of, so that the dump of an older schema can be read in and then upgraded.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from alembic import command
from alembic.migration import MigrationContext
from sqlalchemy import Connection, LargeBinary, MetaData, Table, func, insert, select, text

from domain.errors import LuguanjiaError
from store.database import Database, availability
from store.schema import alembic
from store.tables import media, outbox

VERSION_TABLE = "alembic_version"
AT_ONCE = 1000
"""Rows of one statement."""


class NotEmpty(LuguanjiaError):
    """The database to be filled is somebody's already."""


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """One view of all tables, however long it takes to read them; nobody waits for it."""
    with database.read() as connection:
        connection.execution_options(yield_per=AT_ONCE)  # read as it is written out
        if not database.is_sqlite:  # on SQLite a read transaction is such a view
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def revision(connection: Connection) -> str | None:
    """The revision of the schema, None where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


def tables(connection: Connection) -> list[Table]:
    """What the database holds, by name; not the mark of its own revision."""
    found = MetaData()
    found.reflect(connection)
    return [table for name, table in sorted(found.tables.items()) if name != VERSION_TABLE]


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows of a table, a JSON array each, in the order of its columns."""
    packed = [number for number, column in enumerate(table.c) if isinstance(column.type, LargeBinary)]
    for row in connection.execute(select(table)):
        values = list(row)
        for number in packed:
            values[number] = base64.b64encode(values[number]).decode()
        yield json.dumps(values, ensure_ascii=False).encode() + b"\n"


def files(connection: Connection) -> set[str]:
    """Every file under MEDIA_DIR that a picture, or a message on its way, still shows."""
    found = set(connection.execute(select(media.c.file).where(media.c.state == "stored")).scalars())
    attached = select(outbox.c.attachment).where(outbox.c.attachment.is_not(None))
    found |= {json.loads(each)[1] for each in connection.execute(attached).scalars()}
    return {file for file in found if file}


def sequences(connection: Connection) -> dict[str, int]:
    """The last number that each table gave, so that no number is ever given twice."""
    if connection.dialect.name == "sqlite":
        given = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: row.seq for row in given}
    given = connection.execute(
        text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()")
    )
    by_sequence = {row.sequencename: row.last_value or 0 for row in given}
    owned = {table.name: _sequence(connection, table) for table in tables(connection)}
    return {table: by_sequence[name] for table, name in owned.items() if name}


def _sequence(connection: Connection, table: Table) -> str | None:
    """PostgreSQL's sequence behind the first key of a table."""
    key = next(iter(table.primary_key)).name
    found = connection.execute(select(func.pg_get_serial_sequence(table.name, key))).scalar()
    return None if found is None else str(found).rpartition(".")[2]


def make_room(database: Database, wanted: str) -> None:
    """Bring an empty database to this revision. Raises ``NotEmpty`` if anything is in it."""
    with database.read() as connection:
        present = tables(connection)
        filled = [table.name for table in present if connection.execute(select(table).limit(1)).first()]
        current = revision(connection)
    if filled:
        raise NotEmpty(f"数据库里已经有数据({'、'.join(filled[:5])}),没有恢复。请换一个空的数据库")
    if present and current != wanted:
        raise NotEmpty("数据库里已经建了别的表,没有恢复。请换一个空的数据库,不必先 migrate")
    with availability():
        command.upgrade(alembic(database), wanted)


def fill(connection: Connection, rows: Callable[[Table], Iterable[bytes]], given: Mapping[str, int]) -> None:
    """Put the lines of every table in."""
    for table in tables(connection):
        _insert(connection, table, rows(table))
        if table.name in given:
            _give_on(connection, table, given[table.name])


def _insert(connection: Connection, table: Table, rows: Iterable[bytes]) -> None:
    columns = list(table.c)
    packed = {column.name for column in columns if isinstance(column.type, LargeBinary)}
    waiting = iter(rows)
    while batch := [_row(columns, packed, line) for line in islice(waiting, AT_ONCE)]:
        connection.execute(insert(table), batch)


def _row(columns: Sequence[Any], packed: set[str], line: bytes) -> dict[str, Any]:
    named = zip((column.name for column in columns), json.loads(line), strict=True)
    return {name: base64.b64decode(value) if name in packed else value for name, value in named}


def _give_on(connection: Connection, table: Table, last: int) -> None:
    """The next number of this table is the one after ``last``."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        row = {"name": table.name, "last": last}
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), row)
    elif (name := _sequence(connection, table)) and last:
        given = text("SELECT setval(CAST(:name AS regclass), :last)")
        connection.execute(given, {"name": name, "last": last})
