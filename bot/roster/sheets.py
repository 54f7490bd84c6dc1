"""The layout of the roster workbook: sheets, columns, and every row of a roster as the texts of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from domain.roster import LEVELS, Duty, Group, Person, Roster, Section, Shift, Shop

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "街道": ("名称", "所属区"),
    "路段": ("路段", "街道", "别名", "起点", "终点", "门牌", "地标"),
    "人员": ("userid", "姓名", "角色", "级别", "单位", "别名userid", "备岗userid"),
    "责任": ("路段", "级别", "userid", "门牌"),
    "值班": ("日期", "起", "止", "街道", "userid"),
    "群": ("chat_id", "名称", "类型", "路段", "街道", "推送key"),
    "商户": ("店名", "路段", "门牌", "userid", "简称"),
}
"""Sheet → columns, in the order of the sample."""

OPTIONAL = frozenset({"值班"})
LEVEL_NUMBERS = {name: level for level, name in LEVELS.items()}


class CellKind(Enum):
    """What a cell of a column may hold beside text."""

    TEXT = "文字"
    DATE = "日期"
    TIME = "时间"


def kind_of(sheet: str, column: str) -> CellKind:
    """The kind of a column; all are text but the shifts' date and times."""
    if sheet != "值班":
        return CellKind.TEXT
    return {"日期": CellKind.DATE, "起": CellKind.TIME, "止": CellKind.TIME}.get(column, CellKind.TEXT)


def texts_of(roster: Roster) -> dict[str, list[tuple[str, ...]]]:
    """Every sheet with the texts of its rows, as an export writes them; the push key is always empty."""
    return {
        "街道": [(row.name, row.district) for row in roster.subdistricts],
        "路段": [_section(row) for row in roster.sections],
        "人员": [_person(row) for row in roster.people],
        "责任": [_duty(row) for row in roster.duties],
        "值班": [_shift(row) for row in roster.shifts],
        "群": [_group(row) for row in roster.groups],
        "商户": [_shop(row) for row in roster.shops],
    }


def joined(items: Sequence[str]) -> str:
    """A list inside a cell."""
    return "、".join(items)


def _section(row: Section) -> tuple[str, ...]:
    numbers = str(row.house_numbers)
    return (
        row.name, row.subdistrict, joined(row.aliases), row.start, row.end, numbers, joined(row.landmarks),
    )  # fmt: skip


def _person(row: Person) -> tuple[str, ...]:
    level = LEVELS[row.level] if row.level else ""
    return row.userid, row.name, row.role, level, row.unit, joined(row.aliases), row.substitute or ""


def _duty(row: Duty) -> tuple[str, ...]:
    return row.section, LEVELS[row.level], row.userid, str(row.house_numbers)


def _shift(row: Shift) -> tuple[str, ...]:
    start, end = (moment.isoformat(timespec="minutes") for moment in (row.start, row.end))
    return row.day.isoformat(), start, end, row.subdistrict, row.userid


def _group(row: Group) -> tuple[str, ...]:
    return row.chat_id, row.name, row.kind, joined(row.sections), row.subdistrict, ""


def _shop(row: Shop) -> tuple[str, ...]:
    number = "" if row.house_number is None else str(row.house_number)
    return row.name, row.section, row.door or number, row.userid, row.short_name
