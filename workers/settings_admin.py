"""settings on the command line: check, import, show what is in force."""

from __future__ import annotations

from pathlib import Path

from domain.settings import DistrictSettings
from domain.settings_text import SettingsError, parse_settings
from store import settings as store
from workers.bootstrap import Parts, machine_now

FILE = Path(__file__).parent.parent / "data" / "settings.ini"


def read(parts: Parts, file: Path) -> tuple[str, DistrictSettings]:
    """The file's text and what it says. Raises ``SettingsError`` that lists every fault, also roads that the
    roster does not know."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{file} 读不出来({type(error).__name__}),请存为 UTF-8 的文本"]) from error
    settings = parse_settings(text, parts.taxonomy)
    roster = parts.office().roster
    known = {section.name for section in roster.sections}
    unknown = [
        f"[时段规定] {rule.section}:名册里没有这条路段"
        for rule in settings.hours
        if rule.section not in known
    ]
    if unknown and known:
        raise SettingsError(unknown)
    return text, settings


def check(parts: Parts, file: Path) -> None:
    """Say whether it may be imported."""
    read(parts, file)
    print(f"{file} 没有错误,可以导入。")


def put_in_force(parts: Parts, file: Path) -> None:
    """Check, and put into force as a new version; deadlines that were promised stay as they are."""
    text, _ = read(parts, file)
    with parts.database.write() as connection:
        version = store.current_version(connection)
        if version and store.document(connection, version) == text:
            print(f"与现行设置(第{version}版)相同,没有改动。")
            return
        version = store.save(connection, text, machine_now())
    print(f"已生效,第{version}版。已承诺的时限不变,新派的问题按新设置。")


def export(parts: Parts, file: Path) -> None:
    """Write the version in force."""
    with parts.database.read() as connection:
        version = store.current_version(connection)
        text = store.document(connection, version)
    file.write_text(text if text is not None else FILE.read_text("utf-8"), "utf-8")
    print(f"已导出到 {file}({f'第{version}版' if version else '出厂设置'})")
