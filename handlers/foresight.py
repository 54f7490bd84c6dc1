"""What handling a message will probably ask the records: known from its words, before anything is asked."""

from __future__ import annotations

from domain.clock import BusinessTime
from domain.ports import Foreseen
from domain.same_problem import RECURS_WITHIN
from handlers import which
from handlers.commands import MEANT
from handlers.site import locate
from handlers.tagging import classify
from handlers.visit import Visit


def foresee(visit: Visit) -> Foreseen:
    """A guess, made cheaply: where it is wrong, the records are asked once more."""
    since = BusinessTime(visit.now - RECURS_WITHIN)
    if visit.reading.intent == "report":
        section = locate(visit).section
        return Foreseen(since, (section.name, classify(visit).row.category) if section else None)
    commands = visit.reading.command is not None or visit.reading.intent in MEANT
    if visit.works_here and commands and not which.numbers(visit):
        return Foreseen(since, hands=visit.userid)
    if visit.message.mentioned and visit.reading.command is None:
        return Foreseen(since, slot=hint_slot(visit))
    return Foreseen(since)


def hint_slot(visit: Visit) -> str:
    """The slot by which a person gets one hint an hour."""
    return f"hint:{visit.userid}"
