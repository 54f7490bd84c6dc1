"""Putting a roster into force: one transaction for the version and for what it does to open issues."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from domain import transitions
from domain.clock import BusinessTime, MachineTime
from domain.errors import RosterError
from domain.issues import SYSTEM, UNFINISHED, Action, Issue
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, ToPerson, work_buttons
from domain.roster import Roster
from domain.roster_binding import carried_over
from domain.transitions import record
from handlers import sentences
from handlers.routing import Router
from store import outbox
from store import roster as roster_store
from store.desk import DatabaseDesk
from workers.bootstrap import Parts, machine_now
from workers.roster_effects import Effects, Handover, effects, refuse_removed_sections


@dataclass(frozen=True, slots=True)
class Import:
    """What is put into force: the roster, the push keys of its groups, and where it came from. ``verbatim``:
    without what was bound in chat since (restore)."""

    roster: Roster
    push_keys: dict[str, str]
    source: str
    verbatim: bool = False

    def over(self, old: Roster) -> tuple[Roster, list[str]]:
        """The roster as it comes into force over another, and what it keeps of that one, by name."""
        return (self.roster, []) if self.verbatim else carried_over(old, self.roster)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: the version's number, what it did, what was kept of what was bound in chat."""

    version: int
    effects: Effects
    kept: list[str]


def put_in_force(parts: Parts, incoming: Import) -> Imported:
    """Store the version, hand over what its absentees owned, tell the heirs. Raises ``RosterError``."""
    now = machine_now()
    before = parts.office()
    with parts.database.write() as connection:
        roster_store.take_turn(connection)  # what is under way by the old roster ends before we look
        current = roster_store.current(connection)
        old = current[1] if current else Roster()
        roster, kept = incoming.over(old)
        if problems := refuse_removed_sections(connection, old, roster):
            raise RosterError(problems)
        office = replace(before, roster=roster)
        done = effects(connection, old, office)
        version = roster_store.save(connection, roster, incoming.push_keys, incoming.source, now)
        business_now = parts.business_now(connection, now)
        for move in done.handovers:
            _hand_over(connection, office, move, business_now, now)
    return Imported(version, done, kept)


def _hand_over(
    connection: Connection, office: Office, move: Handover, business_now: BusinessTime, now: MachineTime
) -> None:
    desk = DatabaseDesk(connection, office, business_now, now)
    after = _handed(office, move, business_now)
    name = office.name_of(move.heir) if move.heir else "待指派"
    changed = desk.save(
        move.issue,
        after,
        record(move.issue, after, Action.TRANSFER, SYSTEM, business_now, f"名册更新,转给 {name}"),
    )
    if move.heir is None:
        return
    working = changed.state in UNFINISHED
    word = Outgoing(
        ToPerson(move.heir, office.group_for(changed)),
        sentences.handed_over(office, changed),
        Purpose.NOTICE,
        changed.number,
        changed.danger,
        buttons=work_buttons(changed.number) if working else (),
        reply_with=f"收到 {changed.number}" if working else f"查询 {changed.number}",
    )
    outbox.add(connection, Router(office, business_now).drafts([word]), now)


def _handed(office: Office, move: Handover, now: BusinessTime) -> Issue:
    """Like 转派, with a fresh deadline for who had no part in the old one; what waits for confirmation or
    stands still changes its owner only."""
    issue = move.issue
    if issue.state not in UNFINISHED or move.heir is None:
        return transitions.handed_to(issue, move.heir)
    row = office.taxonomy.sub(issue.category, issue.sub)
    promise = office.promise(row, now, issue.subdistrict, danger=issue.danger)
    given = transitions.promised(transitions.transferred(issue, move.heir), promise)
    return replace(given, muted_until=None, helpers=issue.helpers - {move.heir})
