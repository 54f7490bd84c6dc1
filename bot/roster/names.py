"""The names that a roster workbook gives: every reference between its sheets is resolved here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.roster.cells import LONGEST_LIST, Row
from domain.roster import name_key

LONGEST_ID = 64
MOST_HINTS = 20
_ID = re.compile(r"(?:mp:)?[\w.@-]+")
_LIST_MARKS = re.compile(r"[、,，;；\n]")


def id_of(row: Row, column: str, *, required: bool = False) -> str:
    """An id of the platform in narrow letters; empty where there is none, or none that can be (a fault)."""
    return checked_id(row, column, row.text(column, required=required, longest=LONGEST_LIST))


def checked_id(row: Row, column: str, text: str) -> str:
    """The same for one id out of a list."""
    wanted = unicodedata.normalize("NFKC", text)
    if wanted and (not _ID.fullmatch(wanted) or len(wanted) > LONGEST_ID):
        row.fault(column, f"「{text}」不是企业微信的编号(只含字母、数字和 . _ - @,最长{LONGEST_ID}字),请改正")
        return ""
    return wanted


@dataclass(slots=True)
class Names:
    """One kind of thing by all its names. ``what`` is how faults call it, ``sheet`` where it is defined."""

    what: str
    sheet: str
    key: Callable[[str], str]
    readable: bool = True
    hints_left: int = MOST_HINTS
    known: dict[str, str] = field(default_factory=dict)
    defined_in: dict[str, int] = field(default_factory=dict)

    def define(self, row: Row, column: str, name: str, canonical: str) -> None:
        """Note a name; one that already means something else is a fault."""
        if not name:
            return
        earlier = self.known.setdefault(self.key(name), canonical)
        line = self.defined_in.setdefault(self.key(name), row.number)
        if line != row.number:
            with_ = f"和第{line}行重复" if earlier == name else f"与第{line}行的「{earlier}」冲突"
            row.fault(column, f"「{name}」{with_},{self.what}不能重复,请改名或删去一行")

    def find(self, row: Row, column: str, name: str) -> str:
        """The canonical name; of an unknown one the name itself, and a fault with the nearest that exist."""
        if not name or not self.readable:
            return name
        found = self.known.get(self.key(name))
        if found is None:
            text = f"「{name}」不在工作表「{self.sheet}」中,请改正或先在该表添加"
            row.fault(column, text + self._hint(name))
        return found or name

    def _hint(self, name: str) -> str:
        """The names most like an unknown one; only for the first few, because comparing is slow."""
        if self.hints_left == 0:
            return ""
        self.hints_left -= 1
        near = get_close_matches(self.key(name), self.known, n=2, cutoff=0.65)
        return f",是否为「{'」或「'.join(dict.fromkeys(self.known[key] for key in near))}」?" if near else ""


@dataclass(frozen=True, slots=True)
class Index:
    """All names of one workbook."""

    streets: Names
    sections: Names
    people: Names
    departments: Collection[str]


def build_index(sheets: Mapping[str, list[Row]], departments: Collection[str]) -> Index:
    """Every street, section and person by all its names; collisions are faults of their rows."""
    index = Index(
        Names("街道名称", "街道", name_key, "街道" in sheets),
        Names("路段名称和别名", "路段", name_key, "路段" in sheets),
        Names("userid 和别名", "人员", str.casefold, "人员" in sheets),
        departments,
    )
    for row in sheets.get("街道", ()):
        name = row.text("名称", required=True)
        index.streets.define(row, "名称", name, name)
    for row in sheets.get("路段", ()):
        name = row.text("路段", required=True)
        if _LIST_MARKS.search(name):
            row.fault("路段", f"「{name}」里有分隔符号,路段名不能含 、 , ;")
        index.sections.define(row, "路段", name, name)
    for row in sheets.get("人员", ()):
        userid = id_of(row, "userid", required=True)
        index.people.define(row, "userid", userid, userid)
    _define_aliases(sheets, index)
    return index


def _define_aliases(sheets: Mapping[str, list[Row]], index: Index) -> None:
    """After all proper names, so that of two colliding names it is the alias that is complained about."""
    for row in sheets.get("路段", ()):
        for alias in row.items("别名"):
            index.sections.define(row, "别名", alias, row.cells.get("路段", ""))
    for row in sheets.get("人员", ()):
        userid = unicodedata.normalize("NFKC", row.cells.get("userid", ""))
        for alias in row.items("别名userid"):
            index.people.define(row, "别名userid", checked_id(row, "别名userid", alias), userid)
