"""How long claiming and handling took, told from an issue's history.

A claim takes from the moment the issue came to be claimed (reported, transferred, put back to work) until
认领; a claim that lapsed (认领过期) does not start it anew. Handling takes as long as the issue was 待认领 or
处理中 before 办结, counted from its report or from the last time it had ended. Returned, suspended and
waiting for the reporter count for nobody; what was taken back (撤销) did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from domain.issues import Action, State

RUNNING = frozenset({State.REPORTED.value, State.CLAIMED.value})
ENDED = frozenset({State.RESOLVED.value, State.CLOSED.value, State.REJECTED.value, State.MERGED.value})
_REPORTED = State.REPORTED.value
_CLAIM, _RESOLVE, _RELEASE = Action.CLAIM.value, Action.RESOLVE.value, Action.RELEASE.value
_TRANSFER, _UNDO = Action.TRANSFER.value, Action.UNDO.value
Counted = Callable[[float, float], float]
"""Seconds that count between two moments, which are seconds since the epoch."""


class Step(NamedTuple):
    """One event of an issue, as far as its clock is concerned. at: seconds since the epoch."""

    action: str
    at: float
    before: str
    after: str


class Took(NamedTuple):
    """How long a claim (``claim``) or a handling took that ended at a moment, in seconds."""

    claim: bool
    at: float
    seconds: float


class _Clock(NamedTuple):
    """state: since ``mark``. run: seconds handled until then. waiting: since when it is to be claimed. took:
    how much was taken down by then."""

    state: str
    mark: float
    run: float
    waiting: float
    took: int


def durations(steps: Iterable[Step], counted: Counted) -> list[Took]:
    """What took how long in one issue's history, in order. ``steps``: at least all that changed its state,
    beginning with its report."""
    took: list[Took] = []
    clock: _Clock | None = None
    undone = clock
    for step in steps:
        if clock is None:
            clock = undone = _Clock(step.after, step.at, 0.0, step.at, 0)
        elif step.action == _UNDO and step.before != step.after and undone is not None:
            clock = undone
            del took[clock.took :]
        elif step.before != step.after or step.action == _TRANSFER:
            if step.at != clock.mark:
                undone = clock
            clock = _after(clock, step, counted, took)
    return took


def _after(clock: _Clock, step: Step, counted: Counted, took: list[Took]) -> _Clock:
    """The clock behind a step; what ended with it is taken down."""
    action, at, before, after = step
    run = clock.run + counted(clock.mark, at) if clock.state in RUNNING else clock.run
    if action == _CLAIM and before == _REPORTED:
        took.append(Took(True, at, counted(clock.waiting, at)))
    if action == _RESOLVE:
        took.append(Took(False, at, run))
    waiting = at if after == _REPORTED and action != _RELEASE else clock.waiting
    return _Clock(after, at, 0.0 if after in ENDED else run, waiting, len(took))
