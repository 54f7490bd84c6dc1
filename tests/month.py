"""A simulated month: 12 sections, chiefs of different diligence, the business clock moved, nothing mocked.

``make month`` (``python -m tests.month [--days 29] [--reports 3000]``) starts the real processes with the
sandbox, lives day after day, and prints what was said: reminders sent, merged, held and void, per street what
its chief and its group were told, whether any step was missed or said twice, and one day as it appeared.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

import config
from domain.clock import BusinessTime
from store.tables import inbox, issues, outbox, steps
from tests.fleet import STREETS, Fleet, Street
from tests.fleet.templates import Databases
from workers import run_audit
from workers.bootstrap import build, machine_now

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 11, 2)
LOOKS = ("08:20", "09:40", "11:10", "13:00", "14:30", "16:00", "17:30", "20:30", "23:00")
REPORTS_AT = ("08:20", "09:40", "14:30", "20:30")
PROBLEMS = (
    "电动车乱停把路堵死了",
    "垃圾堆成山没人清",
    "贴满小广告",
    "店外摆摊占了人行道",
    "绿化带里树枝断了",
)
DILIGENCE = (0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
"""How likely each chief does what waits for him, each time he looks."""


@dataclass
class Month:
    """One run."""

    fleet: Fleet
    reports: int
    days: int
    dice: random.Random = field(default_factory=lambda: random.Random(11))
    said: int = 0

    def live(self) -> None:
        """Day after day."""
        for day in (FIRST + timedelta(days=number) for number in range(self.days)):
            for clock in LOOKS:
                self.fleet.town.post("clock", {"set": f"{day}T{clock}:00+08:00"})
                self._report(clock)
                self._work(clock)
            sys.stdout.write(f"{day} {self.said} reports\n")
            sys.stdout.flush()
        self.fleet.wait_for(self.fleet.records.idle, 120, "all was said")

    def _report(self, clock: str) -> None:
        share = self.reports / (self.days * len(REPORTS_AT))
        count = int(share) + (self.dice.random() < share % 1) if clock in REPORTS_AT else 0
        for _ in range(count):
            street = self.dice.choice(list(STREETS.values()))
            place, what = self.dice.randint(13, 400), self.dice.choice(PROBLEMS)
            self.fleet.town.say(
                street.shop(self.dice.randint(1, 3)), f"{place}号门口{what}", group=street.group
            )
            self.said += 1
        self._understood()

    def _understood(self) -> None:
        """What was said is handled. What is said because of it may wait for the platform's minute: a day
        goes by in seconds here, and then it is merged, as on a bad day."""
        waiting = select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")
        self.fleet.wait_for(lambda: self.fleet.records.all(waiting)[0][0] == 0, 120, "all is understood")

    def _work(self, clock: str) -> None:
        """A diligent chief takes and solves what waits; at night nobody does."""
        if clock in {"13:00", "20:30", "23:00"}:
            return
        for street, diligence in zip(STREETS.values(), DILIGENCE, strict=False):
            for verb, state in (("办结", "claimed"), ("收到", "reported")):
                waiting = self._waiting(street, state)
                chosen = [number for number in waiting if self.dice.random() < diligence][:10]
                if chosen:
                    self.fleet.town.say(street.chief, f"{verb} {' '.join(map(str, chosen))}")
        self._understood()

    def _waiting(self, street: Street, state: str) -> list[int]:
        mine = (issues.c.owner == street.chief) & (issues.c.state == state)
        rows = self.fleet.records.all(select(issues.c.number).where(mine).limit(40))
        return [row.number for row in rows]

    # --- what came of it -------------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The table."""
        yield from self._rows()
        yield from self._streets()
        yield from self._missed()

    def _rows(self) -> Iterator[str]:
        asked = select(outbox.c.purpose, outbox.c.state, func.count().label("n")).group_by(
            outbox.c.purpose, outbox.c.state
        )
        counts = {(row.purpose, row.state): row.n for row in self.fleet.records.all(asked)}
        purposes = sorted({purpose for purpose, _ in counts})
        yield f"{'rows':<12}{'sent':>8}{'void':>8}{'failed':>8}"
        for purpose in purposes:
            yield f"{purpose:<12}" + "".join(
                f"{counts.get((purpose, state), 0):>8}" for state in ("sent", "void", "failed")
            )
        held = self._count(outbox.c.held_until.is_not(None))
        merged = self._count(outbox.c.merged_into.is_not(None))
        limits = self._count(outbox.c.code == 45009)
        yield f"merged into another message {merged}, held for a while {held}, platform limits hit {limits}"
        taken = self.fleet.records.all(
            select(steps.c.outcome, func.count().label("n")).group_by(steps.c.outcome)
        )
        yield "steps of ladders: " + ", ".join(f"{row.outcome} {row.n}" for row in taken)

    def _count(self, where: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(outbox).where(where)
        return int(self.fleet.records.all(statement)[0][0])

    def _streets(self) -> Iterator[str]:
        titles = ("diligence", "issues", "on time", "to chief/day", "to group/day")
        yield f"{'street':<16}" + "".join(f"{title:>14}" for title in titles)
        for street, diligence in zip(STREETS.values(), DILIGENCE, strict=False):
            here = issues.c.section == street.name
            total = self._issues(here)
            kept = self._issues(here & (issues.c.on_time.is_(True)))
            chief = self._per_day(street.chief)
            group = self._per_day(street.group)
            yield (
                f"{street.key:<16}{diligence:>14.2f}{total:>14}{kept:>14}"
                f"{max(chief.values(), default=0):>14}{max(group.values(), default=0):>14}"
            )

    def _issues(self, where: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(issues).where(where)
        return int(self.fleet.records.all(statement)[0][0])

    def _per_day(self, target: str) -> Counter[date]:
        """Pushes to one address by business day."""
        mine = (outbox.c.target == target) & (outbox.c.state == "sent") & outbox.c.pushed_at.is_not(None)
        chosen = select(outbox.c.pushed_at).where(mine, outbox.c.purpose != "answer")
        return Counter(row.pushed_at.astimezone(SHANGHAI).date() for row in self.fleet.records.all(chosen))

    def _missed(self) -> Iterator[str]:
        """By the auditor's own look at every open issue, and by the slots."""
        parts = build(config.load(self.fleet.environment))
        with parts.database.read() as connection:
            now = parts.business_now(connection, machine_now())
        found, end = run_audit.Found(), 0
        while end := run_audit.put_right(parts, parts.office(), BusinessTime(now), end, found):
            pass
        yield f"steps missed {found.overdue_steps}, not scheduled {found.unscheduled}"
        twice = (
            select(outbox.c.issue)
            .where(outbox.c.purpose == "reminder", outbox.c.state == "sent")
            .group_by(outbox.c.issue, outbox.c.target, outbox.c.created_at)
            .having(func.count() > 1)
        )
        yield f"reminders said twice {self.fleet.records.count(twice)}"
        parts.database.close()


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=29)
    parser.add_argument("--reports", type=int, default=3000)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        with Fleet(databases.with_roster(), Path(folder) / "fleet") as fleet:
            month = Month(fleet, options.reports, options.days)
            month.live()
            for line in month.lines():
                sys.stdout.write(line + "\n")
            day = sample_day(fleet)
            sys.stdout.write("\n".join(day) + "\n")
    sys.stdout.write(f"took {time.monotonic() - began:.0f} s\n")


def sample_day(fleet: Fleet) -> list[str]:
    """The merged messages as they appeared, the longest last."""
    said = fleet.records.all(
        select(outbox.c.target, outbox.c.said)
        .where(outbox.c.said.is_not(None))
        .order_by(func.length(outbox.c.said))
    )
    return [f"--- {row.target}\n{row.said}" for row in (*said[:2], *said[-3:])]


if __name__ == "__main__":
    main()
