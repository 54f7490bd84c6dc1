"""What becomes due, when and for whom: written out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import BusinessTime
from domain.issues import Action, Actor, Issue, Promise, State
from domain.ladder import Due, due, next_at
from domain.quiet import Span
from domain.rungs import Kind, rungs
from domain.transitions import claim, release, reopen, resolve
from tests.unit.domain.cases import at, hours, issue, rules, shown

DUTY = (at("11-20 20:00"), at("11-21 08:00"))
CHIEF = Actor("chief3", "李路长")
NONE: frozenset[str] = frozenset()


def ladder(one: Issue, now: str, *duty: Span) -> list[tuple[str, str | None, set[str]]]:
    return [(rung.name, shown(rung.at), set(rung.audiences)) for rung in rungs(one, rules(*duty), at(now))]


def looked_at(one: Issue, now: str, *done: str) -> Due:
    return due(one, frozenset(done), at(now), rules())


def said(found: Due) -> tuple[str, set[str]] | None:
    return (found.send.name, set(found.send.audiences)) if found.send else None


# --- whole ladders --------------------------------------------------------------------------------------
def test_bikes_on_a_friday_evening() -> None:
    assert ladder(issue("11-20 17:30", "2h work"), "11-20 17:30") == [
        ("unclaimed", "11-20 17:40", {"owner"}),
        ("before", "11-23 09:15", {"owner"}),
        ("deadline", "11-23 09:30", {"owner"}),
        ("late:30m", "11-23 10:00", {"owner", "level2"}),
        ("late:1h", "11-23 10:30", {"owner"}),
        ("late:2h", "11-23 11:30", {"owner"}),
        ("late:4h", "11-23 14:00", {"owner", "supervisor"}),  # 13:30 is lunch
        ("late:group", "11-24 09:30", {"group"}),
        ("late:d1", "11-24 09:30", {"owner"}),
        ("late:w2", "11-25 09:30", {"owner", "level1"}),
    ]


def test_bikes_reported_on_a_saturday_are_spoken_of_on_monday() -> None:
    assert ladder(issue("11-21 10:00", "2h work"), "11-21 10:00")[:3] == [
        ("unclaimed", "11-23 08:00", {"owner"}),
        ("before", "11-23 09:45", {"owner"}),
        ("deadline", "11-23 10:00", {"owner"}),
    ]


def test_a_hawker_late_in_the_evening() -> None:
    assert ladder(issue("11-20 21:30", "2h natural"), "11-20 21:30") == [
        ("unclaimed", "11-20 21:40", {"owner"}),
        ("before", "11-21 08:15", {"owner"}),
        ("deadline", "11-21 08:30", {"owner"}),
        ("late:30m", "11-21 09:00", {"owner", "level2"}),
        ("late:1h", "11-21 09:30", {"owner"}),
        ("late:2h", "11-21 10:30", {"owner"}),
        ("late:4h", "11-21 12:30", {"owner", "supervisor"}),
        ("late:d1", "11-22 08:30", {"owner"}),
        ("late:group", "11-23 18:00", {"group"}),
        ("late:w2", "11-24 18:00", {"owner", "level1"}),  # Saturday counts from Monday: two whole days
    ]


def test_a_hawker_late_in_the_evening_with_somebody_on_duty() -> None:
    assert ladder(issue("11-20 21:30", "2h natural", DUTY), "11-20 21:30", DUTY) == [
        ("unclaimed", "11-20 21:40", {"owner"}),
        ("before", "11-20 23:15", {"owner"}),
        ("deadline", "11-20 23:30", {"owner"}),
        ("late:30m", "11-21 00:00", {"owner", "level2"}),
        ("late:1h", "11-21 00:30", {"owner"}),
        ("late:2h", "11-21 01:30", {"owner"}),
        ("late:4h", "11-21 03:30", {"owner", "supervisor"}),
        ("late:d1", "11-22 07:00", {"owner"}),  # the next night is quiet again
        ("late:group", "11-23 18:00", {"group"}),
        ("late:w2", "11-24 18:00", {"owner", "level1"}),
    ]


def test_a_manhole_at_night() -> None:
    assert ladder(issue("11-20 23:00", "2h natural", danger=True), "11-20 23:00") == [
        ("unclaimed", "11-20 23:10", {"owner", "supervisor", "level1"}),
        ("before", "11-21 00:45", {"owner"}),
        ("deadline", "11-21 01:00", {"owner"}),
        ("late:30m", "11-21 01:30", {"owner", "level2"}),
        ("late:1h", "11-21 02:00", {"owner"}),
        ("late:2h", "11-21 03:00", {"owner"}),
        ("late:4h", "11-21 05:00", {"owner", "supervisor"}),
        ("late:d1", "11-22 01:00", {"owner"}),
        ("late:group", "11-23 18:00", {"group"}),
        ("late:w2", "11-24 18:00", {"owner", "level1"}),
    ]


@pytest.mark.parametrize(
    ("reported", "duration", "half"),
    [
        ("11-20 09:00", "4h work", None),  # not over four hours
        ("11-20 09:00", "1d work", "11-20 15:00"),  # four working hours later
        ("11-20 17:00", "2d work", "11-23 17:00"),
        ("11-20 12:00", "1d natural", "11-21 09:00"),  # ten hours until 22:00, two after 07:00
    ],
)
def test_half_of_the_time_is_counted_on_the_issues_own_clock(
    reported: str, duration: str, half: str | None
) -> None:
    times = {name: time for name, time, _ in ladder(issue(reported, duration), reported)}
    assert times.get("half") == half


def test_a_reminder_before_the_report_is_left_out() -> None:
    assert "before" not in {name for name, *_ in ladder(issue("11-20 09:00", "10m natural"), "11-20 09:00")}


def test_what_falls_due_as_work_ends_is_still_said() -> None:
    one = issue("11-20 16:00", "2h work")
    times = {name: time for name, time, _ in ladder(one, "11-20 16:00")}
    assert (times["deadline"], times["late:30m"]) == ("11-20 18:00", "11-23 08:00")
    assert said(looked_at(one, "11-20 18:00", "unclaimed", "before")) == ("deadline", {"owner"})


# --- one look after the other ---------------------------------------------------------------------------
def test_nothing_is_due_at_first() -> None:
    found = looked_at(issue("11-23 09:00", "2h work"), "11-23 09:00")
    assert (found.send, found.superseded, shown(found.next_at)) == (None, (), "11-23 09:10")


def test_a_rung_is_sent_once_and_the_next_is_known() -> None:
    one = issue("11-23 09:00", "2h work")
    found = looked_at(one, "11-23 09:10")
    assert said(found) == ("unclaimed", {"owner"})
    assert shown(found.next_at) == "11-23 10:45"
    assert looked_at(one, "11-23 09:11", "unclaimed").send is None


def test_a_jump_of_five_hours_sends_only_the_latest_and_leaves_nobody_untold() -> None:
    found = looked_at(issue("11-23 09:00", "2h work"), "11-23 14:00")
    assert said(found) == ("late:2h", {"owner", "level2"})
    assert [rung.name for rung in found.superseded] == [
        "unclaimed",
        "before",
        "deadline",
        "late:30m",
        "late:1h",
    ]
    assert shown(found.next_at) == "11-23 15:00"


def test_those_told_already_are_not_told_again() -> None:
    done = ("unclaimed", "before", "deadline", "late:30m", "late:1h", "late:2h")
    assert said(looked_at(issue("11-23 09:00", "2h work"), "11-23 15:30", *done)) == (
        "late:4h",
        {"owner", "supervisor"},
    )


def test_a_jump_into_lunch_waits_until_two() -> None:
    found = looked_at(issue("11-23 09:00", "2h work"), "11-23 13:00")
    assert (found.send, found.superseded, shown(found.next_at)) == (None, (), "11-23 14:00")


def test_a_jump_into_the_night_waits_until_morning() -> None:
    found = looked_at(issue("11-23 09:00", "2h natural"), "11-24 02:00")
    assert (found.send, shown(found.next_at)) == (None, "11-24 07:00")


def test_danger_waits_for_nothing() -> None:
    found = looked_at(issue("11-21 09:00", "2h natural", danger=True), "11-22 02:00")
    assert said(found) == ("late:4h", {"owner", "level2", "supervisor", "level1"})


def test_after_a_jump_back_nothing_is_said_twice() -> None:
    one = issue("11-23 09:00", "2h work")
    found = looked_at(one, "11-20 09:00", "unclaimed", "before")
    assert (found.send, shown(found.next_at)) == (None, "11-23 11:00")


def test_after_years_of_standstill_the_list_is_short() -> None:
    one = issue("11-23 09:00", "2h work")
    found = looked_at(one, "2036-11-21 10:00")
    assert found.send is not None
    assert found.send.name.startswith("late:d2")
    assert set(found.send.audiences) == {"owner", "level2", "supervisor", "level1", "group"}
    assert len(found.superseded) < 12
    assert found.next_at is not None
    assert found.next_at - at("2036-11-21 10:00") <= timedelta(days=3)


def test_every_working_day_has_its_reminder() -> None:
    one = issue("11-19 09:00", "2h work")
    done = {"unclaimed", "before", "deadline", "late:30m", "late:1h", "late:2h", "late:4h", "late:w2"}
    done.add("late:group")
    seen: list[tuple[str, str | None]] = []
    now: BusinessTime | None = at("11-19 16:00")
    while now and len(seen) < 5:
        found = due(one, frozenset(done), now, rules())
        if found.send:
            seen.append((found.send.name, shown(now)))
            done |= {found.send.name, *(rung.name for rung in found.superseded)}
        now = found.next_at
    assert seen == [
        ("late:d1", "11-20 11:00"),
        ("late:d2", "11-23 11:00"),
        ("late:d3", "11-24 11:00"),
        ("late:d4", "11-25 11:00"),
        ("late:d5", "11-26 11:00"),
    ]


# --- the other states -----------------------------------------------------------------------------------
def test_once_claimed_nobody_is_asked_to_claim() -> None:
    claimed = claim(issue("11-23 09:00", "1d work"), CHIEF, at("11-23 09:05"))
    names = [name for name, *_ in ladder(claimed, "11-23 09:05")]
    assert "unclaimed" not in names
    assert names[:3] == ["half", "before", "deadline"]


def test_a_claim_without_progress_expires_by_the_issues_own_clock() -> None:
    claimed = claim(issue("11-20 17:00", "2h work"), CHIEF, at("11-20 17:30"))
    step = rungs(claimed, rules(), at("11-20 17:30"))[3]
    assert (step.kind, shown(step.at), set(step.audiences)) == (
        Kind.RELEASE,
        "11-23 09:30",
        {"owner", "level_above"},
    )
    later = replace(claimed, progress_at=at("11-23 09:00"))
    released = [rung for rung in rungs(later, rules(), at("11-23 09:00")) if rung.kind is Kind.RELEASE]
    assert [shown(rung.at) for rung in released] == ["11-23 11:00"]
    assert released[0].name != step.name


def test_a_reminder_never_hides_the_release() -> None:
    claimed = claim(issue("11-23 08:00", "2h work"), CHIEF, at("11-23 08:05"))
    found = looked_at(claimed, "11-23 14:30")
    assert found.send is not None
    assert found.send.kind is Kind.RELEASE
    assert set(found.send.audiences) == {"owner", "level_above", "level2", "supervisor"}
    done = {found.send.name, *(rung.name for rung in found.superseded)}
    after = due(release(claimed), frozenset(done), at("11-23 14:31"), rules())
    assert (after.send, shown(after.next_at)) == (None, "11-24 10:00")  # not "unclaimed" as well


def test_silence_closes_after_natural_hours_even_at_night() -> None:
    resolved = resolve(issue("11-20 22:30", "2h natural"), CHIEF, at("11-20 23:00"))
    assert ladder(resolved, "11-20 23:00") == [("auto_close", "11-21 23:00", {"reporter"})]
    assert said(looked_at(resolved, "11-21 23:00")) == ("auto_close", {"reporter"})


def test_an_open_question_goes_to_level_two_with_the_reminder() -> None:
    asked = issue("11-23 09:00", "2h work", pending=frozenset({"section"}))
    found = looked_at(asked, "11-23 09:10")
    assert said(found) == ("pending", {"owner", "level2"})
    assert [rung.name for rung in found.superseded] == ["unclaimed"]


def test_what_was_returned_is_brought_up_until_it_is_assigned() -> None:
    returned = issue("11-23 09:00", "2h work", state=State.RETURNED, paused_at=at("11-23 10:00"))
    assert ladder(returned, "11-23 10:00") == [
        ("returned", "11-23 10:10", {"owner"}),
        ("returned:4h", "11-23 14:00", {"owner", "supervisor"}),
        ("returned:d1", "11-24 10:00", {"owner"}),
    ]


def test_what_is_suspended_comes_up_for_review() -> None:
    suspended = issue("11-20 09:00", "2h natural", state=State.SUSPENDED, paused_at=at("11-20 10:00"))
    assert ladder(suspended, "11-20 10:00") == [("review:1", "12-20 10:00", {"supervisor"})]


@pytest.mark.parametrize("state", [State.CLOSED, State.REJECTED, State.MERGED])
def test_what_is_over_is_left_alone(state: State) -> None:
    over = issue("11-23 09:00", "2h work", state=state)
    assert next_at(over, NONE, at("11-24 09:00"), rules()) is None


def test_a_reopened_issue_starts_a_ladder_of_its_own() -> None:
    first = resolve(issue("11-23 09:00", "2h work"), CHIEF, at("11-23 10:00"))
    fresh = issue("11-23 15:00", "2h work")
    made = Promise(fresh.assigned_at, fresh.duration, fresh.working_clock, fresh.deadline)
    again = reopen(first, Action.DISPUTE, made, owner_still_responsible=True)
    assert again.cycle == first.cycle + 1
    assert [name for name, *_ in ladder(again, "11-23 15:00")][:3] == [
        "before",
        "deadline",
        "release:20261123070000",
    ]
    assert shown(next_at(again, NONE, at("11-23 15:00"), rules())) == "11-23 16:45"


# --- whatever the clock does ----------------------------------------------------------------------------
ISSUES = st.sampled_from(
    [
        issue("11-20 17:30", "2h work"),
        issue("11-20 21:30", "2h natural"),
        issue("11-20 23:00", "2h natural", danger=True),
        issue("11-20 10:00", "5d work", pending=frozenset({"category"})),
    ]
)
JUMPS = st.lists(st.integers(-600, 3000).map(lambda minutes: timedelta(minutes=minutes)), max_size=25)


@given(ISSUES, JUMPS)
def test_nothing_is_sent_twice_or_unlawfully_and_nobody_is_left_untold(
    one: Issue, jumps: list[timedelta]
) -> None:
    now, done, told = one.assigned_at, set[str](), set[str]()
    for jump in jumps:
        now = BusinessTime(now + jump)
        found = due(one, frozenset(done), now, rules())
        if found.send is None:
            continue
        names = {found.send.name, *(rung.name for rung in found.superseded)}
        assert not names & done
        assert rules().sendable_from(one, now) == now
        done |= names
        told |= found.send.audiences
        reached = {each for rung in rungs(one, rules(), now) if rung.at <= now for each in rung.audiences}
        assert reached <= told
        assert found.next_at is None or found.next_at > now


@given(ISSUES, st.integers(0, 60 * 24 * 400))
def test_the_next_look_is_never_too_late(one: Issue, minutes: int) -> None:
    now = BusinessTime(one.assigned_at + timedelta(minutes=minutes))
    found = due(one, NONE, now, rules())
    assert found.next_at is not None  # somebody still owes something
    assert now < found.next_at <= now + hours(24 * 9)  # over National Day at the longest
