"""Everything that can become due for an issue while somebody still owes something: its rungs.

A rung is a reminder, an escalation or something the system does by itself. Rungs belong to an issue's
present cycle; their names are stable, so that (number, cycle, name) is one durable slot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from enum import StrEnum

from domain.clock import BusinessTime
from domain.deadlines import Clocks
from domain.issues import Issue, State
from domain.settings import LadderSteps
from domain.with_officer import held_until, helped, stands_still
from domain.working_time import NOTHING

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

UNANSWERED_AFTER = 10 * MINUTE
"""Natural time after which an open question, or what was given back, is brought up."""
RETURNED_TO_SUPERVISOR_AFTER = 4 * HOUR
REVIEW_EVERY = 30 * DAY
REVIEW_EXTERNAL_EVERY = 7 * DAY
RECENT_DAYS = 3
"""How many missed daily rungs are named; those before them are neither sent nor recorded."""
CLOSING_GRACE = MINUTE
"""What falls due as working hours end is still said, and not on the next morning."""


DEFAULT_STEPS = LadderSteps()


class Kind(StrEnum):
    """What a rung does."""

    REMINDER = "reminder"
    ESCALATION = "escalation"
    ASK_PENDING = "ask_pending"
    REVIEW = "review"
    RELEASE = "release"
    AUTO_CLOSE = "auto_close"
    UNANSWERED = "unanswered"
    HELPER = "helper"
    HELP_OVER = "help_over"


class Audience(StrEnum):
    """Who is told, by role. LEVEL2 falls back to the supervisor where there is none."""

    OWNER = "owner"
    LEVEL_ABOVE = "level_above"
    LEVEL2 = "level2"
    SUPERVISOR = "supervisor"
    LEVEL1 = "level1"
    REPORTER = "reporter"
    GROUP = "group"
    HELPERS = "helpers"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step. ``at``: when it is due, already moved to a time at which it may be sent."""

    name: str
    at: BusinessTime
    kind: Kind
    audiences: frozenset[Audience]


@dataclass(frozen=True, slots=True)
class LadderRules:
    """clocks: of the issue's subdistrict. auto_close: natural time after which silence is consent. steps:
    when who is told."""

    clocks: Clocks
    auto_close: timedelta
    steps: LadderSteps = DEFAULT_STEPS

    def sendable_from(self, issue: Issue, t: BusinessTime) -> BusinessTime:
        """``t`` or the first moment after it at which people may be bothered with this issue."""
        if issue.danger:
            return t
        working = self.clocks.working
        for _ in range(7):  # settings where all working hours are quiet must not hang us
            later = self.clocks.quiet.held_until(t)
            if issue.working_clock and not working.is_working(BusinessTime(later - CLOSING_GRACE)):
                later = working.next_working(later)
            if later == t:
                break
            t = later
        return t


def rungs(issue: Issue, rules: LadderRules, now: BusinessTime) -> list[Rung]:
    """All rungs of the issue's present state in the order they become due. Of those that repeat: the last
    few up to ``now`` and the next one, so that their number is bounded whatever the clock does."""
    planned = [rung for plan in _PLANS.get(issue.state, ()) for rung in plan(issue, rules, now)]
    lawful = [replace(rung, at=_lawful_time(issue, rung, rules)) for rung in planned]
    return sorted(lawful, key=lambda rung: rung.at)


def _lawful_time(issue: Issue, rung: Rung, rules: LadderRules) -> BusinessTime:
    """静音 keeps the owner from being reminded; those above are told all the same."""
    if rung.kind is Kind.AUTO_CLOSE:
        return rung.at
    muted = rung.kind is Kind.REMINDER and issue.muted_until is not None and not issue.danger
    at = max(rung.at, issue.muted_until) if muted and issue.muted_until else rung.at
    return rules.sendable_from(issue, at)


def _after(t: BusinessTime, length: timedelta) -> BusinessTime:
    """Natural time after ``t``; through UTC, so that a change of clocks does not bend it."""
    return BusinessTime((t.astimezone(UTC) + length).astimezone(t.tzinfo))


def _reminder(name: str, at: BusinessTime) -> Rung:
    return Rung(name, at, Kind.REMINDER, frozenset({Audience.OWNER}))


def _escalation(name: str, at: BusinessTime, *audiences: Audience) -> Rung:
    return Rung(name, at, Kind.ESCALATION, frozenset({Audience.OWNER, *audiences}))


def _unclaimed(issue: Issue, rules: LadderRules, _now: BusinessTime) -> Iterator[Rung]:
    if helped(issue) and not issue.danger:
        return
    at = _after(issue.assigned_at, rules.steps.unclaimed)
    if issue.danger:  # level 2 was told with the report itself; now everybody above
        yield _escalation("unclaimed", at, Audience.SUPERVISOR, Audience.LEVEL1)
    else:
        yield _reminder("unclaimed", at)


def _pending(issue: Issue, _rules: LadderRules, _now: BusinessTime) -> Iterator[Rung]:
    if issue.pending:
        at = _after(issue.assigned_at, UNANSWERED_AFTER)
        yield Rung("pending", at, Kind.ASK_PENDING, frozenset({Audience.LEVEL2}))


def _before_deadline(issue: Issue, rules: LadderRules, _now: BusinessTime) -> Iterator[Rung]:
    if stands_still(issue):
        return
    counting = rules.clocks.of(issue)
    length = counting.between(issue.assigned_at, issue.deadline)
    if length > rules.steps.half_over:
        yield _reminder("half", counting.add(issue.assigned_at, length / 2))
    before = _after(issue.deadline, -rules.steps.before)
    if before > issue.assigned_at:
        yield _reminder("before", before)
    yield _reminder("deadline", issue.deadline)


def _late(issue: Issue, rules: LadderRules, now: BusinessTime) -> Iterator[Rung]:
    if stands_still(issue):
        return
    deadline, steps = issue.deadline, rules.steps
    for length in sorted({*steps.late, steps.level2, steps.supervisor}):
        name, at = f"late:{_short(length)}", _after(deadline, length)
        told = [each for after, each in _told_after(steps) if after == length]
        yield _escalation(name, at, *told) if told else _reminder(name, at)
    days = rules.clocks.working.add_days
    yield Rung("late:group", days(deadline, steps.group_days), Kind.REMINDER, frozenset({Audience.GROUP}))
    for number, at in _daily(issue, rules, deadline, now):
        yield _reminder(f"late:d{number}", at)
    yield _escalation(f"late:w{steps.level1_days}", days(deadline, steps.level1_days), Audience.LEVEL1)


def _told_after(steps: LadderSteps) -> tuple[tuple[timedelta, Audience], ...]:
    return (steps.level2, Audience.LEVEL2), (steps.supervisor, Audience.SUPERVISOR)


def _short(length: timedelta) -> str:
    """``30m``, ``4h``: part of a rung's name."""
    minutes = length // MINUTE
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _helped(issue: Issue, rules: LadderRules, _now: BusinessTime) -> Iterator[Rung]:
    """An officer has it: he is reminded once, unless he gave word; at the end the owner's time runs on."""
    until = held_until(issue, rules.clocks)
    if until is None or issue.paused_at is None:
        return
    since = f"{issue.paused_at.astimezone(UTC):%Y%m%d%H%M%S}"
    if not answered(issue, issue.paused_at):
        halfway = rules.clocks.of(issue).add(issue.paused_at, issue.duration / 2)
        at = _after(issue.paused_at, rules.steps.unclaimed) if issue.danger else halfway
        above = {Audience.OWNER, Audience.LEVEL2} if issue.danger else set[Audience]()
        yield Rung(f"helper:{since}", at, Kind.HELPER, frozenset({Audience.HELPERS, *above}))
    told = frozenset({Audience.OWNER, Audience.HELPERS, Audience.LEVEL2})
    yield Rung(f"help_over:{since}", until, Kind.HELP_OVER, told)


def _supervised(issue: Issue, rules: LadderRules, _now: BusinessTime) -> Iterator[Rung]:
    """督办 wants a written reply by the end of the next working day; who takes over has as long."""
    if issue.supervised_at is not None and not answered(issue, issue.supervised_at):
        since = max(issue.supervised_at, issue.assigned_at)
        name = f"supervised:{since.astimezone(UTC):%Y%m%d%H%M%S}"
        at = rules.clocks.working.end_of_next_day(since)
        yield Rung(name, at, Kind.UNANSWERED, frozenset({Audience.SUPERVISOR}))


def answered(issue: Issue, since: BusinessTime) -> bool:
    """Whether word of progress came after ``since``; to claim it is not yet word."""
    heard = issue.progress_at
    return heard is not None and heard > since and heard != issue.claimed_at


def _release(issue: Issue, rules: LadderRules, _now: BusinessTime) -> Iterator[Rung]:
    """Named after the claim it ends: an issue may be claimed and lie still several times in a cycle. Time
    with an officer is no neglect."""
    heard = issue.progress_at or issue.claimed_at
    since = max(heard, issue.assigned_at) if heard is not None else None
    if since is not None and issue.duration > NOTHING and not helped(issue):
        at = rules.clocks.of(issue).add(since, issue.duration)
        name = f"release:{since.astimezone(UTC):%Y%m%d%H%M%S}"
        yield Rung(name, at, Kind.RELEASE, frozenset({Audience.OWNER, Audience.LEVEL_ABOVE}))


def _returned(issue: Issue, rules: LadderRules, now: BusinessTime) -> Iterator[Rung]:
    """The level above owns it now, and its deadline stands still; but it must be assigned again."""
    since = issue.paused_at or issue.assigned_at
    yield _reminder("returned", _after(since, UNANSWERED_AFTER))
    yield _escalation("returned:4h", _after(since, RETURNED_TO_SUPERVISOR_AFTER), Audience.SUPERVISOR)
    for number, at in _daily(issue, rules, since, now):
        yield _reminder(f"returned:d{number}", at)


def _review(issue: Issue, _rules: LadderRules, now: BusinessTime) -> Iterator[Rung]:
    """At the date of 挂账, then again and again; what is handled outside (转外部) is looked at weekly."""
    every = REVIEW_EXTERNAL_EVERY if issue.external else REVIEW_EVERY
    first = issue.review_at or _after(issue.paused_at or issue.assigned_at, every)
    for number in _recent((now - first) // every + 1):
        at = _after(first, (number - 1) * every)
        yield Rung(f"review:{number}", at, Kind.REVIEW, frozenset({Audience.SUPERVISOR}))


def _auto_close(issue: Issue, rules: LadderRules, _now: BusinessTime) -> Iterator[Rung]:
    if issue.resolved_at is not None:
        at = _after(issue.resolved_at, rules.auto_close)
        yield Rung("auto_close", at, Kind.AUTO_CLOSE, frozenset({Audience.REPORTER}))


def _daily(
    issue: Issue, rules: LadderRules, since: BusinessTime, now: BusinessTime
) -> Iterator[tuple[int, BusinessTime]]:
    """The days after ``since`` around ``now``: working days on the working clock."""
    working = rules.clocks.working
    if issue.working_clock:
        for number in _recent(working.between(since, now) // working.day):
            yield number, working.add_days(since, number)
    else:
        for number in _recent((now - since) // DAY):
            yield number, _after(since, number * DAY)


def _recent(passed: int) -> range:
    """The last few of ``passed`` repetitions, counted from 1, and the next."""
    return range(max(1, passed - RECENT_DAYS + 1), max(1, passed + 1) + 1)


_Plan = Callable[[Issue, LadderRules, BusinessTime], Iterator[Rung]]
_PLANS: Mapping[State, tuple[_Plan, ...]] = {
    State.REPORTED: (_unclaimed, _pending, _before_deadline, _late, _helped, _supervised),
    State.CLAIMED: (_pending, _before_deadline, _late, _release, _helped, _supervised),
    State.RETURNED: (_returned,),
    State.SUSPENDED: (_review,),
    State.RESOLVED: (_auto_close,),
}
"""What can become due in each state; in the others nobody owes anything."""
