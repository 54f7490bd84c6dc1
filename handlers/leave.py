"""请假 and 销假, and who is responsible for a road (路长)."""

from __future__ import annotations

import re
from collections.abc import Callable

from domain.issues import UNFINISHED, Issue
from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.ports import Leave
from domain.roster import Duty, Person, Section
from handlers import queries, said, sentences
from handlers.leave_span import LONGEST_DAYS, span
from handlers.sentences import leave as say
from handlers.visit import Result, Visit, answer
from nlp.normalize import normalize
from nlp.times import time_said

_WHO = re.compile("谁(?:负责|管|在管|是)|归谁|路长")
_AWAY = re.compile("我?(?:要|想)?请假")
LONGEST_QUESTION = 20
LISTED = 10
MAX_ROADS = 4


def away(visit: Visit) -> Result:
    """请假 到 11-25, 请假 12月1日到12月3日; without a time until 销假."""
    person = visit.person
    if person is None or not visit.works_here:
        return answer(say.not_for_you(), "not_allowed")
    leave = span(visit, visit.command.rest or _AWAY.sub(" ", normalize(visit.message.text)))
    if leave is None:
        return answer(say.leave_too_long(LONGEST_DAYS), "asked_time")
    visit.desk.set_absent(person.userid, leave)
    planned = leave.since > visit.now
    waiting, stands_in = [] if planned else _waiting(visit, person.userid), _stand_in(visit, person)
    text = say.on_leave(visit.office, leave, stands_in, None if planned else len(waiting))
    told = _tell(visit, person, stands_in, leave, waiting) if stands_in else ()
    return answer(text, "on_leave", None, *told)


def back(visit: Visit) -> Result:
    """销假: ends the leave, or calls off those to come."""
    person = visit.person
    if person is None or not visit.works_here:
        return answer(say.not_for_you(), "not_allowed")
    was_away = person.userid in visit.office.absent
    if not visit.desk.clear_absent(person.userid):
        return answer(say.was_not_away(), "not_on_leave")
    stands_in = _stand_in(visit, person)
    word = say.is_back(person) if was_away else say.stays_after_all(person)
    told = (Outgoing(ToPerson(stands_in.userid, None), word, Purpose.NOTICE),) if stands_in else ()
    still = visit.desk.planned_leaves(person.userid)
    waiting = len(_waiting(visit, person.userid))
    return answer(say.back(visit.office, waiting, still, was_away=was_away), "back", None, *told)


def _stand_in(visit: Visit, person: Person) -> Person | None:
    return visit.office.roster.stand_in(person.userid, visit.office.absent | {person.userid})


def _waiting(visit: Visit, userid: str) -> list[Issue]:
    return [issue for issue in visit.desk.open_of_owner(userid) if issue.state in UNFINISHED]


def _tell(
    visit: Visit, person: Person, stands_in: Person, leave: Leave, waiting: list[Issue]
) -> tuple[Outgoing, ...]:
    rows = [sentences.row(visit.office, issue, visit.now) for issue in waiting[:LISTED]]
    begins = leave.since > visit.now
    text = say.stand_in(visit.office, person, leave, rows, None if begins else len(waiting))
    number = waiting[0].number if waiting else None
    return (Outgoing(ToPerson(stands_in.userid, None), text, Purpose.NOTICE, number),)


def who_is_responsible(visit: Visit) -> Result:
    """路长 益民路: who is responsible there, level by level."""
    if visit.command.numbers:
        return queries.query(visit)  # 谁负责 12
    words = visit.command.rest
    sections = _sections(visit, words)
    if not sections:
        names = [section.name for section in visit.office.roster.sections][:1]
        text = say.unknown_road(words, names) if words else say.which_road(names)
        return answer(text, "unknown_section")
    listed = [say.responsible(visit.office, each, _duties(visit, each)) for each in sections[:MAX_ROADS]]
    return answer("\n\n".join(listed), "responsible")


def meant(visit: Visit) -> Callable[[Visit], Result] | None:
    """What people run together where a command wants a space: 益民路谁负责, 请假到11-25."""
    text = normalize(visit.message.text)
    if visit.reading.command is not None or len(text) > LONGEST_QUESTION:
        return None
    if visit.reading.place.section and visit.reading.intent != "report" and _WHO.search(text):
        return who_is_responsible
    if visit.works_here and _AWAY.match(text) and time_said(text, said.local(visit))[0] is not None:
        return away
    return None


def _sections(visit: Visit, words: str) -> list[Section]:
    """The road that was named; without a name those of the group, of one's own duty, or of one's shop."""
    roster = visit.office.roster
    if words:
        named = roster.section(words) or roster.section(visit.reading.place.section or "")
        return [named] if named else []
    held = [duty.section for duty in roster.duties_held(visit.userid)]
    own = [visit.shop.section] if visit.shop else []
    names = dict.fromkeys(visit.here or tuple(held or own))
    return [section for name in names if (section := roster.section(name)) is not None]


def _duties(visit: Visit, section: Section) -> list[Duty]:
    """The duties of the section; levels 1 and 2 also count by their subdistrict."""
    roster = visit.office.roster
    duties = list(roster.duties_of(section.name))
    for level in (1, 2):
        if not any(duty.level == level for duty in duties):
            leaders = roster.leaders(section.subdistrict, level)
            duties += [Duty(section.name, level, person.userid) for person in leaders]
    return sorted(duties, key=lambda duty: duty.level)
