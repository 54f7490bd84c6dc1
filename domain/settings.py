"""What a district sets for itself: the ladder of reminders, the budget of messages, rules of hours.

Values only; ``domain.settings_text`` reads them from the file that people edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from domain.taxonomy import SubCategory

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LadderSteps:
    """When who is told (design contract §4.7); natural time unless it says working days.

    unclaimed: after the assignment. half_over: half of the time is said only of promises longer than this.
    before: ahead of the deadline. late: after it, then daily. level2, supervisor: escalations after the
    deadline. level1_days, group_days: working days after it; the group is told once.
    """

    unclaimed: timedelta = 10 * MINUTE
    half_over: timedelta = 4 * HOUR
    before: timedelta = 15 * MINUTE
    late: tuple[timedelta, ...] = (30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR)
    level2: timedelta = 30 * MINUTE
    supervisor: timedelta = 4 * HOUR
    level1_days: int = 2
    group_days: int = 1


@dataclass(frozen=True, slots=True)
class HoursRule:
    """时段规定 of a section: what holds there for one kind of problem (``sub``: its code), cited as ``text``
    in answers."""

    section: str
    category: str
    sub: str
    text: str


@dataclass(frozen=True, slots=True)
class DistrictSettings:
    """All of it. pushes_per_day: 1:1 messages to one person, then one digest per ``digest_every``.
    group_messages: what one normal issue (in time, no danger) costs its street's group over its life. kinds:
    rows of the taxonomy as the district changed them, by their codes."""

    steps: LadderSteps = field(default_factory=LadderSteps)
    pushes_per_day: int = 12
    digest_every: timedelta = 2 * HOUR
    group_messages: int = 3
    hours: tuple[HoursRule, ...] = ()
    kinds: Mapping[tuple[str, str], SubCategory] = field(default_factory=dict)

    def rule_for(self, section: str | None, category: str, sub: str) -> str | None:
        """What holds on a section for a kind of problem."""
        about = (section, category, sub)
        return next((r.text for r in self.hours if (r.section, r.category, r.sub) == about), None)
