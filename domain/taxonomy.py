"""Categories of street problems and what follows from each: deadline, danger, proof, departments.

Source: ``data/taxonomy.csv``, which a district may edit; its faults are listed all at once.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from io import StringIO

from domain.errors import LuguanjiaError

COLUMNS = (
    "category", "category_zh", "sub", "sub_zh", "kind", "code", "deadline", "clock", "danger", "proof",
    "officers",
)  # fmt: skip
CAUSE = "cause"
"""A column that may be absent: ``shop`` where a shop named in the report causes the problem itself."""
FALLBACK = ("other_street", "other")
"""What a problem is when nothing is known about it; this row must exist."""


class TaxonomyError(LuguanjiaError):
    """The category table is wrong; ``problems`` names line, column and remedy of each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("分类表有误:\n" + "\n".join(f"  · {problem}" for problem in problems))
        self.problems = tuple(problems)


class Clock(StrEnum):
    """Which hours count: ``work`` only working hours of working days, ``natural`` round the clock."""

    WORK = "work"
    NATURAL = "natural"


@dataclass(frozen=True, slots=True)
class Duration:
    """A span on one of the two clocks; on the working clock one ``d`` is one working day."""

    amount: int
    unit: str
    clock: Clock

    @classmethod
    def parse(cls, text: str, clock: Clock) -> Duration:
        """From ``30m``, ``2h`` or ``1d``. Raises ValueError for anything else, zero included."""
        match = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", text, re.ASCII)
        if match is None:
            raise ValueError(f"「{text}」不是时长")
        return cls(int(match[1]), match[2], clock)

    @property
    def text(self) -> str:
        """As people say it: ``2个工作小时``, ``1天``."""
        work = self.clock is Clock.WORK
        unit = {
            "m": "个工作分钟" if work else "分钟",
            "h": "个工作小时" if work else "小时",
            "d": "个工作日" if work else "天",
        }
        return f"{self.amount}{unit[self.unit]}"

    @property
    def rank(self) -> tuple[int, bool]:
        """Orders durations by what usually ends first; for comparison only, not for arithmetic."""
        return self.amount * {"m": 1, "h": 60, "d": 1440}[self.unit], self.clock is Clock.WORK


@dataclass(frozen=True, slots=True)
class SubCategory:
    """One row: a kind of problem. ``sub`` and ``sub_zh`` are empty where only the category is known."""

    category: str
    category_zh: str
    sub: str
    sub_zh: str
    duration: Duration
    kind: str = "事件"
    code: str = ""
    danger: bool = False
    photo_required: bool = False
    officers: tuple[str, ...] = ()
    caused_by_shop: bool = False

    @property
    def label(self) -> str:
        """``停车秩序·非机动车乱停放``, or the category alone."""
        return f"{self.category_zh}·{self.sub_zh}" if self.sub_zh else self.category_zh


@dataclass(frozen=True)
class Taxonomy:
    """All rows in the order of the file."""

    rows: tuple[SubCategory, ...]

    @cached_property
    def _by_codes(self) -> Mapping[tuple[str, str], SubCategory]:
        return {(row.category, row.sub): row for row in self.rows}

    @cached_property
    def _by_category(self) -> Mapping[str, SubCategory]:
        return {code: _category_alone(self.subs(code)) for code in self.categories}

    @cached_property
    def categories(self) -> Mapping[str, str]:
        """Code → Chinese name, in the order of the file."""
        return {row.category: row.category_zh for row in self.rows}

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """Every department that any row names, in order of first mention."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.officers))

    def subs(self, category: str) -> tuple[SubCategory, ...]:
        """All rows of one category; empty for an unknown one."""
        return tuple(row for row in self.rows if row.category == category)

    def knows(self, category: str, sub: str) -> bool:
        """Whether exactly this row exists."""
        return (category, sub) in self._by_codes

    def sub(self, category: str, sub: str) -> SubCategory:
        """The row; of an unknown sub its category alone; of an unknown category ``FALLBACK``."""
        found = self._by_codes.get((category, sub)) or self._by_category.get(category)
        return found or self._by_codes[FALLBACK]

    def label(self, category: str, sub: str) -> str:
        """The name people see, by the same rule as ``sub``."""
        return self.sub(category, sub).label


def _category_alone(rows: Sequence[SubCategory]) -> SubCategory:
    """What is true of a problem of which only the category is known.

    The shortest ordinary deadline: late for nobody. Not those of dangers, which nobody asserted; a photo
    only where every row asks for one; no department, because none is certain.
    """
    ordinary = [row for row in rows if not row.danger] or list(rows)
    shortest = min((row.duration for row in ordinary), key=lambda duration: duration.rank)
    return SubCategory(
        rows[0].category,
        rows[0].category_zh,
        sub="",
        sub_zh="",
        duration=shortest,
        photo_required=all(row.photo_required for row in rows),
    )


def parse_taxonomy(text: str) -> Taxonomy:
    """The table from its CSV text. Raises ``TaxonomyError`` that lists every fault."""
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise TaxonomyError([f"缺少列 {'、'.join(missing)},请按原表头补上"])
    problems: list[str] = []
    rows: dict[tuple[str, str], SubCategory] = {}
    names: dict[str, str] = {}
    for cells in reader:
        row = _parse_row(cells, reader.line_num, problems)
        if row is None:
            continue
        if (row.category, row.sub) in rows:
            problems.append(f"第{reader.line_num}行 sub:「{row.category}/{row.sub}」重复,请删去一行")
        if names.setdefault(row.category, row.category_zh) != row.category_zh:
            problems.append(f"第{reader.line_num}行 category_zh:同一类的名称应为「{names[row.category]}」")
        rows[row.category, row.sub] = row
    if not problems and FALLBACK not in rows:
        problems.append(f"缺少兜底的一行 {'/'.join(FALLBACK)},请补上")
    if problems:
        raise TaxonomyError(problems)
    return Taxonomy(tuple(rows.values()))


def _parse_row(cells: Mapping[str, str | None], line: int, problems: list[str]) -> SubCategory | None:
    """One row, or None if it is blank or has faults, which are then noted."""
    row = {name: (cells.get(name) or "").strip() for name in (*COLUMNS, CAUSE)}
    if not any(row.values()):
        return None
    before = len(problems)
    required = ("category", "category_zh", "sub", "sub_zh")
    problems.extend(f"第{line}行 {name}:不能为空" for name in required if not row[name])
    if row["clock"] not in set(Clock):
        problems.append(f"第{line}行 clock:「{row['clock']}」应为 work 或 natural")
    for name, allowed in (("danger", "yes"), ("proof", "photo"), (CAUSE, "shop")):
        if row[name] not in {"", allowed}:
            problems.append(f"第{line}行 {name}:「{row[name]}」应为 {allowed} 或留空")
    try:
        duration = Duration.parse(row["deadline"], Clock.WORK)
    except ValueError:
        problems.append(f"第{line}行 deadline:「{row['deadline']}」应如 30m、2h、1d")
    if len(problems) > before:
        return None
    return SubCategory(
        row["category"],
        row["category_zh"],
        row["sub"],
        row["sub_zh"],
        Duration(duration.amount, duration.unit, Clock(row["clock"])),
        row["kind"],
        row["code"],
        danger=bool(row["danger"]),
        photo_required=bool(row["proof"]),
        officers=tuple(part.strip() for part in row["officers"].split("|") if part.strip()),
        caused_by_shop=bool(row[CAUSE]),
    )
