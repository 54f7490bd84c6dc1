"""What a report is taken to be: its category, whether it is dangerous, what to ask if that is not certain."""

from __future__ import annotations

from dataclasses import dataclass

from domain.taxonomy import FALLBACK, SubCategory
from handlers.visit import Visit
from nlp.reading import Problem
from nlp.thresholds import ACT


@dataclass(frozen=True, slots=True)
class Kind:
    """What a report is taken to be. ``options``: what to ask, empty when it is certain."""

    row: SubCategory
    danger: bool
    options: tuple[str, ...]


def classify(visit: Visit) -> Kind:
    """Category and danger, with the choices to offer when it is not certain."""
    problems = visit.reading.problems
    taxonomy, danger = visit.office.taxonomy, visit.reading.danger
    if not problems:
        return Kind(taxonomy.sub(*FALLBACK), danger, tuple(taxonomy.categories))
    main = _main(visit)
    row = taxonomy.sub(main.category, main.sub)
    if main.confidence >= ACT:
        return Kind(row, danger or row.danger, ())
    return Kind(row, danger or row.danger, _choices(problems, tuple(taxonomy.categories)))


def _main(visit: Visit) -> Problem:
    """The first problem; where people may be hurt, the first that is known to be dangerous."""
    problems, taxonomy = visit.reading.problems, visit.office.taxonomy
    dangerous = (each for each in problems if taxonomy.sub(each.category, each.sub).danger)
    return next(dangerous, problems[0]) if visit.reading.danger else problems[0]


def _choices(problems: tuple[Problem, ...], categories: tuple[str, ...]) -> tuple[str, ...]:
    likely = tuple(problem.category for problem in problems)
    return tuple(dict.fromkeys(likely + categories))
