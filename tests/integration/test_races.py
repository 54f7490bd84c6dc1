"""People and workers at the same moment: exactly one sensible outcome each, and the loser is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from domain.clock import BusinessTime
from domain.errors import StaleIssue, StaleRoster, StoreUnavailable
from domain.issues import SYSTEM, Event, Issue, Reporter, State
from domain.messages import Chat, IncomingMessage
from domain.ports import Undo
from domain.roster import Roster
from store import clock, events, inbox, issues
from store.arrivals import Arrival
from store.database import Database
from store.desk import DatabaseDesk
from store.tables import inbox as letters
from store.tables import outbox, steps
from tests.integration.builders import at_once, take_in
from tests.integration.test_tick import street_issue
from tests.integration.world import parts, put_roster_in_force
from tests.unit.handlers.town import MORNING, ROSTER, office
from workers import bootstrap, process_inbox, run_tick
from workers.bootstrap import Parts
from workers.import_roster import Import, put_in_force

ROUNDS = 8
MEANWHILE = "刚被别人处理过"
TOLD_OF_IT = (MEANWHILE, "现在是", "不能由您", "已由", "已认领")


@dataclass
class Town:
    """Two workers of their own on one database, and what they did."""

    database: Database
    workers: tuple[Parts, Parts]
    _said: int = 0

    def issue(self, **changes: object) -> int:
        with self.database.write() as connection:
            now = self.workers[0].business_now(connection, bootstrap.machine_now())
            desk = DatabaseDesk(connection, office(), now, bootstrap.machine_now())
            times = {"reported_at": now, "assigned_at": now, "deadline": now + timedelta(hours=2)}
            return desk.open_issue(street_issue({**times, **changes}), SYSTEM, {}).number

    def hear(self, who: str, text: str, group: str | None = "g-yimin") -> int:
        """Take in a message; returns its place in the inbox."""
        self._said += 1
        key = f"m{self._said}"
        chat = Chat("single", who) if group is None else Chat("group", group)
        channel = "aibot" if group else "app_channel"
        message = IncomingMessage(channel, key, chat, who, "text", text, reply_to=f"https://r/{key}")
        take_in(self.database, Arrival(message, key, key.encode().ljust(32, b".")))
        with self.database.read() as connection:
            found = connection.execute(select(letters.c.id).where(letters.c.dedupe_key == key))
            return int(found.scalar_one())

    def say(self, who: str, text: str, group: str | None = "g-yimin") -> int:
        """The same, handled at once."""
        heard = self.hear(who, text, group)
        process_inbox.drain(self.workers[0])
        return heard

    def one_each(self) -> list[Callable[[], object]]:
        """A job per worker that handles exactly the letters of one claim; the claims are made beforehand, so
        that both hold one when the race begins."""
        return [self._claimed(worker) for worker in self.workers]

    def _claimed(self, worker: Parts) -> Callable[[], object]:
        with worker.database.write() as connection:
            claim = inbox.claim(connection, bootstrap.machine_now(), limit=1)
        assert len(claim.letters) == 1
        turn = process_inbox._Turn(worker, worker.office(), worker.classifier())

        def work() -> None:
            try:
                turn.together(claim)
            except (StoreUnavailable, StaleIssue):
                turn.one_by_one(claim)
            except StaleRoster:
                with worker.database.write() as connection:
                    inbox.give_back(connection, claim.fences)

        return work

    def race(self, *jobs: Callable[[], object]) -> None:
        """All at once, then what is left over."""
        failed = [each for each in at_once(jobs) if isinstance(each, BaseException)]
        # a worker that waited too long for the database gives way; its job is done again
        assert [each for each in failed if not isinstance(each, StoreUnavailable)] == []
        while process_inbox.batch(self.workers[0]):
            pass

    def get(self, number: int) -> Issue:
        with self.database.read() as connection:
            found = issues.get(connection, number)
        assert found is not None
        return found

    def history(self, number: int) -> Sequence[Event]:
        with self.database.read() as connection:
            return events.history(connection, number)

    def actions(self, number: int) -> list[str]:
        return [event.action.value for event in self.history(number)]

    def answers(self, heard: int) -> list[str]:
        """What the writer of a message was answered."""
        with self.database.read() as connection:
            mine = (outbox.c.inbox_id == heard) & (outbox.c.purpose == "answer")
            return list(connection.execute(select(outbox.c.text).where(mine)).scalars())

    def outcomes(self) -> dict[int, tuple[str, str | None]]:
        with self.database.read() as connection:
            return {row.id: (row.state, row.outcome) for row in connection.execute(select(letters))}

    def chained(self, number: int) -> None:
        """Every change of state is one event, and they follow each other."""
        history = self.history(number)
        for earlier, later in pairwise(history):
            assert later.before is earlier.after, history
        assert history[-1].after is self.get(number).state


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    put_roster_in_force(database)
    with database.write() as connection:
        offset = MORNING.timestamp() - bootstrap.machine_now().timestamp()
        clock.move(connection, timedelta(seconds=offset))
    with ExitStack() as stack:
        workers = []
        for _ in range(2):
            own = Database(database.url)
            stack.callback(own.close)
            workers.append(parts(own, sandbox=True)[0])
        run_tick.tick(workers[0])  # the first look at the summaries
        yield Town(database, (workers[0], workers[1]))


def told(text: str) -> bool:
    return any(sign in text for sign in TOLD_OF_IT)


def test_of_two_chiefs_who_claim_at_once_one_has_it_and_the_other_is_told(town: Town) -> None:
    for _ in range(ROUNDS):
        number = town.issue()
        heard = {"li": town.hear("li", f"认领 {number}"), "wang": town.hear("wang", f"认领 {number}", None)}
        town.race(*town.one_each())
        assert town.actions(number).count("认领") == 1
        winner = town.get(number).owner
        assert winner in heard
        loser = next(who for who in heard if who != winner)
        assert [len(town.answers(each)) for each in heard.values()] == [1, 1]
        assert told(town.answers(heard[loser])[0]), town.answers(heard[loser])
        town.chained(number)


def test_the_same_problem_reported_at_once_in_the_group_and_alone_is_one(town: Town) -> None:
    for number in range(1, ROUNDS + 1):
        words = f"益民路{100 + number}号电动车乱停堵门"
        both = [town.hear("wujin", words), town.hear("huimian", words, None)]
        town.race(*town.one_each())
        outcomes = town.outcomes()
        assert sorted(str(outcomes[each][1]) for each in both) == ["joined", "reported"]
        assert town.actions(number) == ["上报", "我也反映"]


def test_a_claim_and_a_close_at_once_leave_a_sensible_state(town: Town) -> None:
    for _ in range(ROUNDS):
        number = town.issue()
        claim = town.hear("li", f"认领 {number}")
        close = town.hear("wujin", f"撤回 {number}", None)
        with town.database.write() as connection:
            DatabaseDesk(connection, office(), MORNING, bootstrap.machine_now()).join(number, _reporter())
        town.race(*town.one_each())
        actions = town.actions(number)[1:]
        assert actions in (["认领", "撤回"], ["认领"], ["撤回"])  # a claimed one may be withdrawn, too
        assert "认领" in actions or told(town.answers(claim)[0])
        assert "撤回" in actions or MEANWHILE in town.answers(close)[0]
        town.chained(number)


def test_a_claim_and_another_ones_resolve_at_once_lose_nothing(town: Town) -> None:
    for _ in range(ROUNDS):
        number = town.issue()
        claim = town.hear("li", f"认领 {number}")
        close = town.hear("wang", f"办结 {number}", None)
        town.race(*town.one_each())
        actions = town.actions(number)[1:]
        assert actions in (["认领", "办结"], ["认领"])
        assert "办结" in actions or MEANWHILE in town.answers(close)[0]
        assert town.history(number)[1].actor == "li" or told(town.answers(claim)[0])
        town.chained(number)


def test_the_same_command_twice_from_group_and_alone_has_one_effect(town: Town) -> None:
    for _ in range(ROUNDS):
        number = town.issue()
        both = [town.hear("li", f"办结 {number}"), town.hear("li", f"办结 {number}", None)]
        town.race(*town.one_each())
        assert town.actions(number) == ["上报", "认领", "办结"]
        answers = [town.answers(each) for each in both]
        assert [len(each) for each in answers] == [1, 1]
        assert sorted(told(each[0]) for each in answers) == [False, True], answers


def test_a_tick_and_a_claim_at_once_say_each_thing_once(town: Town) -> None:
    for _ in range(ROUNDS):
        number = town.issue(assigned_at=_now(town, -11), reported_at=_now(town, -11))
        town.hear("li", f"认领 {number}")
        first = town._claimed(town.workers[0])
        town.race(first, lambda: run_tick.tick(town.workers[1]))
        run_tick.tick(town.workers[0])
        assert town.get(number).state is State.CLAIMED
        assert town.actions(number).count("认领") == 1
        assert town.actions(number).count("提醒") <= 1
        assert all(count == 1 for count in _slots(town, number).values())
        town.chained(number)


def test_two_ticks_at_once_take_each_slot_once(town: Town) -> None:
    numbers = [town.issue(assigned_at=_now(town, -11), reported_at=_now(town, -11)) for _ in range(30)]
    town.race(*[lambda each=each: run_tick.tick(each) for each in town.workers])
    assert [town.actions(number).count("提醒") for number in numbers] == [1] * 30


def test_two_workers_on_twenty_chats_handle_each_message_once_and_in_its_order(town: Town) -> None:
    chats = [f"chat-{index}" for index in range(20)]
    put_roster_in_force(town.database, _with_groups(chats))
    said = {
        chat: [
            town.hear("wujin", f"益民路{100 * index + turn}号门口电动车乱停把路堵死了", chat)
            for turn in range(20)
        ]
        for index, chat in enumerate(chats, 1)
    }
    town.race(*[lambda each=each: process_inbox.drain(each) for each in town.workers])
    outcomes = town.outcomes()
    assert Counter(outcomes.values()) == {("done", "reported"): 400}
    with town.database.read() as connection:
        found = connection.execute(
            select(letters.c.id, outbox.c.issue)
            .join(outbox, outbox.c.inbox_id == letters.c.id)
            .where(outbox.c.purpose == "answer")
            .order_by(outbox.c.id)
        ).all()
    number_of = {row.id: row.issue for row in found}
    assert sorted(number_of.values()) == list(range(1, 401)), "a number is lost or doubled"
    for heard in said.values():
        assert [number_of[each] for each in heard] == sorted(number_of[each] for each in heard)


def test_a_roster_put_into_force_while_messages_are_handled_loses_none(town: Town) -> None:
    without_li = replace(
        ROSTER,
        people=tuple(each for each in ROSTER.people if each.userid != "li"),
        duties=tuple(replace(duty, userid="bei") if duty.userid == "li" else duty for duty in ROSTER.duties),
    )
    numbers = [town.issue() for _ in range(20)]
    heard = [
        town.hear("wang", f"督办 {number}" if number % 2 else f"进展 {number}", None) for number in numbers
    ]
    heard += [town.hear("sun", f"督办 {number} 快", "g-sup") for number in numbers]
    town.race(
        lambda: process_inbox.drain(town.workers[0]),
        lambda: put_in_force(town.workers[1], Import(without_li, {}, "test")),
    )
    assert {state for state, _ in town.outcomes().values()} == {"done"}
    for number in numbers:
        assert town.get(number).owner == "bei"
        assert town.actions(number).count("督办") == 1
        town.chained(number)
    assert all(len(town.answers(each)) == 1 for each in heard)


def test_an_undo_and_another_ones_deed_at_once_have_one_order(town: Town) -> None:
    for _ in range(ROUNDS):
        number = town.issue()
        town.say("li", f"认领 {number}")
        undo = town.hear("li", "撤销")
        deed = town.hear("wang", f"退回 {number} 派错了", None)
        town.race(*town.one_each())
        actions = town.actions(number)[2:]
        assert actions in (["撤销", "退回"], ["退回"], ["撤销"])
        assert "退回" in actions or MEANWHILE in town.answers(deed)[0]
        assert "撤销" in actions or "已有人" in town.answers(undo)[0] or MEANWHILE in town.answers(undo)[0], (
            town.answers(undo)
        )
        town.chained(number)


def test_an_undo_never_takes_back_what_another_one_did_while_it_looked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    if town.database.is_sqlite:
        return  # one writer at a time: nobody can come in between
    number = town.issue()
    town.say("li", f"认领 {number}")
    undo, deed = town.hear("li", "撤销"), town.hear("wang", f"退回 {number} 派错了", None)
    first, second = town.one_each()
    look, looks = DatabaseDesk.undoable, []

    def interrupted(desk: DatabaseDesk, userid: str, within: timedelta) -> Sequence[Undo]:
        found = look(desk, userid, within)
        looks.append(userid)
        if len(looks) == 1:
            second()
        return found

    monkeypatch.setattr(DatabaseDesk, "undoable", interrupted)
    first()
    assert town.actions(number) == ["上报", "认领", "退回"]
    assert town.get(number).state is State.RETURNED
    assert "已有人" in town.answers(undo)[0]
    assert f"#{number}" in town.answers(deed)[0]


def _reporter() -> Reporter:
    return Reporter("wujin", "g-yimin")


def _now(town: Town, minutes: float) -> BusinessTime:
    with town.database.read() as connection:
        now = town.workers[0].business_now(connection, bootstrap.machine_now())
    return BusinessTime(now + timedelta(minutes=minutes))


def _slots(town: Town, number: int) -> Counter[tuple[int, str]]:
    with town.database.read() as connection:
        rows = connection.execute(select(steps).where(steps.c.number == number))
        return Counter((row.cycle, row.name) for row in rows)


def _with_groups(chats: Sequence[str]) -> Roster:
    group = ROSTER.groups[0]
    return replace(
        ROSTER, groups=(*ROSTER.groups, *(replace(group, chat_id=chat, name=chat) for chat in chats))
    )
