"""清除: nothing is left of the person in dump, file, logs, outgoing, exports; the figures stay."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import MetaData, insert, select, update

from bot.logs import MaskingFormatter
from bot.roster.workbook import write_workbook
from domain.clock import BusinessTime
from domain.doubts import Doubt
from domain.figures import Counts
from domain.messages import Chat, IncomingMessage, Quote
from domain.roster import Person, Role
from store import erasure, figures, media
from store import roster as rosters
from store.arrivals import Arrival
from store.database import Database
from store.doubts import DoubtBook
from store.figures import Scope
from store.paper_tables import appeals, diary
from store.period import Period
from store.person_traces import Who
from store.tables import inbox, outbox
from store.tables import media as pictures
from tests.integration.builders import take_in
from tests.integration.office_work import share_language
from tests.integration.world import RecordingSender, parts, put_roster_in_force
from tests.unit.handlers.town import JIEFANG, ROSTER
from workers import bootstrap, deliver_outbox, process_inbox, run_sweep, run_tick

ID, ALIAS, NAME = "mei-88", "woMEI_opaque88", "梅长青"
WORDS = (
    "益民路28号门口电动车乱停把路堵死了我快出不去门了",
    "补充 1 就是那辆蓝色三轮车挡着我家卷闸门",
    "不满意 1 根本没挪动地方",
)
LEFT = (ID, ALIAS, NAME, "电动车乱停把路堵死", "蓝色三轮车", "根本没挪动", "梅家")
PEOPLE = (*ROSTER.people, Person(ID, NAME, Role.MERCHANT, aliases=(ALIAS,)))
SHOPS = tuple(replace(shop, userid=ID) if shop.userid == "wujin" else shop for shop in ROSTER.shops)


class Office:
    """One worker with everything it needs, and what happened so far."""

    def __init__(self, database: Database, folder: Path) -> None:
        put_roster_in_force(database, replace(ROSTER, people=PEOPLE, shops=SHOPS))
        self.worker, senders = parts(database)
        share_language(self.worker)
        self.worker.settings = replace(self.worker.settings, media_dir=folder / "media")
        self.senders: list[RecordingSender] = list(senders.values())
        self.database = database
        self.heard = 0
        run_tick.tick(self.worker)

    def say(self, who: str, text: str, group: str | None = "g-yimin", **changes: object) -> int:
        self.heard += 1
        key = f"aibot:m{self.heard}"
        chat = Chat("single", who) if group is None else Chat("group", group)
        channel = "aibot" if group else "app_channel"
        message = IncomingMessage(channel, key, chat, who, "text", text)
        said = replace(message, **changes)  # type: ignore[arg-type]
        take_in(self.database, Arrival(said, key, key.encode().ljust(32, b".")))
        process_inbox.drain(self.worker)
        with self.database.read() as connection:
            return int(connection.execute(select(inbox.c.id).where(inbox.c.dedupe_key == key)).scalar_one())

    def outcome(self, heard: int) -> str:
        with self.database.read() as connection:
            return str(connection.execute(select(inbox.c.outcome).where(inbox.c.id == heard)).scalar_one())

    def answer(self, heard: int) -> str:
        with self.database.read() as connection:
            mine = (outbox.c.inbox_id == heard) & (outbox.c.purpose == "answer")
            return str(connection.execute(select(outbox.c.text).where(mine)).scalars().first())

    def store_picture(self, heard: int) -> Path:
        """As the worker does when it has fetched it."""
        file = Path("ab") / f"picture{heard}.jpg"
        (self.worker.settings.media_dir / "ab").mkdir(parents=True, exist_ok=True)
        (self.worker.settings.media_dir / file).write_bytes(b"jpg")
        with self.database.write() as connection:
            values = {"state": "stored", "file": file.as_posix(), "mime": "image/jpeg"}
            connection.execute(update(pictures).where(pictures.c.inbox_id == heard).values(values))
        return self.worker.settings.media_dir / file

    def figures(self) -> Mapping[str, Counts]:
        office = self.worker.office()
        now = bootstrap.machine_now()
        period = Period(BusinessTime(now - timedelta(days=1)), BusinessTime(now + timedelta(hours=1)))
        with self.database.read() as connection:
            return figures.by_subdistrict(connection, Scope(period), office.rules.working_time)

    def rows(self) -> dict[str, int]:
        return {name: len(found) for name, found in dump(self.database).items()}


def dump(database: Database) -> dict[str, list[str]]:
    """Every row of every table as text, whatever the schema is."""
    found = MetaData()
    found.reflect(database.engine)
    with database.read() as connection:
        return {
            name: [" ".join(str(value) for value in row) for row in connection.execute(select(table))]
            for name, table in found.tables.items()
        }


@pytest.fixture
def here(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def lived(here: Office) -> list[Path]:
    """A merchant's day: a report with a picture, a supplement, a dispute, a correction, quotes, questions."""
    first = here.say(ALIAS, WORDS[0], pictures=("https://p/1",))
    files = [here.store_picture(first)]
    here.say("li", "收到 1", quote=Quote(f"#1 新问题\n五金店:{WORDS[0][:40]}"))
    here.say(ID, WORDS[1], None)
    here.say("li", "办结 1 无照片 已清")
    here.say(ID, WORDS[2], None)
    here.say("sun", "查询 1", None)
    here.say(ID, "改类 1 小广告", None)
    here.say("huimian", "我也反映 1", quote=Quote(WORDS[0]))
    here.say(ALIAS, "我是谁")
    here.say("guan", f"你看 {NAME} 又报了一次", "g-sup")
    here.say(ID, "梅家门口垃圾成堆没有人清理", None)
    here.say(ID, "手册", None)
    signed = {"subdistrict": JIEFANG, "userid": ID, "name": NAME, "at": bootstrap.machine_now()}
    with here.database.write() as connection:
        connection.execute(insert(diary).values(signed | {"kind": "note", "text": f"{NAME}说梅家门口要画线"}))
        connection.execute(
            insert(appeals).values(signed | {"reason": "根本没挪动", "answer": f"已告知{NAME}"})
        )
    return files


def left(texts: list[str]) -> list[str]:
    return [word for word in LEFT if any(word.casefold() in text.casefold() for text in texts)]


def cleared(here: Office) -> None:
    preview = here.say("guan", f"清除 {ALIAS}", None)
    assert here.outcome(preview) == "erasure_previewed", here.answer(preview)
    assert "消息 7 条,上报 2 件,照片 1 张" in here.answer(preview)
    assert here.outcome(here.say("guan", "确认", None)) == "erasure_begun"
    run_sweep.sweep(here.worker)


def test_nothing_is_left_of_a_person_and_the_figures_stay(
    here: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    files = lived(here)
    deliver_outbox.deliver(here.worker)
    run_tick.tick(here.worker)
    counts, rows = here.figures(), here.rows()
    assert set(left([text for table in dump(here.database).values() for text in table])) == set(LEFT)

    cleared(here)

    after = dump(here.database)
    assert {name: left(table) for name, table in after.items() if left(table)} == {}
    assert here.figures() == counts
    assert {name: here.rows()[name] for name in ("issues", "events", "media")} == {
        name: rows[name] for name in ("issues", "events", "media")
    }
    assert not any(file.exists() for file in files)
    assert left([str(path) for path in tmp_path.rglob("*")]) == []

    exported = tmp_path / "roster.xlsx"
    write_workbook(here.worker.office().roster, exported)
    cells = [
        str(cell.value) for sheet in load_workbook(exported) for row in sheet.iter_rows() for cell in row
    ]
    assert "益民五金店" in cells
    assert left(cells) == []

    for sender in here.senders:
        sender.sent.clear()
    here.say("li", "查询 1", None)
    here.say("sun", "待办", None)
    run_tick.tick(here.worker)
    deliver_outbox.deliver(here.worker)
    sent = [f"{each.target} {each.text} {each.mentions}" for s in here.senders for each in s.sent]
    assert any("清除已完成" in text for text in sent)
    assert left(sent) == []

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter("%(message)s"))
    for each in caplog.records:
        if each.name.split(".")[0] in {"workers", "bot", "store", "handlers"}:
            handler.handle(each)
    assert "handled inbox=" in stream.getvalue()
    assert left([stream.getvalue()]) == []

    if here.database.is_sqlite:
        path = here.database.url.removeprefix("sqlite:///")
        raw = b"".join(
            Path(f"{path}{end}").read_bytes() for end in ("", "-wal") if Path(f"{path}{end}").exists()
        )
        assert "二马路".encode() in raw
        assert [word for word in LEFT if word.encode() in raw] == []


def test_every_table_is_known_to_hold_people_or_none(database: Database) -> None:
    handled = {
        "appeals", "broadcast_replies", "broadcasts", "chats", "diary", "doubts", "erasures", "events",
        "examples", "flags", "followers", "inbox", "issues", "leaves", "media", "outbox", "own_quiet",
        "questions", "reporters", "roster_versions", "sendings", "slots", "spoken",
    }  # fmt: skip
    assert set(dump(database)) - erasure.FREE_OF_PEOPLE == handled


def test_what_was_overheard_of_him_is_not_kept_for_its_day(here: Office) -> None:
    heard = here.say(ID, WORDS[0])
    with here.database.read() as connection:
        said = IncomingMessage.from_json(
            connection.execute(select(inbox.c.document).where(inbox.c.id == heard)).scalar_one()
        )
    with here.database.write() as connection:
        now = BusinessTime(bootstrap.machine_now())
        DoubtBook(connection, now).keep(Doubt(said, heard, "li", now, 0.6, {}))
    cleared_early(here)
    assert dump(here.database)["doubts"] == []


def test_no_old_version_brings_him_back(here: Office) -> None:
    cleared_early(here)
    with here.database.read() as connection:
        for version in rosters.versions(connection):
            roster = rosters.load(connection, version.number)
            assert roster is not None
            assert roster.person(ID) is None
            assert roster.shops_of(ID) == ()
            assert [shop.name for shop in roster.shops_on("益民路")] == ["益民五金店", "益民烩面馆"]


def cleared_early(here: Office) -> None:
    here.say("guan", f"清除 {ID}", None)
    here.say("guan", "确认", None)
    run_sweep.sweep(here.worker)


def test_the_worker_knows_at_once_that_he_is_gone(here: Office) -> None:
    assert here.worker.office().roster.person(ALIAS) is not None
    cleared_early(here)
    assert here.worker.office().roster.person(ALIAS) is None
    assert here.outcome(here.say(ALIAS, "我是谁")) == "who_am_i"


def test_a_picture_on_its_way_is_not_kept(here: Office) -> None:
    heard = here.say(ID, WORDS[0], pictures=("https://p/1",))
    with here.database.write() as connection:
        errand = media.claim(connection, bootstrap.machine_now())[0]
    cleared_early(here)
    with here.database.write() as connection:
        assert not media.stored(connection, errand, media.StoredFile("ab/x.jpg", "image/jpeg"))
    assert here.outcome(heard) == "reported"


def test_a_letter_that_waits_is_not_handled_any_more(here: Office) -> None:
    with here.database.write() as connection:
        message = IncomingMessage("aibot", "k", Chat("group", "g-yimin"), ID, "text", WORDS[0])
        now = bootstrap.machine_now()
        values = {"dedupe_key": "k", "chat_key": "g-yimin", "document": message.to_json()}
        connection.execute(insert(inbox).values(values | {"received_at": now, "said_at": now}))
        erasure.erase(connection, ID, "erased-1", now)
    process_inbox.drain(here.worker)
    with here.database.read() as connection:
        assert connection.execute(select(inbox.c.outcome)).scalars().all() == ["erased"]


def test_what_others_wrote_stays(here: Office) -> None:
    here.say("huimian", "益民路12号门口垃圾堆成山没人清")
    here.say("guan", "通知 益民路 内容")
    before = dump(here.database)["issues"]
    lived_with_number_two(here)
    cleared_early(here)
    assert [row for row in dump(here.database)["issues"] if row.startswith("1 ")] == before


def lived_with_number_two(here: Office) -> None:
    here.say(ID, WORDS[0])


def test_what_is_refused(here: Office) -> None:
    refusals = (
        ("sun", f"清除 {ID}", "not_allowed", "只有管理员"),
        (ID, f"清除 {ID}", "not_allowed", "只有管理员"),
        ("guan", "清除", "asked_whom", "例如:清除 zhangsan"),
        ("guan", "清除 li", "not_possible", "李路 在名册里是路长,不能直接清除。"),
        ("guan", "清除 nobody-1", "unknown_person", "没有 nobody-1 的任何记录。"),
    )
    for who, words, outcome, answer in refusals:
        heard = here.say(who, words, None)
        assert (here.outcome(heard), answer in here.answer(heard)) == (outcome, True), here.answer(heard)


def test_a_road_that_holds_his_name_keeps_its_own() -> None:
    person = Who(frozenset({"li"}), frozenset({"李路"}), ("桃李路",))
    assert person.scrubbed("桃李路28号 李路 li alice", "x") == "桃李路28号 已清除 x alice"
