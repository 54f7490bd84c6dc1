"""An issue's history on one screen, for those who have to judge it at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from domain.issues import Action, Event
from domain.office import Office
from handlers.sentences.parts import history_line, moment

WHOLE = 7
"""So many entries are told one by one, reminders not counted."""
LAST = 4
"""Of more: the report, so many of the last, the last word of progress, and the rest by number."""
_NOTED_BY_THE_SYSTEM = frozenset({Action.STEP, Action.PICTURE_LOST})


def story(office: Office, history: Iterable[Event]) -> list[str]:
    """The report first, the last word last, and how often people were reminded; never more lines than a
    phone shows."""
    events = list(history)
    told = [event for event in events if event.action not in _NOTED_BY_THE_SYSTEM]
    lines = [history_line(office, event) for event in told]
    if len(told) > WHOLE:
        shown = _that_matter(told)
        between = Counter(event.action for event in told if event not in shown)
        counted = "、".join(f"{action}{number}次" for action, number in between.items())
        first, *last = [history_line(office, event) for event in shown]
        lines = [first, f"其间 {counted}", *last]
    return [*lines, *_reminded(office, events)]


def _that_matter(told: Sequence[Event]) -> list[Event]:
    """The report, the last entries, and what was last said of how it goes."""
    last = told[-LAST:]
    words = [event for event in told[1:-LAST] if event.action is Action.PROGRESS][-1:]
    return [told[0], *words, *last]


def _reminded(office: Office, events: Sequence[Event]) -> list[str]:
    reminders = [event for event in events if event.action is Action.STEP]
    if not reminders:
        return []
    return [f"已提醒和上报 {len(reminders)} 次,最近 {moment(office, reminders[-1].at)}"]
