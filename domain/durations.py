"""How long claiming and handling took, told from an issue's history.

A claim takes from the moment the issue came to be claimed (reported, transferred, put back to work) until
认领; a claim that lapsed (认领过期) does not start it anew. Handling takes as long as the issue was 待认领 or
处理中 before 办结, counted from its report or from the last time it had ended. Returned, suspended,
waiting for the reporter and with a helping officer count for nobody; an officer who owns an issue has a time
of his own, and that of the chiefs goes on without it; what was taken back (撤销) did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from domain.issues import Action, State
from domain.with_officer import Whose

RUNNING = frozenset({State.REPORTED.value, State.CLAIMED.value})
ENDED = frozenset({State.RESOLVED.value, State.CLOSED.value, State.REJECTED.value, State.MERGED.value})
_REPORTED = State.REPORTED.value
_CLAIM, _RESOLVE, _RELEASE = Action.CLAIM.value, Action.RESOLVE.value, Action.RELEASE.value
_TRANSFER, _UNDO = Action.TRANSFER.value, Action.UNDO.value
_OFFICER, _HELPED = Whose.OFFICER.value, Whose.HELPED.value
Counted = Callable[[float, float], float]
"""Seconds that count between two moments, which are seconds since the epoch."""


class Step(NamedTuple):
    """One event of an issue, as far as its clock is concerned. at: seconds since the epoch. whose: whose
    time it is from then on (``Whose``), "": unchanged. actor, deed: who did it, and in which message, as far
    as 撤销 may take it back; deed None: it may not."""

    action: str
    at: float
    before: str
    after: str
    whose: str = ""
    actor: str = ""
    deed: int | None = None


class Took(NamedTuple):
    """How long a claim (``claim``) or a handling took that ended at a moment, in seconds."""

    claim: bool
    at: float
    seconds: float


class _Clock(NamedTuple):
    """state, whose: since ``mark``. run: seconds handled until then; aside: those of the chiefs while an
    officer owns it, and so his own. waiting: what ``run`` was when it came to be claimed."""

    state: str
    whose: str
    mark: float
    run: float
    aside: float
    waiting: float


def kept(steps: Sequence[Step]) -> Sequence[Step]:
    """Without what was taken back, and without the taking back: 撤销 takes back what its actor's last
    message did."""
    if all(step.action != _UNDO for step in steps):
        return steps
    left: list[Step] = []
    for step in steps:
        if step.action != _UNDO:
            left.append(step)
            continue
        mine = (each.deed for each in reversed(left) if each.actor == step.actor and each.deed is not None)
        last = next(mine, None)
        left = [each for each in left if last is None or each.actor != step.actor or each.deed != last]
    return left


def durations(steps: Sequence[Step], counted: Counted) -> list[Took]:
    """What took how long in one issue's history, in order. ``steps``: at least all that changed its state
    or whose time it is, beginning with its report, and all that 撤销 may take back."""
    took: list[Took] = []
    clock: _Clock | None = None
    for step in kept(steps):
        if clock is None:
            clock = _Clock(step.after, step.whose, step.at, 0.0, 0.0, 0.0)
        elif step.before != step.after or step.action == _TRANSFER or step.whose:
            clock = _after(clock, step, counted, took)
    return took


def _after(clock: _Clock, step: Step, counted: Counted, took: list[Took]) -> _Clock:
    """The clock behind a step; what ended with it is taken down."""
    runs = clock.state in RUNNING and clock.whose != _HELPED
    run = clock.run + counted(clock.mark, step.at) if runs else clock.run
    whose = step.whose or clock.whose
    if step.action == _CLAIM and step.before == _REPORTED and not _other_kind(clock, whose):
        took.append(Took(True, step.at, run - clock.waiting))
    if step.action == _RESOLVE:
        took.append(Took(False, step.at, run))
    own, chiefs = _accounts(clock, whose, run)
    if step.after in ENDED:
        own = chiefs = 0.0
    waiting = own if _to_be_claimed(clock, step) else clock.waiting
    return _Clock(step.after, whose, step.at, own, chiefs, waiting)


def _accounts(clock: _Clock, whose: str, run: float) -> tuple[float, float]:
    """What the present owner has handled, and what the chiefs did before, where he is an officer."""
    if not _other_kind(clock, whose):
        return run, clock.aside
    return (0.0, run) if whose == _OFFICER else (clock.aside, 0.0)


def _to_be_claimed(clock: _Clock, step: Step) -> bool:
    """Whether somebody's time to claim it begins: a claim that lapsed does not start it anew."""
    if step.after != _REPORTED or step.action == _RELEASE:
        return False
    handed = step.action == _TRANSFER or _other_kind(clock, step.whose or clock.whose)
    return step.before != _REPORTED or handed


def _other_kind(clock: _Clock, whose: str) -> bool:
    """Whether it goes from a chief to an officer, or back. Who takes it from an officer claims nothing that
    was waiting for him."""
    return (whose == _OFFICER) != (clock.whose == _OFFICER)
