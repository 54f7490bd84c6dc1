"""Who is shown by name to whom: a reporter only where he spoke in the group for all to read, and never after
匿名; everyone else sees 商户. Supervisors, asking 1:1, see who it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.issues import Action, Event, Issue
from domain.ports import Desk
from domain.roster import Role
from handlers.visit import Visit
from nlp.commands import verbs
from nlp.normalize import normalize

MERCHANT = "商户"
ASKED_FOR = timedelta(minutes=10)

REPORTERS_SAY = frozenset(
    {
        Action.REPORT, Action.JOIN, Action.HIDE, Action.SUPPLEMENT, Action.URGE, Action.CONFIRM,
        Action.DISPUTE, Action.REOPEN, Action.WITHDRAW, Action.SPLIT, Action.OBJECT, Action.CORRECT,
        Action.UNDO,
    }
)  # fmt: skip
"""What a reporter does to an issue. Other events are the work of those responsible, who answer by name."""


def history_for(visit: Visit, issue: Issue) -> Sequence[Event]:
    """An issue's history as the writer may see it, where he asks: what a group reads, everybody reads."""
    if visit.group is None and _watches(visit, issue):
        return visit.desk.history(issue.number)
    events = history_for_all(visit.desk, issue)
    return [_nameless(event) for event in events] if _accused(visit, issue) else events


def history_for_all(desk: Desk, issue: Issue) -> Sequence[Event]:
    """An issue's history as anybody may see it."""
    reporters = desk.reporters(issue.number)
    hidden = {reporter.userid for reporter in reporters if reporter.anonymous}
    spoke = {reporter.userid for reporter in reporters if reporter.chat_id} - hidden
    events = desk.history(issue.number)
    at_work = {event.actor for event in events if event.actor not in hidden and _works(desk, event)}
    return [event if event.actor in spoke | at_work else _nameless(event) for event in events]


def wants_no_name(visit: Visit) -> bool:
    """Whether the writer asked that this report does not name him."""
    text = normalize(visit.message.text)
    if any(word in text for verb in verbs() if verb.name == "匿名" for word in verb.words):
        return True
    question = visit.desk.question(visit.message.chat_key, visit.userid, ASKED_FOR)
    return question is not None and question.kind == "anonymous"


def _watches(visit: Visit, issue: Issue) -> bool:
    person = visit.person
    watches = person is not None and person.role in {Role.SUPERVISOR, Role.ADMINISTRATOR}
    return person is not None and watches and visit.office.responsible(issue, person)


def _accused(visit: Visit, issue: Issue) -> bool:
    """Whether the issue names the writer's own shop; he never learns from us who did."""
    shops = visit.office.roster.shops_of(visit.userid)
    return any(issue.shop == shop.name and issue.section == shop.section for shop in shops)


def _works(desk: Desk, event: Event) -> bool:
    person = desk.office.roster.person(event.actor)
    return person is not None and person.role is not Role.MERCHANT


def _nameless(event: Event) -> Event:
    return replace(event, actor_name=MERCHANT) if event.action in REPORTERS_SAY and event.actor else event
