"""What the supervisors' dialogs share: a street with an issue on it, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.clock import BusinessTime, MachineTime
from domain.outgoing import Outgoing, ToPerson
from handlers import due
from store import issues, reporters
from store.desk import DatabaseDesk
from tests.unit.handlers.chief_harness import Town
from tests.unit.handlers.town import office

BLOCKED = "28号门口电动车乱停把路堵死了"
DIRTY = "12号门口垃圾堆成山没人清"
CHIEF, REPORTER = "li", "wujin"


class Street(Town):
    """益民路 at ten in the morning."""

    def reported(self, text: str = BLOCKED, who: str = REPORTER) -> int:
        said = self.say(who, text)
        assert said.issue is not None, said
        return said.issue

    def claimed(self) -> int:
        number = self.reported()
        assert self.say(CHIEF, f"认领 {number}").outcome == "claimed"
        return number

    def resolved(self) -> int:
        number = self.claimed()
        assert self.say(CHIEF, f"办结 {number} 无照片 已清").outcome == "resolved"
        return number

    def closed(self) -> int:
        number = self.resolved()
        assert self.say(REPORTER, f"满意 {number}").outcome == "confirmed"
        return number

    def reporters_of(self, number: int) -> set[str]:
        with self.database.read() as connection:
            return {each.userid for each in reporters.reporters_of(connection, number)}

    def tick(self, after: timedelta = timedelta(0)) -> list[Outgoing]:
        """What is due ``after`` now, of every issue."""
        self.now = BusinessTime(self.now + after)
        with self.database.write() as connection:
            desk = DatabaseDesk(connection, office(roster=self.roster), self.now, MachineTime(self.now))
            found = issues.due(connection, self.now, 10_000)
            return [message for issue in found for message in due.take(desk, issue)]

    def heard(self, messages: list[Outgoing], userid: str) -> str:
        return "\n".join(
            each.text for each in messages if isinstance(each.to, ToPerson) and each.to.userid == userid
        )


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    here = Street(tmp_path)
    yield here
    here.database.close()
