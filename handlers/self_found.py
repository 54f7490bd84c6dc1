"""随手办: what somebody who works here finds and fixes himself is one message and an issue closed at once.

No deadline, no reminder, no confirmation; counted apart from what people report.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from domain.issues import Issue, State
from domain.ports import Question
from domain.roster import Role, Section
from domain.taxonomy import FALLBACK, SubCategory
from handlers.sentences import self_found as say
from handlers.visit import Result, Visit, answer
from nlp.commands import category_word

MAX_NAMES = 6
LONGEST_WORD = 6


def book(visit: Visit) -> Result:
    """随手办 益民路 铲小广告3处."""
    if not visit.works_here:
        return answer(say.for_those_who_work(), "not_allowed")
    if not visit.command.rest:
        return answer(say.what_and_where(), "asked_what")
    sections = _sections(visit)
    if len(sections) != 1:
        return answer(say.which_road([section.name for section in sections[:MAX_NAMES]]), "asked_where")
    issue = visit.desk.open_issue(_closed(visit, sections[0]), visit.actor, {})
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=True)
    else:
        question = Question("self_found", (str(issue.number),))
        visit.desk.ask(visit.message.chat_key, visit.userid, question)
    text = say.booked(visit.office, issue, picture=visit.has_picture)
    return answer(text, "self_found", issue)


def picture(visit: Visit, question: Question, resume: Callable[[Visit, str], Result | None]) -> Result | None:  # noqa: ARG001
    """A picture sent right after it belongs to it."""
    issue = visit.desk.issue(int(question.options[0]))
    if issue is None or visit.message.text or not visit.has_picture:
        return None
    visit.desk.attach_pictures(issue.number, proof=True)
    return answer(say.picture_added(issue), "self_found_picture", issue)


def _sections(visit: Visit) -> list[Section]:
    """The road that was named, where he may act; else that of the group, else his own."""
    roster, person, place = visit.office.roster, visit.person, visit.reading.place
    held = [duty.section for duty in roster.duties_held(visit.userid)]
    here = [name for name in visit.sections if name in held] or list(visit.sections)
    names = [place.section] if place.section else here or held
    if person is None:
        return []
    everywhere = person.role in {Role.OFFICER, Role.ADMINISTRATOR}
    found = (roster.section(name) for name in dict.fromkeys(names))
    return [each for each in found if each and (everywhere or roster.may_manage(person, each.name))]


def _closed(visit: Visit, section: Section) -> Issue:
    kind, place = _kind(visit), visit.reading.place
    return Issue(
        number=0,
        state=State.CLOSED,
        category=kind.category,
        sub=kind.sub,
        subdistrict=section.subdistrict,
        section=section.name,
        text=visit.command.rest,
        reporter=visit.userid,
        reported_at=visit.now,
        assigned_at=visit.now,
        duration=timedelta(0),
        working_clock=True,
        deadline=visit.now,
        owner=visit.userid,
        chat_id=visit.group.chat_id if visit.group else None,
        house_number=place.house_number,
        shop=place.shop,
        landmark=place.landmark,
        resolved_at=visit.now,
        resolved_by=visit.userid,
        closed_at=visit.now,
        self_found=True,
    )


def _kind(visit: Visit) -> SubCategory:
    """What it was: as reports are read, else by the longest word for a category, else likeliest."""
    taxonomy, reading = visit.office.taxonomy, visit.reading
    for problem in reading.problems:
        if problem.matched:
            return taxonomy.sub(problem.category, problem.sub)
    words = visit.command.rest
    for length in range(min(LONGEST_WORD, len(words)), 1, -1):
        for start in range(len(words) - length + 1):
            if found := category_word(words[start : start + length]):
                return taxonomy.sub(found[0], found[1] or "")
    for guess in reading.guesses:
        if guess.matched:
            return taxonomy.sub(guess.category, guess.sub)
    return taxonomy.sub(*FALLBACK)
