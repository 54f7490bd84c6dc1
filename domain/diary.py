"""路长制工作日志: what happened on a section on a day, from the issues' events and from what people note."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.clock import BusinessTime
from domain.issues import Action


class Kind(StrEnum):
    SIGN_IN = "sign_in"
    NOTE = "note"
    MINUTES = "minutes"
    EVENT = "event"


NAMES = {Kind.SIGN_IN: "签到", Kind.NOTE: "记事", Kind.MINUTES: "纪要"}

LOGGED = (
    Action.REPORT, Action.CLAIM, Action.RESOLVE, Action.CONFIRM, Action.CLOSE_SILENT, Action.DISPUTE,
    Action.REOPEN, Action.RETURN, Action.TRANSFER, Action.EXTEND, Action.SUSPEND, Action.REJECT,
    Action.SUPERVISE, Action.VERIFY, Action.SELF_FOUND, Action.WITHDRAW, Action.MERGE,
)  # fmt: skip
"""What of an issue's life belongs into the log; reminders do not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """section "": of the whole subdistrict (minutes). number, action, sort (category and sub) and place: of
    the issue that an event was about."""

    kind: Kind
    subdistrict: str
    section: str
    at: BusinessTime
    text: str
    name: str = ""
    userid: str = ""
    number: int | None = None
    action: str = ""
    sort: tuple[str, str] = ("", "")
    place: str = ""
