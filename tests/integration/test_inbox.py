"""Guarantees 1 to 3: what was acknowledged is kept, handled once, and in the order of its chat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from domain.clock import MachineTime
from domain.errors import LostLease
from domain.messages import ButtonClick, Location, Quote
from store import inbox
from store.database import Database
from store.inbox import BACK_OFF, LEASE, PARK_AFTER, Claim, Letter, Outcome
from store.tables import chats
from store.tables import inbox as rows
from tests.integration.builders import NOW, arrival, at_once, later, message, take_in


def claim(database: Database, seconds: float = 0, limit: int = 200) -> Claim:
    with database.write() as connection:
        return inbox.claim(connection, later(seconds), limit)


def keys(claim: Claim) -> list[str]:
    return [letter.message.text for letter in claim.letters]


def handle(database: Database, claim: Claim, seconds: float = 0, outcome: str = "done") -> None:
    """What a worker does: effects under the lease, then everything settled with the same commit."""
    with database.write() as connection:
        inbox.release(connection, claim.fences)
        for letter in claim.letters:
            inbox.settle(connection, [Outcome(letter, outcome, "")], later(seconds))


def fail(database: Database, claim: Claim, letter: Letter, seconds: float) -> bool:
    with database.write() as connection:
        inbox.hold(connection, claim.fences, later(seconds))
        return inbox.fail(connection, letter, "boom", later(seconds))


def states(database: Database) -> dict[str, tuple[str, str | None, int]]:
    with database.read() as connection:
        found = connection.execute(select(rows.c.dedupe_key, rows.c.state, rows.c.outcome, rows.c.attempts))
        return {row.dedupe_key.rpartition(":")[2]: (row.state, row.outcome, row.attempts) for row in found}


def test_it_hands_out_what_waits_oldest_first(database: Database) -> None:
    take_in(database, arrival("a", "x"), arrival("b", "y"), arrival("c", "x"))
    claimed = claim(database)
    assert keys(claimed) == ["a", "b", "c"]
    assert claimed.fences == {"x": 1, "y": 1}


def test_it_hands_out_nothing_where_nothing_waits(database: Database) -> None:
    assert claim(database) == Claim({}, ())


def test_it_gives_a_message_back_as_it_came(database: Database) -> None:
    said = message(
        "a",
        kind="mixed",
        pictures=("https://a/1", "https://a/2"),
        quote=Quote("#12", ("https://a/3",)),
        location=Location(34.75, 113.62, "益民路"),
        button=ButtonClick("认领 12", "t1", "code"),
        reply_to="https://reply",
    )
    given = arrival("a")
    given.message = said
    take_in(database, given)
    assert claim(database).letters[0].message == said


def test_a_leased_chat_is_passed_over(database: Database) -> None:
    take_in(database, arrival("a", "x"), arrival("b", "x"))
    claim(database, limit=1)
    take_in(database, arrival("c", "y"))
    assert keys(claim(database, 1)) == ["c"]


def test_a_settled_letter_is_not_handed_out_again(database: Database) -> None:
    take_in(database, arrival("a"))
    handle(database, claim(database), outcome="reported")
    assert keys(claim(database)) == []
    assert states(database) == {"a": ("done", "reported", 0)}


def test_releasing_lets_the_next_letter_of_the_chat_go_at_once(database: Database) -> None:
    take_in(database, arrival("a"))
    first = claim(database)
    take_in(database, arrival("b"))
    assert keys(claim(database, 1)) == []
    handle(database, first)
    second = claim(database, 1)
    assert keys(second) == ["b"]
    assert second.fences == {"wr-yiminlu": 2}


def test_the_lease_of_a_dead_worker_runs_out(database: Database) -> None:
    take_in(database, arrival("a"))
    claim(database)
    just_before = LEASE.total_seconds() - 1
    assert keys(claim(database, just_before)) == []
    again = claim(database, LEASE.total_seconds())
    assert keys(again) == ["a"]
    assert again.fences == {"wr-yiminlu": 2}


def test_a_worker_that_lost_its_lease_cannot_commit_effects(database: Database) -> None:
    take_in(database, arrival("a"))
    slow = claim(database)
    claim(database, 60)
    with pytest.raises(LostLease), database.write() as connection:
        inbox.hold(connection, slow.fences, later(61))
    with pytest.raises(LostLease):
        handle(database, slow, 61)
    assert states(database) == {"a": ("waiting", None, 0)}


def test_the_fence_is_checked_inside_the_effects_transaction(database: Database) -> None:
    """What was written before the check is gone with it."""

    def late_effects() -> None:
        with database.write() as connection:
            connection.execute(rows.update().values(outcome="twice"))
            inbox.release(connection, slow.fences)

    take_in(database, arrival("a"))
    slow = claim(database)
    handle(database, claim(database, 60), 60)
    with pytest.raises(LostLease):
        late_effects()
    assert states(database) == {"a": ("done", "done", 0)}


def test_a_letter_is_settled_once(database: Database) -> None:
    take_in(database, arrival("a"))
    claimed = claim(database)
    handle(database, claimed)
    with pytest.raises(LostLease):
        handle(database, claimed)


def test_holding_renews_the_lease(database: Database) -> None:
    take_in(database, arrival("a"))
    claimed = claim(database)
    with database.write() as connection:
        inbox.hold(connection, claimed.fences, later(20))
    assert keys(claim(database, 45)) == []
    assert keys(claim(database, 51)) == ["a"]


def test_giving_back_touches_only_what_is_still_ours(database: Database) -> None:
    take_in(database, arrival("a", "x"), arrival("b", "y"))
    slow = claim(database)
    with database.write() as connection:
        connection.execute(chats.update().where(chats.c.chat_key == "x").values(fence=7))
        inbox.give_back(connection, slow.fences)
    assert keys(claim(database, 1)) == ["b"]


def test_a_chat_without_letters_is_not_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL another worker may settle the letters between our look and our lease."""
    take_in(database, arrival("a"))
    lease = inbox._lease

    def settled_meanwhile(connection: Connection, found: list[str], now: MachineTime) -> dict[str, int]:
        connection.execute(rows.update().values(state="done"))
        return lease(connection, found, now)

    monkeypatch.setattr(inbox, "_lease", settled_meanwhile)
    assert claim(database) == Claim({}, ())
    monkeypatch.undo()
    take_in(database, arrival("b"))
    assert keys(claim(database, 1)) == ["b"]


def test_a_failed_letter_rests_and_holds_up_its_chat_alone(database: Database) -> None:
    take_in(database, arrival("a", "x"), arrival("b", "x"), arrival("c", "y"))
    claimed = claim(database)
    bad = claimed.letters[0]
    assert fail(database, claimed, bad, 0) is False
    with database.write() as connection:
        inbox.give_back(connection, {"y": claimed.fences["y"]})
    assert keys(claim(database, 1)) == ["c"]
    assert keys(claim(database, BACK_OFF.total_seconds())) == ["a", "b"]
    assert states(database)["a"] == ("waiting", None, 1)


def test_five_failures_park_a_letter_and_its_chat_goes_on(database: Database) -> None:
    take_in(database, arrival("bad"), arrival("good"))
    seconds, parked = 0.0, []
    for _ in range(PARK_AFTER):
        claimed = claim(database, seconds)
        assert keys(claimed) == ["bad", "good"]
        parked.append(fail(database, claimed, claimed.letters[0], seconds))
        seconds += 60
    assert PARK_AFTER == 5
    assert parked == [False, False, False, False, True]
    assert states(database)["bad"] == ("parked", "parked", 5)
    assert keys(claim(database, seconds)) == ["good"]


def test_nobody_counts_failures_against_a_letter_he_lost(database: Database) -> None:
    take_in(database, arrival("a"))
    slow = claim(database)
    claim(database, 60)
    with pytest.raises(LostLease):
        fail(database, slow, slow.letters[0], 61)
    assert states(database) == {"a": ("waiting", None, 0)}


def test_two_workers_never_get_the_same_chat(database: Database) -> None:
    take_in(database, *(arrival(f"{chat}{number}", chat) for number in range(3) for chat in "abcdefgh"))
    claims = at_once([lambda: claim(database, limit=6)] * 6)
    taken = [chat for each in claims if isinstance(each, Claim) for chat in each.fences]
    assert len(claims) == 6
    assert len(taken) == len(set(taken))


def test_racing_workers_handle_every_letter_once_and_in_order(database: Database) -> None:
    sent = [(chat, number) for number in range(12) for chat in ("x", "y", "z")]
    take_in(database, *(arrival(f"{chat}{number}", chat) for chat, number in sent))
    handled: list[str] = []

    def work() -> None:
        for _ in range(200):
            claimed = claim(database, limit=4)
            if claimed.letters:
                with database.write() as connection:
                    inbox.release(connection, claimed.fences)
                    for letter in claimed.letters:
                        inbox.settle(connection, [Outcome(letter, "done", "")], NOW)
                    # inside the transaction, so that the order of the list is that of the commits per chat
                    handled.extend(letter.message.text for letter in claimed.letters)
            else:
                with database.read() as connection:
                    if inbox.waiting(connection) == 0:
                        return

    assert at_once([work] * 4) == [None] * 4
    assert len(handled) == len(sent)
    for chat in "xyz":
        mine = [text for text in handled if text[0] == chat]
        assert mine == [f"{chat}{number}" for number in range(12)]


def test_it_tells_how_much_waits_and_since_when(database: Database) -> None:
    with database.read() as connection:
        assert (inbox.waiting(connection), inbox.oldest_waiting(connection)) == (0, None)
    take_in(database, arrival("a", "x"), arrival("b", "y"))
    handle(database, claim(database, limit=1))
    with database.read() as connection:
        oldest = inbox.oldest_waiting(connection)
        assert inbox.waiting(connection) == 1
    assert oldest is not None
    assert oldest.tzinfo is not None


def test_it_finds_a_message_by_the_platforms_id(database: Database) -> None:
    take_in(database, arrival("m_1"), arrival("mx1"))
    with database.read() as connection:
        found = inbox.find_by_msgid(connection, "m_1")
        missing = inbox.find_by_msgid(connection, "%")
    assert found is not None
    assert found.message.text == "m_1"
    assert (found.state, found.outcome) == ("waiting", None)
    assert missing is None


def test_the_pause_of_a_failing_letter_grows(database: Database) -> None:
    take_in(database, arrival("a"))
    fail(database, first := claim(database), first.letters[0], 0)
    second = claim(database, 10)
    fail(database, second, second.letters[0], 10)
    assert timedelta(seconds=2) == BACK_OFF
    assert keys(claim(database, 13)) == []
    assert keys(claim(database, 14)) == ["a"]
