"""backup and restore: everything comes back, out of a system that goes on, and only into an empty place."""

from __future__ import annotations

import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Table, func, insert, inspect, select

import config
from domain.errors import LuguanjiaError
from store import dump as tables_of
from store import schema
from store.database import Database
from store.tables import events, inbox, issues, media, slots
from tests.integration.builders import NOW, arrival, take_in
from tests.integration.test_erasure import Office, dump
from workers import archive, backup_admin

WORDS = "益民路{}号门口电动车乱停把路堵死了"


def settings(url: str, folder: Path) -> config.Settings:
    return config.load({"DATABASE_URL": url, "MEDIA_DIR": str(folder / "media")})


@pytest.fixture
def here(database: Database, tmp_path: Path) -> Office:
    """An office that lived: an issue with a picture, claimed, another one open, an answer on its way."""
    here = Office(database, tmp_path)
    here.store_picture(here.say("wujin-2", WORDS.format(28), pictures=("https://p/1",)))
    here.say("li", "收到 1")
    here.say("mei-88", WORDS.format(36))
    return here


@pytest.fixture
def few(database: Database, tmp_path: Path) -> Database:
    """Two letters and a picture."""
    take_in(database, arrival("a"), arrival("b"))
    (tmp_path / "media/ab").mkdir(parents=True)
    (tmp_path / "media/ab/picture1.jpg").write_bytes(b"jpg")
    shown = {"inbox_id": 1, "channel": "aibot", "ref": "", "state": "stored", "next_at": NOW}
    with database.write() as connection:
        connection.execute(insert(media).values(**shown, file="ab/picture1.jpg"))
    return database


def backed_up(database: Database, folder: Path, name: str = "b.tar.gz") -> Path:
    target = folder / name
    backup_admin.backup(settings(database.url, folder), target)
    return target


def restored(source: Path, url: str, folder: Path) -> Database:
    backup_admin.restore(settings(url, folder), source)
    return Database(url)


def content(database: Database) -> dict[str, list[str]]:
    """Every row of every table; of life signs only who gives them: a backup is one itself."""
    found = {name: sorted(rows) for name, rows in dump(database).items()}
    return found | {"heartbeats": [row for row in found["heartbeats"] if not row.startswith("backup ")]}


def refusal(source: Path, url: str, folder: Path) -> str:
    with pytest.raises(LuguanjiaError) as refused:
        backup_admin.restore(settings(url, folder), source)
    return str(refused.value)


def test_every_row_of_every_table_and_every_picture_comes_back(
    here: Office, empty_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = backed_up(here.database, tmp_path)
    with closing(restored(source, empty_database_url, tmp_path / "new")) as new:
        assert content(new) == content(here.database)
        assert schema.is_current(new)
    assert (tmp_path / "new/media/ab/picture1.jpg").read_bytes() == b"jpg"
    assert source.stat().st_mode & 0o777 == 0o600, "it holds push keys and what people wrote"
    assert "1 个图片和附件" in capsys.readouterr().out


def test_the_restored_office_goes_on_with_the_next_numbers(
    here: Office, empty_database_url: str, tmp_path: Path
) -> None:
    with here.database.write() as connection:
        last = connection.execute(select(func.max(inbox.c.id))).scalar_one()
        connection.execute(inbox.delete().where(inbox.c.id == last))
    with closing(restored(backed_up(here.database, tmp_path), empty_database_url, tmp_path / "new")) as new:
        again = Office(new, tmp_path / "new")
        again.heard = 50
        assert again.say("wujin-2", WORDS.format(12)) == last + 1, (
            "a number that was given is not given again"
        )
        with new.read() as connection:
            assert connection.execute(select(func.max(issues.c.number))).scalar_one() == 3


@contextmanager
def traffic(here: Office) -> Iterator[None]:
    """Messages arrive and are handled for the length of the block, at least one in it."""
    end, first = threading.Event(), threading.Event()

    def go_on() -> None:
        for house in range(100, 1000, 2):
            here.say("mei-88", WORDS.format(house))
            first.set()
            if end.is_set():
                return

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        assert first.wait(20)
        yield
    finally:
        end.set()
        thread.join(20)


def test_while_messages_arrive_the_copy_is_of_one_moment(
    here: Office, empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tables_of.lines

    def lines(connection: Connection, table: Table) -> Iterator[bytes]:
        before = here.heard
        yield from slow(connection, table)
        while here.heard == before:  # between any two tables at least one message more
            threading.Event().wait(0.005)

    monkeypatch.setattr(tables_of, "lines", lines)
    with traffic(here):
        before = here.heard
        source = backed_up(here.database, tmp_path)
        assert here.heard > before + 10
    with closing(restored(source, empty_database_url, tmp_path / "new")) as new:
        with new.read() as connection:
            reported = select(func.count()).select_from(events).where(events.c.action == "上报")
            counts = {
                "issues": connection.execute(select(func.count()).select_from(issues)).scalar_one(),
                "letters": connection.execute(
                    select(func.count()).select_from(inbox).where(inbox.c.outcome == "reported")
                ).scalar_one(),
                "histories": connection.execute(reported).scalar_one(),
            }
            letters = connection.execute(select(inbox.c.id).order_by(inbox.c.id)).scalars().all()
        assert len(set(counts.values())) == 1, counts
        assert list(letters) == list(range(1, len(letters) + 1))
        assert before - 1 <= len(letters) <= before + 1, "of the moment at which it began"


def test_what_came_out_of_sqlite_goes_into_either_database(empty_database_url: str, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/old.db")) as old:
        schema.migrate(old)
        here = Office(old, tmp_path)
        here.say("mei-88", WORDS.format(36))
        with closing(
            restored(backed_up(here.database, tmp_path), empty_database_url, tmp_path / "new")
        ) as new:
            assert content(new) == content(old)


def test_a_backup_of_an_older_schema_is_upgraded(empty_database_url: str, tmp_path: Path) -> None:
    manifest = archive.Manifest("", "2026-11-01T00:00:00+00:00")
    with closing(Database(f"sqlite:///{tmp_path}/old.db")) as old:
        command.upgrade(schema.alembic(old), "0005")
        with old.write() as connection:
            connection.execute(insert(slots).values(key="summary:2026-11-01", at=NOW))
        with archive.writing(tmp_path / "old.tar.gz", manifest) as writer:
            backup_admin._write_tables(old, writer)
    with closing(restored(tmp_path / "old.tar.gz", empty_database_url, tmp_path)) as new:
        assert schema.is_current(new)
        with new.read() as connection:
            assert connection.execute(select(slots.c.key, slots.c.at)).all() == [("summary:2026-11-01", NOW)]


def test_it_is_not_restored_over_anything(few: Database, tmp_path: Path) -> None:
    source, before = backed_up(few, tmp_path), dump(few)
    said = refusal(source, few.url, tmp_path)
    assert said.startswith("数据库里已经有数据(")
    assert said.endswith("没有恢复。请换一个空的数据库")
    assert dump(few) == before


def test_a_migrated_but_empty_database_will_do(few: Database, migrated_url: str, tmp_path: Path) -> None:
    with closing(restored(backed_up(few, tmp_path), migrated_url, tmp_path / "new")) as new:
        assert len(dump(new)["inbox"]) == 2


@pytest.fixture
def migrated_url(empty_database_url: str) -> str:
    with closing(Database(empty_database_url)) as empty:
        schema.migrate(empty)
    return empty_database_url


@pytest.mark.parametrize("foreign", [True, False])
def test_what_is_not_whole_is_not_restored(
    few: Database, empty_database_url: str, tmp_path: Path, *, foreign: bool
) -> None:
    source = backed_up(few, tmp_path)
    content = b"not an archive" if foreign else source.read_bytes()[: source.stat().st_size // 2]
    source.write_bytes(content)
    assert "不完整或不是备份文件,没有恢复" in refusal(source, empty_database_url, tmp_path / "new")
    with closing(Database(empty_database_url)) as still_empty:
        assert inspect(still_empty.engine).get_table_names() == []
    assert not (tmp_path / "new" / "media").exists()


def test_a_changed_member_and_a_foreign_path_are_found(
    few: Database, empty_database_url: str, tmp_path: Path
) -> None:
    source, changed = backed_up(few, tmp_path), tmp_path / "changed.tar.gz"
    for rename, said in (({}, "校验和不对"), ({"tables/slots": "../slots"}, "不完整或不是备份文件")):
        with tarfile.open(source) as old, tarfile.open(changed, "w:gz") as new:
            for member in old:
                content = old.extractfile(member)
                if member.name == "tables/inbox":
                    member.size, content = 0, None
                new.addfile(replace_name(member, rename), content)
        assert said in refusal(changed, empty_database_url, tmp_path / "new")


def replace_name(member: tarfile.TarInfo, names: dict[str, str]) -> tarfile.TarInfo:
    member.name = names.get(member.name, member.name)
    return member


def test_of_a_newer_version_nothing_is_restored(
    few: Database, empty_database_url: str, tmp_path: Path
) -> None:
    manifest = archive.Manifest("9999", "2030-01-01T00:00:00+00:00")
    with archive.writing(tmp_path / "newer.tar.gz", manifest):
        pass
    assert "先升级路管家" in refusal(tmp_path / "newer.tar.gz", empty_database_url, tmp_path)


def test_a_backup_never_replaces_a_file_and_leaves_nothing_half(few: Database, tmp_path: Path) -> None:
    target = backed_up(few, tmp_path)
    with pytest.raises(archive.BackupError, match="已经存在"):
        backed_up(few, tmp_path)
    with pytest.raises(archive.BackupError, match="没有备份,写不了"):
        backed_up(few, tmp_path, "nowhere/b.tar.gz")
    assert [file.name for file in tmp_path.glob("*.tar.gz*")] == [target.name]
    assert not list(tmp_path.glob(".b.tar.gz*"))


def test_a_picture_that_went_meanwhile_is_named(
    few: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "media/ab/picture1.jpg").unlink()
    source = backed_up(few, tmp_path)
    assert "有 1 个文件在 MEDIA_DIR 里找不到" in capsys.readouterr().out
    assert archive.checked(source).missing == ["ab/picture1.jpg"]


def test_an_unmigrated_database_is_not_backed_up(empty_database_url: str, tmp_path: Path) -> None:
    with pytest.raises(archive.BackupError, match="migrate"):
        backup_admin.backup(settings(empty_database_url, tmp_path), tmp_path / "b.tar.gz")
