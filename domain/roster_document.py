"""The rows of the roster as JSON text and back; every stored version is such a document.

A field that an older document lacks gets its default, one that it has and we no longer know is ignored:
a version from any time can be restored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, time
from enum import Enum
from typing import Any

from domain.house_numbers import HouseNumbers
from domain.roster_directory import Directory
from domain.roster_rows import Duty, Group, GroupKind, Person, Role, Section, Shift, Shop, Subdistrict

_TYPES: Mapping[str, type[Any]] = {
    "subdistricts": Subdistrict,
    "sections": Section,
    "people": Person,
    "duties": Duty,
    "groups": Group,
    "shops": Shop,
    "shifts": Shift,
}
_READ: Mapping[type[Any], Mapping[str, Callable[[Any], Any]]] = {
    Section: {"aliases": tuple, "landmarks": tuple, "house_numbers": HouseNumbers.parse},
    Person: {"role": Role, "aliases": tuple, "bound": tuple},
    Duty: {"house_numbers": HouseNumbers.parse},
    Group: {"kind": GroupKind, "sections": tuple},
    Shift: {"day": date.fromisoformat, "start": time.fromisoformat, "end": time.fromisoformat},
}


def write_document(directory: Directory) -> str:
    """All rows as compact JSON."""
    document = {name: [_plain(row) for row in getattr(directory, name)] for name in _TYPES}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def read_document(document: str) -> dict[str, tuple[Any, ...]]:
    """The rows by the field of ``Directory`` they belong to; only ever given our own stored documents."""
    raw: dict[str, list[dict[str, Any]]] = json.loads(document)
    return {
        name: tuple(_row(row_type, cells) for cells in raw.get(name, ())) for name, row_type in _TYPES.items()
    }


def _plain(row: object) -> dict[str, Any]:
    """One row as JSON values. Fields with their default are left out: most of them are empty."""
    return {
        field.name: _plain_value(getattr(row, field.name))
        for field in fields(row)  # type: ignore[arg-type]  # every row is a dataclass
        if getattr(row, field.name) != field.default
    }


def _plain_value(value: object) -> object:
    if isinstance(value, HouseNumbers):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _row(row_type: type[Any], cells: Mapping[str, Any]) -> object:
    readers = _READ.get(row_type, {})
    known = {field.name for field in fields(row_type)}
    return row_type(
        **{
            name: readers[name](value) if name in readers else value
            for name, value in cells.items()
            if name in known
        }
    )
