"""Summaries that are due are ordered, each once, however many schedulers or restarts there are."""

from __future__ import annotations

import logging

from bot.wake import Work
from domain.clock import BusinessTime
from domain.office import Office
from domain.orders import Order, Paper
from domain.periods import Kind
from handlers import summary
from store import orders
from store.desk import DatabaseDesk
from workers.bootstrap import Parts, machine_now

log = logging.getLogger(__name__)


def send_due(parts: Parts, office: Office, now: BusinessTime) -> None:
    """Order the newest summary of each kind that is due and was not ordered; missed older ones are not made
    up for."""
    for kind in Kind:
        _order(parts, office, kind, now)


def _order(parts: Parts, office: Office, kind: Kind, now: BusinessTime) -> None:
    at, span = summary.due(office, kind, now)
    slot = f"summary:{kind}:{at.isoformat()}"
    with parts.database.read() as connection:
        if DatabaseDesk(connection, office, now, machine_now()).happened(slot):
            return
    with parts.database.write() as connection:
        desk = DatabaseDesk(connection, office, now, machine_now())
        first_look = desk.once(f"summary:first look:{kind}")  # what was due before it is nobody's loss
        if not desk.once(slot) or first_look:
            return
        for subdistrict in office.roster.subdistricts:
            order = Order(Paper.SUMMARY, span, subdistrict.name, due=True)
            orders.place(connection, order, now, machine_now())
    log.info(
        "summary due kind=%s at=%s subdistricts=%d", kind, at.isoformat(), len(office.roster.subdistricts)
    )
    parts.waker.wake(Work.ORDERS)
