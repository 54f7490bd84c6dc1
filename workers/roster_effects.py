"""What a new roster does to open issues, seen before it is put into force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from domain import roster as rosters
from domain.issues import Issue
from domain.office import Office
from domain.roster import Roster
from store import issues

EVERY = 100_000


@dataclass(frozen=True, slots=True)
class Handover:
    """An open issue whose owner is no longer in the roster, and who gets it."""

    issue: Issue
    heir: str | None


@dataclass(frozen=True, slots=True)
class Effects:
    """``handovers`` happen; ``notes`` are what the office should know besides, as sentences."""

    handovers: tuple[Handover, ...]
    notes: tuple[str, ...]

    def lines(self, office: Office) -> list[str]:
        """All of it, ready to print."""
        nobody = "待指派(无人接手,请补责任人)"
        moves = [
            f"#{move.issue.number} 转给 {office.name_of(move.heir) if move.heir else nobody}"
            for move in self.handovers
        ]
        return [*moves, *self.notes]


def refuse_removed_sections(connection: Connection, old: Roster, new: Roster) -> list[str]:
    """Why the new version must not come into force: a section it removes still has open issues."""
    held = (
        (section, len(issues.open_in_sections(connection, [section], EVERY)))
        for section in rosters.removed_sections(old, new)
    )
    return [
        f"路段 {section}:还有 {count} 件未结问题,不能删除;请先办结或改路段"
        for section, count in held
        if count
    ]


def effects(connection: Connection, old: Roster, office: Office) -> Effects:
    """What ``office`` with the new roster does to what is open."""
    new = office.roster
    moves = tuple(
        Handover(issue, _heir(old, office, userid, issue))
        for userid in rosters.removed_people(old, new)
        for issue in issues.open_of_owner(connection, userid, limit=EVERY)
    )
    return Effects(moves, (*_without_duty(connection, old, new), *_without_group(connection, old, office)))


def _heir(old: Roster, office: Office, userid: str, issue: Issue) -> str | None:
    """The one who takes over, or who stands in for him today."""
    if issue.section is None:
        return None
    person = rosters.heir(old, office.roster, userid, issue.section, issue.house_number)
    if person is None:
        return None
    return (office.roster.stand_in(person.userid, office.absent) or person).userid


def _without_duty(connection: Connection, old: Roster, new: Roster) -> Iterator[str]:
    """Who stays, keeps what he owns, but is no longer responsible for the place."""
    for section in new.sections:
        if old.duties_of(section.name) == new.duties_of(section.name):
            continue
        responsible = new.responsible(section.name)
        left = [
            issue
            for issue in issues.open_in_sections(connection, [section.name], EVERY)
            if issue.owner
            and issue.owner in old.responsible(section.name) - responsible
            and new.person(issue.owner) is not None
        ]
        if left:
            numbers = " ".join(f"#{issue.number}" for issue in left[:20])
            yield f"{section.name} 换了责任人,原责任人名下 {len(left)} 件仍由其办理,可用 转派 移交:{numbers}"


def _without_group(connection: Connection, old: Roster, office: Office) -> Iterator[str]:
    """Open issues of a group that is gone are told elsewhere."""
    for group in old.groups:
        if office.roster.group(group.chat_id) is not None:
            continue
        found = issues.open_of_chat(connection, group.chat_id, EVERY)
        if found:
            elsewhere = {office.group_for(issue) for issue in found} - {None}
            where = "改发到该路段的其他群" if elsewhere else "在群里无处可发"
            yield f"群 {group.name} 被删除,其 {len(found)} 件未结问题的提醒{where}"
