"""转派: another owner with a fresh deadline. 协办: somebody helps, the owner stays."""

from __future__ import annotations

from dataclasses import replace

from domain import transitions, with_officer
from domain.issues import UNFINISHED, Action, Issue
from domain.outgoing import Button, Outgoing
from domain.roster import Person, Role, Section
from domain.transitions import NotPossible
from handlers import corrections, rights, sentences, several, whom, word
from handlers.sentences import chief as say
from handlers.visit import Result, Visit, answer


def transfer(visit: Visit) -> Result:
    """转派 12 @张三 原因; a road means its owner, a department its officer."""
    return several.apply(visit, "转派", _transfer, lambda: rights.candidates(visit, UNFINISHED))


def co_handle(visit: Visit) -> Result:
    """协办 12 交警."""
    return several.apply(visit, "协办", _co_handle, lambda: rights.candidates(visit, UNFINISHED))


def _transfer(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused_to_decide(visit, issue, "转派"):
        return refusal
    transitions.require(issue, Action.TRANSFER)
    found = whom.named(visit, issue)
    if found.section is not None:
        return _to_section(visit, issue, found.section, found.reason)
    if len(found.people) != 1:
        return whom.ask(visit, issue, "转派", found, found.people or whom.proposals(visit, issue))
    return _hand_over(visit, issue, issue, found.people[0], found.reason)


def _to_section(visit: Visit, issue: Issue, section: Section, reason: str) -> Result:
    """To whoever owns that road; the problem is taken to lie there."""
    person = visit.office.roster.owner(section.name, issue.house_number, visit.office.absent)
    if person is None:
        raise NotPossible(say.place_without_owner(issue.number, section.name))
    moved = issue if section.name == issue.section else corrections.placed(visit, issue, section)
    return _hand_over(visit, issue, moved, person, reason)


def _hand_over(visit: Visit, issue: Issue, moved: Issue, person: Person, reason: str) -> Result:
    """``issue`` as it is stored; ``moved`` the same on its new road."""
    office = visit.office
    present = office.roster.stand_in(person.userid, office.absent) or person
    if present.userid == issue.owner and moved.section == issue.section:
        raise NotPossible(say.already_his(office, issue))
    row = office.taxonomy.sub(issue.category, issue.sub)
    promise = office.promise(row, visit.now, moved.subdistrict, danger=issue.danger)
    given = transitions.promised(transitions.transferred(moved, present.userid), promise)
    after = replace(given, muted_until=None, helpers=issue.helpers - {present.userid})
    why = f":{reason}" if reason else ""
    changed = visit.change(issue, after, Action.TRANSFER, f"给 {present.title}{why}")
    return answer(
        say.transferred(office, changed, "" if present is person else person.title),
        "transferred",
        changed,
        *_told(visit, issue, changed, reason),
    )


def _told(visit: Visit, before: Issue, after: Issue, reason: str) -> tuple[Outgoing, ...]:
    """The new owner; the old one when somebody else did it."""
    pictures = visit.desk.pictures(after.number)
    text = say.transferred_to_you(visit.office, after, visit.actor.name, reason, pictures)
    gone = say.taken_from_you(after, visit.actor.name, "转派")
    former = before.owner if before.owner != after.owner else None
    return (
        *word.to_work_on(visit, after, after.owner, text),
        *word.to_person(visit, after, former, gone),
    )


def _co_handle(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused_to_decide(visit, issue, "协办"):
        return refusal
    if issue.state not in UNFINISHED:
        raise NotPossible(sentences.not_now(issue, "协办"))
    found = whom.named(visit, issue)
    if found.section is not None or len(found.people) != 1:
        people = found.people or whom.proposals(visit, issue, only_officers=True)
        return whom.ask(visit, issue, "协办", found, people)
    helper = found.people[0]
    if helper.userid in {issue.owner, *issue.helpers}:
        raise NotPossible(say.co_handles_already(issue.number, [helper.title]))
    why = f":{found.reason}" if found.reason else ""
    after = _with_helper(visit, issue, helper)
    changed = visit.change(issue, after, Action.CO_HANDLE, f"{helper.title}{why}")
    text = say.help_wanted(visit.office, changed, visit.actor.name, found.reason)
    buttons = (Button("已到现场", f"进展 {issue.number} 已到现场"), Button("办结", f"办结 {issue.number}"))
    return answer(
        say.co_handled(visit.office, changed, helper),
        "co_handled",
        changed,
        *word.to_person(visit, changed, helper.userid, text, buttons, f"进展 {issue.number}"),
    )


def _with_helper(visit: Visit, issue: Issue, helper: Person) -> Issue:
    """An officer has it from now on; with any other helper the owner's time goes on."""
    if helper.role is not Role.OFFICER or issue.owner in visit.office.roster.officer_ids:
        return replace(issue, helpers=issue.helpers | {helper.userid})
    return with_officer.asked(issue, helper.userid, visit.now, visit.office.clocks(issue.subdistrict))
