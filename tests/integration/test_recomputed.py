"""Every figure of a summary, counted again from the events in the plainest way, after a town's random week.

What people say and do goes through the real router, desk and ladder; the recount knows only the events, and
of the issues' rows what no event records: place, owner, category, deadline, extensions.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby

import pytest
from sqlalchemy import select

from domain.clock import BusinessTime
from domain.figures import Key
from domain.issues import Issue
from store import figures, issues
from store.database import Database
from store.figures import Scope
from store.period import Period
from store.tables import events as event_rows
from store.tables import issues as issue_rows
from tests.property.street import Said, Street, lived_in
from tests.unit.handlers.town import moment, rules

PLACES = {"益民路": ("g-yimin", "li"), "大同路": ("g-area", "qian"), "二马路": ("g-erma", "feng")}
WATCHES = {"益民路": "sun", "大同路": "zhou", "二马路": "guan"}
PROBLEMS = ("{n}号门口电动车堵路", "{n}号门口垃圾堆成山", "{n}号门口路灯不亮", "{n}号门口井盖丢了很危险")
OFFICER_SAYS = (("进展", "在路上"), ("退回", "不归我管"), ("办结", "无照片 拖走了"), ("认领", ""))
DONE = {"resolved", "closed"}
ENDED = {"closed", "rejected", "merged"}


@dataclass(frozen=True)
class Told:
    """One event, as it stands in the records."""

    action: str
    actor: str
    message: int | None
    at: BusinessTime
    before: str
    after: str
    deadline_before: datetime | None
    reason: str

    @property
    def asks_officer(self) -> bool:
        return self.action == "协办" and self.reason.startswith("交警 张三")

    @property
    def gives_to_officer(self) -> bool:
        return self.action == "转派" and self.reason.startswith("给 交警 张三")


@dataclass(frozen=True)
class Life:
    """One issue as the recount sees it."""

    row: Issue
    events: tuple[Told, ...]

    @cached_property
    def kept(self) -> tuple[Told, ...]:
        return without_the_undone(self.events)

    def paused(self, moment: datetime) -> BusinessTime | None:
        """Since when its deadline stood still then: it was returned, or the officer was asked to help."""
        since: BusinessTime | None = None
        for event in without_the_undone(self.until(moment)):
            if event.after == "returned":
                since = since if event.before in {"returned", "suspended"} else event.at
            elif event.after == "suspended":
                since = since if event.before in {"returned", "suspended"} else None
            elif event.after not in {"reported", "claimed"} or event.before not in {"reported", "claimed"}:
                since = None
            elif event.asks_officer or (event.action == "延期" and since):
                since = event.at
            elif event.action in {"协办", "协办到时", "转派"}:
                since = None
        return since

    def stands_still(self, moment: datetime, deadline: datetime) -> bool:
        since = self.paused(moment)
        return since is not None and since <= deadline

    def until(self, moment: datetime) -> list[Told]:
        return [event for event in self.events if event.at <= moment]

    def state(self, moment: datetime) -> str:
        return self.until(moment)[-1].after

    def deadline(self, moment: datetime) -> datetime:
        """The deadline it had then: that which the next deed of a person found."""
        later = (event.deadline_before for event in self.events if event.at > moment)
        return next(filter(None, later), self.row.deadline)

    def last(self, states: set[str]) -> BusinessTime | None:
        """When it came to be in one of these states for good; None if it is in none now."""
        if self.events[-1].after not in states:
            return None
        since = None
        for event in self.kept:
            if event.after not in states:
                since = None
            elif since is None:
                since = event.at
        return since

    @property
    def now(self) -> str:
        return self.events[-1].after

    @property
    def ending(self) -> str:
        """The action that closed it, if it is closed."""
        changes = [event.action for event in self.kept if event.before != event.after]
        return changes[-1] if self.now == "closed" and changes else ""


def without_the_undone(events: Sequence[Told]) -> tuple[Told, ...]:
    """Without what was taken back, and without the taking back."""
    kept: list[Told] = []
    for event in events:
        if event.action != "撤销":
            kept.append(event)
            continue
        mine = [each for each in kept if each.actor == event.actor and each.deadline_before]
        kept = [each for each in kept if each.actor != event.actor or each.message != mine[-1].message]
    return tuple(kept)


def lives(street: Street) -> list[Life]:
    rows = {row.number: issues.from_row(row) for row in street.connection.execute(select(issue_rows))}
    told = street.connection.execute(select(event_rows).order_by(event_rows.c.number, event_rows.c.id)).all()
    return [
        Life(
            rows[number],
            tuple(
                Told(e.action, e.actor, e.inbox_id, e.at, e.before, e.after, _deadline(e.snapshot), e.reason)
                for e in group
            ),
        )
        for number, group in groupby(told, lambda event: event.number)
    ]


def _deadline(snapshot: str | None) -> datetime | None:
    if snapshot is None:
        return None
    return datetime.fromtimestamp(json.loads(snapshot)["deadline"] / 1e6, UTC)


def recounted(town: list[Life], period: Period, *, by_report_time: bool) -> dict[Key, Counter[str]]:
    found: dict[Key, Counter[str]] = {}
    for each in town:
        row = each.row
        counts = found.setdefault(Key(row.subdistrict, row.section, row.owner, row.category), Counter())
        reported = period.covers(each.events[0].at)
        if row.self_found:
            counts["self_found"] += reported and each.events[0] in each.kept and each.ending != "撤回"
        elif reported or not by_report_time:
            counts.update(_counted(each, period))
    return found


def _counted(each: Life, period: Period) -> Iterator[str]:
    row, covers = each.row, period.covers
    unsuccessful = each.now in {"rejected", "merged"}
    if covers(each.events[0].at):
        yield "reported"
        if unsuccessful:
            yield "not_accepted"
        elif row.recurrence_of is not None:
            yield "recurred"
    names = {"办结": "resolved", "不予受理": "rejected", "合并": "merged", "满意": "satisfied",
             "不满意": "dissatisfied", "督办": "supervised"}  # fmt: skip
    yield from {names[e.action] for e in each.kept if e.action in names and covers(e.at)}
    closed = each.last({"closed"})
    if closed is not None and covers(closed):
        yield {"满意": "confirmed", "无回复自动结案": "silent", "撤回": "withdrawn"}[each.ending]
    if any(covers(at) for at in _reworked(each)):
        yield "rework"
    since = each.paused(each.events[-1].at)
    unfinished = each.now in {"reported", "claimed", "returned"}
    waits = unfinished and since is not None and since <= min(row.deadline, period.until)
    if covers(row.deadline) and not unsuccessful and each.ending != "撤回" and not waits:
        yield from _due(each, period.until)
    if each.events[0].at <= period.until:
        yield from _standing(each, period.until)


def _due(each: Life, until: BusinessTime) -> Iterator[str]:
    yield "due"
    if each.now == "suspended" and each.last({"suspended"}) <= until:  # type: ignore[operator]
        yield "due_suspended"
        return
    if each.row.extensions:
        yield "due_extended"
    resolved = each.last(DONE)
    if resolved is not None and resolved <= until:
        yield "due_resolved"
        if resolved <= each.row.deadline:
            yield "due_on_time"
    closed = each.last({"closed"})
    if closed is not None and closed <= until:
        yield "due_closed"


def _standing(each: Life, until: BusinessTime) -> Iterator[str]:
    state = each.state(until)
    if state in ENDED:
        return
    yield "open"
    names = {"reported": "unclaimed", "resolved": "awaiting", "suspended": "suspended"}
    if state in names:
        yield names[state]
    deadline = each.deadline(until)
    if state in {"reported", "claimed"} and deadline < until and not each.stands_still(until, deadline):
        yield "overdue"


def _reworked(each: Life) -> Iterator[BusinessTime]:
    working = rules().working_time
    for index, event in enumerate(each.kept):
        if event.action == "核查" and event.after not in DONE:
            yield event.at
        if event.action == "不满意":
            final = working.add_days(event.at, 1)
            later = each.kept[index + 1 :]
            if not any(e.action == "核查" and e.at <= final for e in later):
                yield final


@dataclass
class Accounts:
    """Working time while it was to be done: of the chiefs, and of the officer who owns it."""

    chiefs: timedelta = timedelta(0)
    officer: timedelta = timedelta(0)
    is_officers: bool = False

    @property
    def own(self) -> timedelta:
        return self.officer if self.is_officers else self.chiefs

    def run(self, time: timedelta) -> None:
        if self.is_officers:
            self.officer += time
        else:
            self.chiefs += time


def timed(each: Life, period: Period) -> Iterator[tuple[str, int]]:
    """Claims and handlings that ended in the period, with the working seconds they took."""
    if each.row.self_found:
        return
    working = rules().working_time.between
    accounts, since, waiting = Accounts(), each.events[0].at, timedelta(0)
    state, helped = each.events[0].after, False
    for event in each.kept[1:]:
        if state in {"reported", "claimed"} and not helped:
            accounts.run(working(since, event.at))
        since = event.at
        taken_back = accounts.is_officers and event.action == "认领" and event.actor != "zhang"
        if taken_back:
            accounts.is_officers = False
        elif period.covers(event.at) and event.action == "认领" and event.before == "reported":
            seconds = round((accounts.own - waiting).total_seconds())
            yield from (("claims", 1), ("claim_s", seconds), ("prompt", int(seconds <= 1800)))
        if period.covers(event.at) and event.action == "办结":
            yield from (("handlings", 1), ("handling_s", round(accounts.own.total_seconds())))
        if event.gives_to_officer or event.action in {"转派", "退回"}:
            accounts.is_officers, accounts.officer = event.gives_to_officer, timedelta(0)
        if event.after in DONE | ENDED:
            accounts = Accounts(is_officers=accounts.is_officers)
        fresh = event.action == "转派" or event.before != event.after
        if event.after == "reported" and event.action != "认领过期" and fresh:
            waiting = accounts.own
        helped = _helped(event, helped=helped) and not accounts.is_officers
        state = event.after


def _helped(event: Told, *, helped: bool) -> bool:
    if not {event.before, event.after} <= {"reported", "claimed"}:
        return False
    if event.action in {"协办", "协办到时", "转派"}:
        return event.asks_officer
    return helped


# --- a random life ----------------------------------------------------------------------------------------
def live(street: Street, chance: random.Random, messages: int) -> None:
    """Reports, work, judgement and second thoughts, with hours and nights in between."""
    homes: dict[int, str] = {}
    for _ in range(messages):
        road = chance.choice(list(PLACES))
        group, chief = PLACES[road]
        supervisor, merchant = WATCHES[road], f"shop-{chance.randrange(40)}"
        mine = [number for number, home in homes.items() if home == road][-12:]
        if not mine or chance.random() < 0.3:
            text = chance.choice(PROBLEMS).format(n=chance.randrange(1, 400))
            street.say(Said(merchant, text, group))
            reported = select(issue_rows.c.number, issue_rows.c.section).where(~issue_rows.c.self_found)
            for row in street.connection.execute(reported):
                homes.setdefault(row.number, row.section)
        else:
            _act(street, chance, chance.choice(mine), (group, chief, supervisor))
        if chance.random() < 0.15:
            street.later(timedelta(minutes=chance.choice((5, 20, 60, 240, 900))))


def _act(street: Street, chance: random.Random, number: int, people: tuple[str, str, str]) -> None:
    group, chief, supervisor = people
    row = street.connection.execute(
        select(issue_rows.c.reporter).where(issue_rows.c.number == number)
    ).scalar_one()
    deeds: list[Said] = [
        *[Said(chief, f"认领 {number}", group)] * 4,
        *[Said(chief, f"办结 {number} 无照片 已清", group)] * 5,
        *[Said(row, f"满意 {number}", group)] * 3,
        *[Said(row, f"不满意 {number} 没弄好", group)] * 2,
        Said(row, f"撤回 {number}", group),
        Said(chief, f"退回 {number} 不归我管", group),
        Said(chief, f"延期 {number} 2小时 等材料", group),
        *[Said(chief, f"协办 {number} 交警 请拖车", group)] * 3,
        Said(chief, f"转派 {number} 交警", group),
        *[Said("zhang", f"{verb} {number} {what}", None) for verb, what in OFFICER_SAYS],
        Said(supervisor, f"督办 {number} 尽快", None),
        Said(supervisor, f"缓办 {number} 等施工", None),
        Said(supervisor, f"恢复 {number}", None),
        Said(supervisor, f"不予受理 {number} 小区内部 物业", None),
        Said(supervisor, f"核查 {number} 通过", None),
        Said(supervisor, f"核查 {number} 不通过 还有垃圾", None),
        Said(supervisor, f"合并 {number} 到 {max(1, number - 1)}", None),
        *[Said(chance.choice((chief, supervisor, row)), "撤销", group)] * 2,
        Said(chief, f"随手办 铲小广告{chance.randrange(9)}处", group),
    ]
    street.say(chance.choice(deeds))


SPANS: dict[str, Callable[[BusinessTime], Period]] = {
    "the last day": lambda now: Period(BusinessTime(now - timedelta(days=1)), now),
    "an earlier day": lambda _: Period(moment("11-24 18:00"), moment("11-25 18:00")),
    "all of it": lambda now: Period(moment("11-01 00:00"), now),
}


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_what_the_events_say(seed: int, database: Database) -> None:
    with database.engine.connect() as connection, lived_in(connection) as street:
        live(street, random.Random(seed), 300)
        town = lives(street)
        assert len(town) > 45
        for name, span in SPANS.items():
            for by_report_time in (False, True):
                period = span(street.now)
                scope = Scope(period, by_report_time)
                counted = figures.grouped(street.connection, scope, rules().working_time)
                expected = recounted(town, period, by_report_time=by_report_time)
                for each in town:
                    row = each.row
                    if by_report_time and not period.covers(each.events[0].at):
                        continue
                    key = Key(row.subdistrict, row.section, row.owner, row.category)
                    for count, number in timed(each, period):
                        expected[key][count] += number
                found = {
                    key: {n: v for n, v in asdict(counts).items() if v} for key, counts in counted.items()
                }
                wanted = {key: {n: v for n, v in counts.items() if v} for key, counts in expected.items()}
                differs = {
                    (key, count): (found.get(key, {}).get(count, 0), wanted.get(key, {}).get(count, 0))
                    for key in found | wanted
                    for count in found.get(key, {}) | wanted.get(key, {})
                }
                assert {place: pair for place, pair in differs.items() if pair[0] != pair[1]} == {}, name
