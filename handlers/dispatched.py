"""A problem that another system hands over: an issue like any other, with what it says of place and kind."""

from __future__ import annotations

from dataclasses import replace

from domain.dispatching import source_of
from domain.messages import HandedOver
from handlers import feedback
from handlers.report import report
from handlers.visit import Result, Visit
from nlp.reading import Command, Problem, Reading

SURE = 1.0


def take(visit: Visit, handed: HandedOver) -> Result:
    """Whatever its text reads like, it is a report. The source learns the number under its own key."""
    result = report(replace(visit, reading=_as_said(visit, handed)))
    source = source_of(visit.message.sender)
    if source is not None and result.issue is not None:
        visit.desk.remember_dispatch(source, handed.key, result.issue)
    return result


def judge(visit: Visit, handed: HandedOver) -> Result:
    """Its word on what was done. The route wrote verb and number before its reason; a number in the reason is
    that of a house, and no answer to what we may have asked meanwhile."""
    verb, number, *reason = visit.message.text.split(" ", 2)
    command = Command(verb, (int(number),), " ".join(reason))
    said = replace(visit, reading=replace(visit.reading, command=command))
    return feedback.satisfied(said) if handed.judged == "satisfied" else feedback.dissatisfied(said)


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
