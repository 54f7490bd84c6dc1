"""The roster workbook: the sample, the way there and back, and files that are no workbook at all."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot.roster import package as opening
from bot.roster.diff import diff
from bot.roster.sheets import COLUMNS
from bot.roster.workbook import RosterFile, read_workbook, write_workbook
from domain.errors import RosterError
from domain.roster import (
    Duty,
    Group,
    GroupKind,
    HouseNumbers,
    Person,
    Role,
    Roster,
    Section,
    Shop,
    Subdistrict,
)
from domain.taxonomy import parse_taxonomy

DATA = Path(__file__).parents[2] / "data"
SAMPLE = DATA / "roster_sample.xlsx"
DEPARTMENTS = parse_taxonomy((DATA / "taxonomy.csv").read_text("utf-8")).departments


def read(path: Path) -> RosterFile:
    return read_workbook(path, DEPARTMENTS)


def refusal(path: Path) -> str:
    """The one sentence with which a file is refused."""
    with pytest.raises(RosterError) as caught:
        read(path)
    (problem,) = caught.value.problems
    return problem


@pytest.fixture(scope="module")
def sample() -> RosterFile:
    return read(SAMPLE)


def test_the_sample_is_imported(sample: RosterFile) -> None:
    roster = sample.roster
    counts = [len(rows) for rows in (roster.subdistricts, roster.sections, roster.people, roster.duties)]
    assert counts == [8, 17, 67, 53]
    assert [len(rows) for rows in (roster.groups, roster.shops, roster.shifts)] == [26, 51, 0]
    assert sample.push_keys["wr-yiminlu"] == "key-yiminlu"
    assert len(sample.push_keys) == 26


def test_the_sample_has_known_gaps(sample: RosterFile) -> None:
    assert [line.split(":")[0] for line in sample.warnings] == [
        "没有备岗的二级路长(请假时由上一级接手)",
        "没有备岗的四级路长(请假时由上一级接手)",
        "操场街",
    ]
    assert sample.warnings[2] == "操场街:门牌不在 1-40 内的商户:操场街便利店(56)"


def test_the_sample_says_who_owns_what(sample: RosterFile) -> None:
    roster = sample.roster
    owners = [roster.owner("二马路", number) for number in (75, 76, 151, None)]
    assert [owner.userid if owner else None for owner in owners] == [
        "chief4-ermalu-1", "chief4-ermalu-2", "chief3-ermalu", "chief3-ermalu",
    ]  # fmt: skip
    assert (backup := roster.owner("益民路", None, frozenset({"chief3-yiminlu"}))) is not None
    assert backup.userid == "backup-yiminlu"
    assert (area := roster.street_group_of("大同路")) is not None
    assert area.chat_id == "wr-datonglu"


def test_an_export_reads_back_the_same_but_for_keys(sample: RosterFile, tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    write_workbook(sample.roster, path)
    again = read_workbook(path, DEPARTMENTS, stored_keys=sample.push_keys)
    assert again.roster == sample.roster
    assert again.warnings == sample.warnings
    assert again.push_keys == {}
    with zipfile.ZipFile(path) as package:
        assert not any(b"key-yiminlu" in package.read(name) for name in package.namelist())


HOSTILE = Roster(
    (Subdistrict("解放路街道", "=1+1"),),
    (
        Section(
            "=cmd|'/c calc'!A1",
            "解放路街道",
            ("@sum", "甲"),
            "+1",
            "-1",
            HouseNumbers.parse("1-9、单号"),
            ("路口",),
        ),
    ),
    (Person("a", "=HYPERLINK(1)", Role.CHIEF, 3, "x", ("woA",), "b"), Person("b", "乙", Role.MERCHANT)),
    (Duty("=cmd|'/c calc'!A1", 3, "a", HouseNumbers.parse("双号")),),
    (Group("wr-1", "群", GroupKind.STREET, ("=cmd|'/c calc'!A1",), "解放路街道"),),
    (
        Shop("店", "=cmd|'/c calc'!A1", 28, "", "", "28号附2"),
        Shop("摊", "=cmd|'/c calc'!A1", None, "wm-1", "", "亭"),
    ),
)


def test_an_export_holds_text_only(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    write_workbook(HOSTILE, path)
    assert read(path).roster == HOSTILE
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
            assert all(isinstance(cell.value, str | None) for cell in row)
            assert all(cell.number_format == "@" for cell in row)


def test_an_export_leaves_out_what_xml_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    write_workbook(Roster((Subdistrict("解\x00放\x1b路\ud800街道\u0007"),)), path)
    assert load_workbook(path)["街道"]["A2"].value == "解放路街道"


def test_an_empty_roster_is_a_workbook_with_headers(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    write_workbook(Roster(), path)
    assert {sheet.title for sheet in load_workbook(path).worksheets} == set(COLUMNS)
    assert read(path).roster == Roster()


def test_a_key_is_never_repeated_in_a_fault(tmp_path: Path) -> None:
    book = load_workbook(SAMPLE)
    book["群"]["F3"] = "SECRET SECRET"
    book.save(tmp_path / "x.xlsx")
    assert "SECRET" not in refusal(tmp_path / "x.xlsx")


def test_files_that_are_no_workbook_are_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    assert "打不开" in refusal(path)
    path.write_bytes(b"")
    assert "不是 .xlsx 文件或已损坏" in refusal(path)
    path.write_text("路段,级别,userid\n益民路,三级,zhang\n", "utf-8")
    assert "不是 .xlsx 文件或已损坏" in refusal(path)
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5000))
    assert "去掉密码,另存为 .xlsx" in refusal(path)
    path.write_bytes(SAMPLE.read_bytes()[:9000])
    assert "不是 .xlsx 文件或已损坏" in refusal(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert "不是 Excel 工作簿" in refusal(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook")
    assert "已损坏,读不出来" in refusal(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "打不开" in refusal(tmp_path)


def test_a_flipped_byte_never_ends_in_a_traceback(tmp_path: Path) -> None:
    content = bytearray(SAMPLE.read_bytes())
    path = tmp_path / "x.xlsx"
    for position in range(0, len(content), 997):
        damaged = bytearray(content)
        damaged[position] ^= 0xFF
        path.write_bytes(damaged)
        with suppress(RosterError):
            read(path)


def test_bombs_are_refused_before_they_unpack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(opening.LARGEST_UNPACKED + 1))
    assert "解压后过大" in refusal(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    assert "不安全的内容" in refusal(path)
    monkeypatch.setattr(opening, "LARGEST_FILE", 10)
    assert "请删去图片等无关内容" in refusal(path)


def big(rows: int) -> Workbook:
    """A workbook with this many sections, chiefs, duties, groups and shops."""
    book = load_workbook(SAMPLE)
    for n in range(rows):
        book["路段"].append([f"路{n}", "解放路街道", f"别名{n}", "甲", "乙", "1-99", f"地标{n}"])
        book["人员"].append(
            [f"chief-{n}", f"路长{n}", "路长", "三级", "解放路街道", f"wo{n}", f"chief-{n ^ 1}"]
        )
        book["责任"].append([f"路{n}", "三级", f"chief-{n}", None])
        book["群"].append([f"wr-{n}", f"群{n}", "路段群", f"路{n}", "解放路街道", f"key-{n}"])
        book["商户"].append([f"店{n}", f"路{n}", n % 99 + 1, f"shop-{n}", f"简{n}"])
    return book


@pytest.mark.timeout(60)  # nothing may be quadratic
def test_ten_thousand_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    big(2000).save(path)
    result = read(path)
    assert len(result.roster.sections) == 2017


@pytest.mark.timeout(60)  # nothing may be quadratic
def test_ten_thousand_faults_are_all_listed(tmp_path: Path) -> None:
    """Everything unknown, everybody the next one's substitute: nothing may be quadratic."""
    book = load_workbook(SAMPLE)
    for n in range(5000):
        follower = f"p{(n + 1) % 5000}"
        book["人员"].append([f"p{n}", f"路长{n}", "路长", "四级", "x", None, follower])
        book["责任"].append([f"无此路{n}", "四级", f"nobody-{n}", f"{n + 1}"])
    path = tmp_path / "faulty.xlsx"
    book.save(path)
    with pytest.raises(RosterError) as caught:
        read(path)
    assert len(caught.value.problems) == 10_001


@pytest.mark.timeout(60)  # nothing may be quadratic
def test_many_level_four_chiefs_are_compared(tmp_path: Path) -> None:
    people = tuple(Person(f"p{n}", f"人{n}", Role.CHIEF, 4) for n in range(5000))
    duties = tuple(
        Duty("路", 4, f"p{n}", HouseNumbers.parse(f"{n * 2 + 1}-{n * 2 + 2}")) for n in range(5000)
    )
    roster = Roster((Subdistrict("街"),), (Section("路", "街"),), people, duties)
    write_workbook(roster, tmp_path / "x.xlsx")
    assert read(tmp_path / "x.xlsx").roster == roster


def test_a_diff_names_what_changes_per_sheet(sample: RosterFile) -> None:
    old = sample.roster
    assert not diff(old, old)
    assert diff(old, old).lines == []
    moved = replace(old, people=old.people[::-1])
    assert not diff(old, moved), "order is no change"
    new = replace(
        old,
        sections=(replace(old.sections[0], aliases=("益民街", "老益民路")), *old.sections[1:]),
        people=tuple(p for p in old.people if p.userid != "officer-yuanlin"),
        duties=(*old.duties, Duty("益民路", 4, "chief4-ermalu-1", HouseNumbers.parse("单号"))),
        shops=(replace(old.shops[0], userid=""), *old.shops[1:]),
    )
    assert diff(old, new).lines == [
        "路段 修改 益民路:别名 益民街→益民街、老益民路",
        "人员 删除 officer-yuanlin(姓名 园林联络员,角色 九员,单位 园林)",
        "责任 新增 益民路 四级 chief4-ermalu-1(门牌 单号)",
        "商户 修改 大同路烩面馆 大同路 12:userid shop-datonglu-1→(空)",
    ]
    assert [sheet.sheet for sheet in diff(Roster(), old).sheets] == [
        "街道",
        "路段",
        "人员",
        "责任",
        "群",
        "商户",
    ]
