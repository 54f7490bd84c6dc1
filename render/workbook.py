"""Tables as Excel files: written row by row in bounded memory; what people wrote is text there, never a
formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Value = str | int | float | None
MOST_ROWS = 1_000_000
"""Rows of one sheet; Excel takes 1,048,576."""
LONGEST = 32_767
"""Characters Excel takes in a cell."""
WIDEST = 60
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAKEN_FOR_MORE = re.compile(r"[=+\-@#\t\r]")
"""How text begins that Excel, or a program that reads it on, might take for a formula or an error."""


def write_table(path: Path, title: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write the file and return how many rows it holds. Beyond ``MOST_ROWS`` further sheets follow."""
    book = Workbook(write_only=True)
    sheet = _sheet(book, title, columns)
    written = 0
    for row in rows:
        if written and written % MOST_ROWS == 0:
            sheet = _sheet(book, f"{title}{written // MOST_ROWS + 1}", columns)
        sheet.append([_safe(sheet, value) if isinstance(value, str) else value for value in row])
        written += 1
    book.save(path)
    return written


def _sheet(book: Workbook, title: str, columns: Sequence[str]) -> WriteOnlyWorksheet:
    sheet: WriteOnlyWorksheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for index, name in enumerate(columns):
        width = max(10, min(WIDEST, 2 * len(name) + 6))
        sheet.column_dimensions[_letter(index)].width = width  # type: ignore[attr-defined]
    sheet.append([_bold(sheet, name) for name in columns])
    return sheet


def _letter(index: int) -> str:
    first, second = divmod(index, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def _bold(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _safe(sheet: WriteOnlyWorksheet, text: str) -> str | Cell:
    """Plain text stays itself, which is fast; what could be more is marked as text."""
    clean = _ILLEGAL.sub("", text)[:LONGEST] if not text.isprintable() or len(text) > LONGEST else text
    if not clean or _TAKEN_FOR_MORE.match(clean) is None:
        return clean
    cell: Cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
