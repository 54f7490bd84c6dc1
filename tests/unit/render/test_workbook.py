"""A table as an Excel file: what people wrote stays text, whatever it looks like."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from render import workbook
from render.workbook import write_table


def cells(path: Path, sheet: str = "案件") -> list[tuple[object, ...]]:
    book = load_workbook(path)
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


def test_values_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_table(path, "案件", ("编号", "描述", "门牌"), [(1, "电动车堵门", 28), (2, "", None)]) == 2
    assert cells(path) == [("编号", "描述", "门牌"), (1, "电动车堵门", 28), (2, None, None)]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+86 1",
        "-2",
        "@SUM(A1)",
        "#N/A",
        "#REF!",
        "\t=1",
        "=",
        "-",
        "#12 号",
    ],
)
def test_nothing_becomes_a_formula_or_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xlsx"
    write_table(path, "案件", ("描述",), [(text,)])
    cell = load_workbook(path)["案件"]["A2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.value == text
    assert cell.quotePrefix
    assert "<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()


def test_what_excel_cannot_hold_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_table(path, "案件", ("描述",), [("a\x00\x0bb\ud800c\uffff",), ("路" * 40_000,)])
    assert [len(str(row[0])) for row in cells(path)[1:]] == [3, 32_767]


def test_what_one_sheet_does_not_hold_goes_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    path = tmp_path / "a.xlsx"
    assert write_table(path, "案件", ("编号",), [(number,) for number in range(5)]) == 5
    assert [cells(path, name) for name in ("案件", "案件2", "案件3")] == [
        [("编号",), (0,), (1,)],
        [("编号",), (2,), (3,)],
        [("编号",), (4,)],
    ]
