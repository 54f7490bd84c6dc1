"""The roster in the database: whole versions of which the newest is in force, push keys, who is on leave.

Push keys live apart from the versions: an import adds and changes them, but an empty cell removes none, and
no version, export or diff ever holds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, or_, select

from domain.clock import BusinessTime, MachineTime
from domain.roster import Roster
from store.tables import absences, push_keys, roster_versions
from store.upserts import put

LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version; ``source`` says where it came from (a file name, a command)."""

    number: int
    imported_at: MachineTime
    source: str


def save(
    connection: Connection, roster: Roster, keys: Mapping[str, str], source: str, now: MachineTime
) -> int:
    """Put a roster into force as a new version, and add or change these push keys; returns its number."""
    values = {"imported_at": now, "source": source[:LONGEST_SOURCE], "document": roster.to_document()}
    statement = insert(roster_versions).values(values).returning(roster_versions.c.version)
    version = connection.execute(statement).scalar_one()
    for chat_id, key in keys.items():
        if key:
            set_push_key(connection, chat_id, key)
    return int(version)


def current(connection: Connection) -> tuple[int, Roster] | None:
    """The version in force and its number; None before the first import."""
    newest = select(roster_versions.c.version, roster_versions.c.document)
    row = connection.execute(newest.order_by(roster_versions.c.version.desc()).limit(1)).one_or_none()
    return None if row is None else (int(row.version), Roster.from_document(row.document))


def current_version(connection: Connection) -> int:
    """The number of the version in force, 0 before the first import: cheap, to see whether to read again."""
    return int(connection.execute(select(func.coalesce(func.max(roster_versions.c.version), 0))).scalar_one())


def load(connection: Connection, version: int) -> Roster | None:
    """One version by its number, None if there is none. To restore it, ``save`` it again."""
    statement = select(roster_versions.c.document).where(roster_versions.c.version == version)
    document = connection.execute(statement).scalar_one_or_none()
    return None if document is None else Roster.from_document(document)


def versions(connection: Connection) -> list[Version]:
    """All versions, the newest first."""
    columns = (roster_versions.c.version, roster_versions.c.imported_at, roster_versions.c.source)
    rows = connection.execute(select(*columns).order_by(roster_versions.c.version.desc()))
    return [Version(int(row.version), MachineTime(row.imported_at), row.source) for row in rows]


def push_key(connection: Connection, chat_id: str) -> str | None:
    """The webhook key of a group, None if none was stored."""
    statement = select(push_keys.c.key).where(push_keys.c.chat_id == chat_id)
    return connection.execute(statement).scalar_one_or_none()


def push_key_ids(connection: Connection) -> frozenset[str]:
    """The chat ids of all groups that have a webhook key."""
    return frozenset(connection.execute(select(push_keys.c.chat_id)).scalars())


def set_push_key(connection: Connection, chat_id: str, key: str) -> None:
    """Store the webhook key of a group, in place of an earlier one."""
    put(connection, push_keys, {"chat_id": chat_id, "key": key})


def absent(connection: Connection, now: BusinessTime) -> frozenset[str]:
    """The userids of all who are on leave now."""
    away = or_(absences.c.until.is_(None), absences.c.until > now)
    return frozenset(connection.execute(select(absences.c.userid).where(away)).scalars())


def set_absent(connection: Connection, userid: str, until: BusinessTime | None) -> None:
    """Put a person on leave until a moment (not included), or until ``clear_absent``. ``userid`` must be
    his own, not an alias."""
    put(connection, absences, {"userid": userid, "until": until})


def clear_absent(connection: Connection, userid: str) -> bool:
    """End a leave; whether there was one on record."""
    return connection.execute(delete(absences).where(absences.c.userid == userid)).rowcount > 0
