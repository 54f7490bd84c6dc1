"""What a reporter says of the result: 满意, 不满意, 重开; and what he adds or takes back."""

from __future__ import annotations

from collections.abc import Sequence

from domain import issues
from domain.issues import REOPEN_WORKING_DAYS, Action, Issue, NotPossible, State
from domain.outgoing import Button, Outgoing, Purpose, ToPerson
from handlers import sentences, several
from handlers.visit import Result, Visit, answer

JUDGEABLE = frozenset({State.RESOLVED})
DISPUTABLE = frozenset({State.RESOLVED, State.CLOSED, State.REJECTED})


def satisfied(visit: Visit) -> Result:
    """满意: really solved."""
    return several.apply(visit, "满意", _satisfied, lambda: _reported(visit, JUDGEABLE))


def dissatisfied(visit: Visit) -> Result:
    """不满意: not solved, with a reason or a picture."""
    return several.apply(visit, "不满意", _dissatisfied, lambda: _reported(visit, JUDGEABLE))


def reopen(visit: Visit) -> Result:
    """重开: it is back, within three working days after closing."""
    return several.apply(visit, "重开", _dissatisfied, lambda: _reported(visit, DISPUTABLE))


def withdraw(visit: Visit) -> Result:
    """撤回: no longer needed."""
    return several.apply(visit, "撤回", _withdraw, lambda: _reported(visit, issues.OPEN))


def _reported(visit: Visit, states: frozenset[State]) -> Sequence[Issue]:
    return [issue for issue in visit.desk.of_reporter(visit.userid) if issue.state in states]


def _satisfied(visit: Visit, issue: Issue) -> Result:
    if not visit.reported(issue):
        return answer(sentences.not_allowed(issue.number, "确认", "上报人"), "not_allowed", issue)
    issues.require(issue, Action.CONFIRM)
    if issue.resolved_by == visit.userid:
        return answer(sentences.own_work(issue), "not_allowed", issue)
    closed = issues.close(issue, Action.CONFIRM, visit.now)
    changed = visit.change(issue, closed, Action.CONFIRM, visit.command.rest)
    return answer(sentences.confirmed(changed), "confirmed", changed, *_tell_owner(changed))


def _tell_owner(issue: Issue) -> tuple[Outgoing, ...]:
    if not issue.owner:
        return ()
    text = sentences.confirmed_for_owner(issue)
    return (Outgoing(ToPerson(issue.owner, None), text, Purpose.NOTICE, issue.number),)


def _may_dispute(visit: Visit, issue: Issue) -> bool:
    return visit.reported(issue) or (
        visit.person is not None and visit.office.responsible(issue, visit.person)
    )


def _dissatisfied(visit: Visit, issue: Issue) -> Result:
    """不满意 and 重开: the same change, named by the state it starts from."""
    if not _may_dispute(visit, issue):
        return answer(sentences.not_allowed(issue.number, "重开", "上报人、路长或督导"), "not_allowed", issue)
    action = Action.DISPUTE if issue.state is State.RESOLVED else Action.REOPEN
    issues.require(issue, action)
    _require_window(visit, issue)
    reason = visit.command.rest
    if action is Action.DISPUTE and not reason and not visit.has_picture:
        return answer(sentences.ask_what_is_wrong(issue), "asked_reason", issue)
    changed = visit.change(issue, _reopened(visit, issue, action), action, reason)
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=False)
    return answer(
        sentences.disputed(visit.office, changed), "reopened", changed, *_call_owner(visit, changed)
    )


def _require_window(visit: Visit, issue: Issue) -> None:
    """Closed issues can be reopened for three working days; after that it is a new problem."""
    if issue.state is State.CLOSED and issue.closed_at:
        last = visit.office.rules.working_time.add_days(issue.closed_at, REOPEN_WORKING_DAYS)
        if visit.now > last:
            raise NotPossible(sentences.too_late_to_reopen(issue.number))


def _reopened(visit: Visit, issue: Issue, action: Action) -> Issue:
    row = visit.office.taxonomy.sub(issue.category, issue.sub)
    promise = visit.office.promise(row, visit.now, issue.subdistrict, danger=issue.danger)
    owner = visit.office.roster.person(issue.owner) if issue.owner else None
    responsible = owner is not None and visit.office.responsible(issue, owner)
    changed = issues.reopen(issue, action, promise, owner_still_responsible=responsible)
    return changed if responsible else issues.handed_to(changed, visit.office.owner_of(issue))


def _call_owner(visit: Visit, issue: Issue) -> tuple[Outgoing, ...]:
    if not issue.owner:
        return ()
    text = sentences.disputed_for_owner(visit.office, issue, visit.command.rest, picture=visit.has_picture)
    return (
        Outgoing(
            ToPerson(issue.owner, visit.office.group_for(issue)),
            text,
            Purpose.NOTICE,
            issue.number,
            issue.danger,
            buttons=(Button("办结", f"办结 {issue.number}"),),
            reply_with=f"办结 {issue.number}",
        ),
    )


def _withdraw(visit: Visit, issue: Issue) -> Result:
    if not visit.reported(issue):
        return answer(sentences.not_allowed(issue.number, "撤回", "上报人"), "not_allowed", issue)
    closed = issues.close(issue, Action.WITHDRAW, visit.now)
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
