"""What runs all the time follows what waits and what is open, not what was ever done: both planners use the
partial indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from domain.clock import BusinessTime
from store import cases, diary, figures, inbox, issues, media, orders, outbox, reporters, trend
from store.alike import AlikeIssues
from store.columns import EPOCH
from store.database import Database
from store.figures import Scope
from store.period import Period
from store.tables import chats as chat_rows
from store.tables import events as event_rows
from store.tables import inbox as inbox_rows
from store.tables import issues as issue_rows
from store.tables import media as media_rows
from store.tables import outbox as outbox_rows
from tests.fleet.templates import Databases
from tests.integration.builders import BUSINESS_NOW, NOW, issue, message
from tests.unit.handlers.town import rules

BY_SECTION = {"ix_issues_section_open"}

MANY = 20_000
A_MOMENT = Period(
    BusinessTime(EPOCH + timedelta(microseconds=19_800)), BusinessTime(EPOCH + timedelta(microseconds=19_900))
)
"""A hundred of them were reported, due and closed in it."""
ONE_OPEN_IN = 100


@pytest.fixture(scope="module")
def old_town(databases: Databases) -> Iterator[Database]:
    """Years of work done, a little of it waiting. Filled by the database itself, which is fast."""
    database = Database(databases.migrated())
    with database.write() as connection:
        _copy(connection, issue_rows, {**issues.to_row(issue(1)), "next_step_at": BUSINESS_NOW}, _ISSUE)
        told = {
            "number": 1, "action": "上报", "actor": "r", "actor_name": "r", "at": NOW, "recorded_at": NOW,
            "before": "reported", "after": "reported", "reason": "", "data": "{}",
        }  # fmt: skip
        _copy(connection, event_rows, told, _EVENT)
        arrived = {"chat_key": "c", "document": message("a").to_json(), "received_at": NOW, "said_at": NOW}
        _copy(connection, inbox_rows, {"dedupe_key": "k", **arrived}, _WAITING | {"dedupe_key": "'k' || n"})
        sent = {
            "route": "webhook",
            "target": "g",
            "purpose": "notice",
            "rank": 2,
            "text": "",
            "mentions": "[]",
        }
        _copy(connection, outbox_rows, {**sent, "buttons": "[]", "created_at": NOW, "next_at": NOW}, _WAITING)
        picture = {"inbox_id": 1, "channel": "aibot", "ref": "r", "next_at": NOW}
        _copy(connection, media_rows, picture, _WAITING | {"inbox_id": "n", "issue": "n"})
        _copy(
            connection,
            chat_rows,
            {"chat_key": "c"},
            {"chat_key": "'c' || n", "leased_until": _RARELY + "NULL END"},
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    yield database
    database.close()
    databases.drop(database.engine.url.render_as_string(hide_password=False))


_RARELY = f"CASE WHEN n % {ONE_OPEN_IN} = 0 THEN 1 ELSE "
_WAITING = {"state": f"CASE WHEN n % {ONE_OPEN_IN} = 0 THEN 'waiting' ELSE 'done' END"}
_EVENT = {
    "number": "n",
    "at": "n",
    "action": "CASE n % 4 WHEN 0 THEN '上报' WHEN 1 THEN '认领' WHEN 2 THEN '办结' ELSE '满意' END",
}
_ISSUE = {
    "number": "n",
    "state": f"CASE WHEN n % {ONE_OPEN_IN} = 0 THEN 'reported' ELSE 'closed' END",
    "closed_at": f"CASE WHEN n % {ONE_OPEN_IN} = 0 THEN NULL ELSE n END",
    "reported_at": "n",
    "deadline": "n",
    "next_step_at": f"CASE WHEN n % {ONE_OPEN_IN} = 0 THEN n ELSE NULL END",
    "owner": "'o' || (n % 50)",
    "section": "'s' || (n % 40)",
    "subdistrict": "'d' || (n % 10)",
    "reporter": "'r' || (n % 500)",
}


def _copy(connection: Connection, table: Any, row: dict[str, Any], varied: dict[str, str]) -> None:
    """One row, then many like it that differ in some columns by their number ``n``."""
    connection.execute(insert(table).values(**row))
    generated = "id" in table.c
    names = [column.name for column in table.c if not (generated and column.name == "id")]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(varied.get(name, f'"{name}"') for name in names)
    series = "WITH RECURSIVE series(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM series WHERE n < :many) "
    first = f"(SELECT * FROM {table.name} LIMIT 1) one"  # noqa: S608 - our own names
    select = f"SELECT {values} FROM series CROSS JOIN {first}"  # noqa: S608
    with_first = f"INSERT INTO {table.name} ({columns}) "
    order = (series, with_first) if connection.dialect.name == "sqlite" else (with_first, series)
    connection.execute(text("".join(order) + select), {"many": MANY})


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """All that is asked within the block."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("SELECT") and "pg_advisory" not in statement:
            seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def plan_of(database: Database, ask: Callable[[Connection], object]) -> str:
    with statements(database) as seen, database.read() as connection:
        ask(connection)
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.read() as connection:
        rows = [row for asked in seen for row in connection.exec_driver_sql(explain + asked[0], asked[1])]
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (lambda c: inbox.claim(c, NOW, 20), {"ix_inbox_waiting"}),
        (inbox.waiting, {"ix_inbox_waiting"}),
        (inbox.oldest_waiting, {"ix_inbox_waiting"}),
        (lambda c: outbox.claim(c, NOW, BUSINESS_NOW), {"ix_outbox_waiting"}),
        (outbox.moving, {"ix_outbox_waiting"}),
        (lambda c: outbox.oldest_due(c, BUSINESS_NOW), {"ix_outbox_waiting"}),
        (lambda c: media.claim(c, NOW), {"ix_media_waiting"}),
        (lambda c: media.due(c, NOW), {"ix_media_waiting"}),
        (lambda c: media.of_issue(c, 500), {"ix_media_issue"}),
        (lambda c: issues.due(c, BUSINESS_NOW, 100), {"ix_issues_next_step"}),
        (lambda c: issues.upcoming(c, 50), {"ix_issues_next_step"}),
        (lambda c: issues.open_of_owner(c, "o5"), {"ix_issues_owner_open"}),
        (lambda c: issues.in_hands_of(c, "o5"), {"ix_issues_owner_open", "ix_issues_helped_open"}),
        (lambda c: issues.open_in_sections(c, ["s5", "s6"]), {"ix_issues_section_open"}),
        (lambda c: issues.open_in_subdistrict(c, "d5"), {"ix_issues_subdistrict_open"}),
        (lambda c: AlikeIssues(c).find(("s5", "parking"), BUSINESS_NOW), BY_SECTION),
        (lambda c: AlikeIssues(c).read({("s5", "parking"), ("s6", "noise")}, BUSINESS_NOW), BY_SECTION),
        (lambda c: reporters.of_reporter(c, "r5"), set()),
        (
            lambda c: figures.grouped(c, Scope(A_MOMENT), rules().working_time),
            {"ix_issues_reported", "ix_issues_closed", "ix_issues_deadline"},
        ),
        (lambda c: trend.counted(c, Scope(A_MOMENT), [A_MOMENT.until]), {"ix_issues_closed"}),
        (lambda c: cases.count(c, Scope(A_MOMENT)), {"ix_issues_reported"}),
        (lambda c: diary.read(c, Scope(A_MOMENT)), set()),
        (orders.waiting, set()),
    ],
)
def test_it_looks_at_no_whole_table(
    old_town: Database, ask: Callable[[Connection], object], indexes: set[str]
) -> None:
    plan = plan_of(old_town, ask)
    assert {index for index in indexes if index not in plan} == set(), plan
    for table in ("issues", "outbox", "inbox", "media", "chats"):
        assert f"Seq Scan on {table}" not in plan, plan
        assert f"SCAN {table}\n" not in f"{plan}\n", plan
    assert "SCAN events" not in plan, plan  # so small a table PostgreSQL may rather read whole than jump in
