"""From the records to the figures of a summary, in one consistent view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from domain.figures import Counts, Key, total
from domain.flags import Colour
from domain.issues import Issue
from domain.office import Office
from domain.orders import Order
from domain.periods import Kind, Span
from domain.summary import OpenPoints, Summary, corrections
from handlers import sentences, summary
from store import announcements, figures, flags, issues, trend
from store.figures import Scope
from store.period import Period

LOOKED_THROUGH = 1000
WEEK = timedelta(days=7)


def gathered(connection: Connection, office: Office, order: Order) -> Summary:
    """The figures an order asks for."""
    span, earlier = order.span, summary.days(office).before(order.span)
    before = figures.grouped(connection, scope_of(order, earlier), office.rules.working_time)
    whole = not order.sections and order.subdistrict
    announced = announcements.said(connection, earlier, order.subdistrict) if whole else None
    return Summary(
        span,
        summary.place_name(order),
        figures.grouped(connection, scope_of(order, span), office.rules.working_time),
        before,
        _points(connection, order),
        corrections(announced, total(before.values())),
        earlier,
        _trend(connection, office, order),
    )


def _trend(connection: Connection, office: Office, order: Order) -> list[tuple[str, int, int]]:
    steps = summary.days(office).steps(order.span)
    counts = trend.counted(connection, scope_of(order, order.span), [end for _, end in steps])
    return [(label, *numbers) for (label, _), numbers in zip(steps, counts, strict=True)]


def scored(
    connection: Connection, office: Office, order: Order
) -> tuple[Mapping[Key, Counts], Mapping[str, Colour]]:
    """What a ranking is made of: the fair figures of the month of the whole subdistrict, and its flags."""
    sections = [office.roster.section(name) for name in order.sections]
    subdistrict = order.subdistrict or next((each.subdistrict for each in sections if each), "")
    whole = replace(order, subdistrict=subdistrict, sections=())
    scope = replace(scope_of(whole, order.span), fair=True)
    month = order.span.since.astimezone(office.rules.timezone).strftime("%Y-%m")
    officers = office.roster.officer_ids  # what they own is no chief's, and no street's
    counted = figures.grouped(connection, scope, office.rules.working_time)
    groups = {key: counts for key, counts in counted.items() if key.owner not in officers}
    return groups, flags.of_month(connection, month)


def scope_of(order: Order, span: Span) -> Scope:
    """What is counted for an order in a span."""
    return Scope(
        Period(span.since, span.until), span.by_report_time, False, order.subdistrict, order.sections
    )


def _points(connection: Connection, order: Order) -> OpenPoints:
    span = order.span
    found = _open(connection, order)
    late = [issue for issue in found if sentences.is_late(issue, span.until)]
    again = [
        issue
        for issue in issues.back_again(connection, order.subdistrict, span.since, span.until)
        if not order.sections or issue.section in order.sections
    ]
    if span.kind is not Kind.WEEKLY:
        return OpenPoints(late, again)
    soon = span.until + WEEK
    review = [issue for issue in found if issue.review_at is not None and issue.review_at <= soon]
    return OpenPoints(late, again, review)


def _open(connection: Connection, order: Order) -> list[Issue]:
    if order.sections:
        return issues.open_in_sections(connection, order.sections, LOOKED_THROUGH)
    if not order.subdistrict:
        return issues.open_anywhere(connection, LOOKED_THROUGH)
    return issues.open_in_subdistrict(connection, order.subdistrict, LOOKED_THROUGH)
