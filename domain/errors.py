"""The one exception tree. Every error carries a sentence that says what to do, and its data."""

from __future__ import annotations

from collections.abc import Sequence


class LuguanjiaError(Exception):
    """Root of everything this project raises on purpose."""


class RosterError(LuguanjiaError):
    """The roster workbook is wrong; ``problems`` names sheet, row, column and remedy of each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("路长名册有误,未导入:\n" + "\n".join(f"  · {problem}" for problem in problems))
        self.problems = tuple(problems)


class CallbackRefused(LuguanjiaError):
    """A callback that is not authentic. Answered by one same 403; ``reason`` is for the log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SendError(LuguanjiaError):
    """A message could not be delivered.

    ``permanent``: trying again is pointless. ``uncertain``: the platform may have acted although no
    good answer came back (a lost answer). ``code``: the vendor's errcode or the HTTP status.
    ``retry_after``: seconds to wait at least, where the platform's limit tells so.
    ``already_delivered``: refused because this very message was taken before.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        code: int | None = None,
        uncertain: bool = False,
        retry_after: float | None = None,
        already_delivered: bool = False,
    ) -> None:
        super().__init__(f"{reason} (code {code})" if code is not None else reason)
        self.reason = reason
        self.permanent = permanent
        self.code = code
        self.uncertain = uncertain
        self.retry_after = retry_after
        self.already_delivered = already_delivered


class NotBeforeNextWord(SendError):
    """It may be sent when the person has written next, and not before (公众号)."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason, permanent=False, code=code)


class Disconnected(LuguanjiaError):
    """The robot's long connection could not be made, or has ended.

    ``refused``: the platform's code, where it did not accept bot id and secret. ``kicked``: another
    connection of the same bot has taken its place.
    """

    def __init__(self, reason: str, *, refused: int | None = None, kicked: bool = False) -> None:
        super().__init__(f"{reason} (code {refused})" if refused is not None else reason)
        self.refused = refused
        self.kicked = kicked


class MediaError(LuguanjiaError):
    """A picture could not be had. ``permanent``: its URL is dead or its content is not acceptable."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class LostLease(LuguanjiaError):
    """Another worker took over this work; roll back and leave it to him."""


class StaleIssue(LuguanjiaError):
    """An issue changed between reading and writing (compare-and-set on its version failed)."""


class StaleRoster(LuguanjiaError):
    """A newer roster came into force between reading the district and writing: read it again."""


class StoreUnavailable(LuguanjiaError):
    """The database does not answer. Nothing was changed; try again."""


class StoreContention(StoreUnavailable):
    """Two transactions stood in each other's way and this one gave way; it can be tried again at once."""


class InboxFull(LuguanjiaError):
    """More messages wait than ``INBOX_LIMIT`` allows; the platform shall deliver this one again."""
