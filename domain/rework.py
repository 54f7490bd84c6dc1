"""返工: when work was really sent back. An angry press of a button is not yet rework."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.clock import BusinessTime
from domain.issues import Action, State
from domain.supervision import DONE
from domain.working_time import WorkingTime

JUDGED_BY = (Action.DISPUTE, Action.REOPEN, Action.VERIFY, Action.UNDO)
"""What is to be known of an issue's history to tell its rework."""

OVERRULED_WITHIN_DAYS = 1
"""Working days in which 核查 may overrule a 不满意."""

FinalFrom = Callable[[BusinessTime], BusinessTime]
"""Until when 核查 may overrule what a reporter said at a moment."""


def final_from(working: WorkingTime) -> FinalFrom:
    """The rule by a district's working days."""
    return lambda at: working.add_days(at, OVERRULED_WITHIN_DAYS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One event of an issue: what, when, from which state to which."""

    action: Action
    at: BusinessTime
    before: State
    after: State


def moments(judgements: Iterable[Judgement], final_from: FinalFrom) -> list[BusinessTime]:
    """When each piece of rework became certain, given what was judged in the order it happened.

    核查 不通过 is rework at once. 不满意 becomes it at ``final_from`` its time, unless 核查 通过 overruled it
    by then, 核查 不通过 stands for it, or it was taken back (撤销).
    """
    sent_back: list[Judgement] = []
    for each in judgements:
        if each.action is Action.UNDO:
            if each.before not in DONE and each.after in DONE:
                del sent_back[-1:]
            continue
        if each.action is Action.VERIFY:
            sent_back = [earlier for earlier in sent_back if not _judged(earlier, each, final_from)]
        if each.action is not Action.VERIFY or each.after not in DONE:
            sent_back.append(each)
    return sorted(_certain(each, final_from) for each in sent_back if each.action is not Action.REOPEN)


def _judged(dispute: Judgement, check: Judgement, final_from: FinalFrom) -> bool:
    return dispute.action is Action.DISPUTE and check.at <= final_from(dispute.at)


def _certain(each: Judgement, final_from: FinalFrom) -> BusinessTime:
    return each.at if each.action is Action.VERIFY else final_from(each.at)
