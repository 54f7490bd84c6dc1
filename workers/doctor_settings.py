"""Whether the settings file is what is in force; an edited file that nobody imported has no effect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.doctor import Finding
from config import Settings
from domain.settings import DistrictSettings
from domain.settings_text import SettingsError, parse_settings
from domain.taxonomy import Taxonomy, parse_taxonomy
from store import schema
from store import settings as store
from store.database import Database
from workers.bootstrap import TAXONOMY_FILE
from workers.settings_admin import FILE


def findings(settings: Settings, file: Path = FILE) -> Iterator[Finding]:
    """What to say of the file; nothing while the database cannot be read."""
    database = Database(settings.database_url)
    try:
        if database.answers() and schema.is_current(database):
            yield _compared(database, file, parse_taxonomy(TAXONOMY_FILE.read_text("utf-8")))
    finally:
        database.close()


def _compared(database: Database, file: Path, taxonomy: Taxonomy) -> Finding:
    with database.read() as connection:
        version = store.current_version(connection)
        document = store.document(connection, version)
    in_force = parse_settings(document, taxonomy) if document is not None else DistrictSettings()
    name = f"现行设置(第{version}版)" if version else "现行设置(默认值)"
    try:
        written = parse_settings(file.read_text("utf-8-sig"), taxonomy)
    except SettingsError as error:
        return Finding(False, f"{file} 有错误,不能导入:{';'.join(error.problems)}")
    except (OSError, UnicodeDecodeError):
        return Finding(True, f"{name};没有读到 {file},不作比较")
    if written == in_force:
        return Finding(True, f"{name}与 {file} 一致")
    if written == DistrictSettings():
        return Finding(True, f"{name}与出厂的 {file} 不同;要改请先取出:python -m bot settings export {file}")
    return Finding(
        False,
        f"{file} 与{name}不同,文件里改的还没有生效:要生效请运行 python -m bot settings import {file};"
        f"不要了请运行 python -m bot settings export {file} 取回现行的",
    )
