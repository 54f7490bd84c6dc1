"""Problems that other systems hand over: their ids beside people's, and what they are told of progress."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Protocol

from domain.issues import CLOSE_NAMES, STATE_NAMES, Action, Event, Issue
from domain.masking import mask

CHANNEL = "dispatch"
PREFIX = f"{CHANNEL}:"
"""No WeCom userid has a colon, so that a system can never be taken for a person, nor be mentioned."""

TOLD = frozenset({Action.PROGRESS, Action.EXTEND, Action.EXTERNAL, Action.CO_HANDLE, Action.CORRECT})
"""What leaves the state as it is and is told all the same."""
WITH_REASON = frozenset(
    {Action.REJECT, Action.RETURN, Action.SUSPEND, Action.PROGRESS, Action.RESOLVE, Action.EXTERNAL}
)
"""Words of those who work on it; those of reporters are nobody else's business."""


def userid_of(source: str) -> str:
    """What stands where a reporter's userid is expected."""
    return f"{PREFIX}{source}"


def source_of(userid: str) -> str | None:
    """The system behind a reporter's id; None: it is a person."""
    return userid.removeprefix(PREFIX) if userid.startswith(PREFIX) else None


class Names(Protocol):
    """The names that people see; ``domain.office.Office`` knows them."""

    def label(self, issue: Issue) -> str: ...

    def owner_name(self, issue: Issue) -> str: ...


def described(issue: Issue, names: Names, tz: tzinfo) -> dict[str, object]:
    """An issue as another system is shown it; times are ISO 8601 in the district's time zone."""
    return {
        "number": issue.number,
        "state": issue.state.value,
        "state_name": STATE_NAMES[issue.state],
        "category": issue.category,
        "sub": issue.sub,
        "label": names.label(issue),
        "section": issue.section,
        "house_number": issue.house_number,
        "pending": sorted(issue.pending),
        "owner": names.owner_name(issue),
        "deadline": _said(issue.deadline, tz),
        "reported_at": _said(issue.reported_at, tz),
        "resolved_at": _said(issue.resolved_at, tz),
        "on_time": issue.on_time,
        "closed_at": _said(issue.closed_at, tz),
        "closed_as": CLOSE_NAMES[issue.close_reason] if issue.close_reason else None,
        "merged_into": issue.merged_into,
    }


def _said(at: datetime | None, tz: tzinfo) -> str | None:
    return at.astimezone(tz).isoformat(timespec="seconds") if at else None


def is_told(event: Event) -> bool:
    """Whether what happened is news to those who handed the problem over."""
    return event.before is not event.after or event.action in TOLD or event.action is Action.REPORT


def progress(key: str, event: Event, issue: Mapping[str, object], tz: tzinfo) -> str:
    """The body of one word to another system."""
    reason = mask(event.reason) if event.action in WITH_REASON else ""
    happened = {"event": event.action.value, "at": _said(event.at, tz), "reason": reason}
    return json.dumps({"key": key, **happened, "issue": issue}, ensure_ascii=False)
