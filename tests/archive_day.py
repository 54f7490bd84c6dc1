"""A day's archive: 5,000 messages of a district's groups, 60 reports among them, through the real processes.

``make archive-day`` (``python -m tests.archive_day [--messages 5000] [--seed 7]``) starts the bot with an
archive, hands the day over hour by hour with the sample poller, and prints what was found, missed and taken
for a report by mistake, and how much the bot said. The 60 reports of ``archive_day.txt`` are said once;
its 323 other lines are repeated by different people until the day is full.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from store.tables import inbox, issues, outbox
from tests.fleet import STREETS, Fleet, Street
from tests.fleet.fleet import ARCHIVE, ROOT
from tests.fleet.templates import Databases

LINES = Path(__file__).parent / "archive_day.txt"
HOURS = range(8, 21)
STRANGERS = 25
"""People of each street whom the roster does not know, beside its three shops."""
BY_OFFICE = 0.1
"""Share of what chiefs and the office say."""
FOUND = ("reported", "joined")
SILENT = ("overheard:", "doubtful", "own_street", "heard_already")


@dataclass(frozen=True)
class Said:
    """One message of the day. category: of a report; empty for everything else."""

    msgid: str
    person: str
    street: Street
    text: str
    category: str = ""


@dataclass
class Day:
    """Who says what, from one seed."""

    messages: int
    seed: int
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def said(self) -> list[Said]:
        """All of it, in the order of the day."""
        lines = [line for line in LINES.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        reports = [line.split(" ", 2)[1:] for line in lines if line.startswith("R ")]
        talk = {kind: [line[2:] for line in lines if line.startswith(kind)] for kind in ("M ", "K ")}
        streets = list(STREETS.values())
        day: list[tuple[Street, str, str, str]] = []
        for index, (category, text) in enumerate(reports):
            street = streets[index % len(streets)]
            filled = text.replace("{n}", str(self.dice.randint(13, 99)))
            day.append((street, self._merchant(street), filled, category))
        while len(day) < self.messages:
            street = self.dice.choice(streets)
            office = self.dice.random() < BY_OFFICE
            person = self.dice.choice((street.chief, street.leader)) if office else self._merchant(street)
            day.append((street, person, self.dice.choice(talk["K " if office else "M "]), ""))
        self.dice.shuffle(day)
        return [
            Said(f"day-{self.seed}-{number:05d}", person, street, text, category)
            for number, (street, person, text, category) in enumerate(day)
        ]

    def _merchant(self, street: Street) -> str:
        known = self.dice.random() < 0.3
        return (
            street.shop(self.dice.randint(1, 3))
            if known
            else f"wm-{street.key}-{self.dice.randrange(STRANGERS)}"
        )


@dataclass
class Run:
    """The day lived by a running system, and what came of it."""

    fleet: Fleet
    day: Sequence[Said]
    folder: Path

    def live(self) -> None:
        """Hour after hour; the poller of each hour ends before the clock goes on."""
        share = -(-len(self.day) // len(HOURS))
        for number, hour in enumerate(HOURS):
            self.fleet.town.post("clock", {"set": f"2026-11-24T{hour:02d}:00:00+08:00"})
            self._hand_over(self.day[number * share : (number + 1) * share], number)
            self.fleet.wait_for(self.fleet.records.idle, 300, "all is understood and said")
        self.fleet.town.post("clock", {"set": "2026-11-24T21:00:00+08:00"})
        self.fleet.wait_for(self.fleet.records.idle, 120, "all was said")

    def _hand_over(self, part: Sequence[Said], number: int) -> None:
        file = self.folder / f"{number}.jsonl"
        began = time.time() * 1000
        lines = (json.dumps(self._line(each, int(began) + index)) for index, each in enumerate(part))
        file.write_text("\n".join(lines), "utf-8")
        environment = {**os.environ, "RELAY_SECRET": self.fleet.environment["RELAY_SECRET"]}
        poller = [sys.executable, str(ROOT / "deploy" / "archive_poller.py"), self.fleet.web_url, str(file)]
        subprocess.run(poller, env=environment, check=True, stdout=subprocess.DEVNULL)

    @staticmethod
    def _line(each: Said, at: int) -> dict[str, object]:
        head = {"msgid": each.msgid, "action": "send", "from": each.person, "roomid": each.street.group}
        return {**head, "seq": at, "msgtime": at, "msgtype": "text", "text": {"content": each.text}}

    # --- what came of it -------------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The figures, and every single mistake."""
        rows = self.fleet.records.all(select(inbox.c.dedupe_key, inbox.c.outcome))
        outcomes = {row.dedupe_key.removeprefix("relay:"): row.outcome or "waiting" for row in rows}
        reports = [each for each in self.day if each.category]
        talk = [each for each in self.day if not each.category]
        found = [each for each in reports if outcomes[each.msgid].startswith(FOUND)]
        listed = [each for each in reports if outcomes[each.msgid] == "doubtful"]
        missed = [each for each in reports if each not in found and each not in listed]
        false = [each for each in talk if outcomes[each.msgid].startswith(FOUND)]
        yield f"messages {len(self.day)}, reports {len(reports)}, groups {len(STREETS)}"
        yield f"found {len(found)}, listed for the chief {len(listed)}, missed {len(missed)}"
        yield f"taken for a report by mistake {len(false)} of {len(talk)} ({_different(false)} lines)"
        doubtful = [each for each in talk if outcomes[each.msgid] == "doubtful"]
        yield f"listed for the chief without reason {len(doubtful)} ({_different(doubtful)} lines)"
        acted = [each for each in talk if not outcomes[each.msgid].startswith((*SILENT, *FOUND))]
        yield f"other talk that was not passed over: {dict(Counter(outcomes[a.msgid] for a in acted))}"
        yield from self._kinds(found)
        yield from self._spoken()
        for title, these in (
            ("listed", listed),
            ("missed", missed),
            ("false", false),
            ("doubtful", doubtful),
        ):
            for text, count in Counter(each.text for each in these).most_common():
                yield f"  {title} ×{count}: {text}"
        for (outcome, text), count in Counter((outcomes[a.msgid], a.text) for a in acted).most_common():
            yield f"  {outcome} ×{count}: {text}"

    def _kinds(self, found: Sequence[Said]) -> Iterator[str]:
        rows = self.fleet.records.all(select(issues.c.text, issues.c.category))
        kinds = {row.text: row.category for row in rows}
        right = sum(kinds.get(each.text) == each.category for each in found)
        yield f"category right {right} of {len(found)}"
        for each in found:
            if kinds.get(each.text) != each.category:
                yield f"  category {kinds.get(each.text)}, not {each.category}: {each.text}"

    def _spoken(self) -> Iterator[str]:
        rows = self.fleet.records.all(
            select(
                outbox.c.route, outbox.c.purpose, outbox.c.text, outbox.c.said, outbox.c.merged_into
            ).where(outbox.c.state == "sent")
        )
        alone = [row for row in rows if row.merged_into is None]
        for route, where in (("webhook", "in groups"), ("app", "1:1")):
            texts = [row.said or row.text for row in alone if row.route == route]
            purposes = Counter(row.purpose for row in alone if row.route == route)
            characters = sum(map(len, texts))
            yield f"the bot said {where}: {len(texts)} messages, {characters} characters {dict(purposes)}"


def _different(these: Sequence[Said]) -> int:
    return len({each.text for each in these})


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        with Fleet(databases.with_roster(), Path(folder) / "fleet", extra=ARCHIVE) as fleet:
            run = Run(fleet, Day(options.messages, options.seed).said(), Path(folder))
            run.live()
            for line in run.lines():
                sys.stdout.write(line + "\n")
    sys.stdout.write(f"took {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
