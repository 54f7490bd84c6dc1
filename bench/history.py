"""What happened to the issues of the scale bench: the events that figures are computed from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from domain.clock import BusinessTime
from domain.issues import Action, CloseReason, Issue, State
from store.issues import columns_as_stored
from store.tables import events

CLAIMED_AFTER = timedelta(minutes=10)
Deed = tuple[Action, str, BusinessTime, State, State]
"""What, who, when, from which state to which."""


def add(connection: Connection, issues: Iterable[Issue]) -> None:
    """Write the history of each, as people would have made it. What 撤销 would lead back to is the same for
    all: only its size matters here."""
    found = list(issues)
    snapshot = json.dumps(columns_as_stored(found[0]), ensure_ascii=False)
    connection.execute(
        insert(events), [_row(issue, deed, snapshot) for issue in found for deed in _deeds(issue)]
    )


def _deeds(issue: Issue) -> Iterator[Deed]:
    yield Action.REPORT, issue.reporter, issue.reported_at, State.REPORTED, State.REPORTED
    if issue.resolved_at is None or issue.closed_at is None:
        return
    owner, claimed = issue.owner or "", BusinessTime(issue.reported_at + CLAIMED_AFTER)
    confirmed = issue.close_reason is CloseReason.CONFIRMED
    yield Action.CLAIM, owner, claimed, State.REPORTED, State.CLAIMED
    yield Action.RESOLVE, owner, issue.resolved_at, State.CLAIMED, State.RESOLVED
    ending, who = (Action.CONFIRM, issue.reporter) if confirmed else (Action.CLOSE_SILENT, "")
    yield ending, who, issue.closed_at, State.RESOLVED, State.CLOSED


def _row(issue: Issue, deed: Deed, snapshot: str) -> dict[str, Any]:
    action, actor, at, before, after = deed
    return {
        "number": issue.number,
        "action": action.value,
        "actor": actor,
        "actor_name": actor,
        "at": at,
        "recorded_at": at,
        "before": before.value,
        "after": after.value,
        "reason": "",
        "data": "{}",
        "inbox_id": issue.number if actor else None,
        "snapshot": snapshot if actor and action is not Action.REPORT else None,
    }
