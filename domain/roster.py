"""The roster: who is responsible for a place, who stands in, who is above, who may see and manage it.

``absent`` is always the set of userids on leave now (``store.roster.absent``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.house_numbers import HouseNumbers, Parity
from domain.roster_directory import Directory
from domain.roster_document import read_document, write_document
from domain.roster_rows import (
    LEVELS,
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

__all__ = [
    "LEVELS", "NOBODY", "Duty", "Group", "GroupKind", "HouseNumbers", "Parity", "Person", "Role", "Roster",
    "Section", "Shift", "Shop", "Subdistrict", "heir", "name_key", "removed_people", "removed_sections",
]  # fmt: skip

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Roster(Directory):
    """One version of the roster; equal to another with the same rows in the same order."""

    def owner(
        self, section: str, house_number: int | None = None, absent: frozenset[str] = NOBODY
    ) -> Person | None:
        """Who owns a problem there: level 4 where his part covers the house number, else level 3; who is
        absent is replaced by his substitute, else by the level above, at last by a supervisor.

        If all of them are absent it is as if nobody were: an owner on leave beats none. None only where
        the section has nobody at all.
        """
        number_known = house_number is not None
        lowest = 4 if number_known and self._part_holders(section, house_number) else 3
        return self._first_from(section, lowest, house_number, absent)

    def chief(self, section: str, level: int, absent: frozenset[str] = NOBODY) -> Person | None:
        """The chief of this level who is there, himself or his substitute; None if all are absent.

        Levels 1 and 2 also count by their subdistrict where the section names none. Level 4 without a
        house number: the first of them.
        """
        return self._present(self._holders(section, level, None), absent)

    def stand_in(self, userid: str, absent: frozenset[str] = NOBODY) -> Person | None:
        """The person himself if he is there, else the first of his chain of substitutes who is."""
        return next((person for person in self._chain(userid) if person.userid not in absent), None)

    def level_above(self, section: str, userid: str, absent: frozenset[str] = NOBODY) -> Person | None:
        """Who gets what this person returns or leaves lying: 4 → 3 → 2 → supervisor, never himself.

        Below whoever has no level there (an officer) stands level 3. None above a supervisor.
        """
        person = self.person(userid)
        if person is not None and person.role is Role.SUPERVISOR:
            return None
        besides = person.userid if person else ""
        return self.above(section, self.level_on(section, userid), absent, besides)

    def above(
        self, section: str, level: int | None, absent: frozenset[str] = NOBODY, besides: str = ""
    ) -> Person | None:
        """Who stands above a level of a section (None: outside the ladder, so level 3), save ``besides``."""
        return self._first_from(section, 3 if level is None else level - 1, None, absent, besides)

    def level_on(self, section: str, userid: str) -> int | None:
        """The level a person has there by himself, else through those he stands in for; of several the
        lowest (highest number), so that nothing skips a chief. A supervisor counts as level 1."""
        person, *represented = self.principals(userid) or (None,)
        own = self._levels(section, [person] if person else [])
        return max(own or self._levels(section, represented), default=None)

    def responsible(self, section: str) -> frozenset[str]:
        """Userids of all with a duty on the section, all their substitutes included."""
        return frozenset(
            person.userid for duty in self.duties_of(section) for person in self._chain(duty.userid)
        )

    def substitutes(self, userid: str) -> tuple[Person, ...]:
        """His chain of substitutes, nearest first, without himself."""
        return tuple(self._chain(userid))[1:]

    def principals(self, userid: str) -> tuple[Person, ...]:
        """Himself and everyone he stands in for, directly or through others."""
        person = self.person(userid)
        found = [] if person is None else [person]
        for each in found:
            found.extend(other for other in self._covered_by.get(each.userid, ()) if other not in found)
        return tuple(found)

    def may_see(self, person: Person, section: str) -> bool:
        """Whether he may see every issue of a section. What one may see as reporter or co-handling officer
        is a matter of the single issue and not decided here."""
        return person.role is Role.ADMINISTRATOR or any(
            self._reaches(principal, section) for principal in self.principals(person.userid)
        )

    def may_manage(self, person: Person, section: str) -> bool:
        """Whether he may act on the issues of a section: whoever is responsible for it, and those who
        watch its subdistrict. The same people as may see it; a question of its own, so that it can change.
        """
        return self.may_see(person, section)

    def to_document(self) -> str:
        """All rows as JSON text, for storing a whole version. Push keys are not part of a roster."""
        return write_document(self)

    @classmethod
    def from_document(cls, document: str) -> Roster:
        """The inverse of ``to_document``; also reads documents that older versions of it wrote."""
        return cls(**read_document(document))

    @cached_property
    def _covered_by(self) -> Mapping[str, list[Person]]:
        covered: dict[str, list[Person]] = {}
        for person in self.people:
            if person.substitute is not None:
                covered.setdefault(person.substitute, []).append(person)
        return covered

    def _chain(self, userid: str) -> Iterator[Person]:
        """The person, his substitute, that one's substitute …; ends before anyone comes twice."""
        person = self.person(userid)
        seen: set[str] = set()
        while person is not None and person.userid not in seen:
            yield person
            seen.add(person.userid)
            person = self.person(person.substitute) if person.substitute else None

    def _present(self, userids: Iterable[str], absent: frozenset[str], besides: str = "") -> Person | None:
        found = (self.stand_in(userid, absent | {besides}) for userid in userids)
        return next((person for person in found if person is not None), None)

    def _part_holders(self, section: str, house_number: int | None) -> list[str]:
        """Level-4 chiefs whose part covers the number; without a number all of them."""
        return [
            duty.userid
            for duty in self.duties_of(section)
            if duty.level == 4 and (house_number is None or duty.house_numbers.covers(house_number))
        ]

    def _holders(self, section: str, level: int, house_number: int | None) -> list[str]:
        if level == 4:
            return self._part_holders(section, house_number)
        named = [duty.userid for duty in self.duties_of(section) if duty.level == level]
        if named or level > 2:
            return named
        return [person.userid for person in self.leaders(self._subdistrict_of(section), level)]

    def _first_from(
        self,
        section: str,
        lowest: int,
        house_number: int | None,
        absent: frozenset[str],
        besides: str = "",
    ) -> Person | None:
        """Up the ladder from level ``lowest`` over 2 to the supervisors; if need be, absent ones too."""
        ladder = [self._holders(section, level, house_number) for level in range(lowest, 1, -1)]
        ladder.append([person.userid for person in self.supervisors(self._subdistrict_of(section))])
        candidates = [userid for rung in ladder for userid in rung]
        return self._present(candidates, absent, besides) or self._present(candidates, NOBODY, besides)

    def _subdistrict_of(self, section: str) -> str:
        row = self.section(section)
        return row.subdistrict if row else ""

    def _reaches(self, person: Person, section: str) -> bool:
        """Whether his own role or duty, not one he stands in for, extends to a section."""
        held = self.duties_held(person.userid)
        return self._watches(person, section) or any(duty.section == section for duty in held)

    def _levels(self, section: str, people: Sequence[Person]) -> list[int]:
        ids = {person.userid for person in people}
        levels = [duty.level for duty in self.duties_of(section) if duty.userid in ids]
        return levels + [person.level or 1 for person in people if self._watches(person, section)]

    def _watches(self, person: Person, section: str) -> bool:
        """Whether he is a supervisor or a leader (level 1–2) of the subdistrict of the section."""
        leads = person.role is Role.CHIEF and person.level in {1, 2}
        subdistrict = self._subdistrict_of(section)
        return bool(subdistrict) and (leads or person.role is Role.SUPERVISOR) and person.unit == subdistrict


def removed_sections(old: Roster, new: Roster) -> tuple[str, ...]:
    """Names of sections that the new version no longer has under that name."""
    kept = {section.name for section in new.sections}
    return tuple(section.name for section in old.sections if section.name not in kept)


def removed_people(old: Roster, new: Roster) -> tuple[str, ...]:
    """Userids that the new version no longer has as a userid (they may live on as an alias)."""
    kept = {person.userid for person in new.people}
    return tuple(person.userid for person in old.people if person.userid not in kept)


def heir(
    old: Roster, new: Roster, userid: str, section: str, house_number: int | None = None
) -> Person | None:
    """Who takes over the open issues of a removed person: himself under his new userid, else the nearest
    of his former substitutes who is still there, else the level above him as it is now."""
    for former in (userid, *(person.userid for person in old.substitutes(userid))):
        successor = new.person(former)
        if successor is not None:
            return successor
    level = old.level_on(section, userid)
    return new.above(section, level) or new.owner(section, house_number)
