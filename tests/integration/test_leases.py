"""What only one process may hold: at most one has it, whatever happens to the others."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from store import leases
from store.database import Database
from store.leases import LEASE, Lease
from store.tables import leases as rows
from tests.integration.builders import NOW, at_once, later
from workers import tenure

ENDS = LEASE.total_seconds()
ROBOT = "aibot:1"


def take(database: Database, holder: str, seconds: float = 0) -> Lease | None:
    with database.write() as connection:
        return leases.take(connection, ROBOT, holder, later(seconds))


def renew(database: Database, lease: Lease, seconds: float) -> bool:
    with database.write() as connection:
        return leases.renew(connection, lease, later(seconds))


def test_one_has_it_until_it_ends(database: Database) -> None:
    first = take(database, "甲")
    assert first is not None
    assert take(database, "乙", ENDS - 1) is None
    assert renew(database, first, ENDS - 1)
    assert take(database, "乙", 2 * ENDS - 2) is None
    second = take(database, "乙", 2 * ENDS)
    assert second is not None
    assert second.fence > first.fence
    assert not renew(database, first, 2 * ENDS), "it is another's by now"


def test_one_that_ended_and_nobody_took_can_be_renewed(database: Database) -> None:
    first = take(database, "甲")
    assert first is not None
    assert renew(database, first, 10 * ENDS)
    assert take(database, "乙", 10 * ENDS + 1) is None


def test_what_is_given_up_can_be_taken_at_once_and_only_its_holder_gives_it_up(database: Database) -> None:
    first = take(database, "甲")
    assert first is not None
    with database.write() as connection:
        leases.give_up(connection, first, later(1))
    second = take(database, "乙", 1)
    assert second is not None
    with database.write() as connection:
        leases.give_up(connection, first, later(2))
    assert take(database, "丙", 2) is None


def test_of_many_at_once_one_gets_it(database: Database) -> None:
    found = at_once([lambda name=name: take(database, name) for name in "甲乙丙丁戊己"])  # type: ignore[misc]
    assert [type(each) for each in found if each is not None] == [Lease]


def test_how_it_goes_can_be_seen(database: Database) -> None:
    with database.read() as connection:
        assert leases.seen(connection, ROBOT) is None
        assert leases.down_for(connection, NOW) == 0
    lease = take(database, "甲")
    assert lease is not None
    with database.write() as connection:
        leases.note(connection, lease, "lost:没有网络", later(0))
        assert leases.down_for(connection, later(5)) == 5
        leases.note(connection, lease, "connected", later(6))
        assert leases.down_for(connection, later(7)) == 0
        seen = leases.seen(connection, ROBOT)
        assert seen is not None
        assert (seen.holder, seen.state, seen.state_since) == ("甲", "connected", later(6))
        assert leases.down_for(connection, later(ENDS + 30)) == 30, "its process is gone"


def test_a_tenure_is_renewed_and_given_back(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenure, "RENEW_S", 0.05)
    mine = tenure.take(database, ROBOT)
    assert mine is not None
    with mine:
        assert tenure.take(database, ROBOT) is None
        began = mine._good_until
        while mine._good_until == began:
            assert mine.held
    other = tenure.take(database, ROBOT)
    assert other is not None


def test_who_stood_still_too_long_knows_that_it_is_over(database: Database) -> None:
    mine = tenure.take(database, ROBOT)
    assert mine is not None
    mine._good_until -= 60
    assert not mine.held
    assert mine.confirm(), "nobody took it meanwhile"


def test_who_was_replaced_learns_it_from_the_database(database: Database) -> None:
    mine = tenure.take(database, ROBOT)
    assert mine is not None
    with database.write() as connection:
        connection.execute(update(rows).values(fence=rows.c.fence + 1, holder="乙"))
    assert mine.held
    assert not mine.confirm()
    assert not mine.held
