"""新问题: a report that was taken for one already known becomes an issue of its own after all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from domain.issues import Action, Issue, State
from domain.ports import Question
from domain.transitions import record
from handlers import announcing, joining, report, sentences
from handlers.sentences import merchant as say
from handlers.visit import Result, Visit, answer

UNTIL = timedelta(minutes=10)


def part(visit: Visit) -> Result:
    """新问题, within ten minutes: what the report added to the known issue is taken out again."""
    question = visit.desk.question(visit.message.chat_key, visit.userid, UNTIL)
    if question is None or question.kind != joining.SAME:
        if visit.reading.intent == "report" and visit.command.rest:
            return report.report(visit)  # 新问题: 12号门口垃圾没人清
        return answer(say.nothing_to_part(), "nothing_to_part")
    visit.desk.forget_question(visit.message.chat_key, visit.userid)
    known = visit.desk.issue(int(question.data["number"]))
    anonymous = known is not None and _is_anonymous(visit, known)
    if known is not None:
        _take_out(visit, known, question, "另立新问题")
    opened = report.opened(visit, _draft(visit, question))
    if anonymous:
        visit.desk.hide(opened.number, visit.userid)
    visit.desk.attach_earlier(opened.number, int(question.data["inbox"]), proof=False)
    text = sentences.receipt(visit.office, opened, (), "")
    return answer(text, "reported", opened, *announcing.word_of(visit, opened))


def taken_back(visit: Visit) -> Result | None:
    """撤销 of a report that joined a known issue: it is taken out again and opens nothing. None if the
    writer's last word here did not join one."""
    question = visit.desk.question(visit.message.chat_key, visit.userid, UNTIL)
    if question is None or question.kind != joining.SAME:
        return None
    known = visit.desk.issue(int(question.data["number"]))
    said = int(question.data["inbox"])
    later = any(undo.inbox_id > said for undo in visit.desk.undoable(visit.userid, UNTIL))
    if known is None or later:
        return None
    visit.desk.forget_question(visit.message.chat_key, visit.userid)
    _take_out(visit, known, question, "撤回反映")
    return answer(say.join_undone(known), "undone", known)


def _is_anonymous(visit: Visit, issue: Issue) -> bool:
    reporters = visit.desk.reporters(issue.number)
    return any(each.anonymous for each in reporters if each.userid == visit.userid)


def _take_out(visit: Visit, known: Issue, question: Question, why: str) -> None:
    visit.desk.detach_pictures(known.number, int(question.data["inbox"]))
    if not question.data["was_one"]:
        visit.desk.leave(known.number, visit.userid)
    for undo in visit.desk.undoable(visit.userid, UNTIL):
        taken_up = undo.action in {Action.DISPUTE, Action.REOPEN}
        if undo.before.number == known.number and taken_up and not undo.overtaken:
            event = record(known, undo.before, Action.UNDO, visit.actor, visit.now, why)
            visit.desk.restore(known, undo, event)
            return
    visit.note(known, Action.SPLIT, why)


def _draft(visit: Visit, question: Question) -> Issue:
    """The report as it was made, its deadline counted from now: until now nobody knew of it."""
    kept = json.loads(question.data["report"])
    row = visit.office.taxonomy.sub(kept["category"], kept["sub"])
    promise = visit.office.promise(row, visit.now, kept["subdistrict"], danger=kept["danger"])
    draft = Issue(
        number=0,
        state=State.REPORTED,
        reporter=visit.userid,
        reported_at=visit.now,
        assigned_at=promise.since,
        duration=promise.duration,
        working_clock=promise.working_clock,
        deadline=promise.deadline,
        pending=frozenset(question.data["pending"].split()),
        **kept,
    )
    return replace(draft, owner=visit.office.owner_of(draft))
