"""Putting a new roster into force: one transaction for the version and for what it does to open issues."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from domain import roster as rosters
from domain.clock import BusinessTime, MachineTime
from domain.errors import RosterError
from domain.issues import SYSTEM, Action, Issue
from domain.office import Office
from domain.outgoing import Button, Outgoing, Purpose, ToPerson
from domain.roster import Roster
from domain.transitions import record
from handlers import sentences
from handlers.routing import Router
from store import issues, outbox
from store import roster as roster_store
from store.desk import DatabaseDesk
from workers.bootstrap import Parts, machine_now


@dataclass(frozen=True, slots=True)
class Import:
    """What is put into force: the roster, the push keys of its groups, and where it came from."""

    roster: Roster
    push_keys: dict[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Handover:
    """An open issue whose owner is no longer in the roster, and who gets it."""

    issue: Issue
    heir: str | None


def handovers(connection: Connection, old: Roster, new: Roster) -> list[Handover]:
    """What the new roster does to open issues. Raises ``RosterError`` if a removed section still has some."""
    held = [
        (section, len(open_issues))
        for section in rosters.removed_sections(old, new)
        if (open_issues := issues.open_in_sections(connection, [section]))
    ]
    if held:
        raise RosterError(
            [f"路段 {section}:还有 {count} 件未结问题,不能删除;请先办结或改路段" for section, count in held]
        )
    return [
        Handover(issue, _heir(old, new, userid, issue))
        for userid in rosters.removed_people(old, new)
        for issue in issues.open_of_owner(connection, userid, limit=100_000)
    ]


def _heir(old: Roster, new: Roster, userid: str, issue: Issue) -> str | None:
    if issue.section is None:
        return None
    person = rosters.heir(old, new, userid, issue.section, issue.house_number)
    return person.userid if person else None


def put_in_force(parts: Parts, incoming: Import) -> tuple[int, list[Handover]]:
    """Store the version, hand over what its absentees owned, tell the heirs. Raises ``RosterError``."""
    before, now = parts.office(), machine_now()
    with parts.database.write() as connection:
        current = roster_store.current(connection)
        old = current[1] if current else Roster()
        moves = handovers(connection, old, incoming.roster)
        version = roster_store.save(connection, incoming.roster, incoming.push_keys, incoming.source, now)
        office = replace(before, roster=incoming.roster)
        business_now = parts.business_now(connection, now)
        for move in moves:
            _hand_over(connection, office, move, business_now, now)
    return version, moves


def _hand_over(
    connection: Connection, office: Office, move: Handover, business_now: BusinessTime, now: MachineTime
) -> None:
    desk = DatabaseDesk(connection, office, business_now, now)
    after = replace(move.issue, owner=move.heir)
    name = office.name_of(move.heir) if move.heir else "待指派"
    changed = desk.save(
        move.issue,
        after,
        record(move.issue, after, Action.TRANSFER, SYSTEM, business_now, f"名册更新,转给 {name}"),
    )
    if move.heir is None:
        return
    word = Outgoing(
        ToPerson(move.heir, office.group_for(changed)),
        sentences.handed_over(office, changed),
        Purpose.NOTICE,
        changed.number,
        changed.danger,
        buttons=(Button("认领", f"认领 {changed.number}"),),
        reply_with=f"收到 {changed.number}",
    )
    outbox.add(connection, Router(office, business_now).drafts([word]), now)
