"""同意 and 不同意: of a binding that waits for the writer's word, else of more time (延期)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.ports import Question
from domain.roster import Roster, Shop, name_key
from domain.roster_binding import find_shop, with_alias, with_shop
from handlers import extension, which
from handlers.identity import BINDING, WAITS
from handlers.sentences import binding as say
from handlers.visit import Result, Visit, answer


def agree(visit: Visit) -> Result:
    """同意: with a number it is about an issue; with a shop's name, or where nothing else waits, about a
    binding."""
    return agree_to_binding(visit) if _means_binding(visit) else extension.grant(visit)


def disagree(visit: Visit) -> Result:
    """不同意, likewise."""
    return refuse_binding(visit) if _means_binding(visit) else extension.refuse(visit)


def _means_binding(visit: Visit) -> bool:
    if which.numbers(visit):
        return False
    waiting = _waiting(visit)
    named = bool(visit.command.rest) and bool(_named(waiting, visit.command.rest))
    return named or (bool(waiting) and not visit.command.rest and not extension.asked_of(visit))


def agree_to_binding(visit: Visit) -> Result:
    """同意绑定 五金店: the next version of the roster has it."""
    chosen = _chosen(visit)
    if isinstance(chosen, Result):
        return chosen
    applicant, request = chosen
    where = request.data["where"]
    roster = _bound(visit.office.roster, applicant, request.data)
    visit.desk.forget_question(BINDING, applicant)
    if roster is None:
        return answer(say.taken_meanwhile(where), "not_possible")
    visit.desk.amend_roster(roster, f"绑定 {where}")
    person = roster.person(applicant)
    if person is not None and person.userid != applicant:
        visit.desk.adopt(applicant, person.userid)
    return answer(
        say.agreed(where), "binding_agreed", None, _told(applicant, request, say.agreed_to_you(where))
    )


def refuse_binding(visit: Visit) -> Result:
    """不同意绑定 五金店."""
    chosen = _chosen(visit)
    if isinstance(chosen, Result):
        return chosen
    applicant, request = chosen
    visit.desk.forget_question(BINDING, applicant)
    word = _told(applicant, request, say.refused_to_you(request.data["where"]))
    return answer(say.refused(request.data["where"]), "binding_refused", None, word)


def _told(applicant: str, request: Question, text: str) -> Outgoing:
    group = request.data["group"] or None
    return Outgoing(ToPerson(applicant, group, private=group is None), text, Purpose.NOTICE)


def _chosen(visit: Visit) -> tuple[str, Question] | Result:
    waiting = _waiting(visit)
    if visit.command.rest:
        waiting = _named(waiting, visit.command.rest)
    if not waiting:
        return answer(say.nothing_to_agree(), "nothing_asked")
    if len(waiting) > 1:
        rows = [f"{request.data['where']}({say.shown_id(each)})" for each, request in waiting.items()]
        return answer(say.which_binding(rows), "asked_which_binding")
    return next(iter(waiting.items()))


def _waiting(visit: Visit) -> Mapping[str, Question]:
    """Requests that the writer may answer; never his own."""
    person = visit.person
    if person is None or not visit.works_here:
        return {}
    found = visit.desk.asked_beside(BINDING, WAITS)
    return {each: request for each, request in found.items() if _may_answer(visit, each, request.data)}


def _may_answer(visit: Visit, applicant: str, data: Mapping[str, str]) -> bool:
    person, roster = visit.person, visit.office.roster
    if person is None or applicant in {visit.userid, visit.message.sender}:
        return False
    if person in roster.administrators():
        return True
    if "person" in data:
        return person.userid == data["person"]
    return roster.may_manage(person, data["section"])


def _named(waiting: Mapping[str, Question], words: str) -> Mapping[str, Question]:
    """Those whose id, place or shop the words name."""
    said = name_key(words)
    return {
        each: request
        for each, request in waiting.items()
        if said == each.casefold() or said in name_key(request.data["where"])
    }


def _bound(roster: Roster, applicant: str, data: Mapping[str, str]) -> Roster | None:
    """The roster with the binding; None if what it is about is no longer there."""
    if "person" in data:
        wider = with_alias(roster, data["person"], applicant)
        return None if wider is roster else wider
    if roster.section(data["section"]) is None:
        return None
    number = int(data["number"]) if data["number"] else None
    shop = Shop(data["name"], data["section"], number, door=data["door"])
    return with_shop(roster, find_shop(roster, shop) or shop, applicant)
