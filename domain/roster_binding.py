"""What is bound in chat: groups to places, people to shops, further ids to people.

A binding is part of the next version of the roster, so that an export contains it. It carries a mark until
a workbook holds it: an import of a workbook that was written before it, and cannot know it, keeps it. What a
workbook once held is the workbook's, and goes when it goes there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.roster import Group, GroupKind, Person, Role, Roster, Shop, name_key


def with_group(roster: Roster, group: Group) -> Roster:
    """The roster with this group, in place of one of the same chat id."""
    others = tuple(each for each in roster.groups if each.chat_id != group.chat_id)
    return replace(roster, groups=(*others, replace(group, bound=True)))


def without_group(roster: Roster, chat_id: str) -> Roster:
    return replace(roster, groups=tuple(each for each in roster.groups if each.chat_id != chat_id))


def with_shop(roster: Roster, shop: Shop, userid: str) -> Roster:
    """The shop belongs to this person. A shop that was bound to somebody before belongs to both: the new id
    becomes an alias of the first."""
    known = find_shop(roster, shop)
    if known is None:
        return replace(roster, shops=(*roster.shops, replace(shop, userid=userid, bound="row")))
    if known.userid and known.userid.casefold() != userid.casefold():
        return with_alias(_with_merchant(roster, known), known.userid, userid)
    bound = replace(known, userid=userid, bound=known.bound or "userid")
    return replace(roster, shops=tuple(bound if each is known else each for each in roster.shops))


def find_shop(roster: Roster, shop: Shop) -> Shop | None:
    """The shop of that name on that section; of several the one with that house number. Short names and
    parts of a name count where the number is the same."""
    there = [each for each in roster.shops if each.section == shop.section]
    said = name_key(shop.name)
    same = [each for each in there if said in {name_key(each.name), name_key(each.short_name)}]
    at_number = [each for each in there if shop.house_number is not None]
    at_number = [each for each in at_number if each.house_number == shop.house_number]
    near = [each for each in at_number if said in name_key(each.name) or name_key(each.name) in said]
    exact = [each for each in same if each.house_number == shop.house_number]
    found = exact or near or (same if shop.house_number is None else [])
    return found[0] if len(found) == 1 or exact else None


def _with_merchant(roster: Roster, shop: Shop) -> Roster:
    """A row of his own for a shop's person who had none, to hang further ids on."""
    if roster.person(shop.userid) is not None:
        return roster
    merchant = Person(shop.userid, shop.short_name or shop.name, Role.MERCHANT)
    return replace(roster, people=(*roster.people, merchant))


def with_alias(roster: Roster, userid: str, alias: str) -> Roster:
    """A person has one more id. Unchanged if that id is known already."""
    person = roster.person(userid)
    if person is None or roster.person(alias) is not None:
        return roster
    wider = replace(person, aliases=(*person.aliases, alias), bound=(*person.bound, alias))
    return replace(roster, people=tuple(wider if each is person else each for each in roster.people))


def without_person(roster: Roster, userids: Iterable[str]) -> Roster:
    """The roster without a person's row, his ids at shops, his duties and shifts."""
    gone = {userid.casefold() for userid in userids}

    def stays(userid: str) -> bool:
        return userid.casefold() not in gone

    people = tuple(
        replace(
            each,
            aliases=tuple(filter(stays, each.aliases)),
            bound=tuple(filter(stays, each.bound)),
            substitute=each.substitute if each.substitute and stays(each.substitute) else None,
        )
        for each in roster.people
        if stays(each.userid)
    )
    shops = tuple(
        each if stays(each.userid) else replace(each, userid="", bound="row" if each.bound == "row" else "")
        for each in roster.shops
    )
    duties = tuple(each for each in roster.duties if stays(each.userid))
    shifts = tuple(each for each in roster.shifts if stays(each.userid))
    return replace(roster, people=people, shops=shops, duties=duties, shifts=shifts)


def carried_over(old: Roster, new: Roster) -> tuple[Roster, list[str]]:
    """The new version with what was bound in chat in the old one and is in no workbook, and what was kept,
    by name."""
    kept: list[str] = []
    for step in (_groups, _shops, _aliases):
        new, names = step(old, new)
        kept += names
    return new, kept


def _groups(old: Roster, new: Roster) -> tuple[Roster, list[str]]:
    found = [
        still
        for group in old.groups
        if group.bound and new.group(group.chat_id) is None
        for still in _still_there(new, group)
    ]
    return replace(new, groups=(*new.groups, *found)), [f"群 {group.name}" for group in found]


def _still_there(new: Roster, group: Group) -> Iterator[Group]:
    """The group with the places that are left of it; not if none is left."""
    sections = tuple(name for name in group.sections if new.section(name) is not None)
    subdistrict = group.subdistrict if new.subdistrict(group.subdistrict) else ""
    if sections or (group.kind is GroupKind.SUPERVISOR and subdistrict):
        yield replace(group, sections=sections, subdistrict=subdistrict)


def _shops(old: Roster, new: Roster) -> tuple[Roster, list[str]]:
    kept = []
    for shop in old.shops:
        if not shop.bound or not shop.userid or new.section(shop.section) is None:
            continue
        same = next((each for each in new.shops if _place(each) == _place(shop)), None)
        if same is None and shop.bound == "row":
            new = replace(new, shops=(*new.shops, shop))
        elif same is not None and not same.userid:
            taken = replace(same, userid=shop.userid, bound="userid")
            new = replace(new, shops=tuple(taken if each is same else each for each in new.shops))
        else:
            continue
        kept.append(f"商户 {shop.address} {shop.name}")
    return new, kept


def _place(shop: Shop) -> tuple[str, str, int | None, str]:
    return name_key(shop.name), shop.section, shop.house_number, shop.door


def _aliases(old: Roster, new: Roster) -> tuple[Roster, list[str]]:
    kept = []
    for person in old.people:
        if not person.bound:
            continue
        if new.person(person.userid) is None and person.role is Role.MERCHANT:
            shop = new.shop_of(person.userid)
            new = _with_merchant(new, shop) if shop else new
        for alias in person.bound:
            wider = with_alias(new, person.userid, alias)
            if wider is not new:
                new = wider
                kept.append(f"{person.name} 的另一个编号")
    return new, kept
