"""The desk: one transaction's view of issues, history, steps, questions and what happens once only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from domain import issues as rules
from domain import transitions
from domain.clock import BusinessTime
from domain.errors import StaleIssue
from domain.issues import SYSTEM, Action, Actor, Issue, Reporter, State
from domain.ports import Question
from domain.transitions import record
from store.database import Database
from store.desk import DatabaseDesk
from tests.integration.builders import BUSINESS_NOW, NOW, at, at_once, issue
from tests.unit.handlers.town import office

LI, WANG = Actor("li", "李路"), Actor("wang", "王二")
HOUR = timedelta(hours=1)


@contextmanager
def desk_at(
    database: Database, now: BusinessTime = BUSINESS_NOW, inbox_id: int = 1
) -> Iterator[DatabaseDesk]:
    with database.write() as connection:
        yield DatabaseDesk(connection, office(), now, NOW, inbox_id)


def opened(database: Database, **changes: object) -> Issue:
    with desk_at(database) as desk:
        return desk.open_issue(replace(issue(), **changes), LI, {"confidence": "0.9"})  # type: ignore[arg-type]


def claim(database: Database, before: Issue, actor: Actor, now: BusinessTime = BUSINESS_NOW) -> Issue:
    after = transitions.claim(before, actor, now)
    with desk_at(database, now) as desk:
        return desk.save(before, after, record(before, after, Action.CLAIM, actor, now))


def get(database: Database, number: int) -> Issue:
    with desk_at(database) as desk:
        found = desk.issue(number)
    assert found is not None
    return found


def test_an_issue_comes_back_as_it_was_stored(database: Database) -> None:
    full = issue(
        house_number=28,
        shop="益民五金店",
        landmark="民主路口",
        danger=True,
        pending=frozenset({"section", "category"}),
        claimed_at=at(1),
        progress_at=at(2),
        resolved_at=at(3),
        resolved_by="li",
        on_time=False,
        closed_at=at(4),
        close_reason=rules.CloseReason.SILENT,
        reopened=2,
        paused_at=at(5),
        state_before=State.CLAIMED,
        helpers=frozenset({"zhang", "cheng"}),
        cycle=3,
    )
    stored = opened(database, **{name: getattr(full, name) for name in full.__slots__ if name != "number"})
    assert stored == replace(full, number=1)
    assert get(database, 1) == replace(full, number=1)


def test_numbers_count_up_without_a_gap(database: Database) -> None:
    assert opened(database).number == 1

    def fails() -> None:
        with desk_at(database) as desk:
            assert desk.open_issue(issue(), LI, {}).number == 2
            raise ValueError("rolled back")

    with pytest.raises(ValueError, match="rolled back"):
        fails()
    assert opened(database).number == 2


def test_numbers_given_at_once_differ(database: Database) -> None:
    found = at_once([lambda: opened(database).number] * 8)
    assert sorted(number for number in found if isinstance(number, int)) == list(range(1, 9))


@pytest.mark.parametrize("number", [0, -1, 2, 10**18, 2**63, 10**30])
def test_an_unknown_number_is_nothing(database: Database, number: int) -> None:
    opened(database)
    with desk_at(database) as desk:
        assert desk.issue(number) is None


def test_a_change_counts_the_version_up(database: Database) -> None:
    changed = claim(database, opened(database), WANG)
    assert (changed.version, changed.owner, changed.state) == (2, "wang", State.CLAIMED)
    assert get(database, 1) == changed


def test_what_changed_since_it_was_read_is_stale(database: Database) -> None:
    before = opened(database)
    claim(database, before, LI)
    with pytest.raises(StaleIssue):
        claim(database, before, WANG)
    assert get(database, 1).owner == "li"


def test_of_two_at_once_one_wins_and_one_is_stale(database: Database) -> None:
    before = opened(database)
    ended = at_once([lambda each=each: claim(database, before, each) for each in (LI, WANG)])  # type: ignore[misc]
    assert sorted(type(each).__name__ for each in ended) == ["Issue", "StaleIssue"]
    with desk_at(database) as desk:
        assert [event.action for event in desk.history(1)] == [Action.REPORT, Action.CLAIM]


def test_the_history_is_in_the_order_it_happened_whatever_the_clock_says(database: Database) -> None:
    before = opened(database)
    claimed = claim(database, before, LI, at(5))
    with desk_at(database, at(-5)) as desk:
        desk.note(record(claimed, claimed, Action.PROGRESS, LI, at(-5), "在路上"))
        history = desk.history(1)
    assert [(event.action, event.at) for event in history] == [
        (Action.REPORT, BUSINESS_NOW),
        (Action.CLAIM, at(5)),
        (Action.PROGRESS, at(-5)),
    ]
    assert (history[0].actor, history[0].actor_name, history[0].data) == ("li", "李路", {"confidence": "0.9"})
    assert (history[1].before, history[1].after) == (State.REPORTED, State.CLAIMED)
    assert history[2].reason == "在路上"


def test_a_step_is_taken_once_in_a_cycle(database: Database) -> None:
    first = opened(database)
    with desk_at(database) as desk:
        assert desk.take_step(first, "half", "sent")
        assert not desk.take_step(first, "half", "superseded")
        assert desk.take_step(replace(first, cycle=2), "half", "sent")
        assert desk.steps_done(first) == {"half"}
        assert desk.steps_done(replace(first, cycle=3)) == frozenset()


def test_a_step_is_taken_by_one_of_many(database: Database) -> None:
    first = opened(database)

    def take() -> bool:
        with desk_at(database) as desk:
            return desk.take_step(first, "half", "sent")

    assert at_once([take] * 6).count(True) == 1


def test_a_persons_open_issues_the_most_urgent_first(database: Database) -> None:
    opened(database, deadline=at(3))
    opened(database, deadline=at(2))
    opened(database, deadline=at(9), danger=True)
    opened(database, owner="bei")
    opened(database, state=State.CLOSED)
    with desk_at(database) as desk:
        assert [each.number for each in desk.open_of_owner("chief3-yiminlu")] == [3, 2, 1]


def test_open_issues_of_places(database: Database) -> None:
    opened(database)
    opened(database, section="大同路", subdistrict="一马路街道")
    opened(database, section=None, state=State.SUSPENDED)
    for state in (State.CLOSED, State.REJECTED, State.MERGED):
        opened(database, state=state)
    with desk_at(database) as desk:
        assert [each.number for each in desk.open_in_sections(["益民路", "大同路"])] == [1, 2]
        assert desk.open_in_sections([]) == []
        assert [each.number for each in desk.open_in_subdistrict("解放路街道")] == [1, 3]


def test_what_was_lately_there(database: Database) -> None:
    opened(database)
    opened(database, state=State.CLOSED, closed_at=at(-1))
    opened(database, state=State.CLOSED, closed_at=at(-50))
    opened(database, state=State.REJECTED, closed_at=at(-1))
    opened(database, state=State.RESOLVED, resolved_at=at(-90))
    with desk_at(database) as desk:
        assert [each.number for each in desk.recent_alike("益民路", "parking", at(-24))] == [5, 2, 1]


def test_the_first_reporter_is_one_of_them(database: Database) -> None:
    opened(database)
    with desk_at(database) as desk:
        assert desk.join(1, Reporter("huimian", "g-yimin"))
        assert not desk.join(1, Reporter("huimian", None))
        desk.hide(1, "huimian")
        found = {each.userid: each.anonymous for each in desk.reporters(1)}
        assert found == {"shop-yiminlu-1": False, "huimian": True}
        assert [each.number for each in desk.of_reporter("huimian")] == [1]
        desk.leave(1, "huimian")
        assert desk.of_reporter("huimian") == []


def test_helpers_find_what_they_help_with(database: Database) -> None:
    opened(database, helpers=frozenset({"zhang"}))
    opened(database, helpers=frozenset({"zhangsan"}))
    with desk_at(database) as desk:
        assert [each.number for each in desk.in_hands_of("zhang")] == [1]
        assert desk.in_hands_of("%") == []
        assert desk.in_hands_of("zhan_") == []


class TestQuestions:
    ASKED = Question("which", ("1", "2"), {"verb": "认领", "rest": "马上"})

    def ask(self, database: Database, now: BusinessTime = BUSINESS_NOW) -> None:
        with desk_at(database, now) as desk:
            desk.ask("g-yimin", "li", self.ASKED)

    def found(
        self, database: Database, now: BusinessTime, chat: str = "g-yimin", who: str = "li"
    ) -> Question | None:
        with desk_at(database, now) as desk:
            return desk.question(chat, who, HOUR)

    def test_it_is_open_for_its_person_in_its_chat(self, database: Database) -> None:
        self.ask(database)
        assert self.found(database, at(1)) == self.ASKED
        assert self.found(database, at(1), who="wang") is None
        assert self.found(database, at(1), chat="g-erma") is None

    def test_it_is_forgotten_with_time_also_when_the_clock_goes_back(self, database: Database) -> None:
        self.ask(database)
        assert self.found(database, at(1.001)) is None
        assert self.found(database, at(-0.001)) is None

    def test_a_newer_one_takes_its_place(self, database: Database) -> None:
        self.ask(database)
        newer = Question("proof", ("3",))
        with desk_at(database, at(0.5)) as desk:
            desk.ask("g-yimin", "li", newer)
        assert self.found(database, at(1.2)) == newer

    def test_it_can_be_dropped(self, database: Database) -> None:
        self.ask(database)
        with desk_at(database) as desk:
            desk.forget_question("g-yimin", "li")
        assert self.found(database, BUSINESS_NOW) is None


class TestOnce:
    def once(
        self, database: Database, now: BusinessTime, within: timedelta | None = None, key: str = "k"
    ) -> bool:
        with desk_at(database, now) as desk:
            return desk.once(key, within)

    def test_what_happens_once_happens_once(self, database: Database) -> None:
        assert [self.once(database, at(hours)) for hours in (0, 1, 1000, -1000)] == [
            True,
            False,
            False,
            False,
        ]
        assert self.once(database, at(0), key="other")

    def test_within_a_span_it_happens_once(self, database: Database) -> None:
        said = [self.once(database, at(hours), HOUR) for hours in (0, 0.5, 0.999, 1, 1.5, 2)]
        assert said == [True, False, False, True, False, True]

    def test_after_the_clock_was_set_back_it_happens_again(self, database: Database) -> None:
        said = [self.once(database, at(hours), HOUR) for hours in (10, 5, 5.5, 6)]
        assert said == [True, True, False, True]

    def test_of_many_at_once_one_is_the_first(self, database: Database) -> None:
        for within in (None, HOUR):
            found = at_once([lambda within=within: self.once(database, at(0), within, f"k{within}")] * 6)  # type: ignore[misc]
            assert found.count(True) == 1

    def test_what_is_rolled_back_did_not_happen(self, database: Database) -> None:
        def fails() -> None:
            with desk_at(database) as desk:
                assert desk.once("k")
                raise ValueError("rolled back")

        with pytest.raises(ValueError, match="rolled back"):
            fails()
        assert self.once(database, at(0))


def test_what_the_system_changes_is_not_undone_by_a_person(database: Database) -> None:
    before = opened(database)
    claimed = claim(database, before, LI)
    released = transitions.release(claimed)
    with desk_at(database) as desk:
        desk.save(claimed, released, record(claimed, released, Action.RELEASE, SYSTEM, at(1)))
    with desk_at(database, at(0.1)) as desk:
        (undo,) = desk.undoable("li", HOUR)
        assert (undo.action, undo.before.state) == (Action.CLAIM, State.REPORTED)


def test_the_name_of_an_unknown_person_may_be_as_long_as_an_id(database: Database) -> None:
    stranger = Actor("u" * 128, "u" * 128)
    with desk_at(database) as desk:
        desk.open_issue(issue(reporter=stranger.userid), stranger, {})
        (event,) = desk.history(1)
    assert (event.actor, event.actor_name) == ("u" * 128, "u" * 100)
