"""doctor compares the settings file with what is in force: what was edited and not imported has no effect."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

import config
from bot.doctor import Finding
from config import Settings
from store.database import Database
from store.schema import migrate
from store.tables import settings_versions
from tests.integration.builders import NOW
from workers import doctor_settings

PLAIN = "[推送]\n每人每天最多 = 12\n"
EDITED = "# 少打扰\n[推送]\n每人每天最多 = 8\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path}/a.db"
    database = Database(url)
    migrate(database)
    database.close()
    return config.load({"DATABASE_URL": url})


def found(settings: Settings, file: Path, text: str | None) -> Finding:
    if text is not None:
        file.write_text(text, "utf-8")
    (finding,) = doctor_settings.findings(settings, file)
    return finding


def in_force(settings: Settings, text: str) -> None:
    database = Database(settings.database_url)
    with database.write() as connection:
        connection.execute(insert(settings_versions).values(document=text, imported_at=NOW))
    database.close()


def test_nothing_imported_and_nothing_edited_is_well(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    assert found(settings, file, PLAIN) == Finding(True, f"现行设置(默认值)与 {file} 一致")


def test_edited_but_not_imported(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    finding = found(settings, file, EDITED)
    assert not finding.ok
    assert finding.text == (
        f"{file} 与现行设置(默认值)不同,文件里改的还没有生效:"
        f"要生效请运行 python -m bot settings import {file};"
        f"不要了请运行 python -m bot settings export {file} 取回现行的"
    )
    in_force(settings, EDITED.replace("少打扰", "别的说明"))
    assert found(settings, file, EDITED) == Finding(True, f"现行设置(第1版)与 {file} 一致"), "but for words"


def test_the_file_as_it_was_shipped_is_no_fault(settings: Settings, tmp_path: Path) -> None:
    in_force(settings, EDITED)
    finding = found(settings, tmp_path / "settings.ini", PLAIN)
    assert finding.ok
    assert "与出厂的" in finding.text


def test_a_file_with_faults_is_said(settings: Settings, tmp_path: Path) -> None:
    finding = found(settings, tmp_path / "settings.ini", "[推送]\n每人每天最多 = 很多\n")
    assert not finding.ok
    assert "[推送] 每人每天最多:「很多」应写成1到200的数字" in finding.text


def test_without_the_file_nothing_is_compared(settings: Settings, tmp_path: Path) -> None:
    assert found(settings, tmp_path / "none.ini", None).ok


def test_without_a_database_nothing_is_said(tmp_path: Path) -> None:
    empty = config.load({"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"})
    assert list(doctor_settings.findings(empty, tmp_path / "none.ini")) == []
