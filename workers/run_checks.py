"""The day's random check that is due: once per subdistrict, however many schedulers or restarts there are."""

from __future__ import annotations

import logging

from domain.clock import BusinessTime
from domain.office import Office
from handlers import checks
from handlers.routing import Router
from store import outbox, quality
from store.desk import DatabaseDesk
from store.period import Period
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)


def send_due(parts: Parts, office: Office, now: BusinessTime) -> None:
    """Send the newest list that is due and was not sent; missed older ones are not made up for."""
    until = checks.last_due(office, now)
    with parts.database.write() as connection:
        desk = DatabaseDesk(connection, office, now, machine_now())
        first_look = desk.once("check:first look")
        if not desk.once(f"check:daily:{until.isoformat()}") or first_look:
            return
        period = Period(BusinessTime(until - checks.DAY), until)
        for subdistrict in office.roster.subdistricts:
            resolved = quality.to_check(connection, period, subdistrict.name)
            messages = checks.messages(office, subdistrict, until, resolved)
            outbox.add(connection, Router(office, now).drafts(messages), machine_now())
        log.info("daily check until=%s", until.isoformat())
