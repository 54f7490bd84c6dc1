"""What those who solve problems say: 认领 and 办结."""

from __future__ import annotations

from datetime import timedelta

from domain import transitions, with_officer
from domain.deadlines import resumed
from domain.issues import Action, Issue, State
from domain.outgoing import Button, Outgoing, Purpose, ToPerson
from domain.ports import Question
from handlers import held_picture, rights, sentences, several, word
from handlers.sentences import chief as say
from handlers.visit import Result, Visit, answer

CLAIMABLE = frozenset({State.REPORTED, State.RETURNED})
RESOLVABLE = frozenset({State.REPORTED, State.CLAIMED})
NO_PHOTO = "无照片"


def claim(visit: Visit) -> Result:
    """认领: I take it in hand."""
    return several.apply(visit, "认领", _claim, lambda: rights.candidates(visit, CLAIMABLE))


def resolve(visit: Visit) -> Result:
    """办结: done, with a picture where the category asks for one."""
    return several.apply(visit, "办结", _resolve, lambda: rights.candidates(visit, RESOLVABLE))


def progress(visit: Visit) -> Result:
    """进展: a word about how it goes; shows that the issue is not forgotten."""
    return several.apply(
        visit, "进展", _progress, lambda: rights.candidates(visit, frozenset({State.CLAIMED}))
    )


def _claim(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused(visit, issue, "认领"):
        return refusal
    if issue.state is State.CLAIMED and issue.owner == visit.userid:
        return answer(sentences.claimed(visit.office, issue), "claimed_already", issue)
    changed = visit.change(issue, _taken(visit, issue), Action.CLAIM)
    text = sentences.claimed_for_reporter(visit.office, changed)
    words = [
        Outgoing(ToPerson(reporter.userid, None, reporter.private), text, Purpose.NOTICE, issue.number)
        for reporter in visit.desk.reporters(issue.number)
    ]
    return answer(sentences.claimed(visit.office, changed), "claimed", changed, *words)


def _taken(visit: Visit, issue: Issue) -> Issue:
    """Claimed: by its new owner, or for its owner; after a 退回 what was left of the time is left now."""
    claimed = transitions.claim(issue, visit.actor, visit.now)
    if rights.acts_for_owner(visit, issue):
        claimed = transitions.handed_to(claimed, issue.owner)
    if issue.state is State.RETURNED:
        clocks = visit.office.clocks(issue.subdistrict)
        claimed = transitions.promised(claimed, resumed(issue, visit.now, clocks))
    return claimed


def _progress(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused(visit, issue, "进展"):
        return refusal
    if not rights.only_helps(visit, issue) or issue.state is not State.REPORTED:
        transitions.require_state(issue, State.CLAIMED, "登记进展")
    changed = visit.change(
        issue,
        transitions.progressed(issue, visit.now),
        Action.PROGRESS,
        visit.command.rest or visit.message.text,
    )
    return answer(sentences.progressed(visit.office, changed), "progress", changed)


def _resolve(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused(visit, issue, "办结"):
        return refusal
    transitions.require(issue, Action.RESOLVE)
    if needs_proof(visit, issue):
        return _ask_for_proof(visit, issue)
    return finish(visit, issue, visit.command.rest)


def needs_proof(visit: Visit, issue: Issue) -> bool:
    """Whether the category asks for a picture and neither one nor a reason for none came."""
    if visit.has_picture or visit.command.rest.startswith(NO_PHOTO) or held_picture.is_held(visit):
        return False
    return visit.office.taxonomy.sub(issue.category, issue.sub).photo_required


def _ask_for_proof(visit: Visit, issue: Issue) -> Result:
    """Several at once are asked for together: the next picture closes them all."""
    asked = visit.desk.question(visit.message.chat_key, visit.userid, timedelta(0))
    earlier = (
        asked.options if asked and asked.kind == "proof" and asked.data.get("inbox") == _id(visit) else ()
    )
    options = (*earlier, str(issue.number))
    visit.desk.ask(visit.message.chat_key, visit.userid, Question("proof", options, {"inbox": _id(visit)}))
    return answer(sentences.ask_for_proof([issue.number]), "asked_proof", issue)


def _id(visit: Visit) -> str:
    return str(visit.desk.inbox_id)


def finish(visit: Visit, issue: Issue, reason: str) -> Result:
    """The state change of 办结; from 待认领 it implies the claim, so that the history shows both."""
    before = issue
    if issue.state is State.REPORTED:
        before = visit.change(issue, _taken(visit, issue), Action.CLAIM)
    running = with_officer.given_back(before, visit.now, visit.office.clocks(issue.subdistrict))
    after = transitions.resolve(running, visit.actor, visit.now)
    changed = visit.change(before, after, Action.RESOLVE, reason)
    pictures = len(visit.message.all_pictures) or held_picture.use(visit, issue.number)
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=True)
    return answer(
        sentences.resolved(changed, late=changed.on_time is False),
        "resolved",
        changed,
        *ask_reporters(visit, changed, pictures),
        *word.to_person(visit, changed, changed.owner, say.resolved_for_owner(changed, visit.actor.name)),
    )


def ask_reporters(visit: Visit, issue: Issue, pictures: int) -> tuple[Outgoing, ...]:
    """Whether it is really solved: asked of everyone who reported it, 1:1 or in the group."""
    text = sentences.ask_confirmation(visit.office, issue, pictures)
    buttons = (Button("好了", f"满意 {issue.number}"), Button("没好", f"不满意 {issue.number}"))
    return tuple(
        Outgoing(
            ToPerson(reporter.userid, visit.office.group_for(issue), reporter.private),
            text,
            Purpose.NOTICE,
            issue.number,
            buttons=buttons,
            reply_with=f"满意 {issue.number} 或 不满意 {issue.number} 原因",
        )
        for reporter in visit.desk.reporters(issue.number)
        if reporter.userid != visit.userid
    )
