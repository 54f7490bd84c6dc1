"""What happened to the issues of the scale bench: the events that figures are computed from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, insert

from domain.clock import BusinessTime
from domain.issues import Action, CloseReason, Issue, State
from store.issues import columns_as_stored
from store.tables import events

CLAIMED_AFTER = timedelta(minutes=10)


def add(connection: Connection, issues: Iterable[Issue]) -> None:
    """Write the history of each, as people would have made it."""
    connection.execute(insert(events), [row for issue in issues for row in _rows(issue)])


def _rows(issue: Issue) -> Iterator[dict[str, Any]]:
    reported = replace(issue, state=State.REPORTED, claimed_at=None, resolved_at=None, closed_at=None)
    yield _row(issue, Action.REPORT, issue.reporter, issue.reported_at, (State.REPORTED, State.REPORTED))
    if issue.state is State.REPORTED or issue.resolved_at is None or issue.closed_at is None:
        return
    owner, claimed = issue.owner or "", BusinessTime(issue.reported_at + CLAIMED_AFTER)
    steps = (State.REPORTED, State.CLAIMED, State.RESOLVED, State.CLOSED)
    ending = (
        (Action.CONFIRM, issue.reporter)
        if issue.close_reason is CloseReason.CONFIRMED
        else (Action.CLOSE_SILENT, "")
    )
    deeds = (
        (Action.CLAIM, owner, claimed),
        (Action.RESOLVE, owner, issue.resolved_at),
        (*ending, issue.closed_at),
    )
    for (action, actor, at), states in zip(deeds, pairwise(steps), strict=True):
        yield _row(replace(reported, state=states[0]), action, actor, at, states)


def _row(
    before: Issue, action: Action, actor: str, at: BusinessTime, states: tuple[State, State]
) -> dict[str, Any]:
    keeps = actor and action is not Action.REPORT
    return {
        "number": before.number,
        "action": action.value,
        "actor": actor,
        "actor_name": actor,
        "at": at,
        "recorded_at": at,
        "before": states[0].value,
        "after": states[1].value,
        "reason": "",
        "data": "{}",
        "inbox_id": before.number if actor else None,
        "snapshot": json.dumps(columns_as_stored(before), ensure_ascii=False) if keeps else None,
    }
