"""Bringing the schema up to date. Apart from ``Database``, because the web process needs no Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from domain.errors import StoreUnavailable
from store.database import Database, availability

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Bring the schema to the newest revision. Raises ``StoreUnavailable``."""
    with availability():
        command.upgrade(alembic(database), "head")


def is_current(database: Database) -> bool:
    """Whether the schema is the one this code was written for."""
    head = ScriptDirectory.from_config(alembic(database)).get_current_head()
    try:
        with database.read() as connection:
            return MigrationContext.configure(connection).get_current_revision() == head
    except StoreUnavailable:
        return False


def knows(revision: str) -> bool:
    """Whether this code has such a revision; not, if it is of a newer version."""
    script = ScriptDirectory(str(MIGRATIONS))
    return revision in {each.revision for each in script.walk_revisions()}


def alembic(database: Database) -> Config:
    """Alembic's view of a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database.engine
    return config
