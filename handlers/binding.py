"""绑定 and 本群: an administrator registers the group he writes in, without typing its id."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from domain.office import Office
from domain.roster import Group, GroupKind, Section
from domain.roster_binding import with_group
from handlers import oversight
from handlers.sentences import binding as say
from handlers.visit import Result, Visit, answer

_BETWEEN = re.compile(r"[\s、,，;；和]+")
_SUPERVISORS = re.compile(r"督导群?[\s:：]*")


def bind(visit: Visit) -> Result:
    """绑定 益民路、大同路 for a street group, 绑定 督导 天成街道 for one of supervisors. With it, once, is
    said what is recorded, who sees it and how long."""
    if not oversight.is_administrator(visit):
        names = [person.name for person in visit.office.roster.administrators()]
        return answer(say.only_administrators(names), "not_allowed")
    if visit.message.chat.kind != "group":
        return answer(say.bind_in_group(visit.office), "asked_group")
    words = visit.command.rest
    match = _SUPERVISORS.match(words)
    return _supervisors(visit, words[match.end() :].strip()) if match else _street(visit, words)


def _supervisors(visit: Visit, name: str) -> Result:
    row = visit.office.roster.subdistrict(name) or visit.office.roster.subdistrict(f"{name}街道")
    if row is None:
        known = [each.name for each in visit.office.roster.subdistricts]
        return answer(say.unknown_subdistrict(name, near(name, known) or known), "unknown_section")
    return _bound(visit, Group(_chat(visit), f"{row.name}督导群", GroupKind.SUPERVISOR, (), row.name))


def _street(visit: Visit, words: str) -> Result:
    roster = visit.office.roster
    names = [name for name in _BETWEEN.split(words) if name]
    if not names:
        return answer(say.bind_what(visit.office), "asked_section")
    found = [roster.section(name) for name in names]
    unknown = [name for name, section in zip(names, found, strict=True) if section is None]
    if unknown:
        known = [section.name for section in roster.sections]
        return answer(say.unknown_sections(unknown, near(unknown[0], known)), "unknown_section")
    sections = tuple(dict.fromkeys(section for section in found if section is not None))
    return _bound(visit, _street_group(visit, sections))


def _street_group(visit: Visit, sections: Sequence[Section]) -> Group:
    names = tuple(section.name for section in sections)
    title = f"{'、'.join(names)}商户群"
    return Group(_chat(visit), title, GroupKind.STREET, names, sections[0].subdistrict)


def _bound(visit: Visit, group: Group) -> Result:
    """The registration is the next version of the roster. A group keeps the name it has."""
    before = visit.office.roster.group(group.chat_id)
    same = before is not None and _place(before) == _place(group)
    if not same:
        title = before.name if before is not None and before.kind is group.kind else group.name
        named = Group(group.chat_id, title, group.kind, group.sections, group.subdistrict)
        source = f"绑定 {'、'.join(group.sections) or group.subdistrict}"
        visit.desk.amend_roster(with_group(visit.office.roster, named), source)
    text = say.bound(visit.office, group, has_key=visit.desk.has_push_key(group.chat_id))
    if visit.desk.once(consent_slot(visit.office, group.chat_id)):
        text = f"{text}\n{say.consent(visit.office)}"
    return answer(text, "bound_already" if same else "bound")


def consent_slot(office: Office, chat_id: str) -> str:
    """What is recorded is told once in every group; once more where the archive came and it is another."""
    return f"consent{'-archive' if office.archive else ''}:{chat_id}"


def _place(group: Group) -> tuple[GroupKind, tuple[str, ...], str]:
    return group.kind, group.sections, group.subdistrict


def this_group(visit: Visit) -> Result:
    """本群: its id and what is known of it."""
    if visit.message.chat.kind != "group":
        return answer(say.ask_in_group(visit.office), "asked_group")
    chat_id = visit.message.chat.id
    if visit.group is None:
        return answer(say.unknown_group(visit.office, chat_id), "this_group")
    chiefs = [(name, visit.office.roster.chief(name, 3)) for name in visit.group.sections]
    text = say.this_group(visit.office, visit.group, chiefs, has_key=visit.desk.has_push_key(chat_id))
    return answer(text, "this_group")


def _chat(visit: Visit) -> str:
    return visit.message.chat.id


def near(name: str, known: Sequence[str]) -> list[str]:
    """Names that may have been meant."""
    return difflib.get_close_matches(name, known, n=3, cutoff=0.5)
