"""backup and restore on the command line: one archive with every table and every picture."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Table

import config
from bot.durable_file import keep
from store import clock, dump, schema
from store.database import Database
from workers.archive import FORMAT, BackupError, Manifest, Writer, checked, members, writing
from workers.bootstrap import machine_now


def backup(settings: config.Settings, target: Path) -> None:
    """Write everything into ``target``, as it is at one moment; the system may go on. Raises
    ``BackupError``."""
    if target.exists():
        raise BackupError(f"{target} 已经存在,没有备份。请换一个文件名")
    database = Database(settings.database_url)
    manifest = Manifest("", machine_now().isoformat())
    try:
        if not schema.is_current(database):
            raise BackupError("数据库结构不是这个版本的,没有备份。请先运行 python -m bot migrate")
        with writing(target, manifest) as writer:
            files = _write_tables(database, writer)
            for name in files:
                if not writer.file(f"media/{name}", settings.media_dir / name):
                    manifest.missing.append(name)
        with database.write() as connection:
            clock.beat(connection, "backup", machine_now())
    except OSError as error:
        raise BackupError(f"没有备份,写不了 {target}:{error.strerror}") from error
    finally:
        database.close()
    print(f"已备份到 {target}:{_contents(manifest)}。")
    if manifest.missing:
        print(f"有 {len(manifest.missing)} 个文件在 MEDIA_DIR 里找不到,没有备份到。")
    print("备份里有推送 key 和居民写的话,只应让管理员看到。配置和密钥(环境变量)不在里面,请另外保存。")


def _write_tables(database: Database, writer: Writer) -> list[str]:
    """All tables as they are at one moment; returns the files that belong to them."""
    manifest = writer.manifest
    with dump.snapshot(database) as connection:
        manifest.revision = dump.revision(connection) or ""
        for table in dump.tables(connection):
            manifest.rows[table.name] = writer.lines(f"tables/{table.name}", dump.lines(connection, table))
        manifest.sequences = dump.sequences(connection)
        return sorted(dump.files(connection))


def _contents(manifest: Manifest) -> str:
    files = sum(name.startswith("media/") for name in manifest.sums)
    return f"{len(manifest.rows)} 张表 {sum(manifest.rows.values())} 行,{files} 个图片和附件"


def restore(settings: config.Settings, source: Path) -> None:
    """Bring a backup into an empty database, with its pictures. Nothing is written unless every checksum is
    right; all tables are filled in one transaction. Raises ``BackupError`` and ``NotEmpty``."""
    manifest = checked(source)
    if manifest.format != FORMAT or not schema.knows(manifest.revision):
        raise BackupError("备份来自更新的版本,没有恢复。请先升级路管家")
    database = Database(settings.database_url)
    try:
        dump.make_room(database, manifest.revision)
        with tempfile.TemporaryDirectory() as folder:
            _unpack(source, Path(folder), settings.media_dir)
            with database.write() as connection:
                dump.fill(connection, lambda table: _lines(Path(folder), table), manifest.sequences)
        schema.migrate(database)
    finally:
        database.close()
    print(f"已恢复 {manifest.made_at[:16]}(UTC)的备份:{_contents(manifest)}。")
    print("备份之后收到的消息不在里面;备份那一刻还没发出的消息会再发一次。")


def _unpack(source: Path, folder: Path, media_dir: Path) -> None:
    """Tables into ``folder``, pictures to where they belong. A picture that is there already stays: its name
    is the checksum of its content."""
    (folder / "tables").mkdir()
    for name, content in members(source):
        kind, _, rest = name.partition("/")
        if kind == "media":
            keep(media_dir / rest, content.read())
        elif kind == "tables":
            with (folder / "tables" / rest).open("wb") as file:
                shutil.copyfileobj(content, file)


def _lines(folder: Path, table: Table) -> Iterator[bytes]:
    with (folder / "tables" / table.name).open("rb") as file:
        yield from file
