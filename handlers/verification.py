"""核查: a supervisor looks whether it is really done. Nobody verifies what he resolved himself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain import supervision
from domain.issues import Action, Event, Issue, State
from domain.outgoing import Button
from domain.rework import OVERRULED_WITHIN_DAYS
from domain.supervision import DONE
from domain.transitions import NotPossible
from handlers import feedback, oversight, sentences, several, word
from handlers.sentences import supervisor as say
from handlers.visit import Result, Visit, answer
from nlp.verdict import verdict

RESOLVED = frozenset({State.RESOLVED})


def verify(visit: Visit) -> Result:
    """核查 12 通过, or 不通过 with a reason."""
    return several.apply(visit, "核查", _verify, lambda: oversight.candidates(visit, RESOLVED))


def _verify(visit: Visit, issue: Issue) -> Result:
    if refusal := oversight.refused(visit, issue, "核查"):
        return refusal
    found = _found_done(visit, issue)
    if found.resolved_by == visit.userid:
        return answer(say.own_work(issue.number), "not_allowed", issue)
    button = visit.message.button
    passed, reason = verdict(visit.command.rest, button.key if button else visit.message.text)
    if passed is None or (not passed and not reason and not visit.has_picture):
        return answer(say.which_verdict(issue.number, failed=passed is False), "asked_verdict", issue)
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=False)
    return _passed(visit, issue, found, reason) if passed else _failed(visit, issue, reason)


def _found_done(visit: Visit, issue: Issue) -> Issue:
    """The issue as it was found done: as it is, or, while 核查 may overrule a 不满意, as it was before that.
    Raises ``NotPossible``."""
    if issue.state in DONE and issue.resolved_at is not None:
        return issue
    dispute = open_dispute(visit.desk.history(issue.number))
    working = visit.office.rules.working_time
    before = visit.desk.before_last(issue.number, Action.DISPUTE) if dispute else None
    if dispute and before and visit.now <= working.add_days(dispute.at, OVERRULED_WITHIN_DAYS):
        return before
    raise NotPossible(sentences.not_now(issue, "核查"))


def open_dispute(history: Iterable[Event]) -> Event | None:
    """The 不满意 that sent the issue back and to which nothing was done since."""
    found = None
    for event in history:
        if event.action is Action.DISPUTE:
            found = event
        elif event.before is not event.after or event.action is Action.VERIFY:
            found = None
    return found


def _passed(visit: Visit, issue: Issue, found: Issue, reason: str) -> Result:
    after = supervision.passed(issue, found)
    changed = visit.change(issue, after, Action.VERIFY, say.verdict(reason, passed=True))
    if found is issue:
        return answer(say.passed(changed), "verified", changed)
    owner = word.to_person(visit, changed, changed.owner, say.overruled_for_owner(changed))
    reporters = word.to_reporters(visit, changed, say.overruled_for_reporter(changed, reason))
    return answer(say.overruled(changed), "overruled", changed, *owner, *reporters)


def _failed(visit: Visit, issue: Issue, reason: str) -> Result:
    again = feedback.reopened(visit, issue, Action.REOPEN) if issue.state in DONE else issue
    after = replace(again, verified=False)
    changed = visit.change(issue, after, Action.VERIFY, say.verdict(reason, passed=False))
    text = say.failed_for_owner(visit.office, changed, reason, picture=visit.has_picture)
    done = f"办结 {issue.number}"
    owner = word.to_person(visit, changed, changed.owner, text, (Button("办结", done),), done)
    return answer(say.failed(visit.office, changed), "verification_failed", changed, *owner)
