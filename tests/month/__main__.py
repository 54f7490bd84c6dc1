"""A simulated month: 12 sections, chiefs of different diligence, the business clock moved, nothing mocked.

``make month`` (``python -m tests.month [--days 29] [--reports 3000]``) starts the real processes with the
sandbox and lives day after day, a look every half hour from seven to eight. Then it prints what was
said: reminders sent, merged, held and void, per street what its chief and its group were told, whether any
step was missed or said twice or a limit of the platform hit, and one day on one street as it appeared.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from store.tables import inbox
from tests.fleet import Fleet
from tests.fleet.templates import Databases
from tests.month import count
from tests.month.day import as_it_appeared
from tests.month.people import WATCHED, People

FIRST = date(2026, 11, 2)
SHOWN_DAY = 10
"""Which day is printed, counted from the first: a Thursday, when the queues are no longer new."""
PATIENCE_S = 8
LOOKS = (*(f"{hour:02}:{minute:02}" for hour in range(7, 20) for minute in (0, 30)), "20:30", "22:10")


def live(fleet: Fleet, days: int, people: People) -> None:
    """Day after day."""
    waiting = select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")

    def settled() -> None:
        """All is understood, and said as far as the platform's minute allows: a day goes by in a minute."""
        fleet.wait_for(lambda: fleet.records.all(waiting)[0][0] == 0, 120, "all is understood")
        with suppress(AssertionError):
            fleet.wait_for(fleet.records.idle, PATIENCE_S, "all was said")

    for day in (FIRST + timedelta(days=number) for number in range(days)):
        for clock in LOOKS:
            fleet.town.post("clock", {"set": f"{day}T{clock}:00+08:00"})
            people.act(clock)
            settled()
        sys.stdout.write(f"{day} {people.said} reports\n")
        sys.stdout.flush()
    fleet.wait_for(fleet.records.idle, 300, "all was said")


def told(fleet: Fleet, days: int, people: People) -> Iterator[str]:
    """All that is printed at the end."""
    yield from count.lines(fleet)
    yield ""
    yield from as_it_appeared(fleet, WATCHED, FIRST + timedelta(days=min(SHOWN_DAY, days - 1)))
    yield f"{people.said} reports"


def main() -> None:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=29)
    parser.add_argument("--reports", type=int, default=3000)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        with Fleet(databases.with_roster(), Path(folder) / "fleet") as fleet:
            people = People(fleet, options.reports / options.days)
            live(fleet, options.days, people)
            for line in told(fleet, options.days, people):
                sys.stdout.write(line + "\n")
    sys.stdout.write(f"took {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
