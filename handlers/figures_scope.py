"""Whose figures somebody may see, and where: a street group its own sections, a supervisor what he watches.

People are named only to those who watch over them, and only 1:1; no group gets a ranking of names.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.roster import GroupKind, Role
from handlers import oversight
from handlers.sentences import figures as say
from handlers.visit import Result, Visit, answer


@dataclass(frozen=True, slots=True)
class Place:
    """subdistrict: "" for all. sections: only these, empty: all of it. names: whether people are named."""

    subdistrict: str = ""
    sections: tuple[str, ...] = ()
    names: bool = False


def place(visit: Visit, word: str, what: str) -> Place | Result:
    """What the writer means by a word (``""``: where he is, or what is his), or the refusal. ``what`` he
    wants to see, as people call it."""
    if visit.group is not None and visit.group.kind is GroupKind.STREET:
        return _of_street_group(visit, word)
    if not visit.works_here:
        return answer(say.for_those_who_work(what), "not_allowed")
    named = _named(visit, word) if word else None
    if isinstance(named, Result):
        return named
    if visit.group is not None:
        here = Place(visit.group.subdistrict)
        return named if named and _within(named, here) else here if not named else _not_his(word)
    watched = oversight.subdistricts(visit)
    if watched:
        return _watched(visit, named, watched, word)
    return _chiefs(visit, named, word, what)


def _of_street_group(visit: Visit, word: str) -> Place | Result:
    section = visit.office.roster.section(word) if word else None
    if not word:
        return Place(sections=visit.sections)
    if section is None or section.name not in visit.sections:
        return answer(say.only_this_place(visit.sections), "not_allowed")
    return Place(sections=(section.name,))


def _named(visit: Visit, word: str) -> Place | Result:
    roster = visit.office.roster
    if (section := roster.section(word)) is not None:
        return Place(section.subdistrict, (section.name,))
    if (subdistrict := roster.subdistrict(word)) is not None:
        return Place(subdistrict.name)
    return answer(say.unknown_place(word), "unknown_place")


def _within(named: Place, here: Place) -> bool:
    return named.subdistrict == here.subdistrict


def _watched(visit: Visit, named: Place | None, watched: tuple[str, ...], word: str) -> Place | Result:
    if named is not None:
        allowed = named.subdistrict in watched
        return Place(named.subdistrict, named.sections, names=True) if allowed else _not_his(word)
    everything = oversight.is_administrator(visit)
    return Place("" if everything else watched[0], names=True)


def _chiefs(visit: Visit, named: Place | None, word: str, what: str) -> Place | Result:
    """Level 1 and 2 see their subdistrict, the others their own sections."""
    person = visit.person
    if person is None or person.role is not Role.CHIEF:
        return answer(say.for_those_who_work(what), "not_allowed")
    if person.level in {1, 2} and person.unit:
        return named if named and named.subdistrict == person.unit else (
            Place(person.unit) if named is None else _not_his(word)
        )  # fmt: skip
    mine = tuple(dict.fromkeys(duty.section for duty in visit.office.roster.duties_held(visit.userid)))
    if named is None:
        return Place(sections=mine) if mine else answer(say.for_those_who_work(what), "not_allowed")
    return named if named.sections and named.sections[0] in mine else _not_his(word)


def _not_his(word: str) -> Result:
    return answer(say.not_your_place(word), "not_allowed")
