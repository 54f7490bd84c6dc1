"""The roster in the database: whole versions of which the newest is in force, and push keys.

Imports, restores and what is bound in chat each write a version: what is in force is always one document.
Whoever writes effects by a roster holds it (``hold``), so that no import comes in between; an import waits
for them (``save``). Push keys live apart from the versions: an import adds and changes them, but an empty
cell removes none, and no version, export or diff ever holds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from domain.clock import MachineTime
from domain.errors import StaleRoster
from domain.roster import Roster
from store.tables import push_keys, roster_versions
from store.upserts import insert_into, put

LONGEST_SOURCE = 200
ROSTER_LOCK = 0x1E6B


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version; ``source`` says where it came from (a file name, a command)."""

    number: int
    imported_at: MachineTime
    source: str


def hold(connection: Connection, version: int) -> None:
    """No import comes into force until this transaction ends. Raises ``StaleRoster`` if one did since
    ``version`` was read. To be called first, before anything is locked. On SQLite the write transaction
    itself keeps imports out."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(ROSTER_LOCK)))
    if current_version(connection) != version:
        raise StaleRoster(f"roster {version} is no longer in force")


def take_turn(connection: Connection) -> None:
    """Wait until nobody works by the present roster, and keep everybody out until the end."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ROSTER_LOCK)))


def save(
    connection: Connection, roster: Roster, keys: Mapping[str, str], source: str, now: MachineTime
) -> int:
    """Put a roster into force as a new version, and add or change these push keys; returns its number."""
    take_turn(connection)
    version = amend(connection, current_version(connection), roster, source, now)
    for chat_id, key in keys.items():
        if key:
            set_push_key(connection, chat_id, key)
    return version


def amend(connection: Connection, base: int, roster: Roster, source: str, now: MachineTime) -> int:
    """Put a changed copy of version ``base`` into force by a transaction that holds it. Raises
    ``StaleRoster`` if another one did so first."""
    values = {
        "version": base + 1,
        "imported_at": now,
        "source": source[:LONGEST_SOURCE],
        "document": roster.to_document(),
    }
    statement = insert_into(connection, roster_versions).values(values)
    written = statement.on_conflict_do_nothing(index_elements=["version"]).returning(
        roster_versions.c.version
    )
    if connection.execute(written).first() is None:
        raise StaleRoster(f"roster {base} was amended meanwhile")
    return base + 1


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


def group_with_key(connection: Connection, key: str) -> str | None:
    """The chat id that has this key, None if none has: a key belongs to one group."""
    return connection.execute(select(push_keys.c.chat_id).where(push_keys.c.key == key)).scalars().first()


def set_push_key(connection: Connection, chat_id: str, key: str) -> None:
    """Store the webhook key of a group, in place of an earlier one."""
    put(connection, push_keys, {"chat_id": chat_id, "key": key})


def forget_push_key(connection: Connection, chat_id: str) -> bool:
    """Drop the webhook key of a group; whether there was one."""
    return connection.execute(delete(push_keys).where(push_keys.c.chat_id == chat_id)).rowcount > 0
