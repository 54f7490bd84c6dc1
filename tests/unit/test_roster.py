"""Who is responsible, who stands in, who is above, who may: three named people and their neighbours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.roster import (
    Duty,
    Group,
    GroupKind,
    HouseNumbers,
    Person,
    Role,
    Roster,
    Section,
    Shift,
    Shop,
    Subdistrict,
    heir,
    removed_people,
    removed_sections,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHIEF, SUPERVISOR = Role.CHIEF, Role.SUPERVISOR

ROSTER = Roster(
    subdistricts=(Subdistrict("解放路街道", "二七区"), Subdistrict("铭功路街道", "二七区")),
    sections=(
        Section("益民路", "解放路街道", aliases=("益民街",), house_numbers=HouseNumbers.parse("1-86")),
        Section("二马路", "铭功路街道", house_numbers=HouseNumbers.parse("1-150")),
        Section("无人街", "铭功路街道"),
    ),
    people=(
        Person("leader", "领导", CHIEF, 1, "铭功路街道"),
        Person("street", "主任", CHIEF, 2, "铭功路街道", substitute="vice"),
        Person("vice", "副主任", CHIEF, 2, "铭功路街道"),
        Person("zhang", "张三", CHIEF, 3, "铭功路街道", aliases=("woZHANG",), substitute="li"),
        Person("li", "李四", CHIEF, 3, "铭功路街道", substitute="wang"),
        Person("wang", "王五", CHIEF, 3, "铭功路街道", substitute="zhang"),
        Person("low", "低号", CHIEF, 4, "铭功路街道"),
        Person("odd", "单号", CHIEF, 4, "铭功路街道", substitute="li"),
        Person("sup", "督导", SUPERVISOR, None, "铭功路街道"),
        Person("sup2", "督导二", SUPERVISOR, None, "铭功路街道"),
        Person("yimin", "益民", CHIEF, 3, "解放路街道"),
        Person("sup-jf", "解放督导", SUPERVISOR, None, "解放路街道"),
        Person("police", "赵六", Role.OFFICER, None, "交警"),
        Person("admin", "管理", Role.ADMINISTRATOR),
        Person("owner", "店主", Role.MERCHANT, aliases=("woSHOP",)),
    ),
    duties=(
        Duty("二马路", 4, "low", HouseNumbers.parse("1-75")),
        Duty("二马路", 4, "odd", HouseNumbers.parse("76-150、单号")),
        Duty("二马路", 3, "zhang"),
        Duty("二马路", 2, "street"),
        Duty("益民路", 3, "yimin"),
    ),
    groups=(
        Group("wr-area", "片区", GroupKind.STREET, ("益民路", "二马路"), "铭功路街道"),
        Group("wr-ermalu", "二马路", GroupKind.STREET, ("二马路",), "铭功路街道"),
        Group("wr-sup", "督导群", GroupKind.SUPERVISOR, (), "铭功路街道"),
    ),
    shops=(
        Shop("益民路五金店", "益民路", 28, "owner", "五金店"),
        Shop("二马路分店", "二马路", 12, "woSHOP"),
        Shop("未绑定", "二马路", None, ""),
    ),
    shifts=(
        Shift(date(2026, 11, 23), time(18), time(8), "铭功路街道", "vice"),
        Shift(date(2026, 11, 24), time(9), time(12), "铭功路街道", "woZHANG"),
    ),
)


def userid(person: Person | None) -> str | None:
    return person.userid if person else None


def at(day: int, hour: int, minute: int) -> datetime:
    """A moment of November 2026 in the district."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def away(*userids: str) -> frozenset[str]:
    return frozenset(userids)


@pytest.mark.parametrize(
    ("number", "absent", "expected"),
    [
        (1, away(), "low"),
        (75, away(), "low"),
        (77, away(), "odd"),
        (78, away(), "zhang"),  # even numbers above 75 are nobody's part
        (151, away(), "zhang"),
        (None, away(), "zhang"),
        (77, away("odd"), "li"),
        (77, away("odd", "li"), "wang"),
        (1, away("low"), "zhang"),  # no substitute: the level above
        (None, away("zhang"), "li"),
        (None, away("zhang", "li", "wang"), "street"),  # a loop of substitutes ends
        (None, away("zhang", "li", "wang", "street"), "vice"),
        (None, away("zhang", "li", "wang", "street", "vice"), "sup"),
        (None, away("zhang", "li", "wang", "street", "vice", "sup"), "sup2"),
        (None, away("zhang", "li", "wang", "street", "vice", "sup", "sup2"), "zhang"),
        (1, away("low", "zhang", "li", "wang", "street", "vice", "sup", "sup2"), "low"),
    ],
)
def test_it_finds_the_owner(number: int | None, absent: frozenset[str], expected: str) -> None:
    assert userid(ROSTER.owner("二马路", number, absent)) == expected


def test_it_gives_a_section_without_chiefs_to_the_leader_of_its_subdistrict() -> None:
    assert userid(ROSTER.owner("无人街")) == "street"
    assert ROSTER.owner("不存在的路") is None


def test_it_goes_up_the_ladder() -> None:
    above = [userid(ROSTER.level_above("二马路", who)) for who in ("low", "zhang", "street", "leader", "sup")]
    assert above == ["zhang", "street", "sup", "sup", None]


def test_it_never_hands_back_to_the_one_who_returned() -> None:
    assert userid(ROSTER.level_above("二马路", "low", away("zhang"))) == "li"
    assert userid(ROSTER.level_above("二马路", "woZHANG", away("street", "vice"))) == "sup"
    assert userid(ROSTER.level_above("二马路", "li")) == "zhang", "stands in for level 4 too, so level 3"
    same = replace(ROSTER, duties=(*ROSTER.duties, Duty("益民路", 2, "yimin")))
    assert userid(same.level_above("益民路", "yimin")) == "sup-jf"


def test_it_sends_what_an_officer_returns_to_the_daily_chief() -> None:
    assert userid(ROSTER.level_above("二马路", "police")) == "zhang"


def test_it_names_the_chief_of_a_level() -> None:
    assert userid(ROSTER.chief("二马路", 2)) == "street"
    assert userid(ROSTER.chief("二马路", 2, away("street"))) == "vice"
    assert ROSTER.chief("二马路", 2, away("street", "vice")) is None
    assert userid(ROSTER.chief("二马路", 1)) == "leader"
    assert ROSTER.chief("益民路", 2) is None
    assert ROSTER.chief("益民路", 4) is None


def test_it_knows_all_who_are_responsible() -> None:
    assert ROSTER.responsible("二马路") == {"low", "odd", "li", "wang", "zhang", "street", "vice"}
    assert [person.userid for person in ROSTER.substitutes("odd")] == ["li", "wang", "zhang"]
    assert ROSTER.responsible("益民路") == {"yimin"}
    assert [duty.level for duty in ROSTER.duties_of("二马路")] == [2, 3, 4, 4]


@pytest.mark.parametrize(
    ("who", "sections"),
    [
        ("admin", "益民路 二马路 无人街"),
        ("sup", "二马路 无人街"),
        ("leader", "二马路 无人街"),
        ("street", "二马路 无人街"),
        ("vice", "二马路 无人街"),
        ("zhang", "二马路"),
        ("wang", "二马路"),  # substitute of a substitute
        ("low", "二马路"),
        ("yimin", "益民路"),
        ("sup-jf", "益民路"),
        ("police", ""),
        ("owner", ""),
    ],
)
def test_rights_follow_role_and_section(who: str, sections: str) -> None:
    person = ROSTER.person(who)
    assert person is not None
    everywhere = ("益民路", "二马路", "无人街")
    assert [name for name in everywhere if ROSTER.may_see(person, name)] == sections.split()
    assert [name for name in everywhere if ROSTER.may_manage(person, name)] == sections.split()
    assert not ROSTER.may_see(person, "别处") or person.role is Role.ADMINISTRATOR


def test_a_substitute_of_a_supervisor_watches_too() -> None:
    people = tuple(replace(p, substitute="yimin") if p.userid == "sup" else p for p in ROSTER.people)
    roster = replace(ROSTER, people=people)
    yimin = roster.person("yimin")
    assert yimin is not None
    assert roster.may_manage(yimin, "无人街")


def test_it_finds_by_any_name() -> None:
    assert userid(ROSTER.person("WOzhang")) == "zhang"
    assert ROSTER.person("nobody") is None
    assert (section := ROSTER.section(" 益民街 ")) is not None
    assert section.name == "益民路"
    assert ROSTER.section("") is None
    assert ROSTER.group("wr-sup") is not None
    assert ROSTER.group("WR-SUP") is None, "chat ids are opaque"
    assert ROSTER.subdistrict("解放路街道") == Subdistrict("解放路街道", "二七区")
    assert [person.title for person in ROSTER.officers("交警")] == ["交警 赵六"]
    assert [person.userid for person in ROSTER.administrators()] == ["admin"]


def test_it_finds_shops_under_any_id_of_their_owner() -> None:
    shop = ROSTER.shop_of("WOSHOP")
    assert shop is not None
    assert (shop.name, shop.address) == ("益民路五金店", "益民路28号")
    assert (here := ROSTER.shop_of("owner", "二马路")) is not None
    assert here.name == "二马路分店"
    assert ROSTER.shop_of("") is None
    assert [shop.name for shop in ROSTER.shops_on("二马路")] == ["二马路分店", "未绑定"]


def test_the_most_particular_group_speaks_for_a_section() -> None:
    assert (own := ROSTER.street_group_of("二马路")) is not None
    assert own.chat_id == "wr-ermalu"
    assert (area := ROSTER.street_group_of("益民路")) is not None
    assert area.chat_id == "wr-area"
    assert ROSTER.street_group_of("无人街") is None
    assert [group.chat_id for group in ROSTER.supervisor_groups("铭功路街道")] == ["wr-sup"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(23, 17, 59), []),
        (at(23, 18, 0), ["vice"]),
        (at(24, 7, 59), ["vice"]),
        (at(24, 8, 0), []),
        (at(24, 9, 0), ["zhang"]),
        (at(25, 9, 0), []),
    ],
)
def test_it_knows_who_is_on_shift(moment: datetime, expected: list[str]) -> None:
    found = ROSTER.on_duty("铭功路街道", moment)
    assert [person.userid for person in found] == expected


def test_a_shift_from_eight_to_eight_is_a_whole_day() -> None:
    shift = Shift(date(2026, 11, 23), time(8), time(8), "x", "y")
    assert shift.covers(at(24, 7, 59).replace(tzinfo=None))
    assert not shift.covers(at(24, 8, 0).replace(tzinfo=None))


def test_it_reads_back_its_own_document() -> None:
    assert Roster.from_document(ROSTER.to_document()) == ROSTER
    assert Roster.from_document("{}") == Roster()


def test_it_reads_documents_of_other_versions() -> None:
    older = '{"people": [{"userid": "a", "name": "甲", "role": "路长", "level": 3, "shoe_size": 43}]}'
    assert Roster.from_document(older).people == (Person("a", "甲", CHIEF, 3),)


def without(*userids: str) -> Roster:
    return replace(ROSTER, people=tuple(p for p in ROSTER.people if p.userid not in userids),
                   duties=tuple(d for d in ROSTER.duties if d.userid not in userids))  # fmt: skip


def test_it_tells_what_an_import_removes() -> None:
    new = replace(without("zhang", "sup"), sections=ROSTER.sections[:1])
    assert removed_sections(ROSTER, new) == ("二马路", "无人街")
    assert removed_people(ROSTER, new) == ("zhang", "sup")
    assert removed_people(ROSTER, ROSTER) == ()


def test_removed_people_leave_their_issues_to_an_heir() -> None:
    assert userid(heir(ROSTER, without("zhang"), "zhang", "二马路")) == "li"
    assert userid(heir(ROSTER, without("zhang", "li"), "zhang", "二马路")) == "wang"
    assert userid(heir(ROSTER, without("low"), "low", "二马路", 12)) == "zhang"
    assert userid(heir(ROSTER, without("zhang", "li", "wang"), "zhang", "二马路")) == "street"
    assert userid(heir(ROSTER, without("sup"), "sup", "二马路")) == "sup2"
    assert userid(heir(ROSTER, without("police"), "police", "二马路")) == "zhang"


def test_a_person_under_a_new_userid_keeps_his_issues() -> None:
    renamed = replace(ROSTER.people[3], userid="zhangsan", aliases=("zhang", "woZHANG"))
    people = tuple(renamed if p.userid == "zhang" else p for p in ROSTER.people)
    assert userid(heir(ROSTER, replace(ROSTER, people=people), "zhang", "二马路")) == "zhangsan"
