"""Pictures after 90 days, texts after two years: they go, rows and figures stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from store import figures
from store.database import Database
from store.figures import Scope
from store.period import Period
from store.tables import events, inbox, issues, media, outbox, slots
from tests.integration.test_erasure import Office, dump
from workers import deliver_outbox, prune

WORDS = "益民路28号门口电动车乱停把路堵死了我快出不去门了"


@pytest.fixture
def here(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def ago(here: Office, days: int) -> None:
    """As if everything so far had happened then."""
    back = timedelta(days=days)
    with here.database.write() as connection:
        for column in (
            inbox.c.received_at, inbox.c.said_at, events.c.at, events.c.recorded_at, outbox.c.created_at,
            issues.c.reported_at, slots.c.at,
        ):  # fmt: skip
            for row in connection.execute(select(column.table)).all():
                key = next(iter(column.table.primary_key))
                moved = getattr(row, column.name) - back
                connection.execute(
                    update(column.table).where(key == getattr(row, key.name)).values({column.name: moved})
                )


def words_left(here: Office) -> set[str]:
    return {name for name, rows in dump(here.database).items() if any("堵死" in row for row in rows)}


def lived(here: Office) -> Path:
    """One issue that is closed, with a picture, everything about it delivered."""
    file = here.store_picture(here.say("wujin-2", WORDS, pictures=("https://p/1",)))
    here.say("li", "办结 1 无照片 已清")
    here.say("wujin-2", "满意 1")
    with here.database.write() as connection:
        connection.execute(update(outbox).values(held_until=None))
    deliver_outbox.deliver(here.worker)
    return file


def test_after_ninety_days_the_picture_goes_and_the_text_stays(
    here: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    file = lived(here)
    ago(here, 89)
    prune.prune_now(here.worker)
    assert file.exists()
    ago(here, 2)
    prune.prune_now(here.worker)
    assert not file.exists()
    assert "处理 1 条到期记录,删除 1 个文件。案件与统计不变。" in capsys.readouterr().out
    assert words_left(here) >= {"inbox", "issues"}
    with here.database.read() as connection:
        assert connection.execute(select(media.c.issue, media.c.file)).all() == [(1, None)]


def test_after_two_years_no_text_is_left_and_the_figures_are_the_same(here: Office) -> None:
    lived(here)
    ago(here, 729)
    prune.prune(here.worker)
    assert words_left(here) >= {"inbox", "issues", "outbox", "events"}
    before = _counted(here)
    ago(here, 2)
    prune.prune(here.worker)
    assert words_left(here) == set()
    assert _counted(here) == before
    assert prune.prune(here.worker) == 0


def _counted(here: Office) -> object:
    now = here.worker.office()
    with here.database.read() as connection:
        found = connection.execute(select(issues)).one()
        span = Period(found.reported_at - timedelta(days=1), found.closed_at + timedelta(days=1))
        return figures.by_subdistrict(connection, Scope(span), now.rules.working_time)


def test_what_is_open_keeps_its_text(here: Office) -> None:
    here.say("wujin-2", WORDS)
    ago(here, 800)
    prune.prune(here.worker)
    with here.database.read() as connection:
        assert connection.execute(select(issues.c.text)).scalar_one() == WORDS


def test_it_happens_once_a_day_by_itself(here: Office) -> None:
    lived(here)
    ago(here, 800)
    here.worker.rules = replace(here.worker.rules, keep_texts=timedelta(days=900))
    prune.prune_daily(here.worker)
    here.worker.rules = replace(here.worker.rules, keep_texts=timedelta(days=30))
    prune.prune_daily(here.worker)
    assert words_left(here) >= {"inbox", "issues"}, "done today already"
    prune.prune(here.worker)
    assert words_left(here) == set()
