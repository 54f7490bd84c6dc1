"""A place without words (1:1 only): people send it after what they wrote, to say where."""

from __future__ import annotations

from domain.issues import Action
from domain.messages import Location
from handlers import pictures, sentences
from handlers.report import report
from handlers.visit import Result, Visit, answer


def lone(visit: Visit) -> Result | None:
    """Added to the report just made; from others than those who work here else a report of its own, whose
    kind is asked. None: it is something else."""
    place = visit.message.location
    if place is None or visit.message.text:
        return None
    issue = pictures.just_reported(visit)
    if issue is None:
        return None if visit.works_here else report(visit)
    visit.note(issue, Action.SUPPLEMENT, f"位置 {_named(place)}")
    return answer(sentences.place_added(issue), "supplemented", issue)


def _named(place: Location) -> str:
    return place.label or f"{place.latitude:.5f},{place.longitude:.5f}"
