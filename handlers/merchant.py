"""What a reporter says while his problem waits: 补充 and 催办."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.clock import BusinessTime
from domain.issues import OPEN, UNFINISHED, Action, Issue, State
from domain.outgoing import Outgoing, Purpose, ToPerson, work_buttons
from domain.transitions import NotPossible
from handlers import sentences, several
from handlers.sentences import merchant as say
from handlers.visit import Result, Visit, answer

JUST_NOW = timedelta(minutes=10)
URGE_EVERY = timedelta(minutes=30)


def supplement(visit: Visit) -> Result:
    """补充 12 with words or pictures."""
    return several.apply(visit, "补充", _supplement, lambda: _just_reported(visit) or _own(visit, OPEN))


def urge(visit: Visit) -> Result:
    """催办 12: has anybody started? The owner is reminded."""
    waiting = UNFINISHED | {State.SUSPENDED}
    return several.apply(
        visit, "催办", _urge, lambda: _own(visit, waiting) or _own(visit, frozenset({State.RESOLVED}))
    )


def _own(visit: Visit, states: frozenset[State]) -> Sequence[Issue]:
    return [issue for issue in visit.desk.of_reporter(visit.userid) if issue.state in states]


def _just_reported(visit: Visit) -> Sequence[Issue]:
    return [issue for issue in _own(visit, OPEN)[:1] if visit.now - issue.reported_at <= JUST_NOW]


def _concerned(visit: Visit, issue: Issue) -> bool:
    person = visit.person
    return visit.reported(issue) or (person is not None and visit.office.responsible(issue, person))


def _supplement(visit: Visit, issue: Issue) -> Result:
    if not _concerned(visit, issue):
        return answer(say.join_instead(issue, "补充"), "not_allowed", issue)
    if issue.state not in OPEN:
        raise NotPossible(sentences.not_now(issue, "补充"))
    text, pictures = visit.command.rest, len(visit.message.all_pictures)
    if not text and not pictures:
        return answer(say.supplement_what(issue), "asked_supplement", issue)
    visit.note(issue, Action.SUPPLEMENT, text or "照片")
    visit.desk.attach_pictures(issue.number, proof=False)
    told = say.supplement_for_owner(issue, text, pictures)
    said = say.supplemented(issue, text=bool(text), pictures=pictures)
    return answer(said, "supplemented", issue, *_to_owner(visit, issue, told, Purpose.NOTICE))


def _urge(visit: Visit, issue: Issue) -> Result:
    if not _concerned(visit, issue):
        return answer(say.join_instead(issue, "催办"), "not_allowed", issue)
    if issue.state not in UNFINISHED:
        raise NotPossible(say.cannot_urge(visit.office, issue))
    if not visit.desk.once(f"urge:{issue.number}:{visit.userid}", URGE_EVERY):
        return answer(say.urged_already(visit.office, issue), "urged_already", issue)
    visit.note(issue, Action.URGE, visit.command.rest or ("" if visit.command.exact else visit.message.text))
    times = sum(event.action is Action.URGE for event in visit.desk.history(issue.number))
    told = say.urge(visit.office, issue, visit.now, times)
    may_be_sent = _may_be_sent(visit, issue)
    word = _to_owner(visit, issue, told, Purpose.REMINDER, may_be_sent)
    later = may_be_sent if may_be_sent > visit.now else None
    return answer(say.urged(visit.office, issue, later), "urged", issue, *word)


def _may_be_sent(visit: Visit, issue: Issue) -> BusinessTime:
    """When the owner may be bothered with it: not at night, not outside the hours of its clock."""
    return visit.office.ladder(issue.subdistrict).sendable_from(issue, visit.now)


def _to_owner(
    visit: Visit, issue: Issue, text: str, purpose: Purpose, not_before: BusinessTime | None = None
) -> tuple[Outgoing, ...]:
    if not issue.owner or issue.owner == visit.userid:
        return ()
    return (
        Outgoing(
            ToPerson(issue.owner, visit.office.group_for(issue)),
            text,
            purpose,
            issue.number,
            issue.danger,
            buttons=work_buttons(issue.number),
            reply_with=f"收到 {issue.number}",
            not_before=not_before,
        ),
    )
