"""签到, 日志 and 纪要: the road chiefs' work log, kept by a word and read by a word."""

from __future__ import annotations

from domain.diary import Entry, Kind
from domain.orders import Paper
from domain.roster import Section
from handlers import oversight, said, summary
from handlers.export import calendar_span
from handlers.figures_scope import place
from handlers.sentences import diary as say
from handlers.sentences import figures as say_figures
from handlers.sentences import supervisor as say_supervisor
from handlers.visit import Result, Visit, answer
from nlp.normalize import normalize
from nlp.past import Past, past_said


def sign_in(visit: Visit) -> Result:
    """签到 [路段]: here, now; without a road all that are his in this group, or all that are his."""
    if not visit.works_here:
        return answer(say.for_those_who_work("签到"), "not_allowed")
    sections = _sections(visit, normalize(visit.command.rest))
    if not sections:
        return answer(say.which_section([]), "asked_where")
    for section in sections:
        entry = Entry(Kind.SIGN_IN, section.subdistrict, section.name, visit.now, "")
        visit.desk.write_diary(entry, visit.actor)
    return answer(say.signed_in(visit.office, [each.name for each in sections], entry), "signed_in")


def log(visit: Visit) -> Result:
    """日志 [路段] [日期] shows a day, 日志 内容 adds to today's."""
    if not visit.works_here:
        return answer(say.for_those_who_work("日志"), "not_allowed")
    rest = normalize(visit.command.rest)
    past, words = past_said(rest, said.local(visit).date())
    name, _, text = words.partition(" ")
    section = visit.office.roster.section(name) if name else None
    if section is not None and not text:
        return _shown(visit, past, section.name)
    if not words or visit.office.roster.subdistrict(words) is not None:
        return _shown(visit, past, words)
    return _noted(visit, section, rest[len(name) :].strip() if section and rest.startswith(name) else rest)


def _shown(visit: Visit, past: Past | None, word: str) -> Result:
    where = place(visit, word, "日志")
    if isinstance(where, Result):
        return where
    span = calendar_span(visit, past or Past("day", said.local(visit).date()))
    if span is None:
        return answer(say_figures.in_the_future(), "in_the_future")
    return summary.ordered(visit, Paper.LOG, span, where)


def _noted(visit: Visit, section: Section | None, text: str) -> Result:
    mine = _sections(visit, section.name if section else "")
    if len(mine) != 1:
        return answer(say.which_section([each.name for each in mine]), "asked_where")
    entry = Entry(Kind.NOTE, mine[0].subdistrict, mine[0].name, visit.now, text)
    visit.desk.write_diary(entry, visit.actor)
    return answer(say.noted(mine[0].name), "noted")


def minutes(visit: Visit) -> Result:
    """纪要 内容: the minutes of the weekly meeting."""
    watched = oversight.subdistricts(visit)
    here = visit.group.subdistrict if visit.group else ""
    subdistrict = here if here in watched else (watched[0] if watched else "")
    if not subdistrict:
        return answer(say_supervisor.only_supervisors("纪要"), "not_allowed")
    if not visit.command.rest:
        return answer(say.what_was_decided(), "asked_what")
    entry = Entry(Kind.MINUTES, subdistrict, "", visit.now, visit.command.rest)
    visit.desk.write_diary(entry, visit.actor)
    return answer(say.minutes_kept(subdistrict), "minutes")


def _sections(visit: Visit, word: str) -> list[Section]:
    """The road that was named, where he may act; else his own, those of this group first."""
    roster, person = visit.office.roster, visit.person
    if person is None:
        return []
    held = [duty.section for duty in roster.duties_held(visit.userid)]
    here = [name for name in held if name in visit.sections]
    names = [word] if word else here or held
    found = (roster.section(name) for name in dict.fromkeys(names))
    return [each for each in found if each and roster.may_manage(person, each.name)]
