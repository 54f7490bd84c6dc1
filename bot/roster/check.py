"""Gaps of coverage in a roster that is right in itself: told as warnings, because the office may know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from domain.house_numbers import HIGHEST
from domain.roster import LEVELS, Duty, GroupKind, Person, Roster

MOST_NAMES = 8


def coverage_gaps(roster: Roster, groups_with_key: Collection[str]) -> list[str]:
    """Every gap as a sentence; those of one kind that need one remedy share a line."""
    return [
        *_section_gaps(roster),
        *_house_number_gaps(roster),
        *_people_gaps(roster),
        *_group_gaps(roster, groups_with_key),
        *_subdistrict_gaps(roster),
        *_shop_gaps(roster),
    ]


def listed(names: Iterable[str]) -> str:
    """Some names, and how many there are if not all are named."""
    every = list(names)
    rest = f" 等{len(every)}个" if len(every) > MOST_NAMES else ""
    return "、".join(every[:MOST_NAMES]) + rest


def _line(text: str, names: Iterable[str]) -> Iterator[str]:
    found = list(names)
    if found:
        yield f"{text}:{listed(found)}"


def _section_gaps(roster: Roster) -> Iterator[str]:
    def lacking(level: int) -> list[str]:
        return [row.name for row in roster.sections if roster.chief(row.name, level) is None]

    yield from _line("没有三级路长的路段(问题将由二级路长或督导接手)", lacking(3))
    yield from _line("没有二级路长的路段(超时将直接报督导)", lacking(2))
    yield from _line(
        "没有路段群的路段(提醒将无处可发)",
        (row.name for row in roster.sections if roster.street_group_of(row.name) is None),
    )


def _house_number_gaps(roster: Roster) -> Iterator[str]:
    for section in roster.sections:
        duties = roster.duties_of(section.name)
        pairs = (f"{_part(one)} 与 {_part(other)}" for one, other in _overlaps(duties))
        yield from _line(f"{section.name}:门牌重叠的四级路长(重叠部分归前者)", pairs)
        for duty in duties:
            if duty.level == 4 and not str(duty.house_numbers):
                yield f"{section.name}:四级路长 {duty.userid} 没有填门牌,将负责整条路段"
            elif duty.level != 4 and str(duty.house_numbers):
                level = LEVELS[duty.level]
                yield f"{section.name}:{level}路长 {duty.userid} 的门牌不起作用,只有四级按门牌分段"
            elif duty.house_numbers.ranges and not duty.house_numbers.within(section.house_numbers):
                yield f"{section.name}:四级路长 {_part(duty)} 的门牌超出路段的 {section.house_numbers}"


def _overlaps(duties: Sequence[Duty]) -> Iterator[tuple[Duty, Duty]]:
    """Pairs of level-4 duties that share a house number; sorted, so that most pairs need no look."""
    parts = sorted((duty for duty in duties if duty.level == 4), key=_lowest)
    for position, one in enumerate(parts):
        highest = max((high for _, high in one.house_numbers.ranges), default=HIGHEST)
        for other in islice(parts, position + 1, None):
            if _lowest(other) > highest:
                break
            if one.house_numbers.overlaps(other.house_numbers):
                yield (one, other) if duties.index(one) < duties.index(other) else (other, one)


def _lowest(duty: Duty) -> int:
    return min((low for low, _ in duty.house_numbers.ranges), default=1)


def _part(duty: Duty) -> str:
    return f"{duty.userid}({str(duty.house_numbers) or '全部门牌'})"


def _people_gaps(roster: Roster) -> Iterator[str]:
    busy = {duty.userid for duty in roster.duties}
    for level in (2, 3, 4):
        alone = (
            _named(person)
            for person in roster.people
            if person.level == level and person.userid in busy and person.substitute is None
        )
        yield from _line(f"没有备岗的{LEVELS[level]}路长(请假时由上一级接手)", alone)
    yield from _line("互为备岗的人(同时请假时由上一级接手)", _pairs(roster))
    needed = {person.substitute for person in roster.people}
    idle = (
        _named(person)
        for person in roster.people
        if person.level in {3, 4} and person.userid not in busy | needed
    )
    yield from _line("没有责任路段、也不备岗的三四级路长", idle)
    yield from _line("责任路段不在本人单位(街道)的一二级路长", _strangers(roster))
    same = Counter(person.name for person in roster.people)
    yield from _line("同名的人(转派时请写 userid)", (name for name, count in same.items() if count > 1))
    if not roster.administrators():
        yield "没有管理员:绑定群、保存推送 key 等需要一名管理员"


def _named(person: Person) -> str:
    return f"{person.name}({person.userid})"


def _pairs(roster: Roster) -> Iterator[str]:
    for person in roster.people:
        other = roster.person(person.substitute) if person.substitute else None
        if other is not None and other.substitute == person.userid and person.userid < other.userid:
            yield f"{person.userid} 与 {other.userid}"


def _strangers(roster: Roster) -> Iterator[str]:
    for duty in roster.duties:
        person, section = roster.person(duty.userid), roster.section(duty.section)
        if person and section and duty.level in {1, 2} and person.unit != section.subdistrict:
            yield f"{person.userid}({duty.section})"


def _group_gaps(roster: Roster, with_key: Collection[str]) -> Iterator[str]:
    street = [group for group in roster.groups if group.kind is GroupKind.STREET]
    yield from _line("没有填路段的路段群", (group.name for group in street if not group.sections))
    yield from _line(
        "没有推送key的群(不能主动提醒,请填入或用命令保存)",
        (group.name for group in roster.groups if group.chat_id not in with_key),
    )
    yield from _line(
        "路段不都在所填街道的路段群",
        (
            group.name
            for group in street
            if any(_home(roster, name) != group.subdistrict for name in group.sections)
        ),
    )


def _home(roster: Roster, section: str) -> str:
    row = roster.section(section)
    return row.subdistrict if row else ""


def _subdistrict_gaps(roster: Roster) -> Iterator[str]:
    names = [row.name for row in roster.subdistricts]
    yield from _line("没有督导的街道", (name for name in names if not roster.supervisors(name)))
    yield from _line(
        "没有督导群的街道(收不到日报)", (name for name in names if not roster.supervisor_groups(name))
    )


def _shop_gaps(roster: Roster) -> Iterator[str]:
    for section in roster.sections:
        outside = (
            f"{shop.name}({shop.house_number})"
            for shop in roster.shops_on(section.name)
            if shop.house_number is not None and not section.house_numbers.covers(shop.house_number)
        )
        yield from _line(f"{section.name}:门牌不在 {section.house_numbers} 内的商户", outside)
    yield from _line(
        "门牌里没有号码的商户(按无门牌处理)",
        (f"{shop.name}({shop.door})" for shop in roster.shops if shop.door and shop.house_number is None),
    )
    bound = Counter(shop.userid.casefold() for shop in roster.shops if shop.userid)
    yield from _line(
        "绑定了不止一家店的userid(默认按第一家)", (key for key, count in bound.items() if count > 1)
    )
