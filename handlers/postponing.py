"""顺延 街道 1天 暴雪: all deadlines of a subdistrict or a section, for a reason nobody can help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import StaleIssue
from domain.issues import UNFINISHED, Action, Issue
from domain.outgoing import Outgoing, Purpose, ToPerson
from domain.postponing import LONGEST, Delay, postponed
from handlers import due, oversight
from handlers.sentences import bulk as say
from handlers.sentences.supervisor import only_supervisors
from handlers.visit import Result, Visit, answer
from nlp.times import Length, time_said

EVERY = 100_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where: a whole subdistrict, or one section of it."""

    subdistrict: str
    section: str | None = None

    @property
    def name(self) -> str:
        return self.section or self.subdistrict

    def holds(self, issue: Issue) -> bool:
        return self.section is None or issue.section == self.section


def postpone(visit: Visit) -> Result:
    """顺延 街道|路段 时长 原因: one event each, one word to each owner."""
    if not oversight.subdistricts(visit):
        return answer(only_supervisors("顺延"), "not_allowed")
    said, rest = _length(visit)
    place, reason = _place(visit, rest)
    if said is None or place is None or not reason:
        return answer(say.postpone_what(oversight.subdistricts(visit)), "asked_reason")
    delay = Delay(said.amount, said.unit)
    if said.amount * {"m": 1, "h": 60, "d": 1440, "w": 10080}[said.unit] > LONGEST.total_seconds() / 60:
        return answer(say.postpone_too_long(LONGEST), "not_possible")
    moved = _move(visit, place, delay, reason)
    length = say.length(said.amount, said.unit)
    text = say.postponed(place.name, length, reason, len(moved))
    return answer(text, "postponed", None, *_words(visit, moved, length, reason))


def _length(visit: Visit) -> tuple[Length | None, str]:
    """The first length said, and the rest; a reason may speak of time as well (今晚暴雪)."""
    now = visit.now.astimezone(visit.office.rules.timezone).replace(tzinfo=None)
    words = visit.command.rest.split()
    for index, each in enumerate(words):
        said, left = time_said(each, now)
        if isinstance(said, Length):
            return said, " ".join(filter(None, (*words[:index], left, *words[index + 1 :])))
    return None, visit.command.rest


def _place(visit: Visit, rest: str) -> tuple[Place | None, str]:
    """The place named first, and the reason after it. 街道 alone, or nothing, is the writer's own."""
    own = oversight.subdistricts(visit)
    first, _, after = rest.strip().partition(" ")
    roster = visit.office.roster
    subdistrict, section = roster.subdistrict(first), roster.section(first)
    if subdistrict is not None:
        return (Place(subdistrict.name) if subdistrict.name in own else None), after.strip()
    if section is not None:
        there = section.subdistrict in own
        return (Place(section.subdistrict, section.name) if there else None), after.strip()
    whole = Place(own[0]) if len(own) == 1 else None
    return whole, after.strip() if first in {"街道", "全街道", "本街道", "全部"} else rest.strip()


def _move(visit: Visit, place: Place, delay: Delay, reason: str) -> list[Issue]:
    found = visit.desk.open_in_subdistrict(place.subdistrict, EVERY)
    there = [issue for issue in found if issue.state in UNFINISHED and place.holds(issue)]
    moved = (_moved(visit, issue, delay, reason) for issue in sorted(there, key=lambda each: each.number))
    return [issue for issue in moved if issue is not None]


def _moved(visit: Visit, issue: Issue, delay: Delay, reason: str) -> Issue | None:
    """None if somebody else finished it meanwhile. The one word to the owner stands for what is due now."""
    clocks = visit.office.clocks(issue.subdistrict)
    try:
        changed = visit.change(issue, postponed(issue, delay, clocks), Action.POSTPONE, reason)
    except StaleIssue:
        again = visit.desk.issue(issue.number)
        return _moved(visit, again, delay, reason) if again and again.state in UNFINISHED else None
    due.skip_what_is_due(visit.desk, changed)
    return changed


def _words(visit: Visit, moved: Iterable[Issue], length: str, reason: str) -> list[Outgoing]:
    owned: dict[str, list[Issue]] = defaultdict(list)
    for issue in moved:
        if issue.owner and issue.owner != visit.userid:
            owned[issue.owner].append(issue)
    return [
        Outgoing(
            ToPerson(owner, visit.office.group_for(theirs[0])),
            say.postponed_for_owner([issue.number for issue in theirs], length, reason),
            Purpose.NOTICE,
        )
        for owner, theirs in owned.items()
    ]
