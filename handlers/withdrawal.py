"""撤回: a reporter takes his report back."""

from __future__ import annotations

from domain import transitions
from domain.issues import OPEN, Action, Issue
from domain.outgoing import Outgoing, Purpose, ToPerson
from handlers import sentences, several
from handlers.sentences import merchant as say
from handlers.visit import Result, Visit, answer


def withdraw(visit: Visit) -> Result:
    """撤回: no longer needed."""
    own = visit.desk.of_reporter
    return several.apply(
        visit, "撤回", _withdraw, lambda: [issue for issue in own(visit.userid) if issue.state in OPEN]
    )


def _withdraw(visit: Visit, issue: Issue) -> Result:
    reporters = {reporter.userid for reporter in visit.desk.reporters(issue.number)}
    if visit.userid not in reporters and _has_left(visit, issue):
        return answer(say.left_already(issue), "withdrawn_already", issue)
    if visit.userid not in reporters:
        return answer(sentences.not_allowed(issue.number, "撤回", "上报人"), "not_allowed", issue)
    closed = transitions.close(issue, Action.WITHDRAW, visit.now)
    if len(reporters) > 1:
        return leave(visit, issue)
    changed = visit.change(issue, closed, Action.WITHDRAW, visit.command.rest)
    word = (
        (
            Outgoing(
                ToPerson(issue.owner, None),
                sentences.withdrawn_for_owner(issue),
                Purpose.NOTICE,
                issue.number,
            ),
        )
        if issue.owner
        else ()
    )
    return answer(sentences.withdrawn(issue), "withdrawn", changed, *word)


def _has_left(visit: Visit, issue: Issue) -> bool:
    events = visit.desk.history(issue.number)
    return any(event.action is Action.WITHDRAW and event.actor == visit.userid for event in events)


def leave(visit: Visit, issue: Issue) -> Result:
    """One of several takes only himself out; for the others the problem is still there."""
    visit.desk.leave(issue.number, visit.userid)
    visit.note(issue, Action.WITHDRAW, "其他上报人仍在")
    return answer(say.left(issue), "left", issue)
