"""Official flags and 申诉. Nothing is overwritten: the newest row of a month and section is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.sql import ColumnElement

from domain.clock import BusinessTime
from domain.flags import Colour
from domain.issues import Actor
from domain.ports import Appeal, FlagEntry
from store.paper_tables import appeals, flags


def enter(connection: Connection, entry: FlagEntry, actor: Actor, now: BusinessTime) -> None:
    """A flag of a month and section as it is from now on."""
    row = {
        "month": entry.month,
        "section": entry.section,
        "colour": entry.colour.value,
        "note": entry.note,
        "userid": actor.userid,
        "name": actor.name[:100],
        "at": now,
    }
    connection.execute(insert(flags), row)


def of_section(connection: Connection, section: str) -> Mapping[str, Colour]:
    """Month → flag of a section, those of no colour left out."""
    return {month: colour for (month, _), colour in _in_force(connection, flags.c.section == section).items()}


def of_month(connection: Connection, month: str) -> Mapping[str, Colour]:
    """Section → flag of a month."""
    found = _in_force(connection, flags.c.month == month)
    return {section: colour for (_, section), colour in found.items()}


def _in_force(connection: Connection, where: ColumnElement[bool]) -> dict[tuple[str, str], Colour]:
    newest = select(func.max(flags.c.id)).where(where).group_by(flags.c.month, flags.c.section)
    rows = connection.execute(select(flags).where(flags.c.id.in_(newest)).order_by(flags.c.month))
    found = {(row.month, row.section): Colour(row.colour) for row in rows}
    return {key: colour for key, colour in found.items() if colour is not Colour.NONE}


# --- 申诉 -------------------------------------------------------------------------------------------------
def appeal(connection: Connection, made: Appeal, actor: Actor, now: BusinessTime) -> None:
    """Somebody appeals; his earlier word on the same thing is replaced while it is undecided."""
    connection.execute(delete(appeals).where(_about(made), appeals.c.upheld.is_(None)))
    row = {**_place(made), "reason": made.reason, "userid": actor.userid, "name": actor.name[:100], "at": now}
    connection.execute(insert(appeals), row)


def waiting(connection: Connection, about: Appeal) -> Appeal | None:
    """The undecided appeal about the same thing."""
    statement = select(appeals).where(_about(about), appeals.c.upheld.is_(None)).limit(1)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    return Appeal(row.subdistrict, row.month, row.section, row.number, row.reason, row.userid)


def decide(
    connection: Connection, about: Appeal, actor: Actor, now: BusinessTime, *, upheld: bool, answer: str
) -> None:
    """The supervisor's word on an undecided appeal."""
    values = {"upheld": int(upheld), "decided_by": actor.userid, "decided_at": now, "answer": answer}
    connection.execute(update(appeals).where(_about(about), appeals.c.upheld.is_(None)).values(**values))


def _place(made: Appeal) -> dict[str, object]:
    return {
        "subdistrict": made.subdistrict,
        "month": made.month,
        "section": made.section,
        "number": made.number,
    }


def _about(made: Appeal) -> ColumnElement[bool]:
    if made.number is not None:
        return appeals.c.number == made.number
    return (appeals.c.section == made.section) & (appeals.c.month == made.month)


@dataclass(frozen=True, slots=True)
class FlagDesk:
    """A ``domain.ports.FlagBook`` on one transaction."""

    connection: Connection
    now: BusinessTime

    def enter(self, entry: FlagEntry, actor: Actor) -> None:
        enter(self.connection, entry, actor, self.now)

    def of_section(self, section: str) -> Mapping[str, Colour]:
        return of_section(self.connection, section)

    def appeal(self, made: Appeal, actor: Actor) -> None:
        appeal(self.connection, made, actor, self.now)

    def waiting(self, about: Appeal) -> Appeal | None:
        return waiting(self.connection, about)

    def decide(self, about: Appeal, actor: Actor, *, upheld: bool, answer: str) -> None:
        decide(self.connection, about, actor, self.now, upheld=upheld, answer=answer)
