"""合并 13 到 12: the same problem reported twice; 拆分 13: it was not the same after all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from domain import deadlines, merging, transitions
from domain.issues import Action, Event, Issue, State
from domain.outgoing import Outgoing
from domain.transitions import NotPossible
from handlers import oversight, several, which, word
from handlers.sentences import bulk as say
from handlers.visit import Result, Visit, answer

TOOK_IN, JOINED = "took_in", "joined"
"""Keys of an event's data: the issue that was merged into this one; who joined its reporters by that."""


def merge(visit: Visit) -> Result:
    """合并 13 14 到 12: the last one is where the others go."""
    *sources, target = _numbers(visit) or (0,)
    if not sources:
        return answer(say.merge_what(), "asked_which")
    into = _end(visit, target)
    if isinstance(into, Result):
        return into
    command = replace(visit.command, numbers=tuple(sources))
    narrowed = replace(visit, reading=replace(visit.reading, command=command))
    return several.apply(narrowed, "合并", partial(_merge, into=into), _none)


def split(visit: Visit) -> Result:
    """拆分 13."""
    return several.apply(visit, "拆分", _split, _none)


def _none() -> Sequence[Issue]:
    return ()


def _numbers(visit: Visit) -> tuple[int, ...]:
    """What is to be merged, then the target; a quoted message may name the first."""
    named, quoted = visit.command.numbers, which.quoted_number(visit)
    if len(named) == 1 and quoted is not None and quoted != named[0]:
        return (quoted, *named)
    return named


def _end(visit: Visit, number: int) -> Issue | Result:
    """The issue of a number, or the one it was merged into."""
    found = which.named(visit, number)
    if isinstance(found, Result) or found.merged_into is None or found.state is not State.MERGED:
        return found
    return which.named(visit, found.merged_into)


def _merge(visit: Visit, issue: Issue, into: Issue) -> Result:
    if refusal := oversight.refused(visit, issue, "合并"):
        return refusal
    now_into = visit.desk.issue(into.number) or into
    after = merging.merged(issue, now_into, visit.now)
    if taken := _merged_into(visit, issue):
        raise NotPossible(say.has_others(issue.number, taken, into.number))
    joined = [each for each in visit.desk.reporters(issue.number) if visit.desk.join(into.number, each)]
    data = {JOINED: ",".join(each.userid for each in joined)}
    changed = visit.change(issue, after, Action.MERGE, f"并入{into.number}号", data)
    event = visit.event(now_into, Action.SUPPLEMENT, f"{issue.number}号并入本件")
    visit.desk.note(replace(event, data={TOOK_IN: str(issue.number)}))
    words = _told_of_merge(visit, changed, now_into)
    return answer(say.merged(visit.office, changed, now_into), "merged", changed, *words)


def _told_of_merge(visit: Visit, issue: Issue, into: Issue) -> tuple[Outgoing, ...]:
    text = say.merged_for_reporter(visit.office, issue, into)
    reporters = word.to_reporters(visit, issue, text)
    gone = word.to_person(visit, issue, issue.owner, say.merged_for_owner(visit.office, issue, into))
    more = word.to_person(visit, into, into.owner, say.took_in(visit.office, issue, into))
    return (*reporters, *(gone if issue.owner != into.owner else ()), *more)


def taken_in(history: Iterable[Event]) -> list[int]:
    """Numbers that were ever merged into the issue of this history."""
    return list(dict.fromkeys(int(event.data[TOOK_IN]) for event in history if TOOK_IN in event.data))


def _merged_into(visit: Visit, issue: Issue) -> list[int]:
    """Numbers of those that are merged into an issue now."""
    found = (visit.desk.issue(number) for number in taken_in(visit.desk.history(issue.number)))
    return [
        each.number
        for each in found
        if each and each.state is State.MERGED and each.merged_into == issue.number
    ]


def pictures(visit: Visit, issue: Issue) -> int:
    """How many pictures show an issue, those of what was merged into it included."""
    return sum(visit.desk.pictures(number) for number in (issue.number, *_merged_into(visit, issue)))


def _split(visit: Visit, issue: Issue) -> Result:
    if refusal := oversight.refused(visit, issue, "拆分"):
        return refusal
    transitions.require_state(issue, State.MERGED, "拆分")
    before = visit.desk.before_last(issue.number, Action.MERGE)
    if before is None or issue.merged_into is None:
        raise NotPossible(say.cannot_split(issue.number))
    stood = replace(before, paused_at=before.paused_at or issue.closed_at)
    promise = deadlines.resumed(stood, visit.now, visit.office.clocks(issue.subdistrict))
    after = merging.separated(issue, before, promise)
    part_reporters(visit, issue)
    changed = visit.change(issue, after, Action.SPLIT, f"从{issue.merged_into}号拆出")
    text = say.split(visit.office, changed, issue.merged_into)
    owner = word.to_person(visit, changed, changed.owner, text)
    return answer(text, "split", changed, *owner, *word.to_reporters(visit, changed, text))


def undone(visit: Visit, before: Issue, after: Issue) -> None:
    """撤销 of 合并 or 拆分: its reporters leave or join again."""
    if before.state is State.MERGED:
        part_reporters(visit, before)
    if after.state is State.MERGED and after.merged_into is not None:
        for each in visit.desk.reporters(after.number):
            visit.desk.join(after.merged_into, each)


def part_reporters(visit: Visit, issue: Issue) -> None:
    """Those who joined another issue because this one was merged into it leave it again."""
    merges = [event for event in visit.desk.history(issue.number) if event.action is Action.MERGE]
    if merges and issue.merged_into is not None:
        for userid in filter(None, merges[-1].data.get(JOINED, "").split(",")):
            visit.desk.leave(issue.merged_into, userid)
