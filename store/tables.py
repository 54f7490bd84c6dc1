"""Every table, in the order of the flow: inbox → issues and events → outbox; then the small ones.

Times are stored as UTC epoch microseconds (``Moment``): exact, ordered and the same on SQLite and
PostgreSQL. A column named ``…_at`` is machine time, ``…_due`` or ``on_…`` business time; where both could
be meant the comment says which.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BigId = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as integer microseconds since the epoch, read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


# --- people and places: whole versions, the newest one is in force -------------------------------------
roster_versions = Table(
    "roster_versions",
    metadata,
    Column("version", BigId, primary_key=True, autoincrement=True),
    Column("imported_at", Moment, nullable=False),
    Column("source", String(200), nullable=False),
    Column("document", Text, nullable=False),
    sqlite_autoincrement=True,
)

push_keys = Table(
    "push_keys",
    metadata,
    Column("chat_id", String(128), primary_key=True),
    Column("key", String(128), nullable=False),
)

absences = Table(
    "absences",
    metadata,
    Column("userid", String(128), primary_key=True),
    Column("until", Moment),  # business time; None: until he says he is back
)
