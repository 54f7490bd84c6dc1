"""What happens once, or once in a while (business times)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Connection, bindparam, select, text

from domain.clock import BusinessTime
from domain.errors import StoreContention
from store.columns import Moment
from store.tables import slots

_ONCE = text("INSERT INTO slots (key, at) VALUES (:key, :now) ON CONFLICT DO NOTHING").bindparams(
    bindparam("now", type_=Moment)
)
# also when the clock was set back behind the last time
_ONCE_IN_A_WHILE = text(
    "INSERT INTO slots (key, at) VALUES (:key, :now) ON CONFLICT (key) DO UPDATE SET at = excluded.at "
    "WHERE slots.at <= :over OR slots.at > :now"
).bindparams(bindparam("now", type_=Moment), bindparam("over", type_=Moment))


class Slots:
    """The slots as one transaction sees them; those read ahead are taken by ``write``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, BusinessTime | None] = {}
        self._taken: list[dict[str, object]] = []

    def read(self, keys: Collection[str]) -> None:
        """Read slots ahead, of things that happen once in a while."""
        if keys:
            rows = self._connection.execute(select(slots).where(slots.c.key.in_(sorted(keys))))
            self._known = dict.fromkeys(keys) | {row.key: BusinessTime(row.at) for row in rows}

    def happened(self, key: str) -> bool:
        """Whether ``once`` was true for this key before."""
        self.write()
        return self._connection.execute(select(slots.c.key).where(slots.c.key == key)).first() is not None

    def once(self, key: str, now: BusinessTime, within: timedelta | None = None) -> bool:
        """True the first time, or the first time after ``within``."""
        if within is None:
            return self._connection.execute(_ONCE, {"key": key, "now": now}).rowcount == 1
        taken = {"key": key, "now": now, "over": now - within}
        if key not in self._known:
            return self._connection.execute(_ONCE_IN_A_WHILE, taken).rowcount == 1
        last = self._known[key]
        if last is not None and now - within < last <= now:
            return False
        self._known[key] = now
        self._taken.append(taken)
        return True

    def write(self) -> None:
        """Raises ``StoreContention`` if another transaction took one of them meanwhile."""
        if not self._taken:
            return
        taken, self._taken = self._taken, []
        if self._connection.execute(_ONCE_IN_A_WHILE, taken).rowcount != len(taken):
            raise StoreContention("a slot was taken meanwhile")
