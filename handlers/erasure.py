"""清除 userid: an administrator erases a person's name, texts and pictures; the figures stay."""

from __future__ import annotations

import re

from domain.ports import Question, Traces
from domain.roster import Role
from handlers import oversight
from handlers.sentences import binding
from handlers.sentences import erasure as say
from handlers.visit import Result, Visit, answer

KIND = "erasure"
_WHO = re.compile(r"清除[\s:：]+((?:mp:)?[A-Za-z0-9_.@-]{1,128})[\s。.!！]*$")


def clear(visit: Visit) -> Result:
    """清除 wujin: what there is, and what will be left; done after 确认."""
    if not oversight.is_administrator(visit):
        names = [person.name for person in visit.office.roster.administrators()]
        return answer(binding.only_administrators(names), "not_allowed")
    match = _WHO.search(visit.message.text)
    if match is None:
        return answer(say.whom(), "asked_whom")
    userid, found = match[1], visit.desk.traces(match[1])
    if refusal := _refused(visit, userid, found):
        return refusal
    visit.desk.ask(visit.message.chat_key, visit.userid, Question(KIND, (userid,)))
    return answer(say.preview(visit.office, userid, found), "erasure_previewed")


def confirmed(visit: Visit, question: Question) -> Result:
    """确认: written down now, done within the minute, when all that is under way is written."""
    userid = question.options[0]
    if refusal := _refused(visit, userid, visit.desk.traces(userid)):
        return refusal
    visit.desk.request_erasure(userid, visit.userid)
    return answer(say.begun(), "erasure_begun")


def _refused(visit: Visit, userid: str, found: Traces) -> Result | None:
    """Who is at work leaves the roster first, so that what he owns finds its heir."""
    person = visit.office.roster.person(userid)
    if person is not None and person.role is not Role.MERCHANT:
        return answer(say.at_work(person), "not_possible")
    if found.owned:
        return answer(say.owns(found.owned), "not_possible")
    if person is None and not found.is_any and not visit.office.roster.shops_of(userid):
        return answer(say.nobody(userid), "unknown_person")
    return None
