"""Who watches over a subdistrict, what is shown to him, and how he is heard by those it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from domain.issues import Issue, State
from domain.roster import Role
from handlers import sentences
from handlers.sentences import supervisor as say
from handlers.visit import Result, Visit, answer


def is_administrator(visit: Visit) -> bool:
    return visit.person is not None and visit.person.role is Role.ADMINISTRATOR


def subdistricts(visit: Visit) -> tuple[str, ...]:
    """The subdistricts the writer watches over, himself or for whom he stands in; all, as administrator."""
    if is_administrator(visit):
        return tuple(subdistrict.name for subdistrict in visit.office.roster.subdistricts)
    people = visit.office.roster.principals(visit.userid)
    return tuple(dict.fromkeys(each.unit for each in people if each.role is Role.SUPERVISOR and each.unit))


def watches(visit: Visit, subdistrict: str) -> bool:
    return is_administrator(visit) or subdistrict in subdistricts(visit)


def refused(visit: Visit, issue: Issue, verb: str) -> Result | None:
    """The refusal, if the writer does not watch over this issue; it says who does."""
    if watches(visit, issue.subdistrict):
        return None
    names = [visit.office.name_of(userid) for userid in visit.office.supervisors(issue)]
    text = sentences.not_allowed(issue.number, verb, say.supervisors(names))
    return answer(text, "not_allowed", issue)


def candidates(visit: Visit, states: frozenset[State]) -> Sequence[Issue]:
    """What a command without a number can mean: what he watches over, in the place where he says it."""
    if is_administrator(visit):
        found = visit.desk.open_in_sections(visit.sections)
    else:
        found = [issue for name in subdistricts(visit) for issue in visit.desk.open_in_subdistrict(name)]
    here = [issue for issue in found if not visit.sections or issue.section in visit.sections]
    return [issue for issue in here if issue.state in states]
