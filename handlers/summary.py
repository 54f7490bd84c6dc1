"""Summaries: who is sent one, what somebody may ask for (日报, 周报, 月报), and how it is put."""

from __future__ import annotations

from domain.clock import BusinessTime
from domain.office import Office
from domain.orders import ORDERED, Order, Paper
from domain.outgoing import Attachment, Outgoing, Purpose, Recipient, ToGroup, ToPerson, ToWriter
from domain.periods import NAMES, Days, Kind, Span
from domain.roster import GroupKind, Subdistrict
from domain.summary import Summary
from handlers import said
from handlers.figures_scope import Place, place
from handlers.sentences import figures as say
from handlers.visit import Result, Visit, answer, silence
from nlp.normalize import normalize
from nlp.past import Past, past_said

UNITS = {"day": Kind.DAILY, "week": Kind.WEEKLY, "month": Kind.MONTHLY}


def days(office: Office) -> Days:
    """The district's calendar of summaries."""
    return Days(office.rules.timezone, office.rules.summary_at)


def audiences(office: Office, subdistrict: Subdistrict) -> list[Recipient]:
    """The supervisor groups; where there is none, the supervisors themselves."""
    groups = office.roster.supervisor_groups(subdistrict.name)
    if groups:
        return [ToGroup(group.chat_id) for group in groups]
    return [ToPerson(person.userid, None) for person in office.roster.supervisors(subdistrict.name)]


# --- on demand --------------------------------------------------------------------------------------------
def daily(visit: Visit) -> Result:
    """日报 [街道|路段] [日期]: without a date the 24 hours before now."""
    return _ordered(visit, Kind.DAILY)


def weekly(visit: Visit) -> Result:
    """周报: this week so far, or the week of a date."""
    return _ordered(visit, Kind.WEEKLY)


def monthly(visit: Visit) -> Result:
    """月报: this month so far, or the one that was named."""
    return _ordered(visit, Kind.MONTHLY)


def _ordered(visit: Visit, kind: Kind) -> Result:
    past, word = past_said(normalize(visit.command.rest), said.local(visit).date())
    span = span_meant(visit, kind, past)
    if span is None:
        return answer(say.in_the_future(), "in_the_future")
    where = place(visit, word, NAMES[kind])
    return where if isinstance(where, Result) else ordered(visit, Paper.SUMMARY, span, where)


def ordered(visit: Visit, paper: Paper, span: Span, where: Place) -> Result:
    """Have it made; the answer comes when it is."""
    visit.desk.order(Order(paper, span, where.subdistrict, where.sections, where.names))
    return silence(f"{ORDERED}{paper}")


def span_meant(visit: Visit, kind: Kind, past: Past | None) -> Span | None:
    """The span of a kind that was said, no further than now; None if it has not begun."""
    calendar, now = days(visit.office), visit.now
    if past is None and kind is Kind.DAILY:
        return calendar.day_until(now)
    whole = calendar.holding(kind, past.day if past else said.local(visit).date())
    if whole.since >= now:
        return None
    return whole if whole.until <= now else Span(kind, whole.since, now)


# --- how it is put ----------------------------------------------------------------------------------------
def messages(office: Office, order: Order, made: Summary, picture: Attachment | None) -> list[Outgoing]:
    """To its audience when it was due, else to who asked; the picture behind the words."""
    text = say.summary(office, made, names=order.names)
    purpose = Purpose.SUMMARY if order.due else Purpose.ANSWER
    subdistrict = office.roster.subdistrict(order.subdistrict) if order.due else None
    to: list[Recipient] = audiences(office, subdistrict) if subdistrict else []
    if not order.due:
        to = [ToWriter()]
    words = [Outgoing(each, text, purpose) for each in to]
    if picture is None:
        return words
    drawn = [Outgoing(each, picture.name, purpose, attachment=picture) for each in to]
    return [message for pair in zip(words, drawn, strict=True) for message in pair]


def wants_picture(office: Office, chat_id: str | None) -> bool:
    """A street group is spared the picture; supervisors get it, in their group and 1:1."""
    group = office.roster.group(chat_id) if chat_id else None
    return group is None or group.kind is GroupKind.SUPERVISOR


def place_name(order: Order) -> str:
    """What the figures are of, as people call it."""
    return "、".join(order.sections) or order.subdistrict or "全区"


def due(office: Office, kind: Kind, now: BusinessTime) -> tuple[BusinessTime, Span]:
    """The newest summary of a kind that is due: since when, and what it covers."""
    newest = days(office).last_due(kind, now)
    return newest.at, newest.span
