"""Looking things up in the roster: who and what exists, by any of its names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from domain.roster_rows import (
    Duty,
    Group,
    GroupKind,
    Person,
    Role,
    Section,
    Shift,
    Shop,
    Subdistrict,
    name_key,
)  # fmt: skip

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Directory:
    """All rows in the order of the workbook. Lookups are built on first use and then cost one dict access;
    an unknown name gives None or nothing."""

    subdistricts: tuple[Subdistrict, ...] = ()
    sections: tuple[Section, ...] = ()
    people: tuple[Person, ...] = ()
    duties: tuple[Duty, ...] = ()
    groups: tuple[Group, ...] = ()
    shops: tuple[Shop, ...] = ()
    shifts: tuple[Shift, ...] = ()

    def person(self, userid_or_alias: str) -> Person | None:
        """A person by userid or alias; the platform does not distinguish case in ids."""
        return self._people.get(userid_or_alias.casefold())

    def ids_of(self, userid_or_alias: str) -> tuple[str, ...]:
        """Every id of one person, his userid first; of somebody unknown the one id."""
        person = self.person(userid_or_alias)
        return (person.userid, *person.aliases) if person else (userid_or_alias,)

    def section(self, name_or_alias: str) -> Section | None:
        """A section by name or alias."""
        return self._sections.get(name_key(name_or_alias))

    def subdistrict(self, name: str) -> Subdistrict | None:
        return self._subdistricts.get(name_key(name))

    def group(self, chat_id: str) -> Group | None:
        return self._groups.get(chat_id)

    def shops_of(self, userid: str) -> tuple[Shop, ...]:
        """All shops bound to a person, under any of his ids."""
        return self._shops_of.get(self._id(userid), ())

    def shop_of(self, userid: str, section: str | None = None) -> Shop | None:
        """The shop of a person; of several the one in ``section``, else the first in the workbook."""
        shops = self.shops_of(userid)
        return next((shop for shop in shops if shop.section == section), shops[0] if shops else None)

    def shops_on(self, section: str) -> tuple[Shop, ...]:
        return self._shops_on.get(section, ())

    def duties_of(self, section: str) -> tuple[Duty, ...]:
        """Who has a duty on a section, level 1 first, then in the order of the workbook."""
        return self._duties_of.get(section, ())

    def duties_held(self, userid: str) -> tuple[Duty, ...]:
        """The duties of one person himself, without those he stands in for."""
        return self._duties_held.get(self._id(userid), ())

    def supervisors(self, subdistrict: str) -> tuple[Person, ...]:
        return self._posts.get((Role.SUPERVISOR, None, name_key(subdistrict)), ())

    def officers(self, department: str) -> tuple[Person, ...]:
        return self._posts.get((Role.OFFICER, None, name_key(department)), ())

    @cached_property
    def officer_ids(self) -> frozenset[str]:
        """Userids of the officers of all departments."""
        return frozenset(person.userid for person in self.people if person.role is Role.OFFICER)

    def leaders(self, subdistrict: str, level: int) -> tuple[Person, ...]:
        """Chiefs of level 1 or 2 who belong to a subdistrict, with or without a duty of their own."""
        return self._posts.get((Role.CHIEF, level, name_key(subdistrict)), ())

    def administrators(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.role is Role.ADMINISTRATOR)

    def street_groups(self, section: str) -> tuple[Group, ...]:
        """All street groups that cover a section, the one with the fewest sections first."""
        return self._street_groups.get(section, ())

    def street_group_of(self, section: str) -> Group | None:
        """Where reminders go that come from no group: the most particular group of the section."""
        return next(iter(self.street_groups(section)), None)

    def supervisor_groups(self, subdistrict: str) -> tuple[Group, ...]:
        return tuple(
            group
            for group in self.groups
            if group.kind is GroupKind.SUPERVISOR and group.subdistrict == subdistrict
        )

    def on_duty(self, subdistrict: str, moment: datetime) -> tuple[Person, ...]:
        """Who is on shift (值班) there. ``moment`` must be in the district's time zone."""
        wall_clock = moment.replace(tzinfo=None)
        shifts = self._shifts.get(subdistrict, ())
        found = (self.person(shift.userid) for shift in shifts if shift.covers(wall_clock))
        return tuple(dict.fromkeys(person for person in found if person is not None))

    def _id(self, userid: str) -> str:
        """One key per person: his userid where he is known, whatever id he came with."""
        person = self.person(userid)
        return (person.userid if person else userid).casefold()

    @cached_property
    def _people(self) -> Mapping[str, Person]:
        return {key.casefold(): person for person in self.people for key in (*person.aliases, person.userid)}

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {name_key(key): row for row in self.sections for key in (*row.aliases, row.name)}

    @cached_property
    def _subdistricts(self) -> Mapping[str, Subdistrict]:
        return {name_key(row.name): row for row in self.subdistricts}

    @cached_property
    def _groups(self) -> Mapping[str, Group]:
        return {group.chat_id: group for group in self.groups}

    @cached_property
    def _shops_of(self) -> Mapping[str, tuple[Shop, ...]]:
        return _grouped((shop for shop in self.shops if shop.userid), lambda shop: [self._id(shop.userid)])

    @cached_property
    def _shops_on(self) -> Mapping[str, tuple[Shop, ...]]:
        return _grouped(self.shops, lambda shop: [shop.section])

    @cached_property
    def _duties_of(self) -> Mapping[str, tuple[Duty, ...]]:
        return _grouped(sorted(self.duties, key=lambda duty: duty.level), lambda duty: [duty.section])

    @cached_property
    def _duties_held(self) -> Mapping[str, tuple[Duty, ...]]:
        return _grouped(self.duties, lambda duty: [self._id(duty.userid)])

    @cached_property
    def _posts(self) -> Mapping[tuple[Role, int | None, str], tuple[Person, ...]]:
        return _grouped(self.people, lambda person: [(person.role, person.level, name_key(person.unit))])

    @cached_property
    def _street_groups(self) -> Mapping[str, tuple[Group, ...]]:
        street = (group for group in self.groups if group.kind is GroupKind.STREET)
        return _grouped(sorted(street, key=lambda group: len(group.sections)), lambda group: group.sections)

    @cached_property
    def _shifts(self) -> Mapping[str, tuple[Shift, ...]]:
        return _grouped(self.shifts, lambda shift: [shift.subdistrict])


def _grouped(rows: Iterable[Row], keys: Callable[[Row], Iterable[Key]]) -> dict[Key, tuple[Row, ...]]:
    """Rows under each of their keys, order kept."""
    lists: dict[Key, list[Row]] = {}
    for row in rows:
        for key in keys(row):
            lists.setdefault(key, []).append(row)
    return {key: tuple(found) for key, found in lists.items()}
