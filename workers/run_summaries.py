"""Summaries that are due: each once per audience, however many schedulers or restarts there are."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from domain.clock import BusinessTime
from domain.figures import Counts
from domain.issues import Issue
from domain.office import Office
from domain.rework import OVERRULED_WITHIN_DAYS, FinalFrom
from domain.roster import Subdistrict
from handlers import sentences, summary
from handlers.routing import Router
from handlers.summary import OpenPoints
from store import figures, issues, outbox
from store.desk import DatabaseDesk
from store.period import Period
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)


def send_due(parts: Parts, office: Office, now: BusinessTime) -> None:
    """Send the newest daily summary that is due and was not sent; missed older ones are not made up for."""
    until = summary.last_due(office, now)
    with parts.database.write() as connection:
        desk = DatabaseDesk(connection, office, now, machine_now())
        first_look = desk.once("summary:first look")  # what was due before it is nobody's loss
        if not desk.once(f"summary:daily:{until.isoformat()}") or first_look:
            return
        period = Period(BusinessTime(until - summary.DAY), until)
        counts = figures.by_subdistrict(connection, period, overruled_until(office))
        for subdistrict in office.roster.subdistricts:
            found = counts.get(subdistrict.name, Counts())
            stubborn = issues.back_again(connection, subdistrict.name, period.since, period.until)
            points = OpenPoints(_overdue(connection, subdistrict, until), stubborn)
            text = summary.daily(office, subdistrict.name, until, found, points)
            messages = [summary.message(to, text) for to in summary.audiences(office, subdistrict)]
            outbox.add(connection, Router(office, now).drafts(messages), machine_now())
        log.info("daily summary until=%s subdistricts=%d", until.isoformat(), len(office.roster.subdistricts))


def overruled_until(office: Office) -> FinalFrom:
    """Until when 核查 may overrule a 不满意 said at a moment."""
    return lambda at: office.rules.working_time.add_days(at, OVERRULED_WITHIN_DAYS)


def _overdue(connection: Connection, subdistrict: Subdistrict, until: BusinessTime) -> list[Issue]:
    found = issues.open_in_subdistrict(connection, subdistrict.name, limit=1000)
    return [issue for issue in found if sentences.is_late(issue, until)]
