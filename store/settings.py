"""The settings in the database: whole versions of the file people edit; the newest is in force."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from domain.clock import MachineTime
from store.tables import settings_versions


def save(connection: Connection, document: str, now: MachineTime) -> int:
    """Put a text into force as a new version; returns its number."""
    statement = insert(settings_versions).values(document=document, imported_at=now)
    return int(connection.execute(statement.returning(settings_versions.c.version)).scalar_one())


def current_version(connection: Connection) -> int:
    """The number of the version in force, 0 before the first import."""
    newest = func.coalesce(func.max(settings_versions.c.version), 0)
    return int(connection.execute(select(newest)).scalar_one())


def document(connection: Connection, version: int) -> str | None:
    """The text of one version."""
    statement = select(settings_versions.c.document).where(settings_versions.c.version == version)
    return connection.execute(statement).scalar_one_or_none()
