"""Pictures on their way in: each fetched by one worker at a time, kept or lost with a word about it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.errors import MediaError
from domain.issues import SYSTEM, Action
from domain.messages import Chat, Quote
from store import events, media
from store.database import Database
from store.desk import DatabaseDesk
from store.media import ATTEMPTS, LEASE, Errand, Picture, StoredFile
from store.tables import inbox
from store.tables import media as rows
from store.tables import outbox as outbox_rows
from tests.integration.builders import BUSINESS_NOW, NOW, arrival, at_once, issue, later, message, take_in
from tests.integration.world import RecordingFetcher, parts, put_roster_in_force
from tests.unit.handlers.town import office
from workers import fetch_media

FILE = StoredFile("ab/abcd.jpg", "image/jpeg")
GONE = MediaError("403", permanent=True)
SLOW = MediaError("timeout", permanent=False)


def send(database: Database, *pictures: str, chat: str = "g-yimin", **changes: object) -> int:
    """A message with pictures arrives; its inbox id. Arrivals carry the machine's time, so it is set back."""
    given = arrival(pictures[0], chat)
    given.message = message(pictures[0], chat, pictures=pictures, **changes)
    take_in(database, given)
    with database.write() as connection:
        connection.execute(
            rows.update().where(rows.c.state == "waiting", rows.c.attempts == 0).values(next_at=NOW)
        )
        return int(connection.execute(select(inbox.c.id).order_by(inbox.c.id.desc()).limit(1)).scalar_one())


def claim(database: Database, seconds: float = 0) -> list[Errand]:
    with database.write() as connection:
        return media.claim(connection, later(seconds))


def fail(database: Database, errand: Errand, error: MediaError, seconds: float = 0) -> bool:
    with database.write() as connection:
        return media.failed(connection, errand, error, later(seconds))


def test_every_picture_of_a_message_is_to_be_fetched(database: Database) -> None:
    send(database, "https://p/1", "https://p/2", quote=Quote("", ("https://p/3",)))
    found = claim(database)
    assert [errand.ref for errand in found] == ["https://p/1", "https://p/2", "https://p/3"]
    assert {errand.channel for errand in found} == {"aibot"}
    assert claim(database, 1) == []


def test_a_dead_workers_picture_is_fetched_by_another(database: Database) -> None:
    send(database, "https://p/1")
    (first,) = claim(database)
    (second,) = claim(database, LEASE.total_seconds())
    with database.write() as connection:
        assert not media.stored(connection, first, FILE)
        assert media.stored(connection, second, FILE)


def test_racing_workers_fetch_each_picture_once(database: Database) -> None:
    for number in range(12):
        send(database, f"https://p/{number}", f"https://q/{number}")
    found = at_once([lambda: claim(database)] * 4)
    ids = [errand.id for errands in found if isinstance(errands, list) for errand in errands]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 16


def test_a_failed_picture_is_tried_again_within_its_five_minutes(database: Database) -> None:
    send(database, "https://p/1")
    times, seconds = [0.0], 0.0
    for _ in range(ATTEMPTS - 1):
        assert not fail(database, claim(database, seconds)[0], SLOW, seconds)
        seconds += [1, 3, 10, 30, 60][len(times) - 1]
        times.append(seconds)
    assert times == [0, 1, 4, 14, 44, 104]
    assert fail(database, claim(database, seconds)[0], SLOW, seconds)
    assert claim(database, 10_000) == []


def test_a_picture_that_is_gone_is_lost_at_once(database: Database) -> None:
    send(database, "https://p/1")
    assert fail(database, claim(database)[0], GONE)
    assert claim(database, 10_000) == []


def test_pictures_belong_to_the_issue_of_their_message(database: Database) -> None:
    inbox_id = send(database, "https://p/1", "https://p/2")
    with database.write() as connection:
        media.attach(connection, inbox_id, 7, proof=True)
        media.stored(connection, media.claim(connection, NOW)[0], FILE)
        assert media.of_issue(connection, 7) == [
            Picture("stored", "ab/abcd.jpg", True),
            Picture("waiting", None, True),
        ]
        assert media.of_issue(connection, 8) == []


def test_a_picture_of_several_issues_is_kept_for_each(database: Database) -> None:
    inbox_id = send(database, "https://p/1")
    with database.write() as connection:
        media.stored(connection, media.claim(connection, NOW)[0], FILE)
        for number in (7, 8, 8):
            media.attach(connection, inbox_id, number, proof=True)
        assert len(media.of_issue(connection, 7)) == 1
        assert len(media.of_issue(connection, 8)) >= 1


def test_it_tells_what_waits(database: Database) -> None:
    with database.read() as connection:
        assert (media.waiting(connection), media.due(connection, NOW)) == (0, False)
    send(database, "https://p/1")
    with database.read() as connection:
        assert (media.waiting(connection), media.due(connection, NOW)) == (1, True)
        assert not media.due(connection, later(-1))


def words(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as connection:
        found = connection.execute(select(outbox_rows).order_by(outbox_rows.c.id))
        return [(row.route, row.target, row.text) for row in found]


def fetch(database: Database, error: Exception | None = None) -> None:
    put_roster_in_force(database)
    made, _ = parts(database)
    made.fetcher = RecordingFetcher(error)  # type: ignore[assignment]
    fetch_media.fetch(made)


def test_what_was_fetched_is_kept_without_a_word(database: Database) -> None:
    send(database, "https://p/1", "https://p/2")
    fetch(database)
    assert words(database) == []
    with database.read() as connection:
        assert set(connection.execute(select(rows.c.state)).scalars()) == {"stored"}


def test_the_sender_of_lost_pictures_is_asked_once(database: Database) -> None:
    inbox_id = send(database, "https://p/1", "https://p/2", sender="wujin")
    with database.write() as connection:
        desk = DatabaseDesk(connection, office(), BUSINESS_NOW, NOW, inbox_id)
        desk.open_issue(issue(), SYSTEM, {})
        desk.attach_pictures(1, proof=False)
    fetch(database, GONE)
    ((route, target, text),) = words(database)
    assert (route, target) == ("webhook", "g-yimin")
    assert text.startswith("#1 您发的图片没有收到")
    with database.read() as connection:
        assert [event.action for event in events.history(connection, 1)] == [
            Action.REPORT,
            Action.PICTURE_LOST,
        ]


def test_in_a_chat_for_two_the_sender_is_asked_there_under_his_own_id(database: Database) -> None:
    send(database, "https://p/1", sender="woLi")
    with database.write() as connection:
        single = message("https://p/1", "", sender="woLi", pictures=("https://p/1",))
        document = single.to_json().replace('"kind":"group"', '"kind":"single"', 1)
        connection.execute(inbox.update().values(document=document))
    fetch(database, GONE)
    assert [word[:2] for word in words(database)] == [("app", "li")]


def test_a_lost_picture_and_the_word_about_it_are_one_transaction(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("killed")

    send(database, "https://p/1")
    monkeypatch.setattr(media, "loss", fails)
    with pytest.raises(RuntimeError):
        fetch(database, GONE)
    monkeypatch.undo()
    with database.write() as connection:
        assert connection.execute(select(rows.c.state)).scalar_one() == "waiting"
        connection.execute(rows.update().values(next_at=NOW))
    fetch(database, GONE)
    assert len(words(database)) == 1


def test_a_picture_that_may_be_had_later_asks_nobody(database: Database) -> None:
    send(database, "https://p/1", chat=Chat("group", "g-yimin").id)
    fetch(database, SLOW)
    assert words(database) == []
