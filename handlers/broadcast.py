"""通知: supervisors speak to the groups of a road or a subdistrict; who has read it says 收到."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from domain.broadcasts import Broadcast, Reply
from domain.issues import State
from domain.outgoing import Outgoing, Purpose, ToGroup
from domain.ports import Question
from domain.roster import Group, Role
from handlers import oversight, rights, which
from handlers.sentences import broadcast as say
from handlers.sentences.supervisor import only_supervisors
from handlers.visit import Result, Visit, answer

KIND = "broadcast"
LONGEST = 500
"""Characters: one message of a push robot, so that every group gets exactly one."""
REPLIES_FOR = timedelta(days=3)
"""How long a bare 收到 in a group may mean a broadcast."""
TO_CLAIM = frozenset({State.REPORTED, State.RETURNED})
WHOLE = frozenset({"全街道", "街道", "本街道", "全部"})
_SAID = re.compile(r"\s*(?:发布通知|发通知|通知|群发)[\s:：]+(\S+)\s+(\S.*)", re.DOTALL)
_BETWEEN = re.compile(r"[、,，;；]+")
_OURS = re.compile(r"【通知(\d{1,9})】")
_READ = frozenset({"收到", "收到了", "已收到"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where to: its name, the subdistrict, and the groups there."""

    name: str
    subdistrict: str
    groups: tuple[Group, ...]


def notify(visit: Visit) -> Result:
    """通知 益民路|全街道 内容: a preview; 通知 3: who has read it."""
    own = oversight.subdistricts(visit)
    if not own:
        return answer(only_supervisors("通知"), "not_allowed")
    number = visit.command.rest.strip().lstrip("#")
    if number.isdigit():
        return _results(visit, int(number))
    match = _SAID.search(visit.message.text)
    place = _place(visit, match[1], own) if match else None
    if match is None or place is None:
        return answer(say.how(own, match[1] if match else ""), "asked_place")
    text = match[2].strip()
    if len(text) > LONGEST:
        return answer(say.too_long(len(text), LONGEST), "too_long")
    return _preview(visit, place, text)


def _place(visit: Visit, words: str, own: tuple[str, ...]) -> Place | None:
    roster = visit.office.roster
    subdistrict = roster.subdistrict(words)
    if subdistrict is not None or (words in WHOLE and len(own) == 1):
        name = subdistrict.name if subdistrict else own[0]
        sections = [each.name for each in roster.sections if each.subdistrict == name]
        return Place(name, name, _groups(visit, sections)) if name in own else None
    found = [roster.section(name) for name in _BETWEEN.split(words) if name]
    sections = [each.name for each in found if each is not None]
    homes = {each.subdistrict for each in found if each is not None}
    if not found or None in found or len(homes) != 1 or not homes <= set(own):
        return None
    return Place("、".join(sections), homes.pop(), _groups(visit, sections))


def _groups(visit: Visit, sections: Iterable[str]) -> tuple[Group, ...]:
    """Every street group of these sections once."""
    found = (group for name in sections for group in visit.office.roster.street_groups(name))
    return tuple(dict.fromkeys(found))


def _preview(visit: Visit, place: Place, text: str) -> Result:
    reached: list[Group] = []
    missed: list[Group] = []
    for group in place.groups:
        pushes = visit.desk.has_push_key(group.chat_id) or visit.office.pushes_itself(group.chat_id)
        can = pushes and visit.office.may_write_to(group.chat_id)
        (reached if can else missed).append(group)
    if not reached:
        return answer(say.nobody_reached(place.name, [group.name for group in missed]), "no_group")
    data = {"text": text, "subdistrict": place.subdistrict}
    groups = tuple(group.chat_id for group in reached)
    visit.desk.ask(visit.message.chat_key, visit.userid, Question(KIND, groups, data))
    names = [group.name for group in reached]
    shown = say.preview(visit.office, names, [group.name for group in missed], text)
    return answer(shown, "broadcast_previewed")


def confirmed(visit: Visit, question: Question) -> Result:
    """确认: one message to each group, by the budget of its push robot."""
    sent = visit.desk.broadcasts.send(
        Broadcast(
            0,
            question.data["text"],
            visit.userid,
            question.data["subdistrict"],
            question.options,
            visit.now,
        )
    )
    text = say.to_group(sent.number, visit.office.name_of(visit.userid), sent.text)
    words = (
        Outgoing(ToGroup(chat_id), text, Purpose.NOTICE, reply_with=f"收到通知 {sent.number}")
        for chat_id in sent.groups
    )
    return answer(say.sent(sent), "broadcast_sent", None, *words)


def read(visit: Visit) -> Result:
    """收到通知 3."""
    number = next(iter(visit.command.numbers), None)
    found = visit.desk.broadcasts.get(number) if number is not None else _newest(visit)
    return _noted(visit, found) if found else answer(say.unknown(), "unknown_broadcast")


def meant(visit: Visit) -> Result | None:
    """收到, said to a broadcast: by quoting it, or in its group where there is nothing to claim."""
    quoted = _OURS.search(visit.message.quote.text) if visit.message.quote else None
    said = re.sub(r"[\s,，。.!！]", "", visit.message.text)
    if said not in _READ or visit.message.button is not None:
        return None
    if quoted:
        found = visit.desk.broadcasts.get(int(quoted[1]))
    else:
        found = None if which.numbers(visit) or rights.candidates(visit, TO_CLAIM) else _newest(visit)
    return _noted(visit, found) if found else None


def _newest(visit: Visit) -> Broadcast | None:
    chat = visit.message.chat
    return visit.desk.broadcasts.newest_in(chat.id, REPLIES_FOR) if chat.kind == "group" else None


def _noted(visit: Visit, sent: Broadcast) -> Result:
    group = visit.group.chat_id if visit.group else None
    first = visit.desk.broadcasts.reply(sent.number, Reply(visit.userid, group, visit.now))
    return answer(say.noted(sent.number, again=not first), "broadcast_read")


def _results(visit: Visit, number: int) -> Result:
    """Who has read it, group by group, and who of the roster has not."""
    sent = visit.desk.broadcasts.get(number)
    if sent is None or not oversight.watches(visit, sent.subdistrict):
        return answer(say.unknown(), "unknown_broadcast")
    replies = visit.desk.broadcasts.replies(number)
    readers = [visit.office.name_of(each.userid) for each in replies]
    silent = _expected(visit, sent) - {each.userid.casefold() for each in replies}
    names = [visit.office.name_of(userid) for userid in sorted(silent)]
    return answer(say.results(visit.office, sent, readers, names), "broadcast_results")


def _expected(visit: Visit, sent: Broadcast) -> set[str]:
    """Chiefs and bound shops of the sections of its groups: who can be named, not everybody in them."""
    roster = visit.office.roster
    groups = (roster.group(chat_id) for chat_id in sent.groups)
    sections = {name for group in groups if group is not None for name in group.sections}
    chiefs = {duty.userid for name in sections for duty in roster.duties_of(name) if duty.level >= 3}
    shops = {shop.userid for name in sections for shop in roster.shops_on(name) if shop.userid}
    people = (roster.person(userid) for userid in chiefs | shops)
    known = {person.userid for person in people if person is not None and person.role is not Role.OFFICER}
    return {userid.casefold() for userid in known | shops | chiefs if userid != sent.author}
