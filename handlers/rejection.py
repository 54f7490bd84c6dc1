"""不予受理: not ours to solve; the reporter is told why and where to go."""

from __future__ import annotations

from domain import issues, transitions
from domain.issues import Action, Issue
from handlers import oversight, several, word
from handlers.sentences import supervisor as say
from handlers.visit import Result, Visit, answer
from nlp.destinations import where_to


def reject(visit: Visit) -> Result:
    """不予受理 12 原因 去处."""
    return several.apply(visit, "不予受理", _reject, lambda: oversight.candidates(visit, issues.OPEN))


def _reject(visit: Visit, issue: Issue) -> Result:
    if refusal := oversight.refused(visit, issue, "不予受理"):
        return refusal
    transitions.require(issue, Action.REJECT)
    reason, where = where_to(visit.command.rest)
    if not reason or not where:
        return answer(say.why_and_where(issue.number, reason, where), "asked_reason", issue)
    after = transitions.rejected(issue, visit.now)
    changed = visit.change(issue, after, Action.REJECT, say.rejected_because(reason, where))
    owner = word.to_person(visit, changed, changed.owner, say.rejected_for_owner(changed, reason))
    text = say.rejected_for_reporter(visit.office, changed, reason, where)
    reporters = word.to_reporters(visit, changed, text)
    return answer(say.rejected(changed, where), "rejected", changed, *owner, *reporters)
