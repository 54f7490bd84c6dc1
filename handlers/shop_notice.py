"""A shop that a report names, where shops cause such problems themselves: it may put it right before others
must. It never learns from us who reported."""

from __future__ import annotations

from collections.abc import Sequence

from domain import transitions, with_officer
from domain.issues import SYSTEM, UNFINISHED, Action, Issue
from domain.outgoing import Button, Outgoing, Purpose, ToPerson
from domain.ports import Question
from domain.roster import Shop
from domain.transitions import NotPossible, record
from handlers import sentences, several, work
from handlers.sentences import merchant as say
from handlers.visit import Result, Visit, answer

BY_ITSELF = "自行整改"


def notice(visit: Visit, issue: Issue) -> tuple[Outgoing, ...]:
    """Word to the shop, 1:1 or not at all."""
    shop = _named_shop(visit, issue)
    if shop is None or not shop.userid or _reported_by(visit, issue, shop):
        return ()
    visit.desk.note(record(issue, issue, Action.STEP, SYSTEM, visit.now, "已请店家先自行整改"))
    text = say.put_right_first(visit.office, issue)
    buttons = (Button("已整改", f"已整改 {issue.number}"), Button("有异议", f"有异议 {issue.number}"))
    to = ToPerson(shop.userid, None)
    return (Outgoing(to, text, Purpose.NOTICE, issue.number, issue.danger, buttons),)


def rectified(visit: Visit) -> Result:
    """已整改 12, with a picture."""
    if visit.works_here:
        return work.resolve(visit)
    return several.apply(visit, "已整改", _rectified, lambda: waiting(visit))


def object_to(visit: Visit) -> Result:
    """有异议 12 原因."""
    return several.apply(visit, "有异议", _object, lambda: waiting(visit))


def waiting(visit: Visit) -> Sequence[Issue]:
    """What the writer's own shop could put right itself."""
    sections = {shop.section for shop in visit.office.roster.shops_of(visit.userid)}
    found = visit.desk.open_in_sections(sections)
    return [issue for issue in found if issue.state in work.RESOLVABLE and _may_put_right(visit, issue)]


def is_meant(visit: Visit, numbers: Sequence[int]) -> bool:
    """Whether 弄好了 from a merchant's mouth is about what his shop was asked to put right."""
    if not numbers:
        return bool(waiting(visit))
    issue = visit.desk.issue(numbers[0])
    return issue is not None and _may_put_right(visit, issue)


def _named_shop(visit: Visit, issue: Issue) -> Shop | None:
    """The shop, where the kind of problem is certain, and one that shops cause."""
    row = visit.office.taxonomy.sub(issue.category, issue.sub)
    if not row.caused_by_shop or issue.pending or issue.section is None or issue.shop is None:
        return None
    shops = visit.office.roster.shops_on(issue.section)
    return next((shop for shop in shops if shop.name == issue.shop), None)


def _reported_by(visit: Visit, issue: Issue, shop: Shop) -> bool:
    own = {each.name for each in visit.office.roster.shops_of(issue.reporter)}
    return shop.name in own


def _may_put_right(visit: Visit, issue: Issue) -> bool:
    shop = _named_shop(visit, issue)
    return (
        shop is not None
        and shop in visit.office.roster.shops_of(visit.userid)
        and not _reported_by(visit, issue, shop)
    )


def _rectified(visit: Visit, issue: Issue) -> Result:
    if not _may_put_right(visit, issue):
        who = f"{visit.office.owner_name(issue)}或被反映的店家"
        return answer(sentences.not_allowed(issue.number, "登记整改", who), "not_allowed", issue)
    transitions.require(issue, Action.RESOLVE)
    if not visit.has_picture:
        question = Question("rectified", (str(issue.number),))
        visit.desk.ask(visit.message.chat_key, visit.userid, question)
        return answer(say.ask_rectified_picture([issue.number]), "asked_proof", issue)
    return put_right(visit, issue)


def put_right(visit: Visit, issue: Issue) -> Result:
    """办结 by the shop itself: whoever owns it goes on owning it."""
    running = with_officer.given_back(issue, visit.now, visit.office.clocks(issue.subdistrict))
    resolved = transitions.resolve(running, visit.actor, visit.now)
    changed = visit.change(issue, resolved, Action.RESOLVE, BY_ITSELF)
    visit.desk.attach_pictures(issue.number, proof=True)
    pictures = len(visit.message.all_pictures)
    told = say.rectified_for_owner(visit.office, changed, pictures)
    word = (*_to_owner(changed, told), *work.ask_reporters(visit, changed, pictures))
    return answer(say.rectified(changed), "rectified", changed, *word)


def _object(visit: Visit, issue: Issue) -> Result:
    if not _may_put_right(visit, issue):
        return answer(sentences.not_allowed(issue.number, "提异议", "被反映的店家"), "not_allowed", issue)
    if issue.state not in UNFINISHED:
        raise NotPossible(sentences.not_now(issue, "提异议"))
    if not visit.command.rest:
        question = Question("objection", (str(issue.number),))
        visit.desk.ask(visit.message.chat_key, visit.userid, question)
        return answer(say.ask_objection(issue), "asked_reason", issue)
    return objected(visit, issue, visit.command.rest)


def objected(visit: Visit, issue: Issue, reason: str) -> Result:
    """The objection is recorded, and the owner told to look for himself."""
    visit.note(issue, Action.OBJECT, reason)
    visit.desk.attach_pictures(issue.number, proof=False)
    told = say.objected_for_owner(visit.office, issue, reason, len(visit.message.all_pictures))
    return answer(say.objected(issue), "objected", issue, *_to_owner(issue, told))


def _to_owner(issue: Issue, text: str) -> tuple[Outgoing, ...]:
    if not issue.owner:
        return ()
    return (Outgoing(ToPerson(issue.owner, None), text, Purpose.NOTICE, issue.number, issue.danger),)
