"""The stored business clock: it follows the machine clock at a distance that only a sandbox moves."""

from __future__ import annotations

from datetime import timedelta

from store import clock
from store.database import Database
from tests.integration.builders import NOW, at_once, later


def move(database: Database, **by: float) -> int:
    with database.write() as connection:
        return clock.move(connection, timedelta(**by))


def test_without_a_move_both_clocks_agree(database: Database) -> None:
    with database.read() as connection:
        assert clock.now(connection, NOW) == NOW
        assert clock.moves(connection) == 0


def test_a_moved_clock_keeps_ticking_from_there(database: Database) -> None:
    move(database, days=3, hours=1)
    with database.read() as connection:
        assert clock.now(connection, NOW) == NOW + timedelta(days=3, hours=1)
        assert clock.now(connection, later(5)) == NOW + timedelta(days=3, hours=1, seconds=5)


def test_it_moves_in_either_direction_and_counts(database: Database) -> None:
    assert [move(database, hours=5), move(database, hours=-2), move(database, hours=0)] == [1, 2, 3]
    with database.read() as connection:
        assert clock.now(connection, NOW) == NOW


def test_moves_at_once_are_all_counted(database: Database) -> None:
    move(database, hours=1)
    counted = at_once([lambda: move(database, hours=2)] * 4)
    assert sorted(count for count in counted if isinstance(count, int)) == [2, 3, 4, 5]


def test_microseconds_are_kept(database: Database) -> None:
    move(database, microseconds=-1)
    with database.read() as connection:
        assert clock.now(connection, NOW) == NOW - timedelta(microseconds=1)


def test_a_beat_says_when_and_which_move_it_saw(database: Database) -> None:
    with database.write() as connection:
        assert clock.last_beat(connection, "tick") is None
        clock.beat(connection, "tick", NOW, 2)
        clock.beat(connection, "tick", later(5), 3)
        clock.beat(connection, "sweep", NOW)
        assert clock.last_beat(connection, "tick") == (later(5), 3)
        assert clock.last_beat(connection, "sweep") == (NOW, 0)
