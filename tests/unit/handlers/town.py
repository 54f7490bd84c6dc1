"""A small town, written out by hand: who owns what, who stands above, who writes where.

益民路 has a chief, his substitute and a supervisor's group; 大同路 and 钱塘路 share a group; on 二马路 two
level-4 chiefs own the odd and the even side.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.clock import BusinessTime
from domain.house_numbers import HouseNumbers, Parity
from domain.office import Office
from domain.roster import (
    Duty,
    Group,
    GroupKind,
    Person,
    Role,
    Roster,
    Section,
    Shop,
    Subdistrict,
)
from domain.rules import Rules
from domain.taxonomy import Taxonomy, parse_taxonomy
from domain.working_time import WorkingTime
from workers.holidays import load_holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROOT = Path(__file__).resolve().parents[3]
JIEFANG, YIMALU, MINGGONG = "解放路街道", "一马路街道", "铭功路街道"

PEOPLE = (
    Person("li", "李路", Role.CHIEF, 3, JIEFANG, aliases=("woLi",), substitute="bei"),
    Person("bei", "备岗", Role.CHIEF, 3, JIEFANG),
    Person("wang", "王二", Role.CHIEF, 2, JIEFANG),
    Person("zhao", "赵一", Role.CHIEF, 1, JIEFANG),
    Person("sun", "孙督", Role.SUPERVISOR, unit=JIEFANG),
    Person("qian", "钱大", Role.CHIEF, 3, YIMALU),
    Person("tang", "唐钱", Role.CHIEF, 3, YIMALU),
    Person("zhou", "周督", Role.SUPERVISOR, unit=YIMALU),
    Person("feng", "冯三", Role.CHIEF, 3, MINGGONG),
    Person("dan", "单四", Role.CHIEF, 4, MINGGONG),
    Person("shuang", "双四", Role.CHIEF, 4, MINGGONG),
    Person("zhang", "张三", Role.OFFICER, unit="交警"),
    Person("guan", "管理", Role.ADMINISTRATOR),
)
ROSTER = Roster(
    (Subdistrict(JIEFANG), Subdistrict(YIMALU), Subdistrict(MINGGONG)),
    (
        Section("益民路", JIEFANG, aliases=("益民街",), landmarks=("民主路口",)),
        Section("大同路", YIMALU),
        Section("钱塘路", YIMALU, landmarks=("服装城",)),
        Section("二马路", MINGGONG),
    ),
    PEOPLE,
    (
        Duty("益民路", 1, "zhao"),
        Duty("益民路", 2, "wang"),
        Duty("益民路", 3, "li"),
        Duty("大同路", 3, "qian"),
        Duty("钱塘路", 3, "tang"),
        Duty("二马路", 3, "feng"),
        Duty("二马路", 4, "dan", HouseNumbers(parity=Parity.ODD)),
        Duty("二马路", 4, "shuang", HouseNumbers(parity=Parity.EVEN)),
    ),
    (
        Group("g-yimin", "益民路商户群", GroupKind.STREET, ("益民路",), JIEFANG),
        Group("g-area", "一马路片区群", GroupKind.STREET, ("大同路", "钱塘路"), YIMALU),
        Group("g-erma", "二马路商户群", GroupKind.STREET, ("二马路",), MINGGONG),
        Group("g-sup", "解放路督导群", GroupKind.SUPERVISOR, (), JIEFANG),
    ),
    (
        Shop("益民五金店", "益民路", 28, "wujin", "五金店"),
        Shop("益民烩面馆", "益民路", 12, "huimian", "烩面馆"),
        Shop("大同便利店", "大同路", 56, "bianli", "便利店"),
        Shop("二马茶馆", "二马路", 7, "chaguan", "茶馆"),
    ),
)


def moment(text: str) -> BusinessTime:
    """``11-23 10:00`` of 2026, local time."""
    return BusinessTime(datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI))


MORNING = moment("11-23 10:00")
"""A Monday in working hours."""
NIGHT = moment("11-23 23:00")
"""In quiet hours."""


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    return parse_taxonomy((ROOT / "data" / "taxonomy.csv").read_text("utf-8"))


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The defaults of the settings."""
    hours = ((time(8), time(12)), (time(14), time(18)))
    working = WorkingTime(SHANGHAI, hours, load_holidays())
    return Rules(working, (time(22), time(7)), timedelta(hours=24), time(18))


def office(*, app: bool = True, absent: frozenset[str] = frozenset(), roster: Roster = ROSTER) -> Office:
    return Office(roster, taxonomy(), rules(), absent, "路管家", app)
