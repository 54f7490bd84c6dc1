"""What a summary says, as values: the figures of a period, of the one before, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.figures import Counts, Key, total
from domain.issues import Issue
from domain.periods import Span

WORSE_BY = 10.0
"""Percentage points of on-time rate from which a section counts as newly worse."""
ENOUGH = 5
"""Issues due in both periods, so that one bad day is no verdict."""
ANNOUNCED: Mapping[str, str] = {
    "reported": "上报", "accepted": "受理", "due": "应结案", "due_on_time": "按期结案",
    "resolved": "处置完成", "closed": "结案", "withdrawn": "撤回", "rejected": "不予受理", "merged": "并入",
    "rework": "返工", "supervised": "督办", "open": "未结", "overdue": "超时", "self_found": "自查自处",
}  # fmt: skip
"""Figures of which a late change is said, and what they are called."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure of an earlier period that is no longer what was announced."""

    name: str
    announced: int
    now: int


def corrections(announced: Counts | None, now: Counts) -> tuple[Correction, ...]:
    """What the records say differently now; nothing where nothing was announced."""
    if announced is None:
        return ()
    pairs = ((name, getattr(announced, key), getattr(now, key)) for key, name in ANNOUNCED.items())
    return tuple(Correction(name, said, is_now) for name, said, is_now in pairs if said != is_now)


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """What a summary lists by number. overdue: late at its end, the latest first; stubborn: reports of the
    period that came back for at least the second time; review: 挂账 whose review date comes up."""

    overdue: Sequence[Issue] = ()
    stubborn: Sequence[Issue] = ()
    review: Sequence[Issue] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a place in a period. ``groups`` and ``before``: by group, of this period and the one
    before. ``corrected``: of ``corrected_span``. ``trend``: how many were reported per step of time."""

    span: Span
    place: str
    groups: Mapping[Key, Counts]
    before: Mapping[Key, Counts]
    points: OpenPoints = OpenPoints()
    corrected: Sequence[Correction] = ()
    corrected_span: Span | None = None
    trend: Sequence[tuple[str, int, int]] = field(default_factory=tuple)

    @property
    def counts(self) -> Counts:
        return total(self.groups.values())

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened and nothing was due: words are enough."""
        now = self.counts
        return not (now.reported or now.resolved or now.closed or now.due or now.self_found)

    @property
    def counts_before(self) -> Counts:
        return total(self.before.values())


def newly_worse(now: Mapping[str, Counts], before: Mapping[str, Counts]) -> list[str]:
    """Names whose on-time rate fell by at least ``WORSE_BY`` points, the worst fall first."""
    falls: list[tuple[float, str]] = []
    for name, counts in now.items():
        rate, earlier = counts.on_time, before.get(name, Counts()).on_time
        if rate.percent is None or earlier.percent is None:
            continue
        fall = earlier.percent - rate.percent
        if fall >= WORSE_BY and min(rate.denominator, earlier.denominator) >= ENOUGH:
            falls.append((-fall, name))
    return [name for _, name in sorted(falls)]
