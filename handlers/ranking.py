"""排行: sections, and 1:1 for supervisors chiefs, by our own monthly score (自评)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.figures import Counts, Key, rolled_up
from domain.flags import Colour
from domain.office import Office
from domain.orders import Order, Paper
from domain.periods import Kind
from domain.scoring import Score, score
from handlers import said, summary
from handlers.figures_scope import place
from handlers.sentences import figures as say_figures
from handlers.sentences import flags as say
from handlers.visit import Result, Visit, answer
from nlp.normalize import normalize
from nlp.past import past_said

Ranked = list[tuple[str, Score, int | None]]


def ranking(visit: Visit) -> Result:
    """排行 [街道|路段] [月]: this month without a word."""
    past, word = past_said(normalize(visit.command.rest), said.local(visit).date())
    span = summary.span_meant(visit, Kind.MONTHLY, past)
    if span is None:
        return answer(say_figures.in_the_future(), "in_the_future")
    where = place(visit, word, "排行")
    return where if isinstance(where, Result) else summary.ordered(visit, Paper.RANKING, span, where)


def ranked(groups: Mapping[Key, Counts], by: Callable[[Key], str]) -> Ranked:
    """Every group with its score and its place, the best first, the unrated last; equal points share a
    place."""
    scores = {name: score(counts) for name, counts in rolled_up(groups, by).items()}
    rated = sorted(
        (each for each in scores.items() if each[1].points is not None),
        key=lambda each: (-(each[1].points or 0), each[0]),
    )
    points = [each.points for _, each in rated]
    first = [(name, each, points.index(each.points) + 1) for name, each in rated]
    return [*first, *((name, each, None) for name, each in scores.items() if each.points is None)]


def text(office: Office, order: Order, groups: Mapping[Key, Counts], flags: Mapping[str, Colour]) -> str:
    """The ranking an order asks for; of some sections only their own lines, with their place among all."""
    sections = ranked(groups, lambda key: key.section or "")
    if order.sections:
        sections = [each for each in sections if each[0] in order.sections]
    rows: dict[str, Ranked] = {"路段": sections}
    if order.names:
        rows["责任人"] = ranked(_only(groups, order), lambda key: say_figures.chief_of(office, key))
    return say.ranking(office, summary.place_name(order), order.span, rows, flags)


def _only(groups: Mapping[Key, Counts], order: Order) -> Mapping[Key, Counts]:
    if not order.sections:
        return groups
    return {key: counts for key, counts in groups.items() if key.section in order.sections}
