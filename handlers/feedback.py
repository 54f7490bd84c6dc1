"""What a reporter says of the result: 满意, 不满意, 重开."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain import transitions
from domain.issues import REOPEN_WORKING_DAYS, UNFINISHED, Action, CloseReason, Issue, State
from domain.outgoing import Button, Outgoing, Purpose, ToPerson
from domain.ports import Question
from domain.roster import Role
from domain.transitions import NotPossible
from handlers import oversight, sentences, several
from handlers.sentences import merchant as say
from handlers.visit import NO_DATA, Result, Visit, answer

JUDGEABLE = frozenset({State.RESOLVED})
DISPUTABLE = frozenset({State.RESOLVED, State.CLOSED, State.REJECTED})


def satisfied(visit: Visit) -> Result:
    """满意: really solved."""
    return several.apply(visit, "满意", _satisfied, lambda: _reported(visit, JUDGEABLE))


def dissatisfied(visit: Visit) -> Result:
    """不满意: not solved, with a reason or a picture."""
    return several.apply(visit, "不满意", _dissatisfied, lambda: _disputable(visit))


def reopen(visit: Visit) -> Result:
    """重开: it is back, within three working days after closing."""
    return several.apply(visit, "重开", _dissatisfied, lambda: _reported(visit, DISPUTABLE))


def _reported(visit: Visit, states: frozenset[State]) -> Sequence[Issue]:
    return [issue for issue in visit.desk.of_reporter(visit.userid) if issue.state in states]


def _disputable(visit: Visit) -> Sequence[Issue]:
    """What 没弄好 may mean: what waits for his word, else what was closed without it."""
    return _reported(visit, JUDGEABLE) or [
        issue for issue in _reported(visit, frozenset({State.CLOSED})) if not _is_too_late(visit, issue)
    ]


def waits_for(visit: Visit) -> bool:
    """Whether something of the writer's waits for his word."""
    return bool(_reported(visit, JUDGEABLE))


def _satisfied(visit: Visit, issue: Issue) -> Result:
    if not visit.reported(issue) and not oversight.watches(visit, issue.subdistrict):
        return answer(sentences.not_allowed(issue.number, "确认", "上报人"), "not_allowed", issue)
    if issue.close_reason is CloseReason.CONFIRMED:
        return answer(say.confirmed_already(issue), "confirmed_already", issue)
    if issue.state in UNFINISHED:
        raise NotPossible(say.not_done_yet(issue))
    transitions.require(issue, Action.CONFIRM)
    if issue.resolved_by == visit.userid:
        return answer(sentences.own_work(issue), "not_allowed", issue)
    closed = transitions.close(issue, Action.CONFIRM, visit.now)
    rating = visit.command.rating
    data = {"rating": str(rating)} if rating else NO_DATA
    changed = visit.change(issue, closed, Action.CONFIRM, visit.command.rest, data)
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
    if issue.reopened and issue.state in UNFINISHED:
        return answer(say.reopened_already(visit.office, issue), "reopened_already", issue)
    action = Action.DISPUTE if issue.state is State.RESOLVED else Action.REOPEN
    transitions.require(issue, action)
    if _is_too_late(visit, issue):
        raise NotPossible(sentences.too_late_to_reopen(issue.number))
    reason = _reason(visit)
    if action is Action.DISPUTE and not reason and not visit.has_picture:
        question = Question("reason", (str(issue.number),))
        visit.desk.ask(visit.message.chat_key, visit.userid, question)
        return answer(sentences.ask_what_is_wrong(issue), "asked_reason", issue)
    return dispute(visit, issue, reason)


def _reason(visit: Visit) -> str:
    """His words; 还在 or 没清干净 says itself what is wrong, 不满意 does not."""
    return visit.command.rest or ("" if visit.command.exact else visit.message.text)


def dispute(visit: Visit, issue: Issue, reason: str) -> Result:
    """The state change of 不满意 and 重开, for a reason or a picture."""
    action = Action.DISPUTE if issue.state is State.RESOLVED else Action.REOPEN
    changed = visit.change(issue, reopened(visit, issue, action), action, reason)
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=False)
    word = call_owner(visit, changed, reason)
    return answer(sentences.disputed(visit.office, changed), "reopened", changed, *word)


def _is_too_late(visit: Visit, issue: Issue) -> bool:
    """Closed issues can be reopened for three working days; after that it is a new problem."""
    if issue.state is not State.CLOSED or issue.closed_at is None:
        return False
    return visit.now > visit.office.rules.working_time.add_days(issue.closed_at, REOPEN_WORKING_DAYS)


def reopened(visit: Visit, issue: Issue, action: Action) -> Issue:
    """The issue taken up again, with a fresh deadline, by its owner if he is still responsible."""
    row = visit.office.taxonomy.sub(issue.category, issue.sub)
    promise = visit.office.promise(row, visit.now, issue.subdistrict, danger=issue.danger)
    responsible = _is_still_responsible(visit, issue)
    changed = transitions.reopen(issue, action, promise, owner_still_responsible=responsible)
    return changed if responsible else transitions.handed_to(changed, visit.office.owner_of(issue))


def _is_still_responsible(visit: Visit, issue: Issue) -> bool:
    """By the roster as it is now, not because the issue still bears his name. An officer has no section."""
    owner = visit.office.roster.person(issue.owner) if issue.owner else None
    if owner is None:
        return False
    by_roster = visit.office.responsible(replace(issue, owner=None, helpers=frozenset()), owner)
    return by_roster or owner.role is Role.OFFICER


def call_owner(visit: Visit, issue: Issue, reason: str) -> tuple[Outgoing, ...]:
    """Word to the owner that it is not solved."""
    if not issue.owner:
        return ()
    text = sentences.disputed_for_owner(visit.office, issue, reason, picture=visit.has_picture)
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
