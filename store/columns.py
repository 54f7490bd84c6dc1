"""What the tables are made of: exact moments, ids, and conditions shared by partial indexes and queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BigId = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware datetime as integer microseconds since the epoch, read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


def where(condition: str) -> dict[str, Any]:
    """A partial index, on both databases, so that its size follows what is waiting and not what is done."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


WAITING = "state = 'waiting'"
MOVING = "state IN ('waiting', 'sending')"
PARKED = "state = 'parked'"
ASLEEP = "state = 'asleep'"
FAILED = "state = 'failed'"
UNUSED = "state = 'stored' AND issue IS NULL"
HELPED = "helpers <> ''"
UNDO = "action = '撤销'"
WINDING = (
    "action IN ('退回', '转派', '缓办', '恢复', '不予受理', '合并', '撤回', '不满意', '重开', "
    "'认领过期', '撤销', '更正', '协办', '协办到时', '转外部', '核查', '拆分')"
)
"""What makes an issue's way more than reported, claimed, resolved and closed."""
OPEN = "state NOT IN ('closed', 'rejected', 'merged')"

# The same conditions for queries: in the very words of the partial indexes, because a bound parameter
# would keep both planners from using them.
is_waiting = text(WAITING)
is_moving = text(MOVING)
is_parked = text(PARKED)
is_asleep = text(ASLEEP)
is_failed = text(FAILED)
is_open = text(OPEN)
is_unused = text(UNUSED)
is_helped = text(HELPED)
