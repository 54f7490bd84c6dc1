"""提醒 12 2小时: somebody wants to be reminded of an issue himself; without a time, 静音 is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.clock import BusinessTime
from domain.issues import UNFINISHED, Action, Issue
from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.transitions import NotPossible
from handlers import rights, said, sentences, several
from handlers.sentences import remind_me as say
from handlers.visit import Result, Visit, answer
from nlp.times import Length

LONGEST = timedelta(days=60)


def remind(visit: Visit) -> Result:
    """提醒 12 2小时 · 提醒 12 明天9点 · 提醒 12."""
    return several.apply(visit, "提醒", _remind, lambda: rights.candidates(visit, UNFINISHED))


def _remind(visit: Visit, issue: Issue) -> Result:
    if not visit.works_here or visit.person is None or not visit.office.responsible(issue, visit.person):
        return answer(sentences.unknown_number(issue.number), "not_allowed", issue)
    if issue.state not in UNFINISHED:
        raise NotPossible(sentences.not_now(issue, "提醒"))
    at = _when(visit)
    if at is None:
        return _no_longer_muted(visit, issue)
    if not visit.now < at <= visit.now + LONGEST:
        raise NotPossible(say.not_then(issue.number))
    visit.note(issue, Action.STEP, f"请在 {sentences.moment(visit.office, at)} 提醒自己")
    to = ToPerson(visit.userid, visit.office.group_for(issue))
    # like an escalation: asked for by somebody who need not own it, and void once the problem is solved
    later = Outgoing(
        to,
        say.as_you_asked(visit.office, issue),
        Purpose.ESCALATION,
        issue.number,
        issue.danger,
        not_before=at,
    )
    return answer(say.will_remind(visit.office, issue, at), "will_remind", issue, later)


def _when(visit: Visit) -> BusinessTime | None:
    time, _ = said.when(visit)
    if time is None:
        return None
    if isinstance(time, Length):
        unit = {
            "m": timedelta(minutes=1),
            "h": timedelta(hours=1),
            "d": timedelta(days=1),
            "w": timedelta(days=7),
        }
        return BusinessTime(visit.now + time.amount * unit[time.unit])
    return said.morning_of(visit, time)


def _no_longer_muted(visit: Visit, issue: Issue) -> Result:
    if issue.muted_until is None or issue.muted_until <= visit.now:
        return answer(say.when(issue.number), "asked_time", issue)
    if refusal := rights.refused_to_decide(visit, issue, "恢复提醒"):
        return refusal
    changed = visit.change(issue, replace(issue, muted_until=None), Action.MUTE, "恢复提醒")
    return answer(say.reminded_again(changed), "unmuted", changed)
