"""The standard figures of a period, and rates that carry their fraction.

``Counts`` are grouped sums over issues; whoever groups (section, chief, category, unit) adds them up with
``+``. Closed is not solved: confirmed, silent, withdrawn, rejected and merged are never added into one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


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


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of issues of one group in one period.

    What happened in the period: ``reported`` (上报); ``not_accepted`` of these that were rejected or merged
    since; ``resolved`` (处置完成); ``confirmed``, ``silent``, ``withdrawn``, ``rejected``, ``merged``: ended
    so; ``rework`` (返工): sent back by 核查, or by a 不满意 that was not overruled (``domain.rework``);
    ``satisfied`` and ``dissatisfied``: answers of reporters; ``supervised``: put under 督办.

    What should have been done in it: ``due`` (应结案): deadline in the period, and neither withdrawn,
    rejected nor merged; of these ``due_suspended`` (缓办), ``due_resolved``, ``due_closed`` (confirmed or
    silent) and ``due_on_time`` (按期: resolved by the deadline, and not suspended).

    How it stands at the period's end: ``open`` and, of these, ``unclaimed``, ``awaiting`` (已处理待确认),
    ``suspended`` and ``overdue`` (超时: unfinished after its deadline).

    ``self_found`` (自查自处): what those who work here found and fixed themselves in the period; in none of
    the other numbers.
    """

    reported: int = 0
    not_accepted: int = 0
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
    due: int = 0
    due_suspended: int = 0
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
    def satisfaction(self) -> Rate:
        """满意率: of those who answered; silence is not satisfaction."""
        return Rate(self.satisfied, self.satisfied + self.dissatisfied)


def total(groups: Iterable[Counts]) -> Counts:
    """The sum of all groups."""
    return sum(groups, Counts())
