"""The roster on the command line: check, compare, import, export, versions, restore. Prints in Chinese."""

from __future__ import annotations

from pathlib import Path

from bot.roster.check import coverage_gaps
from bot.roster.diff import diff
from bot.roster.workbook import RosterFile, read_workbook, write_workbook
from domain.errors import LuguanjiaError, RosterError
from domain.roster import Roster
from store import roster as roster_store
from workers.bootstrap import Parts
from workers.import_roster import Import, put_in_force
from workers.roster_effects import effects, refuse_removed_sections


class NoSuchVersion(LuguanjiaError):
    """There is no version of that number."""


def check(parts: Parts, file: Path) -> None:
    """Say whether a workbook could be imported, and what it leaves uncovered. Raises ``RosterError``."""
    roster = _read(parts, file).roster
    counts = f"路段{len(roster.sections)} 人员{len(roster.people)} 群{len(roster.groups)}"
    print(f"名册可以导入:{counts} 商户{len(roster.shops)}")


def compare(parts: Parts, file: Path) -> None:
    """Show what an import would change, and do to open issues. Raises ``RosterError``."""
    _show(parts, _incoming(_read(parts, file), file))


def bring_in(parts: Parts, file: Path, *, dry_run: bool) -> None:
    """Import a workbook, or only show what that would do. Raises ``RosterError``."""
    _put(parts, _incoming(_read(parts, file), file), dry_run=dry_run)


def restore(parts: Parts, number: int, *, dry_run: bool) -> None:
    """Put an earlier version into force again, as a new one. Raises ``NoSuchVersion``, ``RosterError``."""
    with parts.database.read() as connection:
        roster = roster_store.load(connection, number)
        keys = roster_store.push_key_ids(connection)
    if roster is None:
        raise NoSuchVersion(f"没有第{number}版。请用 python -m bot roster versions 查看有哪些版本")
    for gap in coverage_gaps(roster, keys):
        print("提醒:", gap)
    _put(parts, Import(roster, {}, f"恢复第{number}版", verbatim=True), dry_run=dry_run)


def export(parts: Parts, file: Path) -> None:
    """Write the version in force; read back it says the same. Push keys are never in it."""
    write_workbook(parts.office().roster, file)
    print(f"已导出到 {file}")


def list_versions(parts: Parts) -> None:
    """All versions, the newest first."""
    with parts.database.read() as connection:
        found = roster_store.versions(connection)
    if not found:
        print("还没有名册。请运行 python -m bot roster import 名册.xlsx")
    for version in found:
        at = version.imported_at.astimezone(parts.settings.timezone)
        mark = " (现行)" if version is found[0] else ""
        print(f"第{version.number}版 {at:%Y-%m-%d %H:%M} {version.source}{mark}")


def _read(parts: Parts, file: Path) -> RosterFile:
    with parts.database.read() as connection:
        keys = roster_store.push_key_ids(connection)
    workbook = read_workbook(file, parts.taxonomy.departments, keys)
    for warning in workbook.warnings:
        print("提醒:", warning)
    return workbook


def _incoming(workbook: RosterFile, file: Path) -> Import:
    return Import(workbook.roster, dict(workbook.push_keys), file.name)


def _put(parts: Parts, incoming: Import, *, dry_run: bool) -> None:
    _show(parts, incoming)
    if dry_run:
        print("以上为试运行,没有写入。")
        return
    done = put_in_force(parts, incoming)
    moved = len(done.effects.handovers)
    print(f"已生效,第{done.version}版" + (f",移交未结问题{moved}件。" if moved else "。"))


def _show(parts: Parts, incoming: Import) -> None:
    """What would change, and what that would do to open issues. Raises ``RosterError`` where it must not."""
    with parts.database.read() as connection:
        current = roster_store.current(connection)
        old = current[1] if current else Roster()
        roster, kept = incoming.over(old)
        office = parts.office_with(roster)
        problems = refuse_removed_sections(connection, old, roster)
        lines = effects(connection, old, office).lines(office)
    changes = diff(old, roster).lines
    print("\n".join(changes) if changes else "与现行名册相同。")
    for name in kept:
        print(f"保留聊天中绑定的{name}(名册文件里还没有;导出后即有)")
    for line in lines:
        print("未结问题:", line)
    if problems:
        raise RosterError(problems)
