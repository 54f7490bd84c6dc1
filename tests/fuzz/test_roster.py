"""Whatever stands in a workbook, or is no workbook: a list of faults or a roster, at once."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.exceptions import IllegalCharacterError

from bot.roster.workbook import read_workbook
from domain.errors import RosterError
from domain.taxonomy import parse_taxonomy
from tests.fuzz.harness import no_hang, said, walk

DATA = Path(__file__).parents[2] / "data"
SAMPLE = (DATA / "roster_sample.xlsx").read_bytes()
DEPARTMENTS = parse_taxonomy((DATA / "taxonomy.csv").read_text("utf-8")).departments
SHEETS = ("街道", "路段", "人员", "责任", "群", "商户", "值班")
VALUES = (
    "单号",
    "双号",
    "1-75",
    "75-1",
    "1-75、单号",
    "三级",
    "路长",
    "督导",
    "益民路",
    "=A1",
    "#N/A",
    "0-0",
    "1-999999999",
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("roster") / "名册.xlsx"


def cells() -> st.SearchStrategy[Any]:
    return st.one_of(
        st.sampled_from(VALUES),
        said(),
        st.none(),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.datetimes(),
        st.times(),
    )


@walk(0.003)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(SHEETS), st.integers(1, 12), st.integers(1, 9), cells()), max_size=8
    )
)
def test_any_cell_may_hold_anything(file: Path, changes: list[tuple[str, int, int, Any]]) -> None:
    book = load_workbook(io.BytesIO(SAMPLE))
    for sheet, row, column, value in changes:
        try:
            book[sheet].cell(row, column).value = value
        except (IllegalCharacterError, KeyError, ValueError):  # Excel could not hold it either
            continue
    book.save(file)
    _read(file)


@walk(0.003)
@given(
    noise=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), max_size=30), length=st.floats(0, 1)
)
def test_any_bytes_may_be_called_a_workbook(
    file: Path, noise: list[tuple[float, int]], length: float
) -> None:
    spoilt = bytearray(SAMPLE)
    for place, byte in noise:
        spoilt[int(place * len(spoilt))] = byte
    file.write_bytes(spoilt if length > 0.5 else spoilt[: int(2 * length * len(spoilt))])
    _read(file)


def _read(file: Path) -> None:
    with no_hang(), suppress(RosterError):
        assert read_workbook(file, DEPARTMENTS).roster.sections
