"""What came of the month, from the records: sent, merged, held; missed, doubled; per street and person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

import config
from domain.clock import BusinessTime
from store.tables import issues, outbox, steps
from tests.fleet import Fleet
from tests.month.people import DILIGENCE, SECTIONS
from workers import run_audit
from workers.bootstrap import build, machine_now

SHANGHAI = ZoneInfo("Asia/Shanghai")
AGAIN_WITHIN = timedelta(minutes=5)
PATIENT = ("notice", "reminder", "escalation")


def lines(fleet: Fleet) -> Iterator[str]:
    """The tables."""
    yield from _rows(fleet)
    yield from _streets(fleet)
    yield from _supervisors(fleet)
    yield from _groups(fleet)
    yield from _faults(fleet)


def _rows(fleet: Fleet) -> Iterator[str]:
    asked = select(outbox.c.purpose, outbox.c.state, func.count().label("n")).group_by(
        outbox.c.purpose, outbox.c.state
    )
    counts = {(row.purpose, row.state): row.n for row in fleet.records.all(asked)}
    states = ("sent", "void", "failed")
    yield f"{'rows':<12}" + "".join(f"{state:>8}" for state in states)
    for purpose in sorted({purpose for purpose, _ in counts}):
        yield f"{purpose:<12}" + "".join(f"{counts.get((purpose, state), 0):>8}" for state in states)
    held = _count(fleet, outbox.c.held_until.is_not(None))
    merged = _count(fleet, outbox.c.merged_into.is_not(None))
    yield f"merged into another message {merged}, held for a while {held}"
    taken = fleet.records.all(select(steps.c.outcome, func.count().label("n")).group_by(steps.c.outcome))
    yield "steps of ladders: " + ", ".join(f"{row.outcome} {row.n}" for row in taken)


def _count(fleet: Fleet, where: ColumnElement[bool]) -> int:
    return int(fleet.records.all(select(func.count()).select_from(outbox).where(where))[0][0])


def _streets(fleet: Fleet) -> Iterator[str]:
    titles = ("diligence", "issues", "solved", "on time", "chief a day", "at most", "group a day", "at most")
    yield ""
    yield f"{'street':<14}" + "".join(f"{title:>13}" for title in titles)
    for street, diligence in zip(SECTIONS, DILIGENCE, strict=True):
        here = issues.c.section == street.name
        solved = _issues(fleet, here & issues.c.resolved_at.is_not(None))
        kept = _issues(fleet, here & issues.c.on_time.is_(True))
        shown = (f"{diligence:.2f}", _issues(fleet, here), solved, kept)
        pushes = (*_pushes(fleet, street.chief), *_pushes(fleet, street.group))
        yield f"{street.key:<14}" + "".join(f"{each:>13}" for each in (*shown, *pushes))


def _supervisors(fleet: Fleet) -> Iterator[str]:
    yield ""
    yield f"{'above':<16}{'messages a day':>16}{'at most':>10}"
    areas = dict.fromkeys(street.area for street in SECTIONS)
    for userid in (f"{role}-{area}" for area in areas for role in ("chief2", "sup", "chief1")):
        usual, most = _pushes(fleet, userid)
        yield f"{userid:<16}{usual:>16}{most:>10}"


def _issues(fleet: Fleet, where: ColumnElement[bool]) -> int:
    return int(fleet.records.all(select(func.count()).select_from(issues).where(where))[0][0])


def _pushes(fleet: Fleet, target: str) -> tuple[str, int]:
    """Messages to one address that were no answers, on an average day with any and on the worst one."""
    mine = (outbox.c.target == target) & (outbox.c.state == "sent") & outbox.c.pushed_at.is_not(None)
    chosen = select(outbox.c.pushed_at).where(mine, outbox.c.purpose != "answer")
    days = Counter[date](row.pushed_at.astimezone(SHANGHAI).date() for row in fleet.records.all(chosen))
    return (f"{mean(days.values()):.1f}", max(days.values())) if days else ("0", 0)


def _groups(fleet: Fleet) -> Iterator[str]:
    """What single issues cost their groups, over their lives."""
    mine = (
        outbox.c.route.in_(["webhook", "chat"]) & (outbox.c.state == "sent") & (outbox.c.purpose != "answer")
    )
    alone = outbox.c.merged_into.is_(None) & outbox.c.said.is_(None) & outbox.c.issue.is_not(None)
    statement = select(outbox.c.issue, func.count().label("n")).where(mine, alone).group_by(outbox.c.issue)
    costs = Counter(row.n for row in fleet.records.all(statement))
    yield ""
    yield "messages of their own that issues cost their groups: " + ", ".join(
        f"{number}×{cost}" for cost, number in sorted(costs.items())
    )


def _faults(fleet: Fleet) -> Iterator[str]:
    """Missed, doubled, too many: each must be nought."""
    parts = build(config.load(fleet.environment))
    with parts.database.read() as connection:
        now = parts.business_now(connection, machine_now())
    found, end = run_audit.Found(), 0
    while end := run_audit.put_right(parts, parts.office(), BusinessTime(now), end, found):
        pass
    parts.database.close()
    yield f"steps missed {found.overdue_steps}, not scheduled {found.unscheduled}"
    yield f"said twice {_said_twice(fleet)}"
    log = fleet.daemons["worker"].log.read_text("utf-8", "replace")
    yield f"limits of the platform hit {log.count('code=45009') + log.count('code=45033')}"
    yield f"errors in the worker's log {log.count('Traceback')}"


def _said_twice(fleet: Fleet) -> int:
    """The same words to the same address within minutes."""
    statement = select(outbox.c.target, outbox.c.text, outbox.c.said, outbox.c.pushed_at).where(
        outbox.c.state == "sent", outbox.c.purpose.in_(PATIENT), outbox.c.pushed_at.is_not(None)
    )
    times = defaultdict(list)
    for row in fleet.records.all(statement.order_by(outbox.c.pushed_at)):
        times[row.target, row.said or row.text].append(row.pushed_at)
    return sum(later - earlier < AGAIN_WITHIN for each in times.values() for earlier, later in pairwise(each))
