"""Guarantees 4 and 5: every word leaves at least once and normally once, and no platform limit is hit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.clock import BusinessTime
from domain.errors import SendError
from domain.outgoing import CONNECTED, Address, Attachment, Button, Draft, Purpose
from store import outbox
from store.database import Database
from store.outbox import Parcel, claims
from store.tables import outbox as rows
from store.tables import sendings
from tests.integration.builders import NOW, at_once, draft, later

LEASE = outbox.LEASE.total_seconds()
LOST = SendError("no answer", permanent=False, uncertain=True)
BUSY = SendError("too many", permanent=False, code=45009, retry_after=60)
REFUSED = SendError("gone", permanent=True, code=93000)


def put(database: Database, *drafts: Draft, seconds: float = 0) -> None:
    with database.write() as connection:
        outbox.add(connection, drafts, later(seconds))


def claim(database: Database, seconds: float = 0, limit: int = 64) -> list[Parcel]:
    with database.write() as connection:
        return outbox.claim(connection, later(seconds), BusinessTime(later(seconds)), limit)


def texts(parcels: list[Parcel]) -> list[str]:
    return [parcel.delivery.text for parcel in parcels]


def deliver(database: Database, *parcels: Parcel, seconds: float = 0) -> None:
    with database.write() as connection:
        for parcel in parcels:
            assert outbox.delivered(connection, parcel, later(seconds))


def send(database: Database, seconds: float = 0) -> list[str]:
    """Everything that may leave at a moment, sent in no time."""
    sent: list[str] = []
    while parcels := claim(database, seconds):
        deliver(database, *parcels, seconds=seconds)
        sent += texts(parcels)
    return sent


def postpone(database: Database, parcel: Parcel, error: SendError = LOST, seconds: float = 0) -> bool:
    with database.write() as connection:
        return outbox.postpone(connection, parcel, error, later(seconds))


def put_back(database: Database, *parcels: Parcel, seconds: float = 0) -> None:
    with database.write() as connection:
        for parcel in parcels:
            assert outbox.put_back(connection, parcel, later(seconds))


def spent(database: Database, target: str) -> int:
    with database.read() as connection:
        statement = select(func.count()).select_from(sendings).where(sendings.c.target == target)
        return int(connection.execute(statement).scalar_one())


def row(database: Database, text: str) -> Any:
    with database.read() as connection:
        return connection.execute(select(rows).where(rows.c.text == text)).one()


def test_it_gives_a_draft_back_as_it_was_written(database: Database) -> None:
    written = Draft(
        Address("app", "chief3-yiminlu"),
        "#1 新问题",
        Purpose.NOTICE,
        danger=True,
        mentions=("chief3-yiminlu",),
        buttons=(Button("认领", "认领 1"), Button("办结", "办结 1")),
        issue=1,
        fallback=Address("webhook", "wr-yiminlu"),
        held_until=BusinessTime(NOW),
    )
    put(database, written)
    (parcel,) = claim(database)
    assert parcel.draft == written
    assert parcel.delivery.route == "app"
    assert parcel.delivery.target == "chief3-yiminlu"
    assert parcel.delivery.buttons == written.buttons
    assert (parcel.attempts, parcel.uncertain) == (1, False)


def test_a_picture_is_named_by_its_row(database: Database) -> None:
    picture = Attachment("image", "out/ab.png", "日报 11-23.png")
    put(database, draft("g", attachment=picture))
    (parcel,) = claim(database)
    assert parcel.draft.attachment == parcel.delivery.attachment == picture


def test_every_route_fits_its_column() -> None:
    """SQLite would take a longer name."""
    assert max(map(len, outbox.EVERY_ROUTE)) <= rows.c.route.type.length  # type: ignore[attr-defined]


def test_the_key_of_a_call_stays_the_same(database: Database) -> None:
    put(database, draft("g"))
    (first,) = claim(database)
    postpone(database, first)
    (second,) = claim(database, 10)
    assert first.delivery.key == second.delivery.key


def test_danger_goes_first_then_answers_reports_reminders_summaries(database: Database) -> None:
    put(
        database,
        draft("a", "汇总", purpose=Purpose.SUMMARY),
        draft("b", "升级", purpose=Purpose.ESCALATION),
        draft("c", "提醒", purpose=Purpose.REMINDER),
        draft("d", "通知", purpose=Purpose.NOTICE),
        draft("e", "回答", purpose=Purpose.ANSWER),
        draft("f", "危险", purpose=Purpose.REMINDER, danger=True),
    )
    assert texts(claim(database)) == ["危险", "回答", "通知", "升级", "提醒", "汇总"]


def test_what_is_held_leaves_at_its_business_time(database: Database) -> None:
    put(database, draft("g", held_until=BusinessTime(later(3600))))
    assert claim(database, 3599) == []
    assert texts(claim(database, 3600)) == ["词"]


def test_a_claimed_row_is_not_claimed_again(database: Database) -> None:
    put(database, draft("g"))
    claim(database)
    assert claim(database, LEASE - 1) == []


def test_the_row_of_a_dead_worker_goes_again_and_counts_as_uncertain(database: Database) -> None:
    put(database, draft("g"))
    (first,) = claim(database)
    (second,) = claim(database, LEASE)
    assert (second.attempts, second.uncertain) == (2, True)
    with database.write() as connection:
        assert not outbox.delivered(connection, first, later(LEASE))
        assert not outbox.give_up(connection, first, REFUSED, later(LEASE), lost=True)
        assert not outbox.postpone(connection, first, LOST, later(LEASE))
        assert not outbox.void(connection, first, "", later(LEASE))
        assert not outbox.put_back(connection, first, later(LEASE))
    deliver(database, second, seconds=LEASE)
    assert row(database, "词").state == "sent"


def test_a_row_settled_while_it_was_looked_at_is_not_sent_again(database: Database) -> None:
    """A worker whose lease ran out may still be the one who delivered."""
    put(database, draft("g"))
    (slow,) = claim(database)
    seen = row(database, "词")
    deliver(database, slow)
    with database.write() as connection:
        assert claims._take(connection, seen, later(LEASE)) is None
    assert row(database, "词").state == "sent"


def test_uncertainty_is_not_forgotten(database: Database) -> None:
    put(database, draft("g"))
    (first,) = claim(database)
    postpone(database, first, LOST)
    (second,) = claim(database, 10)
    assert second.uncertain
    postpone(database, second, BUSY, 10)
    (third,) = claim(database, 100)
    put_back(database, third, seconds=100)
    assert row(database, "词").uncertain


def test_an_address_is_called_by_one_worker_at_a_time(database: Database) -> None:
    put(database, draft("g", "一"))
    claim(database)
    put(database, draft("g", "二"), draft("h", "三"))
    assert texts(claim(database, 1)) == ["三"]


def test_the_rows_of_an_address_leave_in_order(database: Database) -> None:
    put(database, *(draft("g", str(number)) for number in range(5)))
    assert send(database) == ["0", "1", "2", "3", "4"]


def test_a_call_is_claimed_when_the_one_before_it_has_ended(database: Database) -> None:
    put(database, draft("g", "一"), draft("g", "二"))
    (first,) = claim(database)
    assert claim(database, 10) == []
    deliver(database, first, seconds=10)
    assert texts(claim(database, 10)) == ["二"]


def test_a_resting_row_keeps_those_behind_it_waiting(database: Database) -> None:
    put(database, draft("g", "一"), draft("g", "二"))
    postpone(database, claim(database)[0], BUSY)
    put(database, draft("g", "三"), draft("h", "别处"))
    assert send(database, 1) == ["别处"]
    assert send(database, 61) == ["一", "二", "三"]


def test_danger_does_not_wait_behind_a_resting_row(database: Database) -> None:
    put(database, draft("g", "一"))
    postpone(database, claim(database)[0])
    put(database, draft("g", "危险", danger=True))
    assert texts(claim(database, 1)) == ["危险"]


def test_a_row_that_fails_again_and_again_does_not_silence_its_address(database: Database) -> None:
    put(database, draft("g", "坏"))
    seconds = 0.0
    for _ in range(5):
        postpone(database, claim(database, seconds)[0], seconds=seconds)
        seconds += 100
    put(database, draft("g", "好"))
    assert row(database, "坏").state == "waiting"
    assert texts(claim(database, 405)) == ["好"]


def test_the_pause_grows_and_stays_below_five_minutes(database: Database) -> None:
    put(database, draft("g"))
    pauses, seconds = [], 0.0
    for _ in range(9):
        postpone(database, claim(database, seconds)[0], seconds=seconds)
        pauses.append((row(database, "词").next_at - later(seconds)).total_seconds())
        seconds += 1000
    assert pauses == [2, 5, 10, 30, 60, 120, 300, 300, 300]


def test_the_platforms_own_pause_is_kept(database: Database) -> None:
    put(database, draft("g"))
    postpone(database, claim(database)[0], BUSY)
    assert row(database, "词").next_at == later(60)


def test_what_failed_for_good_says_why(database: Database) -> None:
    put(database, draft("g"))
    with database.write() as connection:
        (parcel,) = outbox.claim(connection, NOW, BusinessTime(NOW))
        assert outbox.give_up(connection, parcel, REFUSED, NOW, lost=True)
    failed = row(database, "词")
    assert (failed.state, failed.code, failed.reason) == ("failed", 93000, "gone")
    assert claim(database, 10_000) == []


@pytest.mark.parametrize(("route", "budget"), [("webhook", 20), ("app", 30)])
def test_an_address_gets_no_more_than_its_budget_a_minute(
    database: Database, route: Any, budget: int
) -> None:
    put(database, *(draft("g", str(number), route) for number in range(50)), draft("h", "别处", route))
    assert len(send(database)) == budget + 1
    assert send(database, 59.9) == []
    assert len(send(database, 60.1)) == min(budget, 50 - budget)


def test_the_minute_runs_from_the_end_of_a_call(database: Database) -> None:
    """Twenty calls that take three seconds each: the last of them arrived when the first was a minute old."""
    put(database, *(draft("g", str(number)) for number in range(60)))
    for call in range(20):
        (parcel,) = claim(database, 3 * call)
        deliver(database, parcel, seconds=3 * call + 3)
    assert send(database, 60) == []
    assert len(send(database, 63.1)) == 1
    assert len(send(database, 66.1)) == 1
    assert len(send(database, 120.1)) == 18


def test_a_call_of_a_worker_that_died_counts_from_when_it_may_have_arrived(database: Database) -> None:
    put(database, *(draft("g", str(number)) for number in range(30)))
    claim(database)
    assert len(send(database, 46)) == 19
    assert len(send(database, 89)) == 0
    assert len(send(database, 91)) == 1


def test_failed_calls_count_against_the_budget(database: Database) -> None:
    put(
        database, *(draft("g", str(number), danger=True) for number in range(30))
    )  # a rest holds up no danger
    for _ in range(20):
        postpone(database, claim(database)[0])
    assert claim(database, 59) == []


def test_calls_that_were_not_made_do_not_count(database: Database) -> None:
    put(database, *(draft("g", str(number)) for number in range(30)))
    deliver(database, *claim(database))
    with database.write() as connection:
        outbox.void(connection, outbox.claim(connection, NOW, BusinessTime(NOW))[0], "claimed by now", NOW)
    put_back(database, *claim(database))
    assert spent(database, "g") == 1
    assert row(database, "2").attempts == 0
    assert send(database, 1) == [str(number) for number in range(2, 21)]


def test_two_workers_share_one_budget(database: Database) -> None:
    put(database, *(draft("g", str(number)) for number in range(60)))

    def work() -> int:
        sent = 0
        for _ in range(30):
            parcels = claim(database)
            deliver(database, *parcels)
            sent += len(parcels)
        return sent

    assert sum(count for count in at_once([work] * 4) if isinstance(count, int)) == 20
    assert spent(database, "g") == 20


def test_calls_for_one_chat_by_several_addresses_are_counted_together(database: Database) -> None:
    """Answers go through an address each and count with the other messages of their chat."""
    put(database, *(answer_in("wr-yiminlu", f"r{number}") for number in range(40)))
    assert len(claim(database)) == 30
    assert claim(database, 59) == []


def test_racing_workers_take_every_row_once(database: Database) -> None:
    put(database, *(draft(f"g{number}", str(number)) for number in range(70)))
    taken = at_once([lambda: claim(database, limit=10)] * 6)
    found = [parcel.id for parcels in taken if isinstance(parcels, list) for parcel in parcels]
    assert all(isinstance(parcels, list) for parcels in taken)
    assert len(found) == len(set(found)) > 0


def test_a_webhook_waiting_for_its_budget_delays_no_answer(database: Database) -> None:
    """Not even when very many rows of higher rank wait for it."""
    put(database, *(draft("g", str(number), danger=True) for number in range(400)))
    assert len(send(database)) == 20
    put(database, draft("https://reply/1", "回答", "reply", purpose=Purpose.ANSWER), draft("h", "通知"))
    assert texts(claim(database, 1)) == ["回答", "通知"]


def test_what_waits_for_one_address_hides_no_other(database: Database) -> None:
    put(database, *(draft("g", str(number)) for number in range(400)), draft("h", "通知"))
    assert texts(claim(database)) == ["0", "通知"]


def test_a_hanging_address_delays_no_other(database: Database) -> None:
    put(database, *(draft("g", str(number), danger=True) for number in range(400)))
    claim(database)
    put(database, draft("h", "通知"))
    assert texts(claim(database, 1)) == ["通知"]


def test_answers_have_no_budget(database: Database) -> None:
    put(database, *(draft(f"https://reply/{number}", "回答", "reply") for number in range(60)))
    assert len(claim(database)) == 60


def test_old_calls_are_forgotten_and_young_ones_are_not(database: Database) -> None:
    put(database, draft("g"), draft("h"))
    send(database)
    with database.write() as connection:
        outbox.forget_sendings(connection, later(119))
    assert spent(database, "g") == 1
    with database.write() as connection:
        outbox.forget_sendings(connection, later(121))
    assert spent(database, "g") == 0


def test_it_tells_how_much_moves_and_what_is_overdue(database: Database) -> None:
    put(database, draft("g", "一"), draft("h", "二", held_until=BusinessTime(later(100))))
    with database.read() as connection:
        assert outbox.moving(connection) == 2
        assert outbox.oldest_due(connection, BusinessTime(NOW)) == NOW
    deliver(database, *claim(database))
    with database.read() as connection:
        assert outbox.moving(connection) == 1
        assert outbox.oldest_due(connection, BusinessTime(NOW)) is None
        assert outbox.oldest_due(connection, BusinessTime(later(100))) == NOW


def test_it_shows_what_was_sent_without_addresses(database: Database) -> None:
    with database.write() as connection:
        outbox.add(connection, [replace(draft("g", "一"), issue=5)], NOW, inbox_id=9)
        outbox.add(connection, [draft("https://secret", "二", "reply")], NOW, inbox_id=9)
        by_issue, by_message = outbox.of_issue(connection, 5), outbox.of_message(connection, 9)
    assert [shown["text"] for shown in by_issue] == ["一"]
    assert [shown["text"] for shown in by_message] == ["一", "二"]
    assert all("target" not in shown for shown in by_message)


def answer_in(chat: str, frame: str, **changes: Any) -> Draft:
    payer = Address("chat", chat)
    return draft(frame, route="respond", purpose=Purpose.ANSWER, payer=payer, **changes)


def test_only_the_routes_that_are_asked_for_are_claimed(database: Database) -> None:
    own = draft("wr-yiminlu", "自己推", route="chat")
    put(database, draft("wr-yiminlu", "推送"), own, answer_in("g", "r1"))
    with database.write() as connection:
        business = BusinessTime(later(0))
        for_worker = outbox.claim(connection, later(0), business, routes=outbox.EVERY_ROUTE - CONNECTED)
        for_socket = outbox.claim(connection, later(0), business, routes=CONNECTED)
    assert texts(for_worker) == ["推送"]
    assert {parcel.delivery.route for parcel in for_socket} == {"chat", "respond"}


def test_answers_and_pushes_of_one_chat_share_thirty_a_minute(database: Database) -> None:
    put(database, *(answer_in("wr-yiminlu", f"r{n}") for n in range(29)))
    first = claim(database)
    assert len(first) == 29
    deliver(database, *first)
    put(database, draft("wr-yiminlu", route="chat"), answer_in("wr-yiminlu", "r30"), answer_in("wr-x", "r31"))
    next_ones = claim(database, 1)
    assert [parcel.delivery.target for parcel in next_ones] == ["r30", "r31"], "answers go first"
    deliver(database, *next_ones)
    assert claim(database, 30) == []
    assert [parcel.delivery.target for parcel in claim(database, 61)] == ["wr-yiminlu"]


def test_a_chat_has_a_thousand_an_hour(database: Database) -> None:
    with database.write() as connection:
        for second in range(1000):
            at = later(second * 3)
            assert outbox.spend(connection, Address("chat", "wr-yiminlu"), at)
        assert not outbox.spend(connection, Address("chat", "wr-yiminlu"), later(3000))
    put(database, answer_in("wr-yiminlu", "r1"), answer_in("wr-x", "r2"), seconds=3100)
    (elsewhere,) = claim(database, 3100)
    assert elsewhere.delivery.target == "r2"
    deliver(database, elsewhere)
    with database.write() as connection:
        outbox.forget_sendings(connection, later(3500))
    assert claim(database, 3599) == [], "what is an hour old counts to its end"
    assert [parcel.delivery.target for parcel in claim(database, 3601)] == ["r1"]


def test_a_call_that_was_not_made_is_given_back_to_its_chat(database: Database) -> None:
    put(database, answer_in("wr-yiminlu", "r1"))
    (parcel,) = claim(database)
    assert spent(database, "wr-yiminlu") == 1
    put_back(database, parcel)
    assert spent(database, "wr-yiminlu") == 0
