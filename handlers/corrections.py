"""Putting right how a report was understood: 改类, 改路段, 不是上报. Owner and deadline follow, and the
correction is kept as a labelled example for the lexicon (``python -m bot lexicon suggest``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain import issues, transitions
from domain.issues import UNFINISHED, Action, Issue
from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.ports import Example
from domain.roster import Section
from domain.taxonomy import SubCategory, Taxonomy
from domain.transitions import NotPossible
from handlers import announcing, sentences, several, withdrawal
from handlers.visit import Result, Visit, answer
from nlp.commands import category_word


def change_category(visit: Visit) -> Result:
    """改类 12 小广告."""
    return several.apply(visit, "改类", _change_category, lambda: _candidates(visit))


def change_section(visit: Visit) -> Result:
    """改路段 12 益民路."""
    return several.apply(visit, "改路段", _change_section, lambda: _candidates(visit))


def not_a_report(visit: Visit) -> Result:
    """不是上报: it was no report; the issue ends, with that reason."""
    return several.apply(visit, "不是上报", _not_a_report, lambda: _candidates(visit))


def kind_named(taxonomy: Taxonomy, words: str) -> SubCategory | None:
    """The category a person's word means; the category alone where the word does not say more."""
    found = category_word(words.strip())
    return taxonomy.sub(found[0], found[1] or "") if found else None


def tagged(visit: Visit, issue: Issue, row: SubCategory) -> Issue:
    """The issue under another category, with the deadline this one has."""
    was_asked = "category" in issue.pending  # a bare number says nothing about the danger
    danger = row.danger or (issue.danger and (was_asked or visit.reading.danger))
    changed = _promised(visit, issue, row, danger=danger)
    pending = issue.pending - {"category"}
    return replace(changed, category=row.category, sub=row.sub, danger=danger, pending=pending)


def placed(visit: Visit, issue: Issue, section: Section) -> Issue:
    """The issue on another section, with the owner and the hours that this one has; to be claimed anew if
    the owner changes (a 转派, design contract §3)."""
    owner = visit.office.roster.owner(section.name, issue.house_number, visit.office.absent)
    row = visit.office.taxonomy.sub(issue.category, issue.sub)
    shops = {shop.name for shop in visit.office.roster.shops_on(section.name)}
    moved = replace(
        issue,
        section=section.name,
        subdistrict=section.subdistrict,
        shop=issue.shop if issue.shop in shops else None,
        landmark=issue.landmark if issue.landmark in section.landmarks else None,
    )
    promised = replace(_promised(visit, moved, row, danger=issue.danger), pending=issue.pending - {"section"})
    if owner is not None and owner.userid == issue.owner:
        return promised
    return transitions.transferred(promised, owner.userid if owner else None)


def _promised(visit: Visit, issue: Issue, row: SubCategory, *, danger: bool) -> Issue:
    """The deadline counts from the report, or from the answer where the reporter had to be asked; where that
    is over already, from now: nobody is late for what he could not know."""
    asked = bool(issue.pending) and not issue.danger
    since = visit.now if asked else issue.reported_at
    promise = visit.office.promise(row, since, issue.subdistrict, danger=danger)
    if promise.deadline <= visit.now:
        promise = visit.office.promise(row, visit.now, issue.subdistrict, danger=danger)
    return transitions.promised(issue, promise)


def told(visit: Visit, before: Issue, after: Issue) -> tuple[Outgoing, ...]:
    """Word of a correction: to the new owner the notice, to the former one that it is gone."""
    if before.owner == after.owner:
        return ()
    gone = (
        Outgoing(ToPerson(before.owner, None), sentences.moved_away(after), Purpose.NOTICE, after.number)
        if before.owner and before.owner != visit.userid
        else None
    )
    return (*announcing.notices(visit, after), *((gone,) if gone else ()))


def _candidates(visit: Visit) -> Sequence[Issue]:
    """What a correction without a number means: the newest of one's own, else of one's own work."""
    reported = [issue for issue in visit.desk.of_reporter(visit.userid) if issue.state in issues.OPEN]
    owned = [issue for issue in visit.desk.open_of_owner(visit.userid) if issue.state in UNFINISHED]
    return reported[:1] or owned


def _may_correct(visit: Visit, issue: Issue) -> bool:
    return visit.reported(issue) or (
        visit.person is not None and visit.office.responsible(issue, visit.person)
    )


def _refused(visit: Visit, issue: Issue, verb: str) -> Result | None:
    if not _may_correct(visit, issue):
        who = f"上报人或{visit.office.owner_name(issue)}"
        return answer(sentences.not_allowed(issue.number, verb, who), "not_allowed", issue)
    if issue.state not in UNFINISHED:
        raise NotPossible(sentences.not_now(issue, verb))
    return None


def _change_category(visit: Visit, issue: Issue) -> Result:
    if refusal := _refused(visit, issue, "改类"):
        return refusal
    row = kind_named(visit.office.taxonomy, visit.command.rest)
    if row is None:
        names = list(visit.office.taxonomy.categories.values())
        return answer(sentences.unknown_category(issue.number, names), "unknown_category", issue)
    changed = visit.change(issue, tagged(visit, issue, row), Action.CORRECT, f"改类 {row.label}")
    _learn(visit, changed, "report")
    return answer(sentences.corrected(visit.office, changed), "corrected", changed)


def _change_section(visit: Visit, issue: Issue) -> Result:
    if refusal := _refused(visit, issue, "改路段"):
        return refusal
    section = visit.office.roster.section(visit.command.rest.strip())
    if section is None:
        return answer(sentences.unknown_section(issue.number), "unknown_section", issue)
    after = placed(visit, issue, section)
    action = Action.TRANSFER if after.owner != issue.owner else Action.CORRECT
    changed = visit.change(issue, after, action, f"改路段 {section.name}")
    _learn(visit, changed, "report")
    return answer(
        sentences.corrected(visit.office, changed), "corrected", changed, *told(visit, issue, changed)
    )


def _not_a_report(visit: Visit, issue: Issue) -> Result:
    if refusal := _refused(visit, issue, "不是上报"):
        return refusal
    if visit.reported(issue) and len(_reporters(visit, issue)) > 1:
        return withdrawal.leave(visit, issue)
    if visit.reported(issue):
        after, action = transitions.close(issue, Action.WITHDRAW, visit.now), Action.WITHDRAW
    else:
        after, action = transitions.rejected(issue, visit.now), Action.REJECT
    changed = visit.change(issue, after, action, "不是上报")
    _learn(visit, changed, "chatter")
    gone = tuple(
        Outgoing(ToPerson(userid, None), sentences.was_no_report(changed), Purpose.NOTICE, changed.number)
        for userid in dict.fromkeys((issue.owner, *_reporters(visit, issue)))
        if userid and userid != visit.userid
    )
    return answer(sentences.was_no_report(changed), "not_a_report", changed, *gone)


def _reporters(visit: Visit, issue: Issue) -> Sequence[str]:
    return [reporter.userid for reporter in visit.desk.reporters(issue.number)]


def _learn(visit: Visit, issue: Issue, intent: str) -> None:
    is_report = intent == "report"
    visit.desk.keep_example(
        Example(
            text=issue.text,
            intent=intent,
            category=issue.category if is_report else "none",
            sub=issue.sub if is_report else "",
            section=issue.section or "",
        ),
        issue.number,
        visit.userid,
    )
