"""缓办 and 挂账: approved to wait, the clock stands still; 恢复: it goes on."""

from __future__ import annotations

from datetime import datetime

from domain import deadlines, issues, supervision, transitions
from domain.clock import BusinessTime
from domain.issues import Action, Issue, State
from domain.outgoing import Outgoing
from domain.transitions import NotPossible
from handlers import oversight, several, word
from handlers.sentences import supervisor as say
from handlers.visit import Result, Visit, answer
from nlp.review_day import review_day

SUSPENDED = frozenset({State.SUSPENDED})


def suspend(visit: Visit) -> Result:
    """缓办 12 原因."""
    return several.apply(visit, "缓办", _suspend, lambda: oversight.candidates(visit, issues.UNFINISHED))


def shelve(visit: Visit) -> Result:
    """挂账 12 复核日期 原因."""
    return several.apply(visit, "挂账", _shelve, lambda: oversight.candidates(visit, issues.UNFINISHED))


def resume(visit: Visit) -> Result:
    """恢复 12: also what was handed outside (转外部)."""
    return several.apply(visit, "恢复", _resume, lambda: oversight.candidates(visit, SUSPENDED))


def _suspend(visit: Visit, issue: Issue) -> Result:
    if refusal := oversight.refused(visit, issue, "缓办"):
        return refusal
    transitions.require(issue, Action.SUSPEND)
    reason = visit.command.rest
    if not reason:
        return answer(say.why_suspend(issue.number), "asked_reason", issue)
    changed = visit.change(issue, supervision.suspended(issue, visit.now), Action.SUSPEND, reason)
    words = _told(visit, changed, reason)
    return answer(say.suspended(changed), "suspended", changed, *words)


def _shelve(visit: Visit, issue: Issue) -> Result:
    if refusal := oversight.refused(visit, issue, "挂账"):
        return refusal
    transitions.require(issue, Action.SUSPEND)
    day, reason = review_day(visit.command.rest, _local(visit))
    if day is None or not reason:
        return answer(say.until_when(issue.number, date_given=day is not None), "asked_reason", issue)
    if day <= _local(visit).date():
        raise NotPossible(say.not_in_the_future(issue.number, day))
    review_at = _morning(visit, datetime.combine(day, datetime.min.time()))
    changed = visit.change(
        issue,
        supervision.suspended(issue, visit.now, review_at),
        Action.SUSPEND,
        say.shelved_because(day, reason),
    )
    return answer(say.shelved(changed, day), "shelved", changed, *_told(visit, changed, reason))


def _local(visit: Visit) -> datetime:
    return visit.now.astimezone(visit.office.rules.timezone).replace(tzinfo=None)


def _morning(visit: Visit, day: datetime) -> BusinessTime:
    """When work begins on that day, or on the next working one."""
    midnight = BusinessTime(day.replace(tzinfo=visit.office.rules.timezone))
    return visit.office.rules.working_time.next_working(midnight)


def _told(visit: Visit, issue: Issue, reason: str) -> tuple[Outgoing, ...]:
    owner = word.to_person(visit, issue, issue.owner, say.suspended_for_owner(issue, reason))
    return (*owner, *word.to_reporters(visit, issue, say.suspended_for_reporter(issue, reason)))


def _resume(visit: Visit, issue: Issue) -> Result:
    if not _may_resume(visit, issue) and (refusal := oversight.refused(visit, issue, "恢复")):
        return refusal
    transitions.require_state(issue, State.SUSPENDED, "恢复")
    promise = deadlines.resumed(issue, visit.now, visit.office.clocks(issue.subdistrict))
    after = supervision.resumed(issue, promise)
    changed = visit.change(issue, after, Action.RESUME, visit.command.rest)
    text = say.resumed(visit.office, changed)
    owner = word.to_person(visit, changed, changed.owner, text)
    return answer(text, "resumed", changed, *owner, *word.to_reporters(visit, changed, text))


def _may_resume(visit: Visit, issue: Issue) -> bool:
    """What was handed outside comes back by word of whoever might hand it out."""
    return bool(issue.external) and visit.person is not None and visit.office.responsible(issue, visit.person)
