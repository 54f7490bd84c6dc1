"""Who is in which group: the sample town as the bot's roster tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

ROLES = {"chief": "路长", "supervisor": "督导", "officer": "九员", "admin": "管理员", "merchant": "商户"}
LEVELS = {"一级": 1, "二级": 2, "三级": 3, "四级": 4}
KINDS = {"路段群": "street", "督导群": "supervisor"}


@dataclass(frozen=True, slots=True)
class Group:
    """``kind`` is street or supervisor; ``push_key`` is the webhook key of its 消息推送 robot or ""."""

    chat_id: str
    name: str
    kind: str
    sections: tuple[str, ...]
    subdistrict: str
    push_key: str


@dataclass(frozen=True, slots=True)
class Person:
    """``role`` in Chinese; ``level`` 1–4 for chiefs, else None; ``unit`` the subdistrict or department;
    ``substitute_of``: names of those whom this person stands in for."""

    userid: str
    name: str
    role: str
    level: int | None = None
    unit: str = ""
    sections: tuple[str, ...] = ()
    substitute_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    groups: tuple[Group, ...] = ()
    people: tuple[Person, ...] = ()

    def group(self, chat_id: str) -> Group | None:
        return next((group for group in self.groups if group.chat_id == chat_id), None)

    def group_of_key(self, key: str) -> Group | None:
        return next((group for group in self.groups if key and group.push_key == key), None)

    def person(self, userid: str) -> Person | None:
        return next((person for person in self.people if person.userid == userid), None)

    def name_of(self, userid: str) -> str:
        person = self.person(userid)
        return person.name if person else userid

    def members(self, group: Group) -> list[Person]:
        return [person for person in self.people if belongs(person, group)]

    def groups_of(self, userid: str) -> list[Group]:
        person = self.person(userid)
        return [group for group in self.groups if person and belongs(person, group)]


def belongs(person: Person, group: Group) -> bool:
    """Street group: chiefs and shops of its sections, supervisors of its subdistrict.
    Supervisor group: supervisors and chiefs of level 1–2 of its subdistrict."""
    of_subdistrict = person.unit == group.subdistrict
    if group.kind == "supervisor":
        return of_subdistrict and (person.role == "督导" or person.level in {1, 2})
    if person.role == "督导":
        return of_subdistrict
    return person.role in {"路长", "商户"} and bool(set(person.sections) & set(group.sections))


def parse_roster(raw: Any) -> Roster:
    """The JSON of the bot's ``/sandbox/roster``; raises ValueError saying what is wrong with it.
    A person's ``substitute`` (userid) stands in on the same sections."""
    if not isinstance(raw, dict):
        raise ValueError("the roster must be a JSON object")  # noqa: TRY004 - one error for the caller
    try:
        groups = tuple(_group(row) for row in raw.get("groups", ()))
        people = {row["userid"]: _person(row) for row in raw.get("people", ())}
        for row in raw.get("people", ()):
            if substitute := people.get(row.get("substitute")):
                also = (*substitute.sections, *people[row["userid"]].sections)
                people[substitute.userid] = replace(
                    substitute,
                    sections=tuple(dict.fromkeys(also)),
                    substitute_of=(*substitute.substitute_of, row["name"]),
                )
        for row in raw.get("shops", ()):
            if row.get("userid") and row["userid"] not in people:
                people[row["userid"]] = _shopkeeper(row)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the roster is malformed: {error!r}") from error
    return Roster(groups, tuple(people.values()))


def _group(row: dict[str, Any]) -> Group:
    kind = str(row["kind"])
    return Group(
        chat_id=row["chat_id"],
        name=row["name"],
        kind=KINDS.get(kind, kind),
        sections=_names(row.get("sections")),
        subdistrict=row.get("subdistrict") or "",
        push_key=row.get("push_key") or "",
    )


def _person(row: dict[str, Any]) -> Person:
    role, level = str(row["role"]), row.get("level")
    return Person(
        userid=row["userid"],
        name=row["name"],
        role=ROLES.get(role, role),
        level=LEVELS.get(level) if isinstance(level, str) else level,
        unit=row.get("unit") or "",
        sections=_names(row.get("sections") or row.get("section")),
    )


def _shopkeeper(row: dict[str, Any]) -> Person:
    return Person(row["userid"], row["name"], "商户", sections=_names(row.get("section")))


def _names(value: Any) -> tuple[str, ...]:
    """A list of names, or one string with 、 or commas between them."""
    if isinstance(value, str):
        return tuple(name for name in re.split("[、,，]", value) if name)
    return tuple(value or ())
