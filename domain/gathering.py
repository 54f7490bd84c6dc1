"""Several words to one address as one message: what they stand for, in which order, what overtakes what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.issues import Issue
from domain.outgoing import Draft, Purpose

NAMED = 100
"""How many issues one message names; of more it names the most urgent and says how many there are."""

REMINDS = frozenset({Purpose.REMINDER, Purpose.ESCALATION})


@dataclass(frozen=True, slots=True)
class Word:
    """One row that waits to be said. ``id``: of the row. ``issue``: as it is now. ``stale``: it waited, so
    that its text may no longer be true."""

    id: int
    draft: Draft
    issue: Issue
    stale: bool = False


def overtaken(words: Sequence[Word]) -> dict[int, int]:
    """Ids of words that a later reminder of the same issue to the same people makes void, with the id of that
    reminder: word of new work, and earlier reminders. Other notices say something of their own."""
    latest: dict[tuple[int, tuple[str, ...]], int] = {}
    for word in words:
        if word.draft.purpose in REMINDS:
            about = (word.issue.number, word.draft.mentions)
            latest[about] = max(word.id, latest.get(about, 0))
    voidable = (word for word in words if word.draft.purpose in REMINDS | {Purpose.TASK})
    by = {word.id: latest.get((word.issue.number, word.draft.mentions), 0) for word in voidable}
    return {earlier: later for earlier, later in by.items() if later > earlier}


def urgency(issue: Issue) -> tuple[bool, bool, float, int]:
    """Sorts what matters more to the front: danger, 督办, then the earliest deadline."""
    return not issue.danger, issue.supervised_at is None, issue.deadline.timestamp(), issue.number


def most_urgent_first(words: Iterable[Word]) -> list[Word]:
    """By issue; what is about one issue stays together, in the order it was written."""
    return sorted(words, key=lambda word: (*urgency(word.issue), word.id))


def people(words: Iterable[Word]) -> tuple[str, ...]:
    """Everybody who is addressed, once."""
    return tuple(dict.fromkeys(userid for word in words for userid in word.draft.mentions))
