"""How long claiming and handling took, told from an issue's history.

A claim takes from the moment the issue came to be claimed (reported, transferred, put back to work) until
认领; a claim that lapsed (认领过期) does not start it anew. Handling takes as long as the issue was 待认领 or
处理中 before 办结, counted from its report or from the last time it had ended. Returned, suspended and
waiting for the reporter count for nobody; what was taken back (撤销) did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from domain.issues import Action, State

RUNNING = frozenset({State.REPORTED, State.CLAIMED})
ENDED = frozenset({State.RESOLVED, State.CLOSED, State.REJECTED, State.MERGED})
Counted = Callable[[datetime, datetime], float]
"""Seconds that count between two moments."""


class Step(NamedTuple):
    """One event of an issue, as far as its clock is concerned."""

    action: str
    at: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Took:
    """How long a claim (``claim``) or a handling took that ended at a moment, in seconds."""

    claim: bool
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class _Clock:
    """state: since ``mark``. run: seconds handled until then. waiting: since when it is to be claimed."""

    state: str
    mark: datetime
    run: float = 0.0
    waiting: datetime | None = None
    took: tuple[Took, ...] = ()


def durations(steps: Iterable[Step], counted: Counted) -> tuple[Took, ...]:
    """What took how long in one issue's history, in order. ``steps``: at least all that changed its state,
    beginning with its report."""
    clock: _Clock | None = None
    undone = clock
    for step in steps:
        if clock is None:
            clock = undone = _Clock(step.after, step.at, waiting=step.at)
            continue
        if step.action == Action.UNDO.value and step.before != step.after and undone is not None:
            clock = undone
            continue
        if step.before == step.after and step.action != Action.TRANSFER.value:
            continue
        if step.at != clock.mark:
            undone = clock
        clock = _after(clock, step, counted)
    return clock.took if clock else ()


def _after(clock: _Clock, step: Step, counted: Counted) -> _Clock:
    run = clock.run + (counted(clock.mark, step.at) if clock.state in RUNNING else 0.0)
    took = clock.took
    if step.action == Action.CLAIM.value and step.before == State.REPORTED and clock.waiting is not None:
        took = (*took, Took(True, step.at, counted(clock.waiting, step.at)))
    if step.action == Action.RESOLVE.value:
        took = (*took, Took(False, step.at, run))
    waiting = clock.waiting
    if step.after == State.REPORTED and step.action != Action.RELEASE.value:
        waiting = step.at
    return replace(
        clock, state=step.after, mark=step.at, run=0.0 if step.after in ENDED else run,
        waiting=waiting, took=took,
    )  # fmt: skip
