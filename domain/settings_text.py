"""The settings as people write them (``data/settings.ini``), read as a whole: all faults at once."""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from domain.errors import LuguanjiaError
from domain.settings import DistrictSettings, HoursRule, LadderSteps
from domain.taxonomy import Clock, Duration, SubCategory, Taxonomy

T = TypeVar("T")
_LENGTH = re.compile(r"(\d{1,4})\s*个?\s*(分钟|小时|天)")
_DAYS = re.compile(r"(\d{1,3})\s*个?\s*工作日")
_UNITS = {"分钟": "m", "小时": "h", "天": "d"}
_CLOCKS = {"工作": Clock.WORK, "自然": Clock.NATURAL}
_OFFICERS = re.compile(r"部门[::](\S*)")
_SECTIONS = ("提醒", "升级", "推送", "类别", "时段规定")


class SettingsError(LuguanjiaError):
    """The settings are wrong; ``problems`` names place and remedy of each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("设置有误,没有生效:\n" + "\n".join(f"  · {problem}" for problem in problems))
        self.problems = tuple(problems)


class _Parser(configparser.ConfigParser):
    """Names as they are written."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr.strip()


@dataclass
class _Reader:
    """Takes values one by one, remembers which were read and every problem."""

    parser: configparser.ConfigParser
    problems: list[str] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)

    def value(self, section: str, name: str, default: T, parse: Callable[[str], T], expected: str) -> T:
        self.known.add((section, name))
        text = self.parser.get(section, name, fallback=None)
        if text is None:
            return default
        try:
            return parse(text.strip())
        except ValueError:
            self.problems.append(f"[{section}] {name}:「{text}」应写成{expected}")
            return default

    def rest(self, section: str) -> list[tuple[str, str]]:
        """All rows of a section."""
        return list(self.parser.items(section)) if self.parser.has_section(section) else []

    def name_unknown(self) -> None:
        for section in self.parser.sections():
            if section not in _SECTIONS:
                self.problems.append(f"[{section}] 没有这一节,只能有:{'、'.join(_SECTIONS)}")
            elif section in {"提醒", "升级", "推送"}:
                names = (name for name, _ in self.rest(section) if (section, name) not in self.known)
                self.problems += [f"[{section}] {name}:没有这一项,请删去或改正" for name in names]


def parse_settings(text: str, taxonomy: Taxonomy) -> DistrictSettings:
    """The settings. Raises ``SettingsError`` that lists every fault. What is not written has its default."""
    reader = _Reader(_parsed(text))
    plain, normal = DistrictSettings(), LadderSteps()
    steps = LadderSteps(
        unclaimed=reader.value("提醒", "未认领", normal.unclaimed, _length, "30分钟、2小时"),
        half_over=reader.value("提醒", "过半提醒(总时限超过)", normal.half_over, _length, "4小时"),
        before=reader.value("提醒", "到期前", normal.before, _length, "15分钟"),
        late=reader.value("提醒", "超时后", normal.late, _lengths, "从短到长的 30分钟、1小时"),
        level2=reader.value("升级", "二级路长", normal.level2, _length, "30分钟"),
        supervisor=reader.value("升级", "督导", normal.supervisor, _length, "4小时"),
        level1_days=reader.value("升级", "一级路长", normal.level1_days, _days, "2个工作日"),
        group_days=reader.value("推送", "群里提及", normal.group_days, _days, "1个工作日"),
    )
    if steps.level2 > steps.supervisor:
        reader.problems.append("[升级] 督导:不能早于二级路长")
    settings = DistrictSettings(
        steps,
        reader.value("推送", "每人每天最多", plain.pushes_per_day, _count, "1到200的数字"),
        reader.value("推送", "之后每隔", plain.digest_every, _length, "2小时"),
        reader.value("推送", "每件在群里最多", plain.group_messages, _count, "1到200的数字"),
        tuple(_hours(reader, taxonomy)),
        _kinds(reader, taxonomy),
    )
    reader.name_unknown()
    if reader.problems:
        raise SettingsError(reader.problems)
    return settings


def _parsed(text: str) -> configparser.ConfigParser:
    parser = _Parser(delimiters=("=",), comment_prefixes=("#",), interpolation=None)
    try:
        parser.read_string(text.lstrip("\ufeff"))
    except configparser.DuplicateOptionError as error:
        raise SettingsError([f"第{error.lineno}行 [{error.section}] {error.option}:写了两次"]) from error
    except configparser.DuplicateSectionError as error:
        raise SettingsError([f"第{error.lineno}行 [{error.section}]:写了两次"]) from error
    except configparser.MissingSectionHeaderError as error:
        raise SettingsError([f"第{error.lineno}行:前面缺少 [提醒] 这样的节名"]) from error
    except configparser.ParsingError as error:
        lines = [f"第{number}行:应写成 名称 = 值" for number, _ in error.errors]
        raise SettingsError(lines) from error
    return parser


def _length(text: str) -> timedelta:
    match = _LENGTH.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError(text)
    unit = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "天": timedelta(days=1)}[match[2]]
    return int(match[1]) * unit


def _lengths(text: str) -> tuple[timedelta, ...]:
    found = tuple(_length(part.strip()) for part in re.split("[、,,]", text))
    if list(found) != sorted(set(found)):
        raise ValueError(text)
    return found


def _days(text: str) -> int:
    match = _DAYS.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError(text)
    return int(match[1])


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 200:
        raise ValueError(text)
    return int(text)


def _kinds(reader: _Reader, taxonomy: Taxonomy) -> Mapping[tuple[str, str], SubCategory]:
    """Rows of the taxonomy as the district changed them."""
    changed = {}
    for name, text in reader.rest("类别"):
        row = kind_called(taxonomy, name)
        if row is None:
            reader.problems.append(f"[类别] {name}:分类表里没有这一类")
            continue
        try:
            changed[row.category, row.sub] = _changed(row, text)
        except ValueError as error:
            reader.problems.append(
                f"[类别] {name}:看不懂「{error}」,应如 3小时 工作 办结须照片 部门:城管、交警"
            )
    return changed


def _changed(row: SubCategory, text: str) -> SubCategory:
    """Raises ``ValueError`` with the word that says nothing."""
    officers = _OFFICERS.search(text)
    words = _OFFICERS.sub("", text).split()
    length = _LENGTH.fullmatch(words[0]) if words else None
    clock = _CLOCKS.get(words[1]) if len(words) > 1 else None
    if length is None or clock is None or int(length[1]) == 0:
        raise ValueError(text)
    flags = {"危险", "办结须照片"}
    if unknown := [word for word in words[2:] if word not in flags]:
        raise ValueError(unknown[0])
    return replace(
        row,
        duration=Duration(int(length[1]), _UNITS[length[2]], clock),
        danger="危险" in words,
        photo_required="办结须照片" in words,
        officers=tuple(filter(None, officers[1].split("、"))) if officers else row.officers,
    )


def _hours(reader: _Reader, taxonomy: Taxonomy) -> list[HoursRule]:
    found = []
    for name, text in reader.rest("时段规定"):
        section, _, kind = name.partition(" ")
        row = kind_called(taxonomy, kind.strip())
        if row is None or not text:
            reader.problems.append(f"[时段规定] {name}:应写成 路段 类别名称 = 规定的话,类别用分类表里的名称")
        else:
            found.append(HoursRule(section, row.category, row.sub, text))
    return found


def kind_called(taxonomy: Taxonomy, name: str) -> SubCategory | None:
    """The row whose Chinese name, or whose full label, this is."""
    return next((row for row in taxonomy.rows if name in {row.sub_zh, row.label}), None)


def applied(taxonomy: Taxonomy, settings: DistrictSettings) -> Taxonomy:
    """The taxonomy as the district changed it."""
    return Taxonomy(tuple(settings.kinds.get((row.category, row.sub), row) for row in taxonomy.rows))
