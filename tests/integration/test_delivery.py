"""From the outbox to the platform, with senders that fail in every way they can."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from config import ConnectSettings
from domain.errors import SendError, StoreUnavailable
from domain.issues import SYSTEM, Issue, State
from domain.outgoing import Address, Button, Delivery, Draft, Purpose, RouteKind
from store import clock, outbox
from store.database import Database
from store.desk import DatabaseDesk
from store.tables import outbox as rows
from tests.integration.builders import BUSINESS_NOW, NOW, draft, issue
from tests.integration.world import RecordingSender, parts, put_roster_in_force
from tests.unit.handlers.town import office
from workers import deliver_outbox
from workers.bootstrap import Parts, machine_now

LOST = SendError("no answer", permanent=False, uncertain=True)
USED = SendError("used", permanent=True, code=40029, already_delivered=True)
EXPIRED = SendError("expired", permanent=True, code=40029)
NOT_VISIBLE = SendError("invaliduser", permanent=True, code=81013)


def put(database: Database, *drafts: Draft) -> None:
    with database.write() as connection:
        outbox.add(connection, drafts, NOW)


def answer(text: str = "#1 已受理") -> Draft:
    address = Address("reply", "https://reply/1")
    return Draft(address, text, Purpose.ANSWER, issue=1, fallback=Address("webhook", "g-yimin"))


def worker(database: Database, *, app: bool = True) -> tuple[Parts, dict[RouteKind, RecordingSender]]:
    """The parts of one, on a Monday at 10:00 by the business clock: nothing is held."""
    with database.write() as connection:
        clock.move(connection, NOW - machine_now())
    return parts(database, app=app, sandbox=True)


def run(database: Database, **faults: SendError | Exception) -> dict[RouteKind, RecordingSender]:
    """One delivery job; ``faults`` by route."""
    made, senders = worker(database)
    for route, error in faults.items():
        senders[route].fault = lambda _, error=error: error  # type: ignore[index, misc]
    deliver_outbox.deliver(made)
    return senders


def states(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        found = connection.execute(select(rows.c.route, rows.c.state).order_by(rows.c.id))
        return [(row.route, row.state) for row in found]


def hasten(database: Database) -> None:
    """As if all pauses were over."""
    with database.write() as connection:
        connection.execute(rows.update().where(rows.c.state == "waiting").values(next_at=NOW))


def opened(database: Database, state: State) -> Issue:
    with database.write() as connection:
        desk = DatabaseDesk(connection, office(), BUSINESS_NOW, NOW)
        return desk.open_issue(issue(state=state), SYSTEM, {})


def test_everything_that_may_leave_leaves(database: Database) -> None:
    put(database, answer(), draft("g-yimin", "一"), draft("li", "二", "app"))
    senders = run(database)
    assert {route: [each.text for each in sender.sent] for route, sender in senders.items()} == {
        "reply": ["#1 已受理"],
        "webhook": ["一"],
        "app": ["二"],
    }
    assert states(database) == [("reply", "sent"), ("webhook", "sent"), ("app", "sent")]


def test_an_expired_answer_goes_by_webhook_once(database: Database) -> None:
    put(database, answer())
    senders = run(database, reply=EXPIRED)
    assert [each.target for each in senders["webhook"].sent] == ["g-yimin"]
    assert senders["webhook"].sent[0].text.startswith("#1 已受理")
    assert states(database) == [("reply", "failed"), ("webhook", "sent")]


def test_an_uncertain_answer_is_not_repeated_by_webhook(database: Database) -> None:
    """The call was lost, its retry is refused: the address was good for one call, which had its effect."""
    put(database, answer())
    assert run(database, reply=LOST)["webhook"].sent == []
    assert states(database) == [("reply", "waiting")]
    hasten(database)
    assert run(database, reply=EXPIRED)["webhook"].sent == []
    assert states(database) == [("reply", "sent")]


def test_an_answer_the_platform_calls_used_counts_as_delivered(database: Database) -> None:
    put(database, answer())
    assert run(database, reply=USED)["webhook"].sent == []
    assert states(database) == [("reply", "sent")]


def test_a_person_the_app_does_not_reach_is_told_in_the_group(database: Database) -> None:
    buttons = (Button("认领", "认领 1"),)
    told = draft("li", "#1 新问题", "app", buttons=buttons, mentions=("li",))
    put(database, replace(told, fallback=Address("webhook", "g-yimin")))
    (sent,) = run(database, app=NOT_VISIBLE)["webhook"].sent
    assert sent.mentions == ("li",)
    assert sent.buttons == ()
    assert sent.text.splitlines() == [
        "#1 新问题",
        "回复请@路管家 认领 1",
        "(本通知不接收回复,请@路管家)",
    ]


def test_the_fallback_has_no_fallback(database: Database) -> None:
    put(database, answer())
    run(database, reply=EXPIRED, webhook=EXPIRED)
    assert states(database) == [("reply", "failed"), ("webhook", "failed")]


def test_after_a_failure_the_rows_behind_it_wait_in_order(database: Database) -> None:
    put(database, draft("g-yimin", "一"), draft("g-yimin", "二"), draft("g-erma", "三"))

    def only_yimin(delivery: Delivery) -> SendError | None:
        return LOST if delivery.target == "g-yimin" else None

    made, senders = worker(database)
    senders["webhook"].fault = only_yimin
    deliver_outbox.deliver(made)
    assert sorted(each.text for each in senders["webhook"].sent) == ["一", "三"]
    hasten(database)
    assert [each.text for each in run(database)["webhook"].sent] == ["一", "二"]


def test_a_permanent_failure_does_not_stop_those_behind_it(database: Database) -> None:
    put(database, draft("g-yimin", "一"), draft("g-yimin", "二"))
    made, senders = worker(database)
    senders["webhook"].fault = lambda delivery: EXPIRED if delivery.text == "一" else None
    deliver_outbox.deliver(made)
    assert states(database) == [("webhook", "failed"), ("webhook", "sent")]


def test_a_sender_that_breaks_is_tried_again_later(database: Database) -> None:
    put(database, draft("g-yimin", "一"), draft("li", "二", "app"))
    run(database, webhook=RuntimeError("bug"))
    assert states(database) == [("webhook", "waiting"), ("app", "sent")]


def test_what_waits_for_a_channel_that_is_off_takes_the_other_way(database: Database) -> None:
    put(database, replace(draft("li", "#1 新问题", "app"), fallback=Address("webhook", "g-yimin")))
    made, senders = worker(database, app=False)
    deliver_outbox.deliver(made)
    assert len(senders["webhook"].sent) == 1
    assert states(database) == [("app", "failed"), ("webhook", "sent")]


@pytest.mark.parametrize("state", [State.REPORTED, State.CLAIMED, State.RETURNED])
def test_a_reminder_of_unfinished_work_is_sent(database: Database, state: State) -> None:
    opened(database, state=state)
    put(database, draft("li", "快到时限", "app", purpose=Purpose.REMINDER, issue=1))
    assert len(run(database)["app"].sent) == 1


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.REJECTED, State.MERGED])
def test_a_reminder_overtaken_by_the_solution_is_void(database: Database, state: State) -> None:
    opened(database, state=state)
    put(
        database,
        draft("li", "快到时限", "app", purpose=Purpose.REMINDER, issue=1),
        draft("sun", "升级", "app", purpose=Purpose.ESCALATION, issue=1),
    )
    assert run(database)["app"].sent == []
    assert states(database) == [("app", "void"), ("app", "void")]


def test_a_notice_about_finished_work_is_sent(database: Database) -> None:
    opened(database, state=State.RESOLVED)
    put(database, draft("wujin", "您看好了吗", "app", purpose=Purpose.NOTICE, issue=1))
    assert len(run(database)["app"].sent) == 1


def test_a_fallback_keeps_the_platforms_size(database: Database) -> None:
    put_roster_in_force(database)
    put(database, answer("\n".join(f"第{number}行 益民路" for number in range(300))))
    sent = run(database, reply=EXPIRED)["webhook"].sent
    assert len(sent) > 1
    assert all(len(each.text.encode()) <= 2048 for each in sent)


def test_what_was_sent_is_recorded_once_the_database_is_back_and_not_sent_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [StoreUnavailable("locked"), StoreUnavailable("locked")]

    def delivered(*args: Any) -> bool:
        if away:
            raise away.pop()
        return really(*args)

    really = outbox.delivered
    monkeypatch.setattr(outbox, "delivered", delivered)
    monkeypatch.setattr(deliver_outbox, "SETTLE_AGAIN_S", 0.0)
    put(database, draft("g-yimin", "一"))
    senders = run(database)
    assert [delivery.text for delivery in senders["webhook"].sent] == ["一"]
    assert states(database) == [("webhook", "sent")]
    assert away == []


def test_a_card_that_was_changed_by_a_call_whose_answer_was_lost_has_not_failed(database: Database) -> None:
    put(
        database,
        replace(draft("code", "#1 已认领", "app"), address=Address("card", "code"), mentions=("li",)),
    )
    made, senders = worker(database)
    card = RecordingSender(1000, fault=lambda _: LOST)
    made = replace(made, senders={**senders, "card": card})
    deliver_outbox.deliver(made)
    assert states(database) == [("card", "waiting")]
    hasten(database)
    card.fault = lambda _: EXPIRED
    deliver_outbox.deliver(made)
    assert len(card.sent) == 2
    assert states(database) == [("card", "sent")]


# --- the way changed while the word waited ---------------------------------------------------------------


def test_what_waited_for_the_connection_leaves_when_the_mode_is_callback_again(
    database: Database,
) -> None:
    put_roster_in_force(database)
    put(
        database,
        draft("g-yimin", "一", "chat"),
        replace(answer("#1 二"), address=Address("respond", "req-1"), fallback=Address("chat", "g-yimin")),
        draft("li", "三", "direct"),
        draft("li", "四", "welcome"),
    )
    senders = run(database)
    pushed = [(each.target, each.text.splitlines()[0]) for each in senders["webhook"].sent]
    assert sorted(pushed) == [("g-yimin", "#1 二"), ("g-yimin", "一")]
    assert [(each.target, each.text) for each in senders["app"].sent] == [("li", "三")]
    assert states(database)[:4] == [
        ("chat", "failed"), ("respond", "failed"), ("direct", "failed"), ("welcome", "void"),
    ]  # fmt: skip


def test_what_waited_for_a_push_robot_goes_by_the_connection_without_a_key(
    database: Database,
) -> None:
    put_roster_in_force(database)
    put(database, draft("g-new", "一"))
    made, senders = worker(database)
    made.settings = replace(made.settings, connect=ConnectSettings("bot", "ws://127.0.0.1:1", "secret"))
    senders["webhook"].fault = lambda _: SendError("no key", permanent=True, code=93000)
    deliver_outbox.deliver(made)
    assert states(database) == [("webhook", "failed"), ("chat", "waiting")]
