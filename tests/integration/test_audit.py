"""The auditor puts right what was forgotten, and tells what it cannot put right; settings in force."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import metrics
from domain.clock import MachineTime
from domain.issues import SYSTEM, Issue
from domain.settings_text import SettingsError
from store import audits, clock, outbox
from store.database import Database
from store.desk import DatabaseDesk
from store.tables import issues as issue_rows
from store.tables import outbox as rows
from tests.integration.builders import draft, issue
from tests.integration.test_leaving import set_clock, town
from tests.unit.handlers.town import MORNING, moment, office
from workers import run_audit, run_tick, settings_admin
from workers.bootstrap import Parts, machine_now


@pytest.fixture
def worker(database: Database) -> Parts:
    made, _ = town(database)
    run_tick.tick(made)
    return made


def opened(database: Database) -> Issue:
    with database.write() as connection:
        desk = DatabaseDesk(connection, office(), MORNING, machine_now())
        changes = {"assigned_at": MORNING, "deadline": moment("11-23 12:00"), "reported_at": MORNING}
        return desk.open_issue(issue(owner="li", chat_id="g-yimin", **changes), SYSTEM, {})  # type: ignore[arg-type]


def next_look(database: Database) -> object:
    with database.read() as connection:
        return connection.execute(select(issue_rows.c.next_step_at)).scalar_one()


def found(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return audits.last(connection)


def told(database: Database, userid: str) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(rows.c.text).where(rows.c.target == userid)).scalars())


@pytest.mark.parametrize("lost", [None, moment("11-30 10:00")])
def test_a_step_that_was_forgotten_or_planned_too_late_is_planned_again(worker: Parts, lost: object) -> None:
    opened(worker.database)
    planned = next_look(worker.database)
    with worker.database.write() as connection:
        connection.execute(issue_rows.update().values(next_step_at=lost))
    run_audit.audit(worker)
    assert next_look(worker.database) == planned == moment("11-23 10:10")
    assert found(worker.database)["unscheduled"] == 1
    run_audit.audit(worker)
    assert found(worker.database)["unscheduled"] == 0


def test_a_row_that_does_not_move_is_told_to_the_administrator_once(worker: Parts) -> None:
    long_ago = MachineTime(machine_now() - timedelta(minutes=20))
    with worker.database.write() as connection:
        outbox.add(connection, [draft("li", "词", "app")], long_ago)
    run_audit.audit(worker)
    run_audit.audit(worker)
    notes = [text for text in told(worker.database, "guan") if "1条消息超过10分钟没有发出" in text]
    assert len(notes) == 1
    assert metrics.worries(worker.database) == ["audit: stuck_rows 1"]
    assert "luguanjia_audit_stuck_rows 1.0" in metrics.exposition(worker.database, worker.waker, 1).decode()


def test_a_schedule_that_stands_still_is_shown(worker: Parts) -> None:
    with worker.database.write() as connection:
        clock.beat(connection, "tick", MachineTime(machine_now() - timedelta(seconds=300)))
    (line,) = metrics.worries(worker.database)
    assert line.startswith("schedule: no tick for 30")


def test_a_year_without_a_calendar_is_told_in_time(worker: Parts) -> None:
    set_clock(worker.database, moment("11-23 10:00"))
    run_audit.audit(worker)
    assert any("2027年的放假调休安排未录入" in text for text in told(worker.database, "guan"))


def test_after_a_step_back_of_the_clock_the_ladder_is_climbed_again(worker: Parts) -> None:
    """It was planned by the later time, a month ahead. What was passed over stays so; the days after it have
    their reminders."""
    opened(worker.database)
    set_clock(worker.database, moment("12-23 10:00"))
    run_tick.tick(worker)
    assert len(told(worker.database, "li")) == 1
    set_clock(worker.database, moment("11-23 10:01"))
    run_tick.tick(worker)
    assert len(told(worker.database, "li")) == 1
    assert next_look(worker.database) == moment("11-24 12:00")


def test_settings_are_checked_as_a_whole_versioned_and_move_no_promise(
    worker: Parts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = opened(worker.database)
    file = tmp_path / "settings.ini"
    file.write_text("[提醒]\n未认领 = 30分钟\n[类别]\n非机动车乱停放 = 6小时 工作\n", "utf-8")
    settings_admin.put_in_force(worker, file)
    settings_admin.put_in_force(worker, file)
    assert capsys.readouterr().out.splitlines() == [
        "已生效,第1版。已承诺的时限不变,新派的问题按新设置。",
        "与现行设置(第1版)相同,没有改动。",
    ]
    now = worker.office()
    assert now.settings.steps.unclaimed == timedelta(minutes=30)
    assert now.taxonomy.sub("parking", "nonmotor").duration.text == "6个工作小时"
    with worker.database.read() as connection:
        assert connection.execute(select(issue_rows.c.deadline)).scalar_one() == before.deadline
    file.write_text("[时段规定]\n不存在的路 货车占道装卸 = 1-6时\n", "utf-8")
    with pytest.raises(SettingsError, match="不存在的路:名册里没有这条路段"):
        settings_admin.check(worker, file)
