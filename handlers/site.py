"""Where a report is taken to be: by its words, else by who writes it and where."""

from __future__ import annotations

from dataclasses import dataclass

from domain.roster import Section, Shop
from handlers import names
from handlers.visit import Visit

MAX_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class Site:
    """Where a report is taken to be. ``options``: what to ask, empty when it is certain."""

    section: Section | None
    house_number: int | None
    shop: str | None
    landmark: str | None
    options: tuple[str, ...]
    certain: bool


def locate(visit: Visit) -> Site:
    """Section from the text, else the writer's shop, else the group; his own address is the default."""
    place, roster = visit.reading.place, visit.office.roster
    named = roster.section(place.section) if place.section else None
    shop = visit.shop
    own = shop if shop and place.shop is None and (named is None or shop.section == named.name) else None
    said = place.house_number if place.house_number is not None else _number_of_shop(visit)
    number = said if said is not None else _own_number(own, place.landmark)
    shop_name = place.shop or _own_name(visit, own, number)
    if named:
        return Site(named, number, shop_name, place.landmark, (), certain=True)
    candidates = place.candidates or visit.here
    if own and (not candidates or own.section in candidates):
        return Site(roster.section(own.section), number, shop_name, place.landmark, (), certain=True)
    if len(candidates) == 1:
        return Site(roster.section(candidates[0]), number, shop_name, place.landmark, (), certain=True)
    options = candidates or _sections_nearby(visit)
    likeliest = roster.section(options[0]) if options else None
    return Site(likeliest, number, shop_name, place.landmark, options[:MAX_OPTIONS], certain=False)


def _own_number(own: object, landmark: str | None) -> int | None:
    number = getattr(own, "house_number", None)
    return number if landmark is None else None


def _number_of_shop(visit: Visit) -> int | None:
    """The house number of the shop a text names."""
    place = visit.reading.place
    shops = visit.office.roster.shops_on(place.section) if place.section and place.shop else ()
    return next((shop.house_number for shop in shops if shop.name == place.shop), None)


def _own_name(visit: Visit, own: Shop | None, number: int | None) -> str | None:
    """The writer's shop as the place; not where it would tell who he is."""
    if own is None or number != own.house_number or visit.group is None or names.wants_no_name(visit):
        return None
    return own.name


def _sections_nearby(visit: Visit) -> tuple[str, ...]:
    """What a report without any place may mean: the sections of the writer's own subdistrict or duty."""
    roster, person = visit.office.roster, visit.person
    if person is None:
        return ()
    held = tuple(dict.fromkeys(duty.section for duty in roster.duties_held(person.userid)))
    return held or tuple(section.name for section in roster.sections if section.subdistrict == person.unit)
