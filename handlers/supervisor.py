"""督办: a supervisor wants a written reply. 超时: what is late where he watches."""

from __future__ import annotations

from collections.abc import Sequence

from domain import issues, supervision
from domain.issues import Action, Issue
from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.roster import Role
from handlers import due, oversight, sentences, several, word
from handlers.sentences import supervisor as say
from handlers.visit import Result, Visit, answer

SHOWN = 15
LOOKED_THROUGH = 1000


def supervise(visit: Visit) -> Result:
    """督办 12 要求: comes first, level 2 knows, a written reply is due."""
    return several.apply(visit, "督办", _supervise, lambda: oversight.candidates(visit, issues.UNFINISHED))


def _supervise(visit: Visit, issue: Issue) -> Result:
    if refusal := oversight.refused(visit, issue, "督办"):
        return refusal
    wanted = visit.command.rest
    changed = visit.change(issue, supervision.supervised(issue, visit.now), Action.SUPERVISE, wanted)
    until = visit.office.rules.working_time.end_of_next_day(visit.now)
    words = say.supervised(visit.office, changed, wanted, until)
    owner = word.to_person(visit, changed, changed.owner, words, reply_with=f"进展 {issue.number} 情况")
    above = _word_to_level2(visit, changed, say.supervised_for_level2(visit.office, changed, wanted, until))
    names = [visit.office.name_of(each.to.userid) for each in above if isinstance(each.to, ToPerson)]
    text = say.now_supervised(visit.office, changed, until, names)
    return answer(text, "supervised", changed, *owner, *above)


def _word_to_level2(visit: Visit, issue: Issue, text: str) -> tuple[Outgoing, ...]:
    level2 = visit.office.chief(issue, 2)
    if level2 is None or level2 in {issue.owner, visit.userid}:
        return ()
    group = due.group_above(visit.office, issue) or visit.office.group_for(issue)
    return (Outgoing(ToPerson(level2, group), text, Purpose.NOTICE, issue.number, issue.danger),)


def overdue(visit: Visit) -> Result:
    """超时: what is late, the latest first; of a subdistrict, for a chief his own."""
    if not visit.works_here:
        return answer(say.only_for_staff("超时"), "not_allowed")
    late = [issue for issue in _watched(visit) if sentences.is_late(issue, visit.now)]
    if not late:
        return answer(say.nothing_overdue(), "overdue")
    late.sort(key=lambda issue: (issue.deadline, issue.number))
    rows = [sentences.row(visit.office, issue, visit.now) for issue in late[:SHOWN]]
    return answer(sentences.listing(say.overdue(len(late)), rows, len(late)), "overdue")


def _watched(visit: Visit) -> Sequence[Issue]:
    person = visit.person
    names = oversight.subdistricts(visit)
    if person is not None and person.role is Role.CHIEF and person.level in {1, 2}:
        names = (*names, person.unit)
    if not names:
        return visit.desk.open_of_owner(visit.userid)
    return [
        issue
        for name in dict.fromkeys(names)
        for issue in visit.desk.open_in_subdistrict(name, LOOKED_THROUGH)
    ]
