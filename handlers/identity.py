"""我是谁, and 我是 益民路28号 五金店: who somebody says he is waits for the word of one who knows him."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.outgoing import Button, Outgoing, Purpose, ToPerson
from domain.ports import Question
from domain.roster import Person, Role, Shop
from domain.roster_binding import find_shop
from domain.safe_text import plain
from handlers.sentences import binding as say
from handlers.visit import Result, Visit, answer

BINDING = "binding"
"""Kind of the request, and what it is kept under, beside the chats: by who asks."""
WAITS = timedelta(days=30)
LONGEST_NAME = 30
ASK_AGAIN = timedelta(hours=1)
_SHOP = re.compile(
    r"(?P<road>[^\W\d]{1,12}?(?:路|街|巷|道))?\s*(?:(?P<number>\d{1,4})号?(?P<rest>附?\d{0,3}号?))?的?\s*"
    r"(?P<name>[^\s,，。!！]{1,30})?"
)


def who_am_i(visit: Visit) -> Result:
    """我是谁: his id and what is known of him."""
    person, roster = visit.person, visit.office.roster
    if person is not None:
        duties = roster.duties_held(person.userid)
        text = say.who_you_are(visit.office, person, visit.message.sender, duties)
    elif shops := roster.shops_of(visit.userid):
        text = say.who_a_merchant_is(visit.message.sender, shops)
    else:
        text = say.who_knows(visit.office, visit.message.sender)
    return answer(text, "who_am_i")


def i_am(visit: Visit) -> Result:
    """我是: a shop, confirmed by the chief of its section; or a person of the roster under another id,
    confirmed by himself or an administrator."""
    words = visit.command.rest.strip()
    if not words:
        return who_am_i(visit)
    if visit.works_here and visit.person is not None:
        return answer(say.known_already(visit.person), "known_already")
    shop = _shop(visit, words)
    if shop is not None:
        return _as_shop(visit, shop)
    people = [each for each in visit.office.roster.people if each.name == words]
    if len(people) == 1:
        return _as_person(visit, people[0])
    if people:
        return answer(say.several_of_that_name(words), "asked_who")
    return answer(say.say_where(visit.office), "asked_where")


def _shop(visit: Visit, words: str) -> Shop | None:
    """The shop that is meant: road (else that of the group) and number, or a name that the section knows."""
    match = _SHOP.fullmatch(words)
    if match is None:
        return None
    roster = visit.office.roster
    roads = [match["road"]] if match["road"] else list(visit.here)
    sections = [section for road in roads if (section := roster.section(road)) is not None]
    name = plain(match["name"] or "", LONGEST_NAME)  # it will be shown wherever the shop is
    for section in sections:
        number = int(match["number"]) if match["number"] else None
        door = f"{number}号{match['rest']}" if match["rest"] else ""
        said = Shop(name, section.name, number, door=door)
        known = find_shop(roster, said) if name else None
        if known is not None or (number is not None and name and len(sections) == 1):
            return known or said
    return None


def _as_shop(visit: Visit, shop: Shop) -> Result:
    if shop.userid and shop in visit.office.roster.shops_of(visit.userid):
        return answer(say.is_yours_already(shop), "known_already")
    where = f"{shop.address} {shop.name}"
    chief = visit.office.roster.owner(shop.section, shop.house_number, visit.office.absent)
    if chief is None:
        return answer(say.nobody_to_ask(where), "nobody_to_ask")
    data = {
        "where": where,
        "section": shop.section,
        "number": "" if shop.house_number is None else str(shop.house_number),
        "door": shop.door,
        "name": shop.name,
    }
    text = say.asks_shop(where, visit.userid, shop.userid)
    return _asked(visit, (chief,), data, text)


def _as_person(visit: Visit, person: Person) -> Result:
    """He himself, where he can be reached 1:1 under his known id; else the administrators."""
    himself = visit.office.reaches(person.userid) and person.role is not Role.MERCHANT
    approvers = (person,) if himself else visit.office.roster.administrators()
    if not approvers:
        return answer(say.nobody_to_ask(person.name), "nobody_to_ask")
    data = {"where": person.name, "person": person.userid}
    return _asked(visit, approvers, data, say.asks_person(person.name, visit.userid))


def _asked(visit: Visit, approvers: tuple[Person, ...], data: dict[str, str], text: str) -> Result:
    """Keep the request, and ask; with the same words again no more than once an hour. What was asked 1:1 is
    put to those who cannot be reached so in the group of the street."""
    chat, street = visit.message.chat, visit.office.roster.street_group_of(data.get("section", ""))
    group = chat.id if chat.kind == "group" else None
    told_in = group or (street.chat_id if street else None)
    request = Question(BINDING, data={**data, "group": group or ""})
    visit.desk.ask(BINDING, visit.userid, request)
    said = say.asked(data["where"], "、".join(person.title for person in approvers))
    if not visit.desk.once(f"binding:{visit.userid}:{data['where']}"[:200], ASK_AGAIN):
        return answer(said, "binding_asked")
    key = f"绑定 {visit.userid}"
    buttons = (Button("同意", f"同意{key}"), Button("不同意", f"不同意{key}"))
    words = (
        Outgoing(
            ToPerson(person.userid, told_in),
            text,
            Purpose.NOTICE,
            buttons=buttons,
            reply_with=f"同意绑定 {data.get('name', data['where'])}",
        )
        for person in approvers
    )
    return answer(said, "binding_asked", None, *words)


def is_to_be_asked(visit: Visit) -> bool:
    """Whether the writer of a report is a stranger who was not asked yet; now he is."""
    if visit.person is not None or visit.shop is not None:
        return False
    return visit.desk.once(f"who:{visit.userid}")
