"""From rows of clean text to the values of the roster; whatever does not fit becomes a fault of its row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from bot.roster.cells import Row
from bot.roster.names import Index, Names, checked_id, id_of
from bot.roster.values import choice_of, day_of, house_numbers_of, level_of, moment_of
from domain.roster import (
    Duty,
    Group,
    GroupKind,
    Person,
    Role,
    Roster,
    Section,
    Shift,
    Shop,
    Subdistrict,
    name_key,
)

Value = TypeVar("Value")
Pairs: TypeAlias = list[tuple[Row, Value]]

_FIRST_NUMBER = re.compile(r"(\d{1,5})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ParsedRows:
    """Every value with its row, so that later checks can say where. Patchy if there were faults."""

    subdistricts: Pairs[Subdistrict]
    sections: Pairs[Section]
    people: Pairs[Person]
    duties: Pairs[Duty]
    groups: Pairs[Group]
    shops: Pairs[Shop]
    shifts: Pairs[Shift]

    def roster(self) -> Roster:
        """The roster of these rows. A street group that names no subdistrict has that of its section."""
        home = {section.name: section.subdistrict for _, section in self.sections}
        groups = (
            group
            if group.subdistrict or not group.sections
            else replace(group, subdistrict=home.get(group.sections[0], ""))
            for group in values(self.groups)
        )
        return Roster(
            values(self.subdistricts),
            values(self.sections),
            values(self.people),
            values(self.duties),
            tuple(groups),
            values(self.shops),
            values(self.shifts),
        )


def values(pairs: Pairs[Value]) -> tuple[Value, ...]:
    return tuple(value for _, value in pairs)


def parse_rows(sheets: Mapping[str, list[Row]], index: Index) -> ParsedRows:
    """Every row that could be understood; faults are noted at the others."""

    def all_of(sheet: str, parse: Callable[[Row, Index], Value | None]) -> Pairs[Value]:
        parsed = ((row, parse(row, index)) for row in sheets.get(sheet, ()))
        return [(row, value) for row, value in parsed if value is not None]

    return ParsedRows(
        subdistricts=all_of("街道", _subdistrict),
        sections=all_of("路段", _section),
        people=all_of("人员", _person),
        duties=all_of("责任", _duty),
        groups=all_of("群", _group),
        shops=all_of("商户", _shop),
        shifts=all_of("值班", _shift),
    )


def _subdistrict(row: Row, index: Index) -> Subdistrict:  # noqa: ARG001  one shape for all rows
    return Subdistrict(row.text("名称"), row.text("所属区"))


def _section(row: Row, index: Index) -> Section:
    name = row.text("路段")
    return Section(
        name,
        index.streets.find(row, "街道", row.text("街道", required=True)),
        tuple(alias for alias in row.items("别名") if name_key(alias) != name_key(name)),
        row.text("起点"),
        row.text("终点"),
        house_numbers_of(row),
        row.items("地标"),
    )


def _person(row: Row, index: Index) -> Person | None:
    role = choice_of(row, "角色", Role)
    userid = unicodedata.normalize("NFKC", row.cells.get("userid", ""))
    level = level_of(row, required=role is Role.CHIEF) if role in {Role.CHIEF, None} else None
    unit = row.text("单位")
    if role is Role.SUPERVISOR or level in {1, 2}:
        unit = index.streets.find(row, "单位", row.text("单位", required=True))
    elif role is Role.OFFICER and unit not in index.departments:
        row.fault("单位", f"「{unit}」不是部门,九员的单位请填 {'、'.join(index.departments)} 之一")
    if role is None:
        return None
    aliases = (checked_id(row, "别名userid", alias) for alias in row.items("别名userid"))
    return Person(
        userid,
        row.text("姓名", required=True),
        role,
        level,
        unit,
        tuple(alias for alias in aliases if alias.casefold() != userid.casefold()),
        _substitute(row, index),
    )


def _substitute(row: Row, index: Index) -> str | None:
    if len(row.items("备岗userid")) > 1:
        row.fault("备岗userid", "只能填一个人;备岗的备岗请填在他自己那一行")
        return None
    return _person_ref(row, index.people, "备岗userid") or None


def _duty(row: Row, index: Index) -> Duty | None:
    section = index.sections.find(row, "路段", row.text("路段", required=True))
    userid = _person_ref(row, index.people, "userid", required=True)
    level = level_of(row, required=True)
    return None if level is None else Duty(section, level, userid, house_numbers_of(row))


def _group(row: Row, index: Index) -> Group | None:
    chat_id = id_of(row, "chat_id", required=True)
    name = row.text("名称", required=True)
    kind = choice_of(row, "类型", GroupKind)
    sections = tuple(index.sections.find(row, "路段", item) for item in row.items("路段"))
    needed = kind is GroupKind.SUPERVISOR
    subdistrict = index.streets.find(row, "街道", row.text("街道", required=needed))
    return None if kind is None else Group(chat_id, name, kind, tuple(dict.fromkeys(sections)), subdistrict)


def _shop(row: Row, index: Index) -> Shop:
    door = row.text("门牌")
    first = _FIRST_NUMBER.match(unicodedata.normalize("NFKC", door))
    number = int(first[1]) or None if first else None
    plain = number is not None and door.removesuffix("号").strip() == str(number)
    return Shop(
        row.text("店名", required=True),
        index.sections.find(row, "路段", row.text("路段", required=True)),
        number,
        id_of(row, "userid"),
        row.text("简称"),
        "" if plain else door,
    )


def _shift(row: Row, index: Index) -> Shift | None:
    day, start, end = day_of(row), moment_of(row, "起"), moment_of(row, "止")
    subdistrict = index.streets.find(row, "街道", row.text("街道", required=True))
    userid = _person_ref(row, index.people, "userid", required=True)
    if day is None or start is None or end is None:
        return None
    return Shift(day, start, end, subdistrict, userid)


def _person_ref(row: Row, people: Names, column: str, *, required: bool = False) -> str:
    """The userid of a person of the roster, whichever of his ids was written."""
    return people.find(row, column, id_of(row, column, required=required))
