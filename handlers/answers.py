"""Answers to what the bot asked: which issue, section or category, the picture as proof, a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from domain.issues import UNFINISHED, Action, Issue
from domain.outgoing import Outgoing
from domain.ports import Question
from domain.taxonomy import SubCategory
from handlers import (
    announcing,
    broadcast,
    corrections,
    erasure,
    feedback,
    joining,
    picture_choice,
    self_found,
    sentences,
    shop_notice,
    which,
    whom,
    work,
)
from handlers.visit import Result, Visit, answer
from nlp.commands import bare_choice
from nlp.reading import Command

ASKED_FOR = timedelta(minutes=10)
LONGEST_ANSWER = 12
RATHER_THAN_NOT = 0.5

Resume = Callable[[Visit, str], Result | None]
"""Takes up a command again: given the visit and the canonical verb."""


def answered(visit: Visit, resume: Resume) -> Result | None:
    """What the message means as an answer to the open question; None if it is not an answer."""
    question = visit.desk.question(visit.message.chat_key, visit.userid, ASKED_FOR)
    if question is None:
        return None
    result = ANSWERS[question.kind](visit, question, resume)
    if result is None or result.outcome in {"asked_which", "asked_proof", "asked_reason"}:
        return result
    if (
        visit.desk.question(visit.message.chat_key, visit.userid, ASKED_FOR) == question
    ):  # nothing new was asked
        visit.desk.forget_question(visit.message.chat_key, visit.userid)
    return result


def _chosen(visit: Visit, question: Question) -> str | None:
    choice = bare_choice(visit.message.text)
    return question.options[choice - 1] if choice and 1 <= choice <= len(question.options) else None


def _which(visit: Visit, question: Question, resume: Resume) -> Result | None:
    chosen = _chosen(visit, question)
    if chosen is None:
        return None
    command = Command(question.data["verb"], (int(chosen),), question.data["rest"])
    again = replace(visit, reading=replace(visit.reading, command=command))
    return resume(again, command.verb)


def _section(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    named = _chosen(visit, question) or visit.reading.place.section
    section = visit.office.roster.section(named) if named else None
    issue = visit.desk.issue(int(question.data["number"]))
    if section is None or issue is None or issue.state not in UNFINISHED or _is_more_than_an_answer(visit):
        return None
    if _reports_something_else(visit, issue):
        return None
    house_number = visit.reading.place.house_number or issue.house_number
    after = corrections.placed(visit, replace(issue, house_number=house_number), section)
    action = Action.TRANSFER if after.owner != issue.owner else Action.CORRECT
    changed = visit.change(issue, after, action, f"路段 {section.name}")
    word = (*corrections.told(visit, issue, changed), *announcing.in_group(visit, changed))
    return answer(sentences.corrected(visit.office, changed), "corrected", changed, *word)


def _category(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    row = _kind_named(visit, question)
    issue = visit.desk.issue(int(question.data["number"]))
    if row is None or issue is None or issue.state not in UNFINISHED:
        return None
    changed = visit.change(issue, corrections.tagged(visit, issue, row), Action.CORRECT, f"类别 {row.label}")
    return answer(sentences.corrected(visit.office, changed), "corrected", changed)


def _kind_named(visit: Visit, question: Question) -> SubCategory | None:
    taxonomy, chosen = visit.office.taxonomy, _chosen(visit, question)
    if chosen is not None:
        return taxonomy.sub(chosen, "")
    if _is_more_than_an_answer(visit):
        return None
    words = visit.reading.problems
    named = corrections.kind_named(taxonomy, visit.message.text)
    return named or (taxonomy.sub(words[0].category, words[0].sub) if words else None)


def _is_more_than_an_answer(visit: Visit) -> bool:
    """A long text is a report or a story of its own, even if it names a road; a command is a command."""
    return visit.reading.command is not None or len(visit.message.text) > LONGEST_ANSWER


def _reports_something_else(visit: Visit, issue: Issue) -> bool:
    """大同路28号有人摆摊 names a road, but is a report of its own."""
    likely = {each.category for each in visit.reading.problems if each.confidence >= RATHER_THAN_NOT}
    return bool(likely) and issue.category not in likely


def _proof(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    others_named = {str(number) for number in which.numbers(visit)} - set(question.options)
    if not visit.has_picture or others_named:
        return None
    results = []
    for number in question.options:
        issue = visit.desk.issue(int(number))
        if issue is not None and issue.state in work.RESOLVABLE:
            results.append(work.finish(visit, issue, ""))
    if not results:
        return None
    own: list[Outgoing] = []
    others: list[Outgoing] = []
    for result in results:
        own.append(result.messages[0])
        others.extend(result.messages[1:])
    whole = replace(own[0], text="\n".join(message.text for message in own))
    return Result("resolved", (whole, *others), results[0].issue)


def _reason(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    """What is wrong, in words or by a picture."""
    issue = _asked_about(visit, question)
    if issue is None or issue.state not in feedback.DISPUTABLE or _speaks_of_something_else(visit, issue):
        return None
    return feedback.dispute(visit, issue, visit.message.text)


def _rectified(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    issue = _asked_about(visit, question)
    if not visit.has_picture or issue is None or issue.state not in work.RESOLVABLE:
        return None
    return shop_notice.put_right(visit, issue)


def _objection(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    issue = _asked_about(visit, question)
    silent = not visit.message.text or visit.message.button is not None
    if issue is None or silent or issue.state not in UNFINISHED or _speaks_of_something_else(visit, issue):
        return None
    return shop_notice.objected(visit, issue, visit.message.text)


def _asked_about(visit: Visit, question: Question) -> Issue | None:
    return visit.desk.issue(int(question.options[0]))


def _speaks_of_something_else(visit: Visit, issue: Issue) -> bool:
    """Whether the words are a command, or a report of another kind or another house."""
    reading, place = visit.reading, visit.reading.place
    if reading.command is not None:
        return True
    elsewhere = place.house_number is not None and place.house_number != issue.house_number
    categories = {problem.category for problem in reading.problems}
    return elsewhere or bool(categories and issue.category not in categories)


def _nothing(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    """Remembered for a command that may follow; no message is an answer to it."""
    return None


def _confirmed(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    """确认 does what was previewed; anything else leaves it undone, and open for its ten minutes."""
    command = visit.reading.command
    if command is None or command.verb != "确认":
        return None
    return CONFIRMED[question.kind](visit, question)


CONFIRMED: Mapping[str, Callable[[Visit, Question], Result]] = {
    broadcast.KIND: broadcast.confirmed,
    erasure.KIND: erasure.confirmed,
}
"""What is only done after 确认."""


ANSWERS: Mapping[str, Callable[[Visit, Question, Resume], Result | None]] = {
    "which": _which,
    "section": _section,
    "category": _category,
    "proof": _proof,
    "whom": whom.chosen,
    "self_found": self_found.picture,
    "picture": picture_choice.choose,
    "reason": _reason,
    "rectified": _rectified,
    "objection": _objection,
    joining.SAME: _nothing,
    "anonymous": _nothing,
    **dict.fromkeys(CONFIRMED, _confirmed),
}
