"""The roster workbook: read with all its faults at once, written so that it reads back the same."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.roster.cells import Faults
from bot.roster.check import coverage_gaps
from bot.roster.names import build_index
from bot.roster.package import open_workbook
from bot.roster.parse import parse_rows
from bot.roster.reader import read_sheets
from bot.roster.rules import check_rules, push_keys_of
from bot.roster.sheets import COLUMNS, texts_of
from domain.errors import RosterError
from domain.roster import Roster


@dataclass(frozen=True, slots=True)
class RosterFile:
    """What a workbook says. ``push_keys``: chat id → key, only those that were filled in. ``warnings``: gaps
    of coverage and what was ignored."""

    roster: Roster
    push_keys: dict[str, str]
    warnings: list[str]


def read_workbook(path: Path, departments: Collection[str], stored_keys: Collection[str] = ()) -> RosterFile:
    """Read and check a workbook. Raises ``RosterError`` that lists every fault.

    departments: of the taxonomy. stored_keys: chat ids that have a push key already, for the warnings.
    """
    workbook = open_workbook(path)
    faults = Faults()
    notes: list[str] = []
    sheets = read_sheets(workbook, faults, notes)
    parsed = parse_rows(sheets, build_index(sheets, departments))
    check_rules(parsed)
    push_keys = push_keys_of(parsed.groups)
    if faults.lines:
        raise RosterError(faults.lines)
    roster = parsed.roster()
    return RosterFile(roster, push_keys, notes + coverage_gaps(roster, {*stored_keys, *push_keys}))


def write_workbook(roster: Roster, path: Path) -> None:
    """Write a roster, without push keys. Every cell is text, also for Excel: nothing becomes a formula, and
    typing ``1-12`` into the file later does not become a date."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in texts_of(roster).items():
        sheet = workbook.create_sheet(name)
        for number, texts in enumerate((COLUMNS[name], *rows), 1):
            for position, text in enumerate(texts, 1):
                cell = sheet.cell(number, position)
                cell.number_format = "@"
                if text:
                    cell.value = _storable(text)
                    cell.data_type = "s"
                    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
        for position, column in enumerate(COLUMNS[name], 1):
            sheet.cell(1, position).font = Font(bold=True)
            dimension = sheet.column_dimensions[get_column_letter(position)]
            dimension.width, dimension.number_format = 8 + 2 * len(column), "@"
        sheet.freeze_panes = "A2"
    content = io.BytesIO()
    workbook.save(content)
    path.write_bytes(content.getvalue())


def _storable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "ignore").decode("utf-8")
