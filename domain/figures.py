"""The standard figures of a period, and rates that carry their fraction.

``Counts`` are grouped sums over issues; whoever groups (section, chief, category, unit) adds them up with
``+``. Closed is not solved: confirmed, silent, withdrawn, rejected and merged are never added into one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of something; ``str`` shows it with its fraction: ``91.1%(41/45)``, ``—(0/0)``."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """Per cent, None of nothing. For sorting and drawing; people are shown the fraction too."""
        return 100 * self.numerator / self.denominator if self.denominator > 0 else None

    def __str__(self) -> str:
        return f"{self._per_mille()}({self.numerator}/{self.denominator})"

    def _per_mille(self) -> str:
        if self.denominator <= 0:
            return "—"
        rounded = (2000 * self.numerator + self.denominator) // (2 * self.denominator)
        if rounded == 1000 and self.numerator < self.denominator:
            rounded = 999  # nobody is shown a full mark that he has not got
        return f"{rounded // 10}.{rounded % 10}%"


def change(now: Rate, before: Rate) -> str:
    """The change from one period to the next in percentage points: ``↑2.5``, ``↓0.4``, ``→``, ``—``."""
    if now.percent is None or before.percent is None:
        return "—"
    points = round(now.percent - before.percent, 1)
    if points == 0:
        return "→"
    return f"{'↑' if points > 0 else '↓'}{abs(points):.1f}"


class Key(NamedTuple):
    """What issues are grouped by: place, owner (a userid) and category as they stand in the records now."""

    subdistrict: str
    section: str | None
    owner: str | None
    category: str


PROMPT = timedelta(minutes=30)
"""Working time within which a claim counts as prompt."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of issues of one group in one period.

    What happened in the period: ``reported`` (上报); ``not_accepted`` of these that were rejected or merged
    since; ``recurred`` (复发) of these, accepted ones; ``resolved`` (处置完成); ``confirmed``, ``silent``,
    ``withdrawn``, ``rejected``, ``merged``: ended so; ``rework`` (返工): sent back by 核查, or by a 不满意
    that was not overruled (``domain.rework``); ``satisfied`` and ``dissatisfied``: answers of reporters;
    ``supervised``: put under 督办. What was taken back (撤销) did not happen. ``claims``, ``claim_s``: claims
    and the seconds of working time they took since it was assigned, ``prompt`` of these within ``PROMPT``;
    ``handlings``, ``handling_s``: the same of resolutions (``domain.durations``).

    What should have been done in it: ``due`` (应结案): deadline in the period, and neither withdrawn,
    rejected nor merged since; of these ``due_suspended`` (缓办) and, not suspended, ``due_extended``
    (延期过), ``due_resolved`` and ``due_closed`` (confirmed or silent) by the period's end, and
    ``due_on_time`` (按期: resolved by the deadline).

    How it stands at the period's end: ``open`` and, of these, ``unclaimed``, ``awaiting`` (已处理待确认),
    ``suspended`` and ``overdue`` (超时: unfinished after its deadline).

    ``self_found`` (自查自处): what those who work here found and fixed themselves in the period; in none of
    the other numbers.
    """

    reported: int = 0
    not_accepted: int = 0
    recurred: int = 0
    resolved: int = 0
    confirmed: int = 0
    silent: int = 0
    withdrawn: int = 0
    rejected: int = 0
    merged: int = 0
    rework: int = 0
    satisfied: int = 0
    dissatisfied: int = 0
    supervised: int = 0
    claims: int = 0
    claim_s: int = 0
    prompt: int = 0
    handlings: int = 0
    handling_s: int = 0
    due: int = 0
    due_suspended: int = 0
    due_extended: int = 0
    due_resolved: int = 0
    due_closed: int = 0
    due_on_time: int = 0
    open: int = 0
    unclaimed: int = 0
    awaiting: int = 0
    suspended: int = 0
    overdue: int = 0
    self_found: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def accepted(self) -> int:
        """受理: reported, without what was rejected or merged."""
        return self.reported - self.not_accepted

    @property
    def closed(self) -> int:
        """结案: confirmed or by silence; each is also shown by itself."""
        return self.confirmed + self.silent

    @property
    def acceptance(self) -> Rate:
        """受理率."""
        return Rate(self.accepted, self.reported)

    @property
    def closing(self) -> Rate:
        """结案率: of what should have been closed."""
        return Rate(self.due_closed, self.due - self.due_suspended)

    @property
    def handling(self) -> Rate:
        """处置率: resolved of what should have been, confirmed or not."""
        return Rate(self.due_resolved, self.due - self.due_suspended)

    @property
    def on_time(self) -> Rate:
        """按期结案率: 按期结案数 ÷ (应结案数 − 缓办数). On time is judged when it is resolved."""
        return Rate(self.due_on_time, self.due - self.due_suspended)

    @property
    def reworking(self) -> Rate:
        """返工率."""
        return Rate(self.rework, self.resolved)

    @property
    def extension(self) -> Rate:
        """延期率: of what should have been closed, what was given more time."""
        return Rate(self.due_extended, self.due - self.due_suspended)

    @property
    def recurrence(self) -> Rate:
        """复发率: of what was accepted, what had been closed before and came back."""
        return Rate(self.recurred, self.accepted)

    @property
    def promptness(self) -> Rate:
        """Claims within ``PROMPT`` of working time."""
        return Rate(self.prompt, self.claims)

    @property
    def claim_time(self) -> timedelta | None:
        """平均认领时长, working time; None where nothing was claimed."""
        return timedelta(seconds=self.claim_s / self.claims) if self.claims else None

    @property
    def handling_time(self) -> timedelta | None:
        """平均处置时长, working time; None where nothing was resolved."""
        return timedelta(seconds=self.handling_s / self.handlings) if self.handlings else None

    @property
    def satisfaction(self) -> Rate:
        """满意率: of those who answered; silence is not satisfaction."""
        return Rate(self.satisfied, self.satisfied + self.dissatisfied)


def total(groups: Iterable[Counts]) -> Counts:
    """The sum of all groups."""
    return sum(groups, Counts())


def rolled_up(groups: Mapping[Key, Counts], by: Callable[[Key], str]) -> dict[str, Counts]:
    """The sums by one name per group; groups whose name is empty are left out."""
    found: dict[str, list[Counts]] = defaultdict(list)
    for key, counts in groups.items():
        if name := by(key):
            found[name].append(counts)
    return {name: total(members) for name, members in found.items()}
