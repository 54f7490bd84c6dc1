"""The rows of the roster as values: places, people, who is responsible for what.

Streets and sections are referred to by name, people by userid. Everything here was checked when the
workbook was read: every reference resolves, ids and names are unique.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.house_numbers import EVERY_NUMBER, HouseNumbers

LEVELS = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


class Role(StrEnum):
    """What a person is; the value is what the workbook and people say."""

    CHIEF = "路长"
    SUPERVISOR = "督导"
    OFFICER = "九员"
    ADMINISTRATOR = "管理员"
    MERCHANT = "商户"


class GroupKind(StrEnum):
    """What a group chat is for."""

    STREET = "路段群"
    SUPERVISOR = "督导群"


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """街道, and the district it belongs to."""

    name: str
    district: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """路段: a stretch of one street, from ``start`` to ``end`` (crossings)."""

    name: str
    subdistrict: str
    aliases: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    house_numbers: HouseNumbers = EVERY_NUMBER
    landmarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """``level`` is set for chiefs only (1–4). ``unit``: a subdistrict for supervisors and chiefs of level
    1–2, a department of the taxonomy for officers. ``aliases``: other ids of the same person; ``bound``:
    those of them that were bound in chat and that no workbook holds yet."""

    userid: str
    name: str
    role: Role
    level: int | None = None
    unit: str = ""
    aliases: tuple[str, ...] = ()
    substitute: str | None = None
    bound: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How others see him: an officer with his department (``交警 张三``), everyone else by name."""
        return f"{self.unit} {self.name}" if self.role is Role.OFFICER and self.unit else self.name


@dataclass(frozen=True, slots=True)
class Duty:
    """责任: this person is chief of this level for the section, or for some of its house numbers."""

    section: str
    level: int
    userid: str
    house_numbers: HouseNumbers = EVERY_NUMBER


@dataclass(frozen=True, slots=True)
class Group:
    """群. ``sections`` are those a street group covers; ``subdistrict`` may be empty for a street group.
    ``bound``: it was registered in chat, and no workbook holds it yet."""

    chat_id: str
    name: str
    kind: GroupKind
    sections: tuple[str, ...] = ()
    subdistrict: str = ""
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """商户. ``house_number`` is what owners are found by; ``door`` is the address as written where it says
    more than that number (``28号附2``). ``userid`` is empty until it is bound. ``bound``: what of it was
    said in chat and no workbook holds yet: nothing, its ``userid``, or the whole ``row``."""

    name: str
    section: str
    house_number: int | None = None
    userid: str = ""
    short_name: str = ""
    door: str = ""
    bound: str = ""

    @property
    def address(self) -> str:
        """``益民路28号``, or as much of it as is known."""
        number = "" if self.house_number is None else f"{self.house_number}号"
        return f"{self.section}{self.door or number}"


@dataclass(frozen=True, slots=True)
class Shift:
    """值班: local date and times; an end not after the start is on the next day."""

    day: date
    start: time
    end: time
    subdistrict: str
    userid: str

    def covers(self, wall_clock: datetime) -> bool:
        """Whether the shift runs at this local time (naive)."""
        begin = datetime.combine(self.day, self.start)
        finish = datetime.combine(self.day, self.end)
        return begin <= wall_clock < (finish if finish > begin else finish + timedelta(days=1))


def name_key(name: str) -> str:
    """What two spellings of the same name have in common: width, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
