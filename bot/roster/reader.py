"""Reads the sheets of a roster workbook, which anybody may have made, as rows of clean text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from bot.roster.cells import Faults, Row, cell_text, clean
from bot.roster.sheets import COLUMNS, OPTIONAL, kind_of
from domain.roster import name_key

MOST_ROWS = 50_000
MOST_COLUMNS = 60
HEADER_WITHIN = 5


def read_sheets(workbook: Workbook, faults: Faults, notes: list[str]) -> dict[str, list[Row]]:
    """All rows by sheet; a sheet that cannot be read as a table is left out. Faults say why, ``notes`` name
    what was ignored."""
    found: dict[str, Worksheet] = {}
    for sheet in workbook.worksheets:
        name = next((name for name in COLUMNS if name_key(name) == name_key(sheet.title)), None)
        if name is None:
            notes.append(f"工作表「{sheet.title}」不认识,已忽略")
        elif name in found:
            faults.add(name, 0, "有两张同名的工作表,请只留一张")
        else:
            found[name] = sheet
    for name in COLUMNS:
        if name not in found and name not in OPTIONAL:
            faults.add(name, 0, f"缺少这张工作表,请补上(表头:{'、'.join(COLUMNS[name])};可以没有内容)")
    tables = {name: _rows(name, sheet, faults, notes) for name, sheet in found.items()}
    return {name: rows for name, rows in tables.items() if rows is not None}


def _rows(name: str, sheet: Worksheet, faults: Faults, notes: list[str]) -> list[Row] | None:
    header = _header(name, sheet, faults, notes)
    if header is None:
        return None
    top, columns = header
    for merged in sheet.merged_cells.ranges:
        if merged.max_row >= top:
            text = f"{merged.coord}:合并的单元格只有一格有内容,请取消合并,逐行填写"
            faults.add(name, merged.min_row, text)
    if sheet.max_row > MOST_ROWS:
        faults.add(name, sheet.max_row, f"超过 {MOST_ROWS} 行,请删除表格下方多余的行(含格式)")
        return None
    rows = sheet.iter_rows(min_row=top + 1, max_col=max(columns))
    read = (_row(name, number, columns, cells, faults) for number, cells in enumerate(rows, top + 1))
    return [row for row in read if row.bad or any(row.cells.values())]


def _header(
    name: str, sheet: Worksheet, faults: Faults, notes: list[str]
) -> tuple[int, dict[int, str]] | None:
    """Row number of the header and column name by position; None if it is not usable.

    Looked for in the first rows, because people put a title above it.
    """
    best: dict[int, str] = {}
    top = 1
    width = min(sheet.max_column, MOST_COLUMNS)
    for number, values in enumerate(
        sheet.iter_rows(max_row=HEADER_WITHIN, max_col=width, values_only=True), 1
    ):
        found = {i: clean(str(value)) for i, value in enumerate(values, 1) if value is not None}
        if len(_known(name, found)) > len(_known(name, best)):
            best, top = found, number
    known = _known(name, best)
    missing = [column for column in COLUMNS[name] if column not in known.values()]
    if missing:
        ours = "、".join(COLUMNS[name])
        faults.add(name, 0, f"缺少列「{'」「'.join(missing)}」,请补上(可留空);表头应为 {ours}")
        return None
    twice = sorted({column for column in known.values() if list(known.values()).count(column) > 1})
    if twice:
        faults.add(name, top, f"列「{'」「'.join(twice)}」出现了两次,请删去一列")
        return None
    notes.extend(
        f"「{name}」的列「{text}」不认识,已忽略" for i, text in best.items() if i not in known and text
    )
    return top, known


def _known(name: str, header: Mapping[int, str]) -> dict[int, str]:
    ours = {name_key(column): column for column in COLUMNS[name]}
    return {i: ours[name_key(text)] for i, text in header.items() if name_key(text) in ours}


def _row(
    name: str, number: int, columns: Mapping[int, str], cells: Sequence[Cell | MergedCell], faults: Faults
) -> Row:
    texts: dict[str, str] = {}
    row = Row(name, number, texts, faults)
    for position, column in columns.items():
        cell = cells[position - 1]
        if cell.data_type == "f":
            row.fault(column, "是公式,请复制后用「选择性粘贴→数值」填回")
        elif cell.data_type == "e":
            row.fault(column, f"是错误值 {cell.value},请改填正确内容")
        else:
            try:
                texts[column] = cell_text(cell.value, kind_of(name, column))
            except ValueError as error:
                row.fault(column, str(error))
    return row
