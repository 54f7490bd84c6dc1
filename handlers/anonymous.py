"""匿名: before a report, with it, or within ten minutes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.issues import Action, Issue
from domain.ports import Question
from domain.transitions import NotPossible
from handlers import report, several, which
from handlers.sentences import merchant as say
from handlers.visit import Result, Visit, answer

UNTIL = timedelta(minutes=10)
SHORTEST_REPORT = 4
MADE_IT = frozenset({Action.REPORT, Action.JOIN})


def hide(visit: Visit) -> Result:
    """匿名, 匿名 12, or 匿名 in front of a report."""
    if visit.reading.intent == "report" and len(visit.command.rest) >= SHORTEST_REPORT:
        return report.report(visit)
    if not which.numbers(visit) and not _recent(visit):
        visit.desk.ask(visit.message.chat_key, visit.userid, Question("anonymous"))
        return answer(say.hide_next(), "hide_next")
    return several.apply(visit, "匿名", _hide, lambda: _recent(visit)[:1])


def _recent(visit: Visit) -> Sequence[Issue]:
    return [issue for issue in visit.desk.of_reporter(visit.userid) if _is_recent(visit, issue)]


def _is_recent(visit: Visit, issue: Issue) -> bool:
    """Whether it was within ten minutes that the writer reported this, alone or as one of many."""
    events = visit.desk.history(issue.number)
    made = [event.at for event in events if event.action in MADE_IT and event.actor == visit.userid]
    return any(visit.now - at <= UNTIL for at in made)


def _hide(visit: Visit, issue: Issue) -> Result:
    mine = next((each for each in visit.desk.reporters(issue.number) if each.userid == visit.userid), None)
    if mine is None:
        return answer(say.join_instead(issue, "匿名"), "not_allowed", issue)
    if mine.anonymous:
        return answer(say.hidden_already(issue), "hidden_already", issue)
    if not _is_recent(visit, issue):
        raise NotPossible(say.hide_too_late(issue))
    visit.desk.hide(issue.number, visit.userid)
    shops = {shop.name for shop in visit.office.roster.shops_of(visit.userid)}
    if issue.reporter == visit.userid and issue.shop in shops:
        # the place that was taken from who he is would name him
        visit.change(issue, replace(issue, shop=None), Action.HIDE)
    else:
        visit.note(issue, Action.HIDE)
    return answer(say.hidden([issue.number]), "hidden", issue)
