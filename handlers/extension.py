"""延期: more time, once by one's own word, else by that of the level above (同意, 不同意)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import extension, with_officer
from domain.clock import BusinessTime
from domain.extension import EXTENDABLE
from domain.issues import Action, Event, Issue
from domain.outgoing import Button, Outgoing
from domain.transitions import NotPossible
from handlers import rights, said, sentences, several, word
from handlers.sentences import extension as say
from handlers.visit import Result, Visit, answer
from nlp.times import Length

UNTIL = "until"
"""Key in the data of a request: the deadline that is asked for."""


def extend(visit: Visit) -> Result:
    """延期 12 2小时 原因."""
    return several.apply(visit, "延期", _extend, lambda: rights.candidates(visit, EXTENDABLE))


def grant(visit: Visit) -> Result:
    """同意 12."""
    return several.apply(visit, "同意", _grant, lambda: asked_of(visit))


def refuse(visit: Visit) -> Result:
    """不同意 12 原因."""
    return several.apply(visit, "不同意", _refuse, lambda: asked_of(visit))


def _extend(visit: Visit, issue: Issue) -> Result:
    if refusal := rights.refused_to_decide(visit, issue, "延期"):
        return refusal
    if issue.state not in EXTENDABLE:
        raise NotPossible(sentences.not_now(issue, "延期"))
    time, reason = said.when(visit)
    if time is None:
        return answer(say.how_long(issue.number), "asked_time", issue)
    clocks = visit.office.clocks(issue.subdistrict)
    running = with_officer.given_back(issue, visit.now, clocks)  # what waits for an officer is not late
    until = (
        extension.later_by(running, said.counted(visit, issue, time), visit.now, clocks)
        if isinstance(time, Length)
        else said.end_of(visit, issue, time)
    )
    extension.require_later(running, until, visit.now)
    own = visit.office.taxonomy.sub(issue.category, issue.sub).duration
    if rights.decides_above(visit, issue) or extension.alone(running, until, visit.now, own, clocks):
        changed = _moved(visit, issue, until, reason)
        told = say.extended_for_others(visit.office, changed, reason)
        words = (*_reporters(visit, changed, reason), *word.to_person(visit, changed, changed.owner, told))
        return answer(say.extended(visit.office, changed), "extended", changed, *words)
    return _ask(visit, issue, until, reason)


def _moved(visit: Visit, issue: Issue, until: BusinessTime, reason: str) -> Issue:
    clocks = visit.office.clocks(issue.subdistrict)
    after = extension.extended(issue, until, visit.now, clocks)
    why = f"到 {sentences.moment(visit.office, until)}{':' if reason else ''}{reason}"
    return visit.change(issue, after, Action.EXTEND, why)


def _reporters(visit: Visit, issue: Issue, reason: str) -> tuple[Outgoing, ...]:
    return word.to_reporters(visit, issue, say.extended_for_others(visit.office, issue, reason))


def _ask(visit: Visit, issue: Issue, until: BusinessTime, reason: str) -> Result:
    """The level above decides; asked again with the same words, it is not told again."""
    above = visit.office.level_above(issue)
    if above is None:
        raise NotPossible(say.nobody_grants(issue.number))
    text = say.asked(visit.office, issue, until, visit.office.name_of(above))
    earlier = extension.open_request(visit.desk.history(issue.number))
    if earlier is not None and earlier.data[UNTIL] == until.isoformat():
        return answer(text, "extension_asked_already", issue)
    why = f"到 {sentences.moment(visit.office, until)}{':' if reason else ''}{reason}"
    data = {UNTIL: until.isoformat(), "reason": reason}
    changed = visit.change(issue, issue, Action.ASK_EXTENSION, why, data)
    asks = say.asks_you(visit.office, changed, until, visit.actor.name, reason)
    buttons = (Button("同意", f"同意 {issue.number}"), Button("不同意", f"不同意 {issue.number}"))
    told = word.to_person(visit, changed, above, asks, buttons, f"同意 {issue.number}")
    return answer(text, "extension_asked", changed, *told)


def asked_of(visit: Visit) -> Sequence[Issue]:
    """Requests that wait for the writer's word."""
    person = visit.person
    if person is None or not person.unit:
        return []
    found = (each for each in visit.desk.open_in_subdistrict(person.unit) if each.state in EXTENDABLE)
    return [each for each in found if rights.decides_above(visit, each) and _request(visit, each)]


def _request(visit: Visit, issue: Issue) -> Event | None:
    return extension.open_request(visit.desk.history(issue.number))


def _required(visit: Visit, issue: Issue, verb: str) -> Event | Result:
    """The request that is answered, or why the writer cannot."""
    if not rights.decides_above(visit, issue):
        above = visit.office.level_above(issue)
        who = visit.office.name_of(above) if above else "督导"
        return answer(sentences.not_allowed(issue.number, verb, who), "not_allowed", issue)
    request = _request(visit, issue)
    if request is None:
        raise NotPossible(say.nothing_asked(issue.number))
    return request


def _grant(visit: Visit, issue: Issue) -> Result:
    request = _required(visit, issue, "同意延期")
    if isinstance(request, Result):
        return request
    until = BusinessTime(datetime.fromisoformat(request.data[UNTIL]))
    if until <= visit.now:
        raise NotPossible(say.too_late_to_grant(visit.office, issue.number, until))
    reason = request.data["reason"]
    changed = _moved(visit, issue, until, reason)
    told = say.granted_to_you(visit.office, changed, visit.actor.name)
    people = dict.fromkeys((request.actor, changed.owner))
    words = [message for userid in people for message in word.to_person(visit, changed, userid, told)]
    return answer(
        say.granted(visit.office, changed), "extended", changed, *words, *_reporters(visit, changed, reason)
    )


def _refuse(visit: Visit, issue: Issue) -> Result:
    request = _required(visit, issue, "答复延期")
    if isinstance(request, Result):
        return request
    reason = said.words(visit)
    changed = visit.change(issue, issue, Action.REFUSE_EXTENSION, reason)
    told = say.refused_to_you(visit.office, changed, visit.actor.name, reason)
    people = dict.fromkeys((request.actor, changed.owner))
    words = [message for userid in people for message in word.to_person(visit, changed, userid, told)]
    return answer(say.refused(visit.office, changed, request), "extension_refused", changed, *words)
