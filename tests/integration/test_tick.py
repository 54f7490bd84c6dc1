"""What becomes due is said once, whoever ticks, however the clock jumps, and whatever breaks on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from domain.clock import BusinessTime
from domain.errors import StaleIssue
from domain.issues import SYSTEM, Issue, State
from domain.outgoing import Outgoing
from domain.ports import Desk
from handlers import due
from store import clock, events, issues, outbox
from store.database import Database
from store.desk import DatabaseDesk
from store.paper_tables import orders
from store.tables import issues as issue_rows
from store.tables import outbox as outbox_rows
from store.tables import steps
from tests.integration.builders import at_once
from tests.integration.world import parts, put_roster_in_force
from tests.unit.handlers.town import MORNING, moment, office
from workers import bootstrap, fill_orders, run_tick
from workers.bootstrap import Parts


@pytest.fixture
def town(database: Database) -> Parts:
    """A worker's parts; the business clock stands at Monday 10:00."""
    put_roster_in_force(database)
    made, _ = parts(database, sandbox=True)
    set_clock(database, MORNING)
    run_tick.tick(made)  # the first look at the summaries
    return made


def set_clock(database: Database, to: BusinessTime) -> int:
    with database.write() as connection:
        return clock.move(connection, timedelta(seconds=to.timestamp() - bootstrap.machine_now().timestamp()))


def opened(database: Database, count: int = 1, **changes: object) -> list[Issue]:
    """Issues reported at ten, due at noon, owned by 李路."""
    with database.write() as connection:
        desk = DatabaseDesk(connection, office(), MORNING, bootstrap.machine_now())
        return [desk.open_issue(street_issue(changes), SYSTEM, {}) for _ in range(count)]


def street_issue(changes: dict[str, object]) -> Issue:
    values: dict[str, object] = {
        "number": 0,
        "state": State.REPORTED,
        "category": "parking",
        "sub": "nonmotor",
        "subdistrict": "解放路街道",
        "section": "益民路",
        "text": "电动车堵门",
        "reporter": "wujin",
        "reported_at": MORNING,
        "assigned_at": MORNING,
        "duration": timedelta(hours=2),
        "working_clock": True,
        "deadline": moment("11-23 12:00"),
        "owner": "li",
        "chat_id": "g-yimin",
    }
    return Issue(**(values | changes))  # type: ignore[arg-type]


def said(database: Database) -> list[tuple[str, str]]:
    """Whom, and the first line."""
    with database.read() as connection:
        found = connection.execute(select(outbox_rows).order_by(outbox_rows.c.id))
        return [(row.target, row.text.splitlines()[0]) for row in found]


def told(database: Database) -> list[str]:
    return [target for target, _ in said(database)]


def step_names(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.name: row.outcome for row in connection.execute(select(steps))}


def get(database: Database, number: int) -> Issue:
    with database.read() as connection:
        found = issues.get(connection, number)
    assert found is not None
    return found


def next_look(database: Database, number: int) -> BusinessTime | None:
    with database.read() as connection:
        column = select(issue_rows.c.next_step_at).where(issue_rows.c.number == number)
        return connection.execute(column).scalar_one()  # type: ignore[no-any-return]


def test_an_unclaimed_problem_is_brought_up_after_ten_minutes_once(town: Parts) -> None:
    opened(town.database)
    set_clock(town.database, moment("11-23 10:09"))
    run_tick.tick(town)
    assert said(town.database) == []
    set_clock(town.database, moment("11-23 10:10"))
    run_tick.tick(town)
    run_tick.tick(town)
    assert told(town.database) == ["li"]
    assert step_names(town.database) == {"unclaimed": "sent"}


def test_ticks_at_the_same_time_say_it_once(town: Parts) -> None:
    opened(town.database, 30)
    set_clock(town.database, moment("11-23 10:11"))
    others = [parts(town.database, sandbox=True)[0] for _ in range(3)]
    assert at_once([lambda each=each: run_tick.tick(each) for each in (town, *others)]) == [None] * 4  # type: ignore[misc]
    assert told(town.database) == ["li"] * 30


def test_after_a_jump_only_the_latest_step_is_said(town: Parts) -> None:
    opened(town.database)
    set_clock(town.database, moment("11-23 16:30"))
    run_tick.tick(town)
    assert told(town.database) == ["li", "wang", "sun"]
    assert step_names(town.database) == {
        "unclaimed": "superseded",
        "before": "superseded",
        "deadline": "superseded",
        "late:30m": "superseded",
        "late:1h": "superseded",
        "late:2h": "superseded",
        "late:4h": "sent",
    }


def test_setting_the_clock_back_repeats_nothing(town: Parts) -> None:
    opened(town.database)
    set_clock(town.database, moment("11-23 10:10"))
    run_tick.tick(town)
    set_clock(town.database, moment("11-23 09:00"))
    run_tick.tick(town)
    set_clock(town.database, moment("11-23 10:10"))
    run_tick.tick(town)
    assert told(town.database) == ["li"]


def test_an_issue_that_cannot_be_handled_stops_no_other(
    town: Parts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened(town.database, 3)
    take = due.take

    def broken(desk: Desk, issue: Issue) -> tuple[Outgoing, ...]:
        messages = take(desk, issue)
        if issue.number == 2:
            raise RuntimeError("boom")
        return messages

    monkeypatch.setattr(due, "take", broken)
    set_clock(town.database, moment("11-23 10:10"))
    run_tick.tick(town)
    assert told(town.database) == ["li", "li"]
    assert "step failed issue=2" in caplog.text
    with town.database.read() as connection:
        assert events.steps_done(connection, 2, 1) == frozenset()
    set_clock(town.database, moment("11-23 10:14"))
    run_tick.tick(town)
    assert len(told(town.database)) == 2
    monkeypatch.undo()
    set_clock(town.database, moment("11-23 10:16"))
    run_tick.tick(town)
    assert len(told(town.database)) == 3


def test_an_issue_changed_meanwhile_is_looked_at_again(town: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL a chief may act between the tick's look and its step."""
    opened(town.database)
    find = issues.due
    claimed: list[int] = []

    def then_claimed(connection: Connection, now: BusinessTime, limit: int) -> list[Issue]:
        found = find(connection, now, limit)
        if found and not claimed:
            claimed.append(found[0].number)
            connection.execute(issue_rows.update().values(version=9, state="resolved", next_step_at=None))
        return found

    monkeypatch.setattr(issues, "due", then_claimed)
    set_clock(town.database, moment("11-23 10:10"))
    run_tick.tick(town)
    assert claimed == [1]
    assert said(town.database) == []
    assert step_names(town.database) == {}
    assert next_look(town.database, 1) is None


def test_a_changed_issue_is_not_rescheduled(town: Parts) -> None:
    (old,) = opened(town.database)
    with town.database.write() as connection:
        issues.change(connection, old, None)
        with pytest.raises(StaleIssue):
            issues.reschedule(connection, old, MORNING)
    assert next_look(town.database, 1) is None


def test_a_tick_says_which_move_of_the_clock_it_saw(town: Parts) -> None:
    moves = set_clock(town.database, moment("11-23 10:30"))
    run_tick.tick(town)
    with town.database.read() as connection:
        beat = clock.last_beat(connection, "tick")
    assert beat is not None
    assert beat[1] == moves


def test_a_move_during_a_tick_is_left_to_the_next_tick(town: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise whoever moved the clock would believe that the new time was lived."""
    read: Callable[..., BusinessTime] = Parts.business_now
    moved: list[int] = []

    def then_moved(self: Parts, connection: Connection, now: object) -> BusinessTime:
        time = read(self, connection, now)
        if not moved and connection.get_execution_options().get("luguanjia_read_only"):
            moved.append(set_clock(self.database, moment("11-23 15:00")))
        return time

    office_now = town.office()
    monkeypatch.setattr(Parts, "office", lambda _: office_now)
    monkeypatch.setattr(Parts, "business_now", then_moved)
    run_tick.tick(town)
    with town.database.read() as connection:
        beat = clock.last_beat(connection, "tick")
    assert beat is not None
    assert beat[1] < moved[0]


def test_silence_closes_after_a_day(town: Parts) -> None:
    opened(town.database, state=State.RESOLVED, resolved_at=MORNING, resolved_by="li", on_time=True)
    set_clock(town.database, moment("11-24 09:59"))
    run_tick.tick(town)
    assert get(town.database, 1).state is State.RESOLVED
    set_clock(town.database, moment("11-24 10:00"))
    run_tick.tick(town)
    closed = get(town.database, 1)
    assert (closed.state, closed.close_reason) == ("closed", "silent")
    assert next_look(town.database, 1) is None


def test_a_claim_without_progress_goes_back_and_the_level_above_is_told(town: Parts) -> None:
    opened(town.database, state=State.CLAIMED, claimed_at=MORNING, progress_at=MORNING)
    set_clock(town.database, moment("11-23 14:30"))
    run_tick.tick(town)
    assert get(town.database, 1).state is State.REPORTED
    assert told(town.database) == ["li", "wang"]


def test_a_suspended_issue_is_looked_at_again_and_the_word_is_not_void(town: Parts) -> None:
    opened(town.database, state=State.SUSPENDED, paused_at=MORNING, state_before=State.CLAIMED)
    set_clock(town.database, moment("12-23 10:00"))
    run_tick.tick(town)
    to_supervisor = [line for target, line in said(town.database) if target == "sun"]
    assert any(line.startswith("#1") for line in to_supervisor)
    with town.database.read() as connection:
        found = connection.execute(select(outbox_rows.c.purpose).where(outbox_rows.c.issue == 1)).scalars()
        assert set(found) == {"notice"}


def test_a_problem_in_an_unknown_place_reaches_an_administrator(town: Parts) -> None:
    opened(
        town.database,
        section=None,
        subdistrict="",
        owner=None,
        chat_id=None,
        pending=frozenset({"section"}),
    )
    set_clock(town.database, moment("11-23 10:10"))
    run_tick.tick(town)
    assert told(town.database) == ["guan"]


def test_without_the_app_word_to_those_above_goes_to_a_group(database: Database) -> None:
    put_roster_in_force(database)
    made, _ = parts(database, app=False, sandbox=True)
    set_clock(database, MORNING)
    run_tick.tick(made)
    opened(database, 1)
    opened(database, 1, section="大同路", subdistrict="一马路街道", owner="qian", chat_id="g-area")
    set_clock(database, moment("11-23 14:40"))
    run_tick.tick(made)
    assert sorted(told(database)) == ["g-area", "g-area", "g-sup", "g-yimin"]


def tick(town: Parts) -> None:
    """A tick, and the papers it ordered."""
    run_tick.tick(town)
    fill_orders.fill(town)


def summaries(database: Database) -> list[tuple[str, str]]:
    return [(target, line) for target, line in said(database) if line.startswith("【日报】")]


def test_the_daily_summary_goes_out_once_per_audience(town: Parts) -> None:
    set_clock(town.database, moment("11-23 18:00"))
    others = [parts(town.database, sandbox=True)[0] for _ in range(2)]
    at_once([lambda each=each: run_tick.tick(each) for each in (town, *others)])  # type: ignore[misc]
    tick(town)
    assert summaries(town.database) == [
        ("g-sup", "【日报】解放路街道 11-22 18:00 至 11-23 18:00"),
        ("zhou", "【日报】一马路街道 11-22 18:00 至 11-23 18:00"),
    ]


def test_the_first_look_ever_sends_no_summary_of_the_past(town: Parts) -> None:
    set_clock(town.database, moment("11-23 17:59"))
    tick(town)
    assert summaries(town.database) == []


def test_after_a_jump_only_the_newest_summary_is_sent(town: Parts) -> None:
    set_clock(town.database, moment("11-27 19:00"))
    tick(town)
    assert [line for target, line in summaries(town.database) if target == "g-sup"] == [
        "【日报】解放路街道 11-26 18:00 至 11-27 18:00"
    ]


def test_a_summary_that_fails_is_made_again(town: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("boom")

    set_clock(town.database, moment("11-23 18:00"))
    run_tick.tick(town)
    monkeypatch.setattr(outbox, "add", fails)
    fill_orders.fill(town)
    assert summaries(town.database) == []
    monkeypatch.undo()
    with town.database.write() as connection:  # as if the pause were over
        connection.execute(orders.update().values(next_at=bootstrap.machine_now()))
    tick(town)
    assert len(summaries(town.database)) == 2


def test_the_summary_lists_what_is_overdue_and_not_what_stands_still(town: Parts) -> None:
    opened(town.database, 2)
    opened(town.database, 1, state=State.RETURNED, paused_at=MORNING)
    opened(town.database, 1, state=State.RESOLVED, resolved_at=moment("11-23 17:30"))
    set_clock(town.database, moment("11-23 18:00"))
    tick(town)
    with town.database.read() as connection:
        text = connection.execute(
            select(outbox_rows.c.text).where(
                outbox_rows.c.target == "g-sup",
                outbox_rows.c.purpose == "summary",
                outbox_rows.c.attachment.is_(None),
            )
        ).scalar_one()
    assert "目前未结 4 · 超时 2" in text
    listed = [line for line in text.splitlines() if line.startswith("#")]
    assert [line[:2] for line in listed] == ["#1", "#2"]
