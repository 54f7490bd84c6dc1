"""What one version of the roster changes in another, in the words of the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.roster.sheets import COLUMNS, texts_of
from domain.roster import Roster

IDENTITY: Mapping[str, int] = {"街道": 1, "路段": 1, "人员": 1, "责任": 3, "值班": 5, "群": 1, "商户": 3}
"""How many of a sheet's first columns say which row it is; the others are what may change."""


@dataclass(frozen=True, slots=True)
class SheetDiff:
    """The changes of one sheet, one line each."""

    sheet: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterDiff:
    """Sheets that differ, in the order of the workbook; none if the versions say the same."""

    sheets: tuple[SheetDiff, ...]

    def __bool__(self) -> bool:
        return bool(self.sheets)

    @property
    def lines(self) -> list[str]:
        """All of it, ready to print."""
        return [
            f"{sheet.sheet} {word} {text}"
            for sheet in self.sheets
            for word, texts in (("新增", sheet.added), ("修改", sheet.changed), ("删除", sheet.removed))
            for text in texts
        ]


def diff(old: Roster, new: Roster) -> RosterDiff:
    """What an import of ``new`` over ``old`` would add, change and remove. The order of rows is no change."""
    before, after = texts_of(old), texts_of(new)
    sheets = (_sheet_diff(name, before[name], after[name]) for name in COLUMNS)
    return RosterDiff(tuple(sheet for sheet in sheets if sheet.added or sheet.changed or sheet.removed))


def _sheet_diff(sheet: str, before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> SheetDiff:
    width = IDENTITY[sheet]
    old = {row[:width]: row for row in before}
    new = {row[:width]: row for row in after}
    return SheetDiff(
        sheet,
        added=tuple(_whole(sheet, row) for key, row in new.items() if key not in old),
        changed=tuple(
            f"{' '.join(key)}:{_changes(sheet, old[key], row)}"
            for key, row in new.items()
            if key in old and old[key] != row
        ),
        removed=tuple(_whole(sheet, row) for key, row in old.items() if key not in new),
    )


def _whole(sheet: str, row: tuple[str, ...]) -> str:
    width = IDENTITY[sheet]
    rest = (
        f"{column} {text}" for column, text in zip(COLUMNS[sheet][width:], row[width:], strict=True) if text
    )
    described = ",".join(rest)
    return " ".join(text for text in row[:width] if text) + (f"({described})" if described else "")


def _changes(sheet: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    return ",".join(
        f"{column} {before or '(空)'}→{after or '(空)'}"
        for column, before, after in zip(COLUMNS[sheet], old, new, strict=True)
        if before != after
    )
