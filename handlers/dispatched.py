"""A problem that another system hands over: an issue like any other, with what it says of place and kind."""

from __future__ import annotations

from dataclasses import replace

from domain.dispatching import source_of
from domain.messages import HandedOver
from handlers.report import report
from handlers.visit import Result, Visit
from nlp.reading import Problem, Reading

SURE = 1.0


def take(visit: Visit, handed: HandedOver) -> Result:
    """Whatever its text reads like, it is a report. The source learns the number under its own key."""
    result = report(replace(visit, reading=_as_said(visit, handed)))
    source = source_of(visit.message.sender)
    if source is not None and result.issue is not None:
        visit.desk.remember_dispatch(source, handed.key, result.issue)
    return result


def _as_said(visit: Visit, handed: HandedOver) -> Reading:
    """What the source says goes before what its words are read for."""
    reading, section = visit.reading, visit.office.roster.section(handed.section)
    place = reading.place
    if section is not None:
        elsewhere = place.section not in {None, section.name}
        place = replace(place, section=section.name, house_number=None if elsewhere else place.house_number)
    if handed.house_number is not None:
        place = replace(place, house_number=handed.house_number)
    return replace(
        reading,
        intent="report",
        command=None,
        place=place,
        problems=_kind(handed) or reading.problems or reading.guesses[:1],
        danger=reading.danger or handed.danger,
    )


def _kind(handed: HandedOver) -> tuple[Problem, ...]:
    return (Problem(handed.category, handed.sub, SURE),) if handed.category else ()
