"""What was overheard in groups and may be a report, shown to whoever would own it."""

from __future__ import annotations

from domain.clock import BusinessTime
from domain.office import Office
from handlers import doubts
from handlers.routing import Router
from store import doubts as stored
from store import outbox
from store.desk import DatabaseDesk
from workers.bootstrap import Parts, machine_now


def show_due(parts: Parts, office: Office, now: BusinessTime) -> None:
    """Each person's list and the record that he was shown it are one transaction."""
    with parts.database.read() as connection:
        owners = stored.owners_of_new(connection)
    for owner in owners:
        with parts.database.write() as connection:
            machine = machine_now()
            desk = DatabaseDesk(connection, office, now, machine)
            outbox.add(connection, Router(office, now).drafts(doubts.due(desk, owner)), machine)
