"""Merchants, chiefs and officers of the simulated month, each with his own diligence."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from store.tables import issues
from tests.fleet import STREETS, Fleet, Street

SECTIONS = tuple(STREETS.values())[:12]
DANGER, DANGEROUS = "井盖丢了露着大洞很危险", 0.01
DILIGENCE = (0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)
"""How likely each chief does what waits for him within an hour of looking."""
WATCHED = SECTIONS[4]
"""The street of whom one day is shown: neither the best nor the worst."""
PROBLEMS = (
    "电动车乱停把路堵死了",
    "垃圾堆成山没人清",
    "贴满小广告",
    "店外摆摊占了人行道",
    "绿化带里的草都枯死了",
)
WORKING = {f"{hour:02}:{minute:02}" for hour in (8, 9, 10, 11, 14, 15, 16, 17) for minute in (0, 30)}
ASKS_OFFICER, ANSWERS, SATISFIED, DISSATISFIED = 0.05, 0.3, 0.02, 0.002
"""Chances: per claimed issue that an officer is asked, per look that he answers, per look and resolved issue
that its reporter says so."""
MOST_AT_ONCE = 10


@dataclass
class People:
    """Everybody. ``a_day``: reports to make, over the looks of a day from 07:30 to 19:30."""

    fleet: Fleet
    a_day: float
    dice: random.Random = field(default_factory=lambda: random.Random(11))
    said: int = 0
    _asked: set[int] = field(default_factory=set)

    def act(self, clock: str) -> None:
        """One look of all of them."""
        if "07:30" <= clock < "20:00":
            self._report(self.a_day / 25)
        standing = self._standing()
        if clock in WORKING:
            for street, diligence in zip(SECTIONS, DILIGENCE, strict=True):
                self._work(street, diligence, standing[street.name])
        for mine in standing.values():
            self._judge([each for each in mine if each.state == "resolved"])

    def _standing(self) -> dict[str, list[Row[Any]]]:
        """What is open, by section."""
        columns = (issues.c.number, issues.c.state, issues.c.section, issues.c.reporter, issues.c.helpers)
        still = issues.c.state.in_(["reported", "claimed", "resolved"])
        found: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in self.fleet.records.all(select(*columns).where(still).order_by(issues.c.number)):
            found[row.section].append(row)
        return found

    def _report(self, share: float) -> None:
        for _ in range(int(share) + (self.dice.random() < share % 1)):
            street = self.dice.choice(SECTIONS)
            place = self.dice.randint(13, 400)
            what = DANGER if self.dice.random() < DANGEROUS else self.dice.choice(PROBLEMS)
            who = street.shop(self.dice.randint(1, 3))
            self.fleet.town.say(who, f"{place}号门口{what}", group=street.group)
            self.said += 1

    def _work(self, street: Street, diligence: float, mine: Sequence[Row[Any]]) -> None:
        """Not at every look; when he does, he solves what he has, and takes what is new."""
        self._help([each for each in mine if each.helpers and each.state != "resolved"])
        if self.dice.random() > 0.6:
            return
        for verb, state in (("办结 {} 无照片 已处理", "claimed"), ("收到 {}", "reported")):
            waiting = [each for each in mine if each.state == state and not each.helpers]
            chosen = [each.number for each in waiting if self.dice.random() < diligence][:MOST_AT_ONCE]
            if state == "claimed":
                chosen = [number for number in chosen if not self._calls_for_help(street, number)]
            if chosen:
                self.fleet.town.say(street.chief, verb.format(" ".join(map(str, chosen))), group=street.group)

    def _calls_for_help(self, street: Street, number: int) -> bool:
        if number in self._asked or self.dice.random() > ASKS_OFFICER:
            return False
        self._asked.add(number)
        self.fleet.town.say(street.chief, f"协办 {number} 城管 要一起来", group=street.group)
        return True

    def _help(self, helped: Sequence[Row[Any]]) -> None:
        for each in helped:
            if self.dice.random() < ANSWERS / 3:
                self.fleet.town.say("officer-chengguan", f"办结 {each.number} 无照片 已处理")

    def _judge(self, resolved: Sequence[Row[Any]]) -> None:
        """Most reporters say nothing."""
        for each in resolved:
            luck = self.dice.random()
            word = "满意" if luck < SATISFIED else "不满意" if luck < SATISFIED + DISSATISFIED else ""
            if word:
                group = next(
                    street.group for street in SECTIONS if each.reporter.startswith(f"shop-{street.key}-")
                )
                self.fleet.town.say(
                    each.reporter,
                    f"{word} {each.number}{' 还是那样' if word == '不满意' else ''}",
                    group=group,
                )
