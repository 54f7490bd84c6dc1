"""What a chief does besides claiming and resolving: 退回, 转外部, 静音."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain import pauses, transitions, with_officer
from domain.clock import BusinessTime
from domain.issues import UNFINISHED, Action, Issue, State
from domain.outgoing import Button
from domain.transitions import NotPossible
from handlers import rights, said, sentences, several, word
from handlers.sentences import chief as say
from handlers.visit import Result, Visit, answer
from nlp.times import Length, Moment

RUNNING = frozenset({State.REPORTED, State.CLAIMED})
LONGEST_REASON = 100


def give_back(visit: Visit) -> Result:
    """退回: not mine, for a reason; the level above assigns it again."""
    return several.apply(visit, "退回", _give_back, lambda: rights.candidates(visit, RUNNING))


def send_outside(visit: Visit) -> Result:
    """转外部: somebody else's system has it now."""
    return several.apply(visit, "转外部", _send_outside, lambda: rights.candidates(visit, UNFINISHED))


def mute(visit: Visit) -> Result:
    """静音: no reminders for a while."""
    return several.apply(visit, "静音", _mute, lambda: rights.candidates(visit, RUNNING))


def _give_back(visit: Visit, issue: Issue) -> Result:
    if rights.only_helps(visit, issue):
        return _stop_helping(visit, issue)
    if refusal := rights.refused_to_decide(visit, issue, "退回"):
        return refusal
    transitions.require(issue, Action.RETURN)
    reason = said.words(visit)
    if not reason:
        return answer(say.why_return(issue.number), "asked_reason", issue)
    above = visit.office.level_above(issue)
    if above is None:
        raise NotPossible(say.nobody_above(issue.number))
    running = with_officer.given_back(issue, visit.now, visit.office.clocks(issue.subdistrict))
    changed = visit.change(issue, pauses.returned(running, above, visit.now), Action.RETURN, reason)
    told = say.returned_to_you(visit.office, changed, visit.actor.name, reason)
    buttons = (Button("转派", f"转派 {issue.number}"), Button("认领", f"认领 {issue.number}"))
    gone = say.taken_from_you(changed, visit.actor.name, "退回")
    return answer(
        say.returned(visit.office, changed),
        "returned",
        changed,
        *word.to_person(visit, changed, above, told, buttons, f"转派 {issue.number} @人"),
        *(word.to_person(visit, changed, issue.owner, gone) if issue.owner != above else ()),
    )


def _stop_helping(visit: Visit, issue: Issue) -> Result:
    """An officer who co-handles gives back his part only."""
    reason = said.words(visit)
    if not reason:
        return answer(say.why_return(issue.number), "asked_reason", issue)
    alone = replace(issue, helpers=issue.helpers - {visit.userid})
    if not alone.helpers & visit.office.roster.officer_ids:
        alone = with_officer.given_back(alone, visit.now, visit.office.clocks(issue.subdistrict))
    changed = visit.change(issue, alone, Action.CO_HANDLE, f"不再协办:{reason}")
    told = say.stopped_helping(visit.office, changed, visit.actor.name, reason)
    return answer(
        say.no_longer_helps(issue.number),
        "stopped_helping",
        changed,
        *word.to_person(visit, changed, changed.owner, told),
    )


def _send_outside(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused_to_decide(visit, issue, "转外部"):
        return refusal
    where = said.words(visit) or ("12345" if "12345" in visit.message.text else "")
    after = pauses.sent_outside(issue, where[:LONGEST_REASON], visit.now)
    if not where:
        return answer(say.where_outside(issue.number), "asked_where", issue)
    changed = visit.change(issue, after, Action.EXTERNAL, where)
    gone = say.taken_from_you(changed, visit.actor.name, "转外部")
    return answer(
        say.sent_outside(changed),
        "sent_outside",
        changed,
        *word.to_reporters(visit, changed, say.sent_outside_for_reporter(changed)),
        *word.to_person(visit, changed, changed.owner, gone),
    )


def _mute(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused_to_decide(visit, issue, "静音"):
        return refusal
    muted = pauses.muted(issue, _quiet_until(visit, issue), visit.now)
    until = muted.muted_until or issue.deadline
    changed = visit.change(issue, muted, Action.MUTE, f"到 {sentences.moment(visit.office, until)}")
    return answer(say.muted(visit.office, changed, until), "muted", changed)


def _quiet_until(visit: Visit, issue: Issue) -> BusinessTime:
    """As said; else the next working morning."""
    until, _ = said.when(visit)
    if isinstance(until, Moment):
        return said.morning_of(visit, until)
    if isinstance(until, Length):
        natural = replace(issue, working_clock=False)
        return BusinessTime(visit.now + min(said.counted(visit, natural, until), timedelta(days=60)))
    return pauses.next_morning(visit.now, visit.office.rules.working_time)
