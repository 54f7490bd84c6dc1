"""Answers to what the bot asked: which issue, which section, which category, the picture as proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from domain import issues
from domain.issues import Action, Issue, State
from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.ports import Question
from domain.taxonomy import SubCategory
from handlers import report, sentences, work
from handlers.visit import Result, Visit, answer
from nlp.commands import bare_choice
from nlp.reading import Command

ASKED_FOR = timedelta(minutes=10)

Resume = Callable[[Visit, str], Result | None]
"""Takes up a command again: given the visit and the canonical verb."""


def answered(visit: Visit, resume: Resume) -> Result | None:
    """What the message means as an answer to the open question; None if it is not an answer."""
    question = visit.desk.question(visit.message.chat_key, visit.userid, ASKED_FOR)
    if question is None:
        return None
    result = ANSWERS[question.kind](visit, question, resume)
    if result is not None and result.outcome not in {"asked_which", "asked_proof"}:
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
    if section is None or issue is None or len(visit.message.text) > 20 or issue.state is not State.REPORTED:
        return None
    owner = visit.office.roster.owner(section.name, issue.house_number, visit.office.absent)
    row = visit.office.taxonomy.sub(issue.category, issue.sub)
    promise = visit.office.promise(row, issue.reported_at, section.subdistrict, danger=issue.danger)
    placed = replace(
        issues.promised(issue, promise),
        section=section.name,
        subdistrict=section.subdistrict,
        owner=owner.userid if owner else None,
        pending=issue.pending - {"section"},
    )
    return _corrected(visit, issue, placed, section.name)


def _category(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    row = _kind_named(visit, question)
    issue = visit.desk.issue(int(question.data["number"]))
    if row is None or issue is None or issue.state is not State.REPORTED:
        return None
    promise = visit.office.promise(row, issue.reported_at, issue.subdistrict, danger=issue.danger)
    tagged = replace(
        issues.promised(issue, promise),
        category=row.category,
        sub=row.sub,
        danger=issue.danger or row.danger,
        pending=issue.pending - {"category"},
    )
    return _corrected(visit, issue, tagged, row.label)


def _kind_named(visit: Visit, question: Question) -> SubCategory | None:
    taxonomy = visit.office.taxonomy
    chosen = _chosen(visit, question)
    if chosen is None:
        names = {name: code for code, name in taxonomy.categories.items()}
        chosen = names.get(visit.message.text.strip())
    if chosen is not None:
        return taxonomy.sub(chosen, "")
    words = visit.reading.problems
    return taxonomy.sub(words[0].category, words[0].sub) if words and len(visit.message.text) <= 12 else None


def _corrected(visit: Visit, before: Issue, after: Issue, what: str) -> Result:
    changed = visit.change(before, after, Action.CORRECT, what)
    told = report.notices(visit, changed)
    if before.owner and before.owner != changed.owner:
        gone = Outgoing(
            ToPerson(before.owner, None), sentences.moved_away(changed), Purpose.NOTICE, changed.number
        )
        told = (*told, gone)
    return answer(sentences.corrected(visit.office, changed), "corrected", changed, *told)


def _proof(visit: Visit, question: Question, resume: Resume) -> Result | None:  # noqa: ARG001
    if not visit.has_picture:
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


ANSWERS: Mapping[str, Callable[[Visit, Question, Resume], Result | None]] = {
    "which": _which,
    "section": _section,
    "category": _category,
    "proof": _proof,
}
