"""登记 of official 红黑旗, what black ones come to (问责提醒: only a draft, 1:1); 申诉 and its decision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.flags import Colour, Consequence, Standing, standing
from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.ports import Appeal, FlagEntry
from domain.roster import GroupKind, Section
from handlers import oversight, said, shop_notice, which
from handlers.sentences import figures as say_figures
from handlers.sentences import flags as say
from handlers.sentences import supervisor as say_supervisor
from handlers.visit import Result, Visit, answer
from nlp.normalize import normalize
from nlp.past import past_said

_COLOUR = re.compile("(?P<red>红旗)|(?P<black>黑旗)|(?P<none>撤销|取消|无旗)")
_SEPARATORS = re.compile("[、,,\\s]+")
_VERDICT = re.compile("(?P<no>不成立|驳回|不支持)|(?P<yes>成立|支持|同意)")


# --- 登记 -------------------------------------------------------------------------------------------------
def enter(visit: Visit) -> Result:
    """登记 10月 益民路、大同路 黑旗."""
    if not oversight.subdistricts(visit):
        return answer(say_supervisor.only_supervisors("登记"), "not_allowed")
    if _in_street_group(visit):
        return answer(say.not_in_street_group("登记"), "not_here")
    past, rest = past_said(normalize(visit.command.rest), said.local(visit).date())
    colour = _colour(rest)
    if past is None or past.unit != "month" or colour is None:
        return answer(say.how_to_enter(), "asked_what")
    names = [name for name in _SEPARATORS.split(_COLOUR.sub(" ", rest)) if name]
    found = [visit.office.roster.section(name) for name in names]
    missing = [name for name, section in zip(names, found, strict=True) if section is None]
    sections = [section for section in found if section is not None]
    if missing or not sections:
        return answer(say.unknown_sections(missing) if missing else say.how_to_enter(), "unknown_place")
    if foreign := [each.name for each in sections if not oversight.watches(visit, each.subdistrict)]:
        return answer(say_figures.not_your_place("、".join(foreign)), "not_allowed")
    return _entered(visit, f"{past.day:%Y-%m}", sections, colour)


def _colour(words: str) -> Colour | None:
    found = _COLOUR.search(words)
    return Colour(found.lastgroup) if found and found.lastgroup else None


def _entered(visit: Visit, month: str, sections: Sequence[Section], colour: Colour) -> Result:
    rows, words = [], []
    for section in sections:
        visit.desk.flags.enter(FlagEntry(month, section.name, colour), visit.actor)
        black = _black(visit, section.name)
        now = standing(month, black)
        rows.append((section.name, colour, now))
        if colour is Colour.BLACK:
            words += _consequences(visit, section, month, now)
    texts = list(dict.fromkeys(each.text for each in words))
    shown = texts if visit.group is None else []
    own = "\n\n".join([say.entered(month, rows), *shown])
    others = [each for each in words if not (shown and _is_to(each, visit.userid))]
    return answer(own, "flags_entered", None, *others)


def _black(visit: Visit, section: str) -> list[str]:
    flags = visit.desk.flags.of_section(section)
    return [month for month, colour in flags.items() if colour is Colour.BLACK]


def _consequences(visit: Visit, section: Section, month: str, now: Standing) -> list[Outgoing]:
    """To the supervisors of the subdistrict, 1:1 and to nobody else."""
    if now.consequence is Consequence.NOTHING:
        return []
    text = say.warning(section.name, month, now)
    if now.consequence is Consequence.ACCOUNTABILITY:
        chief = visit.office.roster.owner(section.name)
        months = sorted(each for each in _black(visit, section.name) if each[:4] == month[:4])
        text = say.accountability(section.name, month, now, chief.name if chief else "路长", months)
    supervisors = visit.office.roster.supervisors(section.subdistrict)
    return [Outgoing(ToPerson(each.userid, None), text, Purpose.NOTICE) for each in supervisors]


def _is_to(message: Outgoing, userid: str) -> bool:
    return isinstance(message.to, ToPerson) and message.to.userid == userid


def _in_street_group(visit: Visit) -> bool:
    return visit.group is not None and visit.group.kind is GroupKind.STREET


# --- 申诉 -------------------------------------------------------------------------------------------------
def appeal(visit: Visit) -> Result:
    """申诉 12 理由, 申诉 10月 益民路 理由; a supervisor decides: 申诉 12 成立 / 不成立 理由. A shop means
    有异议 by it."""
    if not visit.works_here:
        return shop_notice.object_to(visit)
    found = _about(visit)
    if isinstance(found, Result):
        return found
    about, rest = found
    what = say.about(about.number, about.month, about.section)
    verdict = _VERDICT.match(rest)
    if oversight.watches(visit, about.subdistrict) and verdict is not None:
        return _decided(visit, about, what, verdict["yes"] is not None, rest[verdict.end() :].lstrip(",: "))
    if not _concerns(visit, about):
        return answer(say.not_yours(what), "not_allowed")
    if not rest:
        return answer(say.how_to_appeal(), "asked_reason")
    visit.desk.flags.appeal(replace(about, reason=rest, userid=visit.userid), visit.actor)
    supervisors = visit.office.roster.supervisors(about.subdistrict)
    word = say.appeal_to_decide(what, visit.actor.name, rest)
    told = [Outgoing(ToPerson(each.userid, None), word, Purpose.NOTICE) for each in supervisors]
    names = say_supervisor.supervisors([each.title for each in supervisors])
    return answer(say.appealed(what, names), "appealed", None, *told)


def _about(visit: Visit) -> tuple[Appeal, str] | Result:
    """What it is about, and the other words."""
    rest = normalize(visit.command.rest)
    past, words = past_said(rest, said.local(visit).date())
    if past is not None and past.unit == "month":
        name, _, reason = words.partition(" ")
        section = visit.office.roster.section(name)
        if section is None:
            return answer(say_figures.unknown_place(name), "unknown_place")
        return Appeal(section.subdistrict, f"{past.day:%Y-%m}", section.name), reason.strip()
    numbers = which.numbers(visit)
    if not numbers:
        return answer(say.how_to_appeal(), "asked_what")
    issue = which.named(visit, numbers[0])
    if isinstance(issue, Result):
        return issue
    return Appeal(issue.subdistrict, number=issue.number, section=issue.section), rest


def _concerns(visit: Visit, about: Appeal) -> bool:
    """Whether the writer answers for it."""
    if about.number is not None and (issue := visit.desk.issue(about.number)) is not None:
        return visit.userid in {issue.owner, issue.resolved_by} or _on_duty(visit, issue.section)
    return _on_duty(visit, about.section)


def _on_duty(visit: Visit, section: str | None) -> bool:
    return section is not None and visit.userid in visit.office.roster.responsible(section)


def _decided(visit: Visit, about: Appeal, what: str, upheld: bool, reason: str) -> Result:
    waiting = visit.desk.flags.waiting(about)
    if waiting is None:
        return answer(say.how_to_decide(what), "nothing_to_decide")
    visit.desk.flags.decide(about, visit.actor, upheld=upheld, answer=reason)
    if upheld and about.month is not None and about.section is not None:
        visit.desk.flags.enter(FlagEntry(about.month, about.section, Colour.NONE, "申诉成立"), visit.actor)
    word = say.decided_for_writer(what, reason, upheld=upheld)
    told = Outgoing(ToPerson(waiting.userid, None), word, Purpose.NOTICE)
    return answer(say.decided(what, upheld=upheld), "appeal_decided", None, told)
