"""返工 and 督办 in the figures, and the day's random check: histories made by hand, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from domain.clock import BusinessTime
from domain.figures import Counts, Key
from domain.issues import Action, Actor, Event, State
from domain.periods import Days
from domain.summary import OpenPoints, Summary
from handlers.sentences import figures as say
from store import events, figures, issues, quality
from store.database import Database
from store.events import Cause
from store.figures import Scope
from store.period import Period
from store.tables import outbox as outbox_rows
from tests.integration.builders import NOW
from tests.integration.builders import issue as street_issue
from tests.integration.world import parts, put_roster_in_force
from tests.unit.domain.cases import at
from tests.unit.handlers.town import JIEFANG, SHANGHAI, YIMALU, office, rules
from workers import run_checks

SUN = Actor("sun", "孙督")
Happened = tuple[Action, str, State, State]

RESOLVED, CLAIMED = State.RESOLVED, State.CLAIMED


def resolved(when: str) -> Happened:
    return Action.RESOLVE, when, CLAIMED, RESOLVED


def disputed(when: str) -> Happened:
    return Action.DISPUTE, when, RESOLVED, CLAIMED


def passed(when: str) -> Happened:
    return Action.VERIFY, when, CLAIMED, RESOLVED


def failed(when: str) -> Happened:
    return Action.VERIFY, when, RESOLVED, CLAIMED


def supervised(when: str) -> Happened:
    return Action.SUPERVISE, when, CLAIMED, CLAIMED


def put(database: Database, number: int, *history: Happened, **changes: object) -> None:
    """An issue of long ago, and what happened to it."""
    long_ago = at("11-02 08:00")
    plain = replace(street_issue(number), reported_at=long_ago, deadline=long_ago, state=State.CLOSED)
    with database.write() as connection:
        issues.add(connection, [(replace(plain, **changes), None)])  # type: ignore[arg-type]
        happened = (
            Event(number, action, SUN.userid, SUN.name, at(when), before, after)
            for action, when, before, after in history
        )
        events.append(connection, ((event, Cause(None, NOW)) for event in happened))


def day(database: Database, until: str, subdistrict: str = JIEFANG) -> Counts:
    """The figures of the 24 hours before."""
    period = Period(BusinessTime(at(until) - timedelta(days=1)), at(until))
    with database.read() as connection:
        counts = figures.by_subdistrict(connection, Scope(period), rules().working_time)
    return counts.get(subdistrict, Counts())


def reworked(database: Database, *days: str) -> list[int]:
    return [day(database, f"{each} 18:00").rework for each in days]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([resolved("11-23 09:00"), failed("11-23 10:00")], [1, 0, 0]),
        ([resolved("11-23 09:00"), disputed("11-23 10:00")], [0, 1, 0]),
        ([resolved("11-23 09:00"), disputed("11-23 10:00"), passed("11-23 16:00")], [0, 0, 0]),
        ([resolved("11-23 09:00"), disputed("11-23 10:00"), passed("11-24 16:00")], [0, 1, 0]),
        ([resolved("11-23 09:00"), disputed("11-23 10:00"), failed("11-23 16:00")], [1, 0, 0]),
        ([disputed("11-23 10:00"), disputed("11-23 11:00")], [0, 1, 0]),
        ([failed("11-23 10:00"), failed("11-23 11:00")], [1, 0, 0]),
        ([failed("11-23 10:00"), failed("11-25 11:00")], [1, 0, 1]),
    ],
)
def test_rework_counts_on_the_day_it_becomes_certain(
    database: Database, history: Sequence[Happened], expected: list[int]
) -> None:
    put(database, 1, *history)
    assert reworked(database, "11-23", "11-24", "11-25") == expected


def test_a_dispute_before_a_long_weekend_is_not_forgotten(database: Database) -> None:
    put(database, 1, disputed("09-30 17:00"))
    assert reworked(database, "10-07", "10-08", "10-09") == [0, 1, 0]


def test_every_subdistrict_has_its_own(database: Database) -> None:
    put(database, 1, failed("11-23 10:00"))
    put(database, 2, failed("11-23 10:00"), subdistrict=YIMALU)
    put(database, 3, failed("11-23 11:00"))
    assert day(database, "11-23 18:00").rework == 2
    assert day(database, "11-23 18:00", YIMALU).rework == 1


def test_a_dispute_is_dissatisfaction_at_once(database: Database) -> None:
    put(database, 1, resolved("11-23 09:00"), disputed("11-23 10:00"))
    counts = day(database, "11-23 18:00")
    assert (counts.dissatisfied, counts.rework, counts.resolved) == (1, 0, 1)


def test_supervision_is_counted_once_per_issue(database: Database) -> None:
    put(database, 1, supervised("11-23 09:00"), supervised("11-23 10:00"))
    put(database, 2, supervised("11-23 11:00"))
    assert day(database, "11-23 18:00").supervised == 2
    assert day(database, "11-24 18:00").supervised == 0
    assert "督办 2" in say.summary(office(), summed(day(database, "11-23 18:00")), names=False)


NO_POINTS = OpenPoints()


def summed(counts: Counts, points: OpenPoints = NO_POINTS) -> Summary:
    span = Days(SHANGHAI, time(18)).day_until(at("11-23 18:00"))
    return Summary(span, JIEFANG, {Key(JIEFANG, "益民路", "li", "parking"): counts}, {}, points)


def test_the_third_time_goes_on_the_agenda_of_the_weekly_meeting(database: Database) -> None:
    put(database, 1)
    put(database, 2, recurrence_of=1)
    today = {"reported_at": at("11-23 09:00"), "deadline": at("11-23 11:00")}
    put(database, 3, recurrence_of=2, **today)
    put(database, 4, recurrence_of=1, **today)
    with database.read() as connection:
        found = issues.back_again(connection, JIEFANG, at("11-22 18:00"), at("11-23 18:00"))
        elsewhere = issues.back_again(connection, YIMALU, at("11-22 18:00"), at("11-23 18:00"))
    assert ([each.number for each in found], elsewhere) == ([3], [])
    text = say.summary(office(), summed(Counts(reported=2), OpenPoints(stubborn=found)), names=False)
    agenda = text.splitlines()[-2:]
    assert agenda[0] == "周例会议题(第3次及以上出现):"
    assert agenda[1].startswith("#3 ")


# --- the random check -------------------------------------------------------------------------------------
def to_check(database: Database) -> list[int]:
    period = Period(at("11-22 16:00"), at("11-23 16:00"))
    with database.read() as connection:
        return [each.number for each in quality.to_check(connection, period, JIEFANG)]


def test_what_was_resolved_lately_and_still_is_can_be_checked(database: Database) -> None:
    kept: dict[str, object] = {"resolved_at": at("11-23 09:00"), "resolved_by": "li"}
    put(database, 1, resolved("11-23 09:00"), **kept)
    put(database, 2, resolved("11-23 09:00"), **kept, state=RESOLVED)
    put(database, 3, resolved("11-22 15:00"), **kept)
    put(database, 4, resolved("11-23 09:00"), **kept, state=CLAIMED)
    put(database, 5, resolved("11-23 09:00"), **kept, verified=True)
    put(database, 6, resolved("11-23 09:00"), **kept, subdistrict=YIMALU)
    assert to_check(database) == [1, 2]


def lists(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(outbox_rows.c.target, outbox_rows.c.text).order_by(outbox_rows.c.id))
        return [(row.target, row.text) for row in rows if "【核查】" in row.text]


def test_the_supervisors_get_a_tenth_once(database: Database) -> None:
    put_roster_in_force(database)
    made, _ = parts(database, sandbox=True)
    for number in range(1, 16):
        kept: dict[str, object] = {"resolved_at": at("11-23 09:00"), "resolved_by": "li", "state": RESOLVED}
        put(database, number, resolved("11-23 09:00"), **kept)
    run_checks.send_due(made, made.office(), at("11-23 15:59"))
    assert lists(database) == []
    run_checks.send_due(made, made.office(), at("11-23 16:00"))
    run_checks.send_due(made, made.office(), at("11-23 16:05"))
    ((target, text),) = lists(database)
    assert target == "g-sup"
    assert "办结 15 件,随机抽 2 件" in text
    assert text.count("办结人 李路") == 2
    assert "核查" in text
    assert "不通过 原因" in text
