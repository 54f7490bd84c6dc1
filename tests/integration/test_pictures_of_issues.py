"""Whose picture it is, on both databases: attached, shared by several issues, taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert

from domain.clock import MachineTime
from store import media
from store.database import Database
from store.tables import media as table

NOW = MachineTime(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """Message 1 came with two pictures, message 2 with one."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        for inbox_id, ref in ((1, "a"), (1, "b"), (2, "c")):
            values = {"inbox_id": inbox_id, "channel": "aibot", "ref": ref, "next_at": NOW}
            connection.execute(insert(table).values(**values))
        yield connection
    database.close()


def proofs(connection: Connection, number: int) -> list[bool]:
    return [picture.proof for picture in media.of_issue(connection, number)]


def test_a_picture_belongs_to_its_issue(connection: Connection) -> None:
    media.attach(connection, 1, 12, proof=False)
    assert (proofs(connection, 12), proofs(connection, 15)) == ([False, False], [])
    media.attach(connection, 1, 12, proof=True)
    assert proofs(connection, 12) == [True, True]


def test_one_that_shows_several_is_kept_for_each(connection: Connection) -> None:
    media.attach(connection, 1, 12, proof=True)
    media.attach(connection, 1, 15, proof=True)
    media.attach(connection, 1, 16, proof=False)
    assert [proofs(connection, number) for number in (12, 15, 16)] == [[True] * 2, [True] * 2, [False] * 2]
    assert media.waiting(connection) == 3 + 4


def test_it_is_taken_away_and_given_to_another(connection: Connection) -> None:
    media.attach(connection, 1, 12, proof=False)
    media.attach(connection, 2, 12, proof=False)
    media.detach(connection, 1, 12)
    assert proofs(connection, 12) == [False]
    media.attach(connection, 1, 13, proof=False)
    assert proofs(connection, 13) == [False, False]


def test_a_message_without_pictures_gives_none(connection: Connection) -> None:
    media.attach(connection, 3, 12, proof=True)
    assert proofs(connection, 12) == []
