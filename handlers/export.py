"""导出 [街道|路段] [时间]: the register of a span as an Excel file, for who watches over a subdistrict."""

from __future__ import annotations

from datetime import datetime, time

from domain.clock import BusinessTime
from domain.orders import Paper
from domain.outgoing import CONNECTED
from domain.periods import DAY, Kind, Span
from domain.roster import GroupKind
from handlers import oversight, said, summary
from handlers.figures_scope import place
from handlers.sentences import cases as say
from handlers.sentences import figures as say_figures
from handlers.visit import Result, Visit, answer
from nlp.normalize import normalize
from nlp.past import Past, past_said

LOG = "日志"
"""导出 日志 …: the work log instead of the register."""


def export(visit: Visit) -> Result:
    """The file comes where it was asked for: in the supervisors' group or 1:1."""
    if not oversight.subdistricts(visit):
        return answer(say.only_for_supervisors(), "not_allowed")
    if visit.group is not None and visit.group.kind is GroupKind.STREET:
        return answer(say.in_street_group(), "not_here")
    if visit.group is None and not visit.office.app and visit.message.reply_by not in CONNECTED:
        return answer(say.no_way_for_a_file(), "no_way_for_a_file")
    past, word = past_said(normalize(visit.command.rest), said.local(visit).date())
    of_log, word = word.startswith(LOG), word.removeprefix(LOG).strip()
    span = calendar_span(visit, past)
    if span is None:
        return answer(say_figures.in_the_future(), "in_the_future")
    where = place(visit, word, "导出")
    if isinstance(where, Result):
        return where
    return summary.ordered(visit, Paper.LOG_FILE if of_log else Paper.CASES, span, where)


def calendar_span(visit: Visit, past: Past | None) -> Span | None:
    """The calendar day, week or month that was said, this month without a word; no further than now."""
    if past is None or past.unit != "day":
        return summary.span_meant(visit, Kind.WEEKLY if past and past.unit == "week" else Kind.MONTHLY, past)
    tz = visit.office.rules.timezone
    since = BusinessTime(datetime.combine(past.day, time.min, tz))
    until = BusinessTime(datetime.combine(past.day + DAY, time.min, tz))
    return None if since >= visit.now else Span(Kind.DAILY, since, min(until, visit.now))
