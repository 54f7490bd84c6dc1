"""Who may do what to an issue, and which of his a command without a number can mean."""

from __future__ import annotations

from collections.abc import Sequence

from domain.issues import Issue, State
from domain.roster import Role
from handlers import sentences
from handlers.visit import Result, Visit, answer


def candidates(visit: Visit, states: frozenset[State]) -> Sequence[Issue]:
    """What a command without a number may mean: what he owns or co-handles, else what he may act on here."""
    own = [issue for issue in visit.desk.in_hands_of(visit.userid) if issue.state in states]
    here = [issue for issue in own if issue.section in visit.sections]
    person = visit.person
    if own or person is None:
        return here or own
    found = visit.desk.open_in_sections(visit.sections)
    return [issue for issue in found if issue.state in states and visit.office.responsible(issue, person)]


def refused(visit: Visit, issue: Issue, verb: str) -> Result | None:
    """The refusal, if the writer may not act on this issue; it says who could."""
    if visit.person is not None and visit.office.responsible(issue, visit.person):
        return None
    return _refusal(visit, issue, verb)


def refused_to_decide(visit: Visit, issue: Issue, verb: str) -> Result | None:
    """The same for what a co-handling officer may not do: who owns it, how long it takes, where it goes."""
    return refused(visit, issue, verb) or (_refusal(visit, issue, verb) if only_helps(visit, issue) else None)


def only_helps(visit: Visit, issue: Issue) -> bool:
    """Whether the writer may act on an issue as a co-handling officer and in no other way."""
    person = visit.person
    if person is None or person.userid == issue.owner or person.userid not in issue.helpers:
        return False
    return not (person.role is Role.ADMINISTRATOR or _manages_section(visit, issue))


def _manages_section(visit: Visit, issue: Issue) -> bool:
    roster, person = visit.office.roster, visit.person
    return person is not None and issue.section is not None and roster.may_manage(person, issue.section)


def acts_for_owner(visit: Visit, issue: Issue) -> bool:
    """Whether what the writer does leaves the owner what he is: 协办 and 代办."""
    return issue.owner is not None and (only_helps(visit, issue) or visit.stands_in_office(issue))


def decides_above(visit: Visit, issue: Issue) -> bool:
    """Whether the writer stands above the owner: may grant him more time."""
    person, roster = visit.person, visit.office.roster
    if person is None or person.userid == issue.owner or only_helps(visit, issue):
        return False
    if person.role is Role.ADMINISTRATOR or person.userid == visit.office.level_above(issue):
        return True
    if issue.section is None:
        return person.role is Role.SUPERVISOR and visit.office.responsible(issue, person)
    mine = roster.level_on(issue.section, person.userid)
    owners = roster.level_on(issue.section, issue.owner) if issue.owner else None
    return mine is not None and mine < (owners or 3)


def _refusal(visit: Visit, issue: Issue, verb: str) -> Result:
    who = visit.office.owner_name(issue)
    return answer(sentences.not_allowed(issue.number, verb, who), "not_allowed", issue)
