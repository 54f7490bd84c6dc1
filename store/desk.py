"""The desk that handlers work at: one transaction on the database (see ``domain.ports.Desk``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select

from domain.clock import BusinessTime, MachineTime
from domain.diary import Entry
from domain.issues import Action, Actor, CloseReason, Event, Issue, Reporter
from domain.ladder import next_at
from domain.messages import IncomingMessage
from domain.office import Office
from domain.orders import Order
from domain.ports import Example, Leave, Question, Traces, Undo
from domain.quiet import Window
from domain.roster import Roster
from domain.with_officer import marked
from store import (
    diary,
    dispatches,
    doubts,
    events,
    issues,
    leaves,
    media,
    open_questions,
    orders,
    outbox,
    own_quiet,
    person_traces,
    reporters,
)
from store import roster as rosters
from store.batch import Batch
from store.broadcasts import BroadcastBook
from store.doubts import DoubtBook
from store.events import Cause
from store.flags import FlagDesk
from store.followers import FollowerBook
from store.tables import erasures, examples, inbox
from store.upserts import put

TWICE_WITHIN = timedelta(minutes=10)
"""The robot's callback may come again for minutes; the archive tells when something was said."""


class DatabaseDesk:
    """One message's (or one tick's) view of the records. ``inbox_id`` 0: no message is being handled.
    ``batch``: of the messages that are handled in the same transaction."""

    def __init__(
        self,
        connection: Connection,
        office: Office,
        now: BusinessTime,
        machine: MachineTime,
        inbox_id: int = 0,
        batch: Batch | None = None,
    ) -> None:
        self._office = office
        self._now = now
        self._machine = machine
        self._inbox_id = inbox_id
        self._batch = batch or Batch(connection)

    @property
    def _records(self) -> Connection:
        """The records with all that was done so far."""
        return self._batch.written()

    @property
    def now(self) -> BusinessTime:
        return self._now

    @property
    def office(self) -> Office:
        return self._office

    @property
    def inbox_id(self) -> int:
        return self._inbox_id

    def open_issue(self, issue: Issue, actor: Actor, data: Mapping[str, str]) -> Issue:
        opened = self._batch.open(issue, lambda numbered: self._next_step(numbered, frozenset()))
        event = Event(
            opened.number,
            Action.SELF_FOUND if issue.self_found else Action.REPORT,
            actor.userid,
            actor.name,
            issue.reported_at,
            opened.state,
            opened.state,
            data=data,
        )
        # 撤销 of a 随手办 leads to what counts nowhere; of a report there is 撤回
        undone = replace(opened, close_reason=CloseReason.WITHDRAWN) if issue.self_found else None
        self._record(event, undone)
        return opened

    def save(self, before: Issue, after: Issue, event: Event) -> Issue:
        done = events.steps_done(self._batch.connection, after.number, after.cycle)
        changed = self._batch.change(before, after, self._next_step(after, done))
        time_is = marked(before, after, self._office.roster.officer_ids)
        told = replace(event, data={**event.data, **time_is}) if time_is else event
        self._record(told, before if event.actor else None)
        return changed

    def _next_step(self, issue: Issue, done: frozenset[str]) -> BusinessTime | None:
        return next_at(issue, done, self._now, self._office.ladder(issue.subdistrict))

    def note(self, event: Event) -> None:
        self._record(event, None)

    def _record(self, event: Event, snapshot: Issue | None) -> None:
        self._batch.record(event, Cause(self._inbox_id or None, self._machine, snapshot))
        if self._office.sources:
            self._told().each(self._batch.connection, event)

    def issue(self, number: int) -> Issue | None:
        return issues.get(self._batch.with_any(lambda each: each.number == number), number)

    def steps_done(self, issue: Issue) -> frozenset[str]:
        return events.steps_done(self._records, issue.number, issue.cycle)

    def take_step(self, issue: Issue, name: str, outcome: str) -> bool:
        return events.take_step(self._records, issue, name, outcome, self._now)

    def own_messages(self, chat_id: str, number: int) -> int:
        return outbox.own_messages(self._batch.connection, chat_id, number)

    def look_again(self, issue: Issue, at: BusinessTime | None) -> None:
        issues.reschedule(self._records, issue, at)

    def open_of_owner(self, userid: str) -> Sequence[Issue]:
        return issues.open_of_owner(self._batch.with_any(lambda each: each.owner == userid), userid)

    def open_in_sections(self, sections: Collection[str]) -> Sequence[Issue]:
        if not sections:
            return []
        return issues.open_in_sections(self._batch.with_any(lambda each: each.section in sections), sections)

    def open_in_subdistrict(self, subdistrict: str, limit: int = 200) -> Sequence[Issue]:
        return issues.open_in_subdistrict(self._records, subdistrict, limit)

    def in_hands_of(self, userid: str) -> Sequence[Issue]:
        return self._batch.in_hands_of(userid)

    def recent_alike(self, section: str, category: str, since: BusinessTime) -> Sequence[Issue]:
        return self._batch.alike((section, category), since)

    def of_reporter(self, userid: str) -> Sequence[Issue]:
        is_new = self._batch.joined.is_new(userid)
        return reporters.of_reporter(self._records if is_new else self._batch.connection, userid)

    def reporters(self, number: int) -> Sequence[Reporter]:
        return self._batch.joined.of(number)

    def join(self, number: int, reporter: Reporter) -> bool:
        return self._batch.join(number, reporter)

    def leave(self, number: int, userid: str) -> None:
        reporters.leave(self._records, number, userid)
        self._batch.joined.forget()

    def hide(self, number: int, userid: str) -> None:
        reporters.hide(self._records, number, userid)
        self._batch.joined.forget()

    def undoable(self, userid: str, within: timedelta) -> Sequence[Undo]:
        return events.undoable(self._records, userid, BusinessTime(self._now - within))

    def restore(self, now_is: Issue, undo: Undo, event: Event) -> Issue:
        """The cycle goes on counting, so that no step's slot is ever used for two meanings."""
        cycle = now_is.cycle if undo.before.cycle == now_is.cycle else now_is.cycle + 1
        if cycle != undo.before.cycle:
            events.carry_steps(self._records, now_is.number, undo.before.cycle, cycle)
        return self.save(now_is, replace(undo.before, cycle=cycle), event)

    def set_absent(self, userid: str, leave: Leave) -> None:
        leaves.set_absent(self._records, userid, leave)
        self._look_who_is_absent()

    def clear_absent(self, userid: str) -> bool:
        was_away = leaves.clear_absent(self._records, userid, self._now)
        self._look_who_is_absent()
        return was_away

    def _look_who_is_absent(self) -> None:
        self._office = replace(self._office, absent=leaves.absent(self._records, self._now))

    def planned_leaves(self, userid: str) -> Sequence[Leave]:
        return leaves.planned(self._records, userid, self._now)

    def traces(self, userid: str) -> Traces:
        return person_traces.traces(self._records, userid)

    def request_erasure(self, userid: str, by: str) -> None:
        put(self._records, erasures, {"userid": userid, "asked_by": by, "at": self._machine})

    @property
    def broadcasts(self) -> BroadcastBook:
        return BroadcastBook(self._records, self._now)

    def has_push_key(self, chat_id: str) -> bool:
        return rosters.push_key(self._records, chat_id) is not None

    def asked_beside(self, chat_key: str, within: timedelta) -> Mapping[str, Question]:
        return self._batch.questions.beside(chat_key, BusinessTime(self._now - within))

    def adopt(self, former: str, userid: str) -> None:
        reporters.adopt(self._records, former, userid)
        self._batch.joined.forget()

    def amend_roster(self, roster: Roster, source: str) -> None:
        base = self._office.roster_version
        version = rosters.amend(self._records, base, roster, source, self._machine)
        self._office = replace(self._office, roster=roster, roster_version=version)

    def set_own_quiet(self, userid: str, window: Window | None) -> None:
        own_quiet.keep(self._records, userid, window)

    def history(self, number: int) -> Sequence[Event]:
        return events.history(self._records, number)

    def before_last(self, number: int, action: Action) -> Issue | None:
        return events.before_last(self._records, number, action)

    def pictures(self, number: int) -> int:
        if self._batch.has_no_pictures(number):
            return 0
        return len(media.of_issue(self._batch.connection, number))

    def attach_pictures(self, number: int, *, proof: bool) -> None:
        self.attach_earlier(number, self._inbox_id, proof=proof)

    def attach_earlier(self, number: int, inbox_id: int, *, proof: bool) -> None:
        media.attach(self._batch.connection, inbox_id, number, proof=proof)
        self._batch.illustrate(number)

    def detach_pictures(self, number: int, inbox_id: int) -> None:
        media.detach(self._records, inbox_id, number)

    def keep_example(self, example: Example, number: int, userid: str) -> None:
        values = asdict(example) | {"issue": number, "userid": userid, "at": self._now}
        self._records.execute(insert(examples).values(**values))

    def question(self, chat_key: str, userid: str, within: timedelta) -> Question | None:
        return open_questions.within(self._batch.questions.find(chat_key, userid), within, self._now)

    def ask(self, chat_key: str, userid: str, question: Question) -> None:
        self._batch.questions.ask(chat_key, userid, question, self._now)

    def forget_question(self, chat_key: str, userid: str) -> None:
        self._batch.questions.forget(chat_key, userid)

    @property
    def followers(self) -> FollowerBook:
        return FollowerBook(self._batch.connection, self._inbox_id, self._now, self._machine)

    @property
    def doubts(self) -> DoubtBook:
        return DoubtBook(self._records, self._now)

    def said_elsewhere(self, key: str) -> bool:
        own = select(inbox.c.document, inbox.c.received_at).where(inbox.c.id == self._inbox_id)
        row = self._batch.connection.execute(own).one()
        message = IncomingMessage.from_json(row.document)
        sent_at = message.sent_at
        at = row.received_at if sent_at is None else datetime.fromtimestamp(sent_at, UTC)
        return doubts.said_elsewhere(self._batch.connection, key, message.channel, at, TWICE_WITHIN)

    def remember_dispatch(self, source: str, key: str, number: int) -> None:
        dispatches.remember(self._batch.connection, source, key, number)
        opened = next(iter(self.history(number)), None)
        if opened is not None:  # it happened before the source was known to hear of it
            self._told().one(self._batch.connection, dispatches.Source(source, key), opened)

    def _told(self) -> dispatches.Told:
        return dispatches.Told(self._office, self._inbox_id or None, self._machine, self.issue)

    @property
    def flags(self) -> FlagDesk:
        return FlagDesk(self._records, self._now)

    def write_diary(self, entry: Entry, actor: Actor) -> None:
        diary.write(self._records, entry, actor)

    def order(self, order: Order) -> None:
        orders.place(self._records, order, self._now, self._machine, self._inbox_id or None)

    def happened(self, key: str) -> bool:
        """Whether ``once`` was true for this key before."""
        return self._batch.slots.happened(key)

    def once(self, key: str, within: timedelta | None = None) -> bool:
        return self._batch.slots.once(key, self._now, within)
