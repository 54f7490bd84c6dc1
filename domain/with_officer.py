"""Time with an officer (九员) does not count against the chief.

协办: from the moment an officer is asked, the owner's clock stands still until the officer's part is over: he
resolves the issue, gives his part back (退回), or somebody takes the issue elsewhere. Word of progress (进展)
leaves it with him. An officer who never answers holds it for as long as the issue's own promise was made for,
by the issue's own clock; then the time runs on for the owner, and he and level 2 are told. Where the deadline
had passed before, it stays passed; only the time of handling stands still. A helper who is no officer stops
no clock. 转派 to an officer makes the issue his own, with a deadline and a time of handling of his own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from domain.clock import BusinessTime
from domain.deadlines import Clocks, resumed
from domain.issues import Issue, State
from domain.transitions import promised
from domain.working_time import NOTHING

CLOCK = "clock"
"""Key in an event's data: whose the time is from then on, where that changed (``Whose``)."""


_RUNNING = frozenset({State.REPORTED, State.CLAIMED})


class Whose(StrEnum):
    """Whose time it is: the owner's; nobody's, because an officer helps; an officer's, who owns the issue."""

    OWNER = "owner"
    HELPED = "helped"
    OFFICER = "officer"


def helped(issue: Issue) -> bool:
    """Whether an officer has it (协办), so that the owner's time does not run."""
    return issue.paused_at is not None and issue.state in _RUNNING


def stands_still(issue: Issue) -> bool:
    """Whether its deadline waits for an officer: helped, and not late before."""
    return helped(issue) and issue.paused_at is not None and issue.paused_at <= issue.deadline


def asked(issue: Issue, userid: str, now: BusinessTime, clocks: Clocks) -> Issue:
    """协办 asked of an officer. Where another one has it already, the time of this one begins now; that of a
    returned issue stands still for another reason."""
    with_him = replace(issue, helpers=issue.helpers | {userid})
    if issue.state not in _RUNNING or issue.duration <= NOTHING:
        return with_him
    running = given_back(with_him, now, clocks) if stands_still(issue) else with_him
    return replace(running, paused_at=now)


def held_until(issue: Issue, clocks: Clocks) -> BusinessTime | None:
    """When the time runs on for the owner at the latest; None: it runs."""
    if not helped(issue) or issue.paused_at is None:
        return None
    return clocks.of(issue).add(issue.paused_at, issue.duration)


def given_back(issue: Issue, now: BusinessTime, clocks: Clocks) -> Issue:
    """The time runs for the owner again: what was left of it is left now. Any issue may be given."""
    if not helped(issue):
        return issue
    if not stands_still(issue):
        return replace(issue, paused_at=None)
    return replace(promised(issue, resumed(issue, now, clocks)), paused_at=None)


def marked(before: Issue, after: Issue, officers: frozenset[str]) -> Mapping[str, str]:
    """What an event says about whose time it is from then on; nothing where that stays the same."""
    now_is = whose(after, officers)
    same = before.owner == after.owner and whose(before, officers) is now_is
    return {} if same else {CLOCK: now_is.value}


def whose(issue: Issue, officers: frozenset[str]) -> Whose:
    """Whose time it is. ``officers``: userids of all of them."""
    if issue.owner in officers:
        return Whose.OFFICER
    return Whose.HELPED if helped(issue) else Whose.OWNER
