"""Sums by group of issues, as SQL gives them: one row per group, one column per count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func
from sqlalchemy.sql import ColumnElement

from domain.figures import Key
from store.tables import issues

KEY = (issues.c.subdistrict, issues.c.section, issues.c.owner, issues.c.category)
"""What is grouped by, the first columns of every such statement; the order is that of ``Key``."""
Tally = tuple[Key, str, int]
"""Group, name of the count (a field of ``Counts``), and number."""


def count_if(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    """How many rows of the group fulfil a condition."""
    return func.sum(case((condition, 1), else_=0)).label(name)


def key_of(row: Row[Any]) -> Key:
    return Key(*row[: len(KEY)])


def tallied(connection: Connection, statement: Select[Any]) -> Iterator[Tally]:
    """Every number of a grouped statement that is not nought."""
    result = connection.execute(statement)
    names = list(result.keys())[len(KEY) :]
    for row in result:
        for name, value in zip(names, row[len(KEY) :], strict=True):
            if value:
                yield key_of(row), name, int(value)
