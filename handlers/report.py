"""A report becomes an issue: tagged, placed, owned, with a deadline, at once and without a limbo.

Where section or category are not certain, the likeliest is assumed and marked 待核, and one question is
asked; the issue has its number and its clock meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain import same_problem
from domain.clock import BusinessTime
from domain.issues import Action, Issue, State
from domain.ports import Question
from handlers import announcing, identity, joining, names, sentences
from handlers.sentences import binding
from handlers.site import Site, locate
from handlers.tagging import Kind, classify
from handlers.visit import Result, Visit, answer


def report(visit: Visit) -> Result:
    """上报: open an issue, answer with its receipt, tell its owner. What is there already gets no second
    number."""
    site, kind = locate(visit), classify(visit)
    draft = _draft(visit, site, kind)
    earlier = _earlier(visit, draft)
    known = same_problem.same(earlier, draft, visit.now)
    if known is not None:
        return joining.by_report(visit, known, draft)
    issue = _opened(visit, draft, earlier)
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=False)
    question = _ask(visit, issue, site, kind)
    also = _also(visit, kind)
    text = sentences.receipt(visit.office, issue, also, question)
    if not question and identity.is_to_be_asked(visit):
        text = f"{text}\n{binding.who_are_you(visit.office)}"
    outcome = "reported_pending" if issue.pending else "reported"
    return answer(text, outcome, issue, *announcing.word_of(visit, issue))


def opened(visit: Visit, draft: Issue) -> Issue:
    """The new issue, linked to the one that came back with it, its reporter hidden if he asked for it."""
    return _opened(visit, draft, _earlier(visit, draft))


def _opened(visit: Visit, draft: Issue, earlier: Sequence[Issue]) -> Issue:
    back = same_problem.recurred(earlier, draft, visit.now)
    linked = replace(draft, recurrence_of=back.number if back else None)
    issue = visit.desk.open_issue(linked, visit.actor, _decided_by(visit))
    if back is not None:
        visit.note(issue, Action.RECURRENCE, f"上次 #{back.number}")
    if names.wants_no_name(visit):
        visit.desk.hide(issue.number, visit.userid)
        visit.desk.forget_question(visit.message.chat_key, visit.userid)
    return issue


def _earlier(visit: Visit, draft: Issue) -> Sequence[Issue]:
    """Issues that a report may be about, or be the return of."""
    if draft.section is None or "section" in draft.pending:
        return ()
    since = BusinessTime(visit.now - same_problem.RECURS_WITHIN)
    return visit.desk.recent_alike(draft.section, draft.category, since)


def _draft(visit: Visit, site: Site, kind: Kind) -> Issue:
    """The issue as it is opened; number and first event come from the desk."""
    office, section = visit.office, site.section
    owner = office.roster.owner(section.name, site.house_number, office.absent) if section else None
    subdistrict = section.subdistrict if section else _subdistrict(visit)
    promise = office.promise(kind.row, visit.now, subdistrict, danger=kind.danger)
    pending = {
        name for name, open_ in (("section", not site.certain), ("category", bool(kind.options))) if open_
    }
    return Issue(
        number=0,
        state=State.REPORTED,
        category=kind.row.category,
        sub=kind.row.sub,
        subdistrict=subdistrict,
        section=section.name if section else None,
        text=visit.message.text,
        reporter=visit.userid,
        reported_at=visit.now,
        assigned_at=promise.since,
        duration=promise.duration,
        working_clock=promise.working_clock,
        deadline=promise.deadline,
        owner=owner.userid if owner else None,
        chat_id=visit.group.chat_id if visit.group else None,
        house_number=site.house_number,
        shop=site.shop,
        landmark=site.landmark,
        danger=kind.danger,
        pending=frozenset(pending),
    )


def _subdistrict(visit: Visit) -> str:
    """The subdistrict of a report without a section: the group's, else the writer's, else none."""
    if visit.group:
        return visit.group.subdistrict
    person = visit.person
    known = person is not None and visit.office.roster.subdistrict(person.unit) is not None
    return person.unit if person is not None and known else ""


def _decided_by(visit: Visit) -> dict[str, str]:
    """What the first event remembers of how the message was understood."""
    reading = visit.reading
    return {
        "confidence": f"{reading.confidence:.2f}",
        "matched": " ".join(reading.matched),
        "lexicon": visit.lexicon,
    }


def _also(visit: Visit, kind: Kind) -> tuple[str, ...]:
    labels = (visit.office.taxonomy.label(each.category, each.sub) for each in visit.reading.problems[1:3])
    return tuple(label for label in dict.fromkeys(labels) if label != kind.row.label)


def _ask(visit: Visit, issue: Issue, site: Site, kind: Kind) -> str:
    """At most one question: where first, because the owner hangs on it."""
    if not site.certain:
        question = Question("section", site.options, {"number": str(issue.number)})
        text = sentences.which_section(visit.office, issue.number, site.options)
    elif kind.options:
        question = Question("category", kind.options, {"number": str(issue.number)})
        names = [visit.office.taxonomy.categories[code] for code in kind.options]
        text = sentences.which_category(visit.office, issue.number, names)
    else:
        return ""
    visit.desk.ask(visit.message.chat_key, visit.userid, question)
    return text
