"""What waits for one address leaves as one message, and is looked at once more before it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from domain import transitions
from domain.clock import BusinessTime, MachineTime
from domain.errors import SendError
from domain.issues import SYSTEM, Action, Actor, Issue
from domain.outgoing import Address, Button, Draft, Purpose, RouteKind
from handlers.routing import footer
from store import clock, outbox
from store.database import Database
from store.desk import DatabaseDesk
from store.tables import issues as issue_rows
from store.tables import outbox as rows
from store.tables import sendings
from tests.integration.builders import draft, issue
from tests.integration.world import RecordingSender, parts, put_roster_in_force
from tests.unit.handlers.town import MORNING, moment, office
from workers import deliver_outbox, run_tick
from workers.bootstrap import Parts, machine_now

FOOTER = footer(office(), "webhook", "收到 1")


def set_clock(database: Database, to: BusinessTime) -> None:
    with database.write() as connection:
        clock.move(connection, timedelta(seconds=to.timestamp() - machine_now().timestamp()))


def town(
    database: Database, now: BusinessTime = MORNING, *, app: bool = True
) -> tuple[Parts, dict[RouteKind, RecordingSender]]:
    put_roster_in_force(database)
    set_clock(database, now)
    return parts(database, app=app, sandbox=True)


def opened(database: Database, count: int, **changes: object) -> list[Issue]:
    """Issues of 李路 on 益民路, reported at ten, due at noon."""
    plain: dict[str, Any] = {
        "owner": "li",
        "chat_id": "g-yimin",
        "reported_at": MORNING,
        "assigned_at": MORNING,
        "deadline": moment("11-23 12:00"),
    }
    with database.write() as connection:
        desk = DatabaseDesk(connection, office(), MORNING, machine_now())
        return [desk.open_issue(issue(**(plain | changes)), SYSTEM, {}) for _ in range(count)]


def reminder(number: int, target: str = "g-yimin", route: RouteKind = "webhook", **changes: object) -> Draft:
    text = f"#{number} 停车秩序·非机动车乱停放 益民路\n请于 11-23 12:00 前处理"
    pushed = route == "webhook"
    text = str(changes.pop("text", f"{text}\n{FOOTER}" if pushed else text))
    told: dict[str, Any] = {
        "purpose": Purpose.REMINDER,
        "issue": number,
        "mentions": ("li",),
        "footer": FOOTER if pushed else "",
    }
    return draft(target, text, route, **(told | changes))


def put(database: Database, *drafts: Draft) -> None:
    with database.write() as connection:
        outbox.add(connection, drafts, machine_now())


def states(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(rows.c.state).order_by(rows.c.id)).scalars())


def calls(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(sendings)).scalar_one())


def test_what_waits_for_one_group_is_one_message_and_one_call(database: Database) -> None:
    made, senders = town(database)
    opened(database, 2)
    put(database, reminder(1), reminder(2))
    deliver_outbox.deliver(made)
    (sent,) = senders["webhook"].sent
    assert sent.text == (
        "#1 停车秩序·非机动车乱停放 益民路\n请于 11-23 12:00 前处理\n\n"
        "#2 停车秩序·非机动车乱停放 益民路\n请于 11-23 12:00 前处理\n"
        "回复请@路管家 收到 1\n(本通知不接收回复,请@路管家)"
    )
    assert sent.mentions == ("li",)
    assert (states(database), calls(database)) == (["sent", "sent"], 1)
    with database.read() as connection:
        in_order = select(rows.c.merged_into).order_by(rows.c.id)
        assert connection.execute(in_order).scalars().all() == [None, 1]


def test_a_thousand_overdue_issues_are_one_readable_message(database: Database) -> None:
    made, senders = town(database, app=False)
    run_tick.tick(made)
    opened(database, 996)
    opened(database, 2, owner="qian", deadline=moment("11-23 11:30"))
    opened(database, 2, danger=True)
    set_clock(database, moment("11-23 14:35"))
    with database.write() as connection:  # the supervisors' group is another address
        connection.execute(rows.delete())
    run_tick.tick(made)
    deliver_outbox.deliver(made)
    (sent,) = [each for each in senders["webhook"].sent if each.target == "g-yimin"]
    assert len(sent.text.encode()) <= 2048
    lines = sent.text.splitlines()
    assert lines[0] == "⚠ 含危险 【汇总提醒】共1000件,超时1000件,列出最急的100件,其余900件请发:超时"
    assert [line.split()[0] for line in lines[1:3]] == ["⚠#999", "⚠#1000"]
    named = {word.lstrip("⚠") for word in sent.text.replace(":", " ").split() if "#" in word}
    assert len(named) == 100
    assert {"#997", "#998", "#999", "#1000", "#1"} <= named
    assert set(sent.mentions) >= {"li", "qian"}
    assert len(sent.mentions) == len(set(sent.mentions))
    assert set(states(database)) == {"sent"}


def test_new_work_overtaken_by_its_reminder_is_void_with_a_record(database: Database) -> None:
    made, senders = town(database)
    opened(database, 1)
    put(database, reminder(1, purpose=Purpose.TASK, text=f"#1 新问题\n{FOOTER}"), reminder(1))
    deliver_outbox.deliver(made)
    (sent,) = senders["webhook"].sent
    assert sent.text.startswith("#1 停车秩序")
    assert states(database) == ["void", "sent"]
    with database.read() as connection:
        assert connection.execute(select(rows.c.reason).where(rows.c.id == 1)).scalar_one() == (
            "overtaken by outbox 2"
        )


def claimed_now(database: Database, number: int) -> None:
    with database.write() as connection:
        now = clock.now(connection, machine_now())
        desk = DatabaseDesk(connection, office(), now, machine_now())
        one = desk.issue(number)
        assert one is not None
        after = transitions.claim(one, Actor("li", "李路"), desk.now)
        desk.save(one, after, transitions.record(one, after, Action.CLAIM, Actor("li", "李路"), desk.now))


def test_who_claimed_since_is_not_told_that_he_has_not(database: Database) -> None:
    made, senders = town(database)
    opened(database, 1)
    put(database, reminder(1, "li", "app", text="#1 还没认领"))
    claimed_now(database, 1)
    deliver_outbox.deliver(made)
    assert senders["app"].sent == []
    assert states(database) == ["void"]


def test_what_is_late_is_said_of_a_claim_since_in_words_that_are_true(database: Database) -> None:
    made, senders = town(database, moment("11-23 12:40"))
    opened(database, 1, danger=True)  # said at any hour
    put(database, reminder(1, text="#1 还没认领,已超时"))
    claimed_now(database, 1)
    deliver_outbox.deliver(made)
    (sent,) = senders["webhook"].sent
    assert "超时40分钟" in sent.text
    assert "未认领" not in sent.text
    assert "没认领" not in sent.text


def test_a_notice_in_a_merged_message_has_its_number_once(database: Database) -> None:
    made, senders = town(database)
    opened(database, 5)
    told = [reminder(n, purpose=Purpose.NOTICE, text=f"#{n} 上报人已确认满意\n{FOOTER}") for n in range(1, 6)]
    put(database, *told)
    deliver_outbox.deliver(made)
    (sent,) = senders["webhook"].sent
    assert sent.text.splitlines()[2] == "#1 上报人已确认满意"


def test_a_notice_that_says_something_else_is_not_overtaken(database: Database) -> None:
    made, senders = town(database)
    opened(database, 1)
    told = reminder(1, purpose=Purpose.NOTICE, text=f"#1 督办:今天办完\n{FOOTER}")
    put(database, told, reminder(1))
    deliver_outbox.deliver(made)
    (sent,) = senders["webhook"].sent
    assert "督办:今天办完" in sent.text
    assert states(database) == ["sent", "sent"]


def test_fresh_work_keeps_its_cards(database: Database) -> None:
    made, senders = town(database)
    opened(database, 3)
    cards = [
        draft("li", f"#{number} 新问题", "app", purpose=Purpose.TASK, issue=number, mentions=("li",))
        for number in (1, 2, 3)
    ]
    put(database, *(replace(card, buttons=(Button("认领", "认领"),)) for card in cards))
    deliver_outbox.deliver(made)
    assert [len(each.buttons) for each in senders["app"].sent] == [1, 1, 1]


def test_a_flood_of_new_work_is_one_message_with_every_number(database: Database) -> None:
    made, senders = town(database)
    opened(database, 30)
    put(
        database,
        *(
            draft("li", f"#{number} 新问题", "app", purpose=Purpose.TASK, issue=number, mentions=("li",))
            for number in range(1, 31)
        ),
    )
    deliver_outbox.deliver(made)
    (sent,) = senders["app"].sent
    assert {f"#{number}" for number in range(1, 31)} <= set(sent.text.split())
    assert sent.text.endswith("认领请回复:收到 1 2 3 4 5")


def test_a_message_that_failed_is_made_anew_from_what_is_true_then(database: Database) -> None:
    made, senders = town(database)
    first, second, _ = opened(database, 3)
    put(database, reminder(1), reminder(2), reminder(3))
    senders["webhook"].fault = lambda _: TimeoutError("lost")
    deliver_outbox.deliver(made)
    assert states(database) == ["waiting"] * 3
    solve(database, first)
    senders["webhook"].fault = lambda _: None
    with database.write() as connection:
        connection.execute(rows.update().values(next_at=machine_now()))
    deliver_outbox.deliver(made)
    assert states(database) == ["void", "sent", "sent"]
    assert "#1 " not in senders["webhook"].sent[-1].text
    assert f"#{second.number} " in senders["webhook"].sent[-1].text


def solve(database: Database, one: Issue) -> None:
    with database.write() as connection:
        connection.execute(
            issue_rows.update().where(issue_rows.c.number == one.number).values(state="resolved")
        )


def test_a_reminder_of_what_was_given_to_another_is_void(database: Database) -> None:
    made, senders = town(database)
    opened(database, 1, owner="wang")
    put(database, reminder(1))
    deliver_outbox.deliver(made)
    assert senders["webhook"].sent == []
    assert (states(database), calls(database)) == (["void"], 0)


def test_what_waited_into_the_evening_is_held_until_work_begins(database: Database) -> None:
    made, senders = town(database, moment("11-23 18:20"))
    opened(database, 1)
    put(database, reminder(1))
    deliver_outbox.deliver(made)
    assert senders["webhook"].sent == []
    assert calls(database) == 0
    set_clock(database, moment("11-24 08:00"))
    deliver_outbox.deliver(made)
    (sent,) = senders["webhook"].sent
    assert "超时20小时" in sent.text, "said anew, as it is now"


def test_after_twelve_pushes_a_person_gets_a_digest_every_two_hours(database: Database) -> None:
    made, senders = town(database)
    opened(database, 20)
    for number in range(1, 13):
        put(database, reminder(number, "li", "app"))
        deliver_outbox.deliver(made)
    assert len(senders["app"].sent) == 12
    for number in range(13, 16):
        put(database, reminder(number, "li", "app"))
        deliver_outbox.deliver(made)
    assert len(senders["app"].sent) == 12
    put(database, draft("li", "#20 新问题", "app", purpose=Purpose.TASK, issue=20, mentions=("li",)))
    deliver_outbox.deliver(made)
    assert len(senders["app"].sent) == 13, "new work does not wait"
    set_clock(database, moment("11-23 14:10"))
    deliver_outbox.deliver(made)
    digest = senders["app"].sent[-1].text
    assert len(senders["app"].sent) == 14
    assert all(f"#{number} " in digest for number in (13, 14, 15))


def test_a_supervisors_day_is_twelve_messages_and_a_digest_each_two_hours(database: Database) -> None:
    made, senders = town(database)
    opened(database, 60, deadline=moment("11-23 08:00"))
    told: list[str] = []
    for number in range(60):  # one every ten minutes of the working day
        clock = moment("11-23 08:05") + number * timedelta(minutes=10, seconds=1)
        set_clock(database, BusinessTime(clock))
        escalation = {"purpose": Purpose.ESCALATION, "mentions": ("sun",)}
        put(database, reminder(number + 1, "sun", "app", **escalation))
        deliver_outbox.deliver(made)
        told += [f"{clock:%H:%M}"] * (len(senders["app"].sent) - len(told))
    assert told[:12] == [f"{hour:02}:{minute:02}" for hour in (8, 9) for minute in range(5, 60, 10)]
    # 13:55 is lunch, when nobody is reminded of what runs by working hours
    assert told[12:] == ["11:55", "14:05", "16:05"]
    numbers = {f"#{number} " for number in range(13, 49)}
    assert all(any(number in each.text for each in senders["app"].sent[12:]) for number in numbers)


def test_new_work_all_day_long_does_not_put_the_digest_off(database: Database) -> None:
    made, senders = town(database)
    opened(database, 40)
    for number in range(1, 13):
        put(database, reminder(number, "li", "app"))
        deliver_outbox.deliver(made)
    put(database, reminder(13, "li", "app"))
    for number, at in ((31, "11-23 10:30"), (32, "11-23 11:00"), (33, "11-23 11:50"), (34, "11-23 14:01")):
        set_clock(database, moment(at))
        task = {"purpose": Purpose.TASK, "issue": number, "mentions": ("li",)}
        put(database, draft("li", f"#{number} 新问题", "app", **task))
        deliver_outbox.deliver(made)
    assert len(senders["app"].sent) == 12 + 4 + 1
    assert any("#13 " in each.text for each in senders["app"].sent[12:])


def test_a_danger_does_not_wait_for_the_digest(database: Database) -> None:
    made, senders = town(database)
    opened(database, 14)
    for number in range(1, 13):
        put(database, reminder(number, "li", "app"))
        deliver_outbox.deliver(made)
    put(database, reminder(13, "li", "app", danger=True), reminder(14, "li", "app"))
    deliver_outbox.deliver(made)
    assert [each.text[:3] for each in senders["app"].sent[12:]] == ["#13"]


def test_the_next_day_begins_anew(database: Database) -> None:
    made, senders = town(database)
    opened(database, 13, deadline=moment("11-25 12:00"))
    for number in range(1, 13):
        put(database, reminder(number, "li", "app"))
        deliver_outbox.deliver(made)
    set_clock(database, moment("11-24 09:00"))
    put(database, reminder(13, "li", "app"))
    deliver_outbox.deliver(made)
    assert len(senders["app"].sent) == 13


def test_those_who_cannot_be_reached_are_told_together_in_the_group(database: Database) -> None:
    made, senders = town(database)
    opened(database, 2)
    back = Address("webhook", "g-yimin")
    put(database, reminder(1, "li", "app", fallback=back), reminder(2, "li", "app", fallback=back))
    senders["app"].fault = lambda _: _not_visible()
    deliver_outbox.deliver(made)
    (sent,) = senders["webhook"].sent
    assert "#1 " in sent.text
    assert "#2 " in sent.text
    assert sent.mentions == ("li",)


def _not_visible() -> SendError:
    return SendError("invaliduser", permanent=True, code=81013)


def test_the_group_sees_what_is_a_working_day_overdue_once_and_no_name(database: Database) -> None:
    made, senders = town(database)
    run_tick.tick(made)
    opened(database, 1)
    for day in ("11-24 11:59", "11-24 14:05", "11-25 14:05", "11-26 14:05"):
        set_clock(database, moment(day))
        run_tick.tick(made)
        deliver_outbox.deliver(made)
    said = [each for each in senders["webhook"].sent if each.target == "g-yimin"]
    assert [each.text.splitlines()[:2] for each in said] == [
        ["#1 停车秩序·非机动车乱停放 益民路", "已超时26小时,正在督促处理"]
    ]
    assert said[0].mentions == ()
    assert "李" not in said[0].text


def test_what_a_dead_tick_gathered_leaves_by_itself(database: Database) -> None:
    """Its slots are taken, so that no other tick would say it."""
    made, senders = town(database)
    opened(database, 1)
    began = machine_now()
    with database.write() as connection:
        outbox.gather(connection, [reminder(1)], began)
    deliver_outbox.deliver(made)
    assert senders["webhook"].sent == []
    with database.write() as connection:
        later = MachineTime(began + outbox.GATHERING)
        (parcel,) = outbox.claim(connection, later, BusinessTime(MORNING))
    assert parcel.draft.issue == 1


def test_a_queue_that_stood_still_for_two_hours_says_each_thing_once(database: Database) -> None:
    """Reminders were written, nothing was sent, more fell due: one message, of what is true now."""
    made, senders = town(database)
    run_tick.tick(made)
    opened(database, 3)
    for clock_time in ("11-23 10:11", "11-23 11:46"):
        set_clock(database, moment(clock_time))
        run_tick.tick(made)
    deliver_outbox.deliver(made)
    (sent,) = [each for each in senders["app"].sent if each.target == "li"]
    assert all(sent.text.count(f"#{number} ") == 1 for number in (1, 2, 3))
    assert states(database).count("void") == 3
