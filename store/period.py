"""A span of business time over which things are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime


@dataclass(frozen=True, slots=True)
class Period:
    """From just after ``since`` up to and including ``until``."""

    since: BusinessTime
    until: BusinessTime

    def holds(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return (column > self.since) & (column <= self.until)

    def covers(self, at: BusinessTime) -> bool:
        return self.since < at <= self.until
