"""The desk that handlers work at: one transaction on the database (see ``domain.ports.Desk``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, text

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
from store.broadcasts import BroadcastBook
from store.columns import Moment
from store.doubts import DoubtBook
from store.events import Cause
from store.flags import FlagDesk
from store.followers import FollowerBook
from store.open_questions import OpenQuestions
from store.tables import dispatches, erasures, examples, inbox, slots
from store.upserts import put

TWICE_WITHIN = timedelta(minutes=10)
"""The robot's callback may come again for minutes; the archive tells when something was said."""
_ONCE = text(
    "INSERT INTO slots (key, at) VALUES (:key, :now) ON CONFLICT DO NOTHING RETURNING key"
).bindparams(bindparam("now", type_=Moment))
# also when the clock was set back behind the last time
_ONCE_IN_A_WHILE = text(
    "INSERT INTO slots (key, at) VALUES (:key, :now) ON CONFLICT (key) DO UPDATE SET at = excluded.at "
    "WHERE slots.at <= :over OR slots.at > :now RETURNING key"
).bindparams(bindparam("now", type_=Moment), bindparam("over", type_=Moment))


class DatabaseDesk:
    """One message's (or one tick's) view of the records. ``inbox_id`` 0: no message is being handled.
    ``questions``: those read ahead for a batch of messages."""

    def __init__(
        self,
        connection: Connection,
        office: Office,
        now: BusinessTime,
        machine: MachineTime,
        inbox_id: int = 0,
        questions: OpenQuestions | None = None,
    ) -> None:
        self._connection = connection
        self._office = office
        self._now = now
        self._machine = machine
        self._inbox_id = inbox_id
        self._questions = questions or OpenQuestions(connection)

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
        numbered = replace(issue, number=issues.next_number(self._connection))
        issues.add(self._connection, numbered, self._next_step(numbered, frozenset()))
        reporters.join(self._connection, numbered.number, Reporter(issue.reporter, issue.chat_id))
        event = Event(
            numbered.number,
            Action.SELF_FOUND if issue.self_found else Action.REPORT,
            actor.userid,
            actor.name,
            issue.reported_at,
            numbered.state,
            numbered.state,
            data=data,
        )
        # 撤销 of a 随手办 leads to what counts nowhere; of a report there is 撤回
        undone = replace(numbered, close_reason=CloseReason.WITHDRAWN) if issue.self_found else None
        self._record(event, undone)
        return numbered

    def save(self, before: Issue, after: Issue, event: Event) -> Issue:
        done = events.steps_done(self._connection, after.number, after.cycle)
        changed = issues.change(
            self._connection, replace(after, version=before.version), self._next_step(after, done)
        )
        time_is = marked(before, after, self._office.roster.officer_ids)
        told = replace(event, data={**event.data, **time_is}) if time_is else event
        self._record(told, before if event.actor else None)
        return changed

    def _next_step(self, issue: Issue, done: frozenset[str]) -> BusinessTime | None:
        return next_at(issue, done, self._now, self._office.ladder(issue.subdistrict))

    def note(self, event: Event) -> None:
        self._record(event, None)

    def _record(self, event: Event, snapshot: Issue | None) -> None:
        events.record(self._connection, event, Cause(self._inbox_id or None, self._machine, snapshot))

    def issue(self, number: int) -> Issue | None:
        return issues.get(self._connection, number)

    def steps_done(self, issue: Issue) -> frozenset[str]:
        return events.steps_done(self._connection, issue.number, issue.cycle)

    def take_step(self, issue: Issue, name: str, outcome: str) -> bool:
        return events.take_step(self._connection, issue, name, outcome, self._now)

    def own_messages(self, chat_id: str, number: int) -> int:
        return outbox.own_messages(self._connection, chat_id, number)

    def look_again(self, issue: Issue, at: BusinessTime | None) -> None:
        issues.reschedule(self._connection, issue, at)

    def open_of_owner(self, userid: str) -> Sequence[Issue]:
        return issues.open_of_owner(self._connection, userid)

    def open_in_sections(self, sections: Collection[str]) -> Sequence[Issue]:
        return issues.open_in_sections(self._connection, sections) if sections else []

    def open_in_subdistrict(self, subdistrict: str, limit: int = 200) -> Sequence[Issue]:
        return issues.open_in_subdistrict(self._connection, subdistrict, limit)

    def of_helper(self, userid: str) -> Sequence[Issue]:
        return issues.of_helper(self._connection, userid)

    def recent_alike(self, section: str, category: str, since: BusinessTime) -> Sequence[Issue]:
        return issues.recent_alike(self._connection, section, category, since)

    def of_reporter(self, userid: str) -> Sequence[Issue]:
        return reporters.of_reporter(self._connection, userid)

    def reporters(self, number: int) -> Sequence[Reporter]:
        return reporters.reporters_of(self._connection, number)

    def join(self, number: int, reporter: Reporter) -> bool:
        return reporters.join(self._connection, number, reporter)

    def leave(self, number: int, userid: str) -> None:
        reporters.leave(self._connection, number, userid)

    def hide(self, number: int, userid: str) -> None:
        reporters.hide(self._connection, number, userid)

    def undoable(self, userid: str, within: timedelta) -> Sequence[Undo]:
        return events.undoable(self._connection, userid, BusinessTime(self._now - within))

    def restore(self, now_is: Issue, undo: Undo, event: Event) -> Issue:
        """The cycle goes on counting, so that no step's slot is ever used for two meanings."""
        cycle = now_is.cycle if undo.before.cycle == now_is.cycle else now_is.cycle + 1
        if cycle != undo.before.cycle:
            events.carry_steps(self._connection, now_is.number, undo.before.cycle, cycle)
        return self.save(now_is, replace(undo.before, cycle=cycle), event)

    def set_absent(self, userid: str, leave: Leave) -> None:
        leaves.set_absent(self._connection, userid, leave)
        self._look_who_is_absent()

    def clear_absent(self, userid: str) -> bool:
        was_away = leaves.clear_absent(self._connection, userid, self._now)
        self._look_who_is_absent()
        return was_away

    def _look_who_is_absent(self) -> None:
        self._office = replace(self._office, absent=leaves.absent(self._connection, self._now))

    def planned_leaves(self, userid: str) -> Sequence[Leave]:
        return leaves.planned(self._connection, userid, self._now)

    def traces(self, userid: str) -> Traces:
        return person_traces.traces(self._connection, userid)

    def request_erasure(self, userid: str, by: str) -> None:
        put(self._connection, erasures, {"userid": userid, "asked_by": by, "at": self._machine})

    @property
    def broadcasts(self) -> BroadcastBook:
        return BroadcastBook(self._connection, self._now)

    def has_push_key(self, chat_id: str) -> bool:
        return rosters.push_key(self._connection, chat_id) is not None

    def asked_beside(self, chat_key: str, within: timedelta) -> Mapping[str, Question]:
        return self._questions.beside(chat_key, BusinessTime(self._now - within))

    def adopt(self, former: str, userid: str) -> None:
        reporters.adopt(self._connection, former, userid)

    def amend_roster(self, roster: Roster, source: str) -> None:
        base = self._office.roster_version
        version = rosters.amend(self._connection, base, roster, source, self._machine)
        self._office = replace(self._office, roster=roster, roster_version=version)

    def set_own_quiet(self, userid: str, window: Window | None) -> None:
        own_quiet.keep(self._connection, userid, window)

    def history(self, number: int) -> Sequence[Event]:
        return events.history(self._connection, number)

    def before_last(self, number: int, action: Action) -> Issue | None:
        return events.before_last(self._connection, number, action)

    def pictures(self, number: int) -> int:
        return len(media.of_issue(self._connection, number))

    def attach_pictures(self, number: int, *, proof: bool) -> None:
        media.attach(self._connection, self._inbox_id, number, proof=proof)

    def attach_earlier(self, number: int, inbox_id: int, *, proof: bool) -> None:
        media.attach(self._connection, inbox_id, number, proof=proof)

    def detach_pictures(self, number: int, inbox_id: int) -> None:
        media.detach(self._connection, inbox_id, number)

    def keep_example(self, example: Example, number: int, userid: str) -> None:
        values = asdict(example) | {"issue": number, "userid": userid, "at": self._now}
        self._connection.execute(insert(examples).values(**values))

    def question(self, chat_key: str, userid: str, within: timedelta) -> Question | None:
        return open_questions.within(self._questions.find(chat_key, userid), within, self._now)

    def ask(self, chat_key: str, userid: str, question: Question) -> None:
        self._questions.ask(chat_key, userid, question, self._now)

    def forget_question(self, chat_key: str, userid: str) -> None:
        self._questions.forget(chat_key, userid)

    @property
    def followers(self) -> FollowerBook:
        return FollowerBook(self._connection, self._inbox_id, self._now, self._machine)

    @property
    def doubts(self) -> DoubtBook:
        return DoubtBook(self._connection, self._now)

    def said_elsewhere(self, key: str) -> bool:
        own = select(inbox.c.document, inbox.c.received_at).where(inbox.c.id == self._inbox_id)
        row = self._connection.execute(own).one()
        message = IncomingMessage.from_json(row.document)
        sent_at = message.sent_at
        at = row.received_at if sent_at is None else datetime.fromtimestamp(sent_at, UTC)
        return doubts.said_elsewhere(self._connection, key, message.channel, at, TWICE_WITHIN)

    def remember_dispatch(self, source: str, key: str, number: int) -> None:
        put(self._connection, dispatches, {"source": source, "key": key, "number": number})

    @property
    def flags(self) -> FlagDesk:
        return FlagDesk(self._connection, self._now)

    def write_diary(self, entry: Entry, actor: Actor) -> None:
        diary.write(self._connection, entry, actor)

    def order(self, order: Order) -> None:
        orders.place(self._connection, order, self._now, self._machine, self._inbox_id or None)

    def happened(self, key: str) -> bool:
        """Whether ``once`` was true for this key before."""
        return self._connection.execute(select(slots.c.key).where(slots.c.key == key)).first() is not None

    def once(self, key: str, within: timedelta | None = None) -> bool:
        taken = {"key": key, "now": self._now}
        if within is None:
            return self._connection.execute(_ONCE, taken).first() is not None
        over = {"over": self._now - within}
        return self._connection.execute(_ONCE_IN_A_WHILE, taken | over).first() is not None
