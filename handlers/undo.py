"""撤销: takes back what one's last message did, within ten minutes, unless somebody acted on it since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.errors import StaleIssue
from domain.issues import Action, Issue
from domain.outgoing import Outgoing, Purpose, ToPerson, ToWriter
from domain.ports import Undo
from domain.transitions import record
from handlers import merging, new_problem, sentences, which, word
from handlers.sentences import undo as say
from handlers.visit import Result, Visit, answer

WINDOW = timedelta(minutes=10)

REPORTERS_KNOW = frozenset(
    {
        Action.CLAIM, Action.RESOLVE, Action.EXTEND, Action.EXTERNAL, Action.SUSPEND, Action.RESUME,
        Action.REJECT, Action.MERGE,
    }
)  # fmt: skip
"""What reporters were told of, so that they must hear when it is taken back."""


def undo(visit: Visit) -> Result:
    """撤销, or 撤销 12 where the last message did several."""
    numbers = which.numbers(visit)
    if not numbers and (joined := new_problem.taken_back(visit)) is not None:
        return joined
    done = visit.desk.undoable(visit.userid, WINDOW)
    chosen = [each for each in done if not numbers or each.before.number in numbers]
    if not done:
        return answer(say.nothing_to_undo(int(WINDOW.total_seconds() // 60)), "nothing_to_undo")
    if not chosen:
        return answer(say.not_yours(numbers), "nothing_to_undo")
    results = [_undo(visit, each, now_is) for each, now_is in _as_they_are(visit, chosen)]
    if not results:  # his own word elsewhere came in between
        return answer(sentences.meanwhile(chosen[0].before.number), "stale", chosen[0].before)
    own = [message.text for result in results for message in result.messages[:1]]
    others = [message for result in results for message in result.messages[1:]]
    number = results[0].issue
    whole = Outgoing(ToWriter(), "\n".join(own), Purpose.ANSWER, number)
    return Result(results[0].outcome, (whole, *others), number)


def _as_they_are(visit: Visit, chosen: Sequence[Undo]) -> list[tuple[Undo, Issue | None]]:
    """Each with its issue as it is now. Whether somebody acted since is asked again after the issues were
    read: what is committed from then on makes that reading stale, what was before is seen."""
    now_is = {each.before.number: visit.desk.issue(each.before.number) for each in chosen}
    again = visit.desk.undoable(visit.userid, WINDOW)
    return [(each, now_is[each.before.number]) for each in again if each.before.number in now_is]


def _undo(visit: Visit, done: Undo, now_is: Issue | None) -> Result:
    number = done.before.number
    if now_is is None or done.overtaken:
        return answer(say.overtaken(number), "overtaken", done.before)
    if done.action is Action.UNDO:
        return answer(say.undone_already(number), "undone_already", now_is)
    what = _last_deed(visit, number, done.action)
    event = record(now_is, done.before, Action.UNDO, visit.actor, visit.now, what)
    try:
        changed = visit.desk.restore(now_is, done, event)
        merging.undone(visit, now_is, changed)
    except StaleIssue:
        return answer(sentences.meanwhile(number), "stale", now_is)
    if now_is.self_found:
        return answer(say.self_found_undone(number), "undone", changed)
    text = say.undone(visit.office, changed, what)
    return answer(text, "undone", changed, *_told(visit, now_is, changed, what))


def _last_deed(visit: Visit, number: int, first: Action) -> str:
    """What people call it: 办结 where one message was 认领 and 办结."""
    mine = [event.action for event in visit.desk.history(number) if event.actor == visit.userid]
    return (mine[-1] if mine else first).value


def _told(visit: Visit, before: Issue, after: Issue, what: str) -> tuple[Outgoing, ...]:
    """Everyone who heard of it: owners and helpers of then and now, reporters of what reaches them."""
    who = visit.actor.name if visit.works_here else say.REPORTER
    text = say.undone_for_others(after, who, what)
    people = [before.owner, after.owner, *sorted(before.helpers ^ after.helpers)]
    working = [
        message for userid in dict.fromkeys(people) for message in word.to_person(visit, after, userid, text)
    ]
    if Action(what) not in REPORTERS_KNOW:
        return tuple(working)
    heard = {message.to.userid for message in working if isinstance(message.to, ToPerson)}
    reporters = word.to_reporters(visit, after, text)
    others = [each for each in reporters if isinstance(each.to, ToPerson) and each.to.userid not in heard]
    return (*working, *others)
