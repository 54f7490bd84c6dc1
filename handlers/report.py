"""A report becomes an issue: tagged, placed, owned, with a deadline, at once and without a limbo.

Where section or category are not certain, the likeliest is assumed and marked 待核, and one question is
asked; the issue has its number and its clock meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain import same_problem
from domain.clock import BusinessTime
from domain.issues import Action, Issue, State
from domain.ports import Question
from domain.roster import Section, Shop
from domain.taxonomy import FALLBACK, SubCategory
from handlers import announcing, joining, names, sentences
from handlers.visit import Result, Visit, answer
from nlp.reading import Problem
from nlp.thresholds import ACT

MAX_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class Site:
    """Where a report is taken to be. ``options``: what to ask, empty when it is certain."""

    section: Section | None
    house_number: int | None
    shop: str | None
    landmark: str | None
    options: tuple[str, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """What a report is taken to be; ``options`` as above."""

    row: SubCategory
    danger: bool
    options: tuple[str, ...]


def report(visit: Visit) -> Result:
    """上报: open an issue, answer with its receipt, tell its owner. What is there already gets no second
    number."""
    site, kind = locate(visit), classify(visit)
    draft = _draft(visit, site, kind)
    known = same_problem.same(_earlier(visit, draft), draft, visit.now)
    if known is not None:
        return joining.by_report(visit, known, draft)
    issue = opened(visit, draft)
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=False)
    question = _ask(visit, issue, site, kind)
    also = _also(visit, kind)
    text = sentences.receipt(visit.office, issue, also, question)
    outcome = "reported_pending" if issue.pending else "reported"
    return answer(text, outcome, issue, *announcing.word_of(visit, issue))


def opened(visit: Visit, draft: Issue) -> Issue:
    """The new issue, linked to the one that came back with it, its reporter hidden if he asked for it."""
    back = same_problem.recurred(_earlier(visit, draft), draft, visit.now)
    linked = replace(draft, recurrence_of=back.number if back else None)
    issue = visit.desk.open_issue(linked, visit.actor, _decided_by(visit))
    if back is not None:
        visit.note(issue, Action.RECURRENCE, f"上次 #{back.number}")
    if names.wants_no_name(visit):
        visit.desk.hide(issue.number, visit.userid)
        visit.desk.forget_question(visit.message.chat_key, visit.userid)
    return issue


def _earlier(visit: Visit, draft: Issue) -> Sequence[Issue]:
    """Issues of the section that a report may be about, or be the return of."""
    if draft.section is None or "section" in draft.pending:
        return ()
    since = BusinessTime(visit.now - same_problem.RECURS_WITHIN)
    return visit.desk.recent_in_section(draft.section, since)


def locate(visit: Visit) -> Site:
    """Section from the text, else the writer's shop, else the group; his own address is the default."""
    place, roster = visit.reading.place, visit.office.roster
    named = roster.section(place.section) if place.section else None
    shop = visit.shop
    own = shop if shop and place.shop is None and (named is None or shop.section == named.name) else None
    said = place.house_number if place.house_number is not None else _number_of_shop(visit)
    number = said if said is not None else _own_number(own, place.landmark)
    shop_name = place.shop or _own_name(visit, own, number)
    if named:
        return Site(named, number, shop_name, place.landmark, (), certain=True)
    candidates = place.candidates or visit.sections
    if own and (not candidates or own.section in candidates):
        return Site(roster.section(own.section), number, shop_name, place.landmark, (), certain=True)
    if len(candidates) == 1:
        return Site(roster.section(candidates[0]), number, shop_name, place.landmark, (), certain=True)
    options = candidates or _sections_nearby(visit)
    likeliest = roster.section(options[0]) if options else None
    return Site(likeliest, number, shop_name, place.landmark, options[:MAX_OPTIONS], certain=False)


def _own_number(own: object, landmark: str | None) -> int | None:
    number = getattr(own, "house_number", None)
    return number if landmark is None else None


def _number_of_shop(visit: Visit) -> int | None:
    """The house number of the shop a text names."""
    place = visit.reading.place
    shops = visit.office.roster.shops_on(place.section) if place.section and place.shop else ()
    return next((shop.house_number for shop in shops if shop.name == place.shop), None)


def _own_name(visit: Visit, own: Shop | None, number: int | None) -> str | None:
    """The writer's shop as the place; not where it would tell who he is."""
    if own is None or number != own.house_number or visit.group is None or names.wants_no_name(visit):
        return None
    return own.name


def _sections_nearby(visit: Visit) -> tuple[str, ...]:
    """What a report without any place may mean: the sections of the writer's own subdistrict or duty."""
    roster, person = visit.office.roster, visit.person
    if person is None:
        return ()
    held = tuple(dict.fromkeys(duty.section for duty in roster.duties_held(person.userid)))
    return held or tuple(section.name for section in roster.sections if section.subdistrict == person.unit)


def classify(visit: Visit) -> Kind:
    """Category and danger, with the choices to offer when it is not certain."""
    problems = visit.reading.problems
    taxonomy, danger = visit.office.taxonomy, visit.reading.danger
    if not problems:
        return Kind(taxonomy.sub(*FALLBACK), danger, tuple(taxonomy.categories))
    main = problems[0]
    row = taxonomy.sub(main.category, main.sub)
    if main.confidence >= ACT:
        return Kind(row, danger or row.danger, ())
    return Kind(row, danger or row.danger, _choices(problems, tuple(taxonomy.categories)))


def _choices(problems: tuple[Problem, ...], categories: tuple[str, ...]) -> tuple[str, ...]:
    likely = tuple(problem.category for problem in problems)
    return tuple(dict.fromkeys(likely + categories))


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
