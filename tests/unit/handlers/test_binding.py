"""Dialogs: 绑定, 本群, 我是谁, 我是 …, 同意绑定; groups outside the pilot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.roster import Group, GroupKind
from domain.roster_rows import Shop
from store import roster as rosters
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Town
from tests.unit.handlers.town import JIEFANG

NEW = "wr-new"


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


# --- groups ------------------------------------------------------------------------------------------------


def test_an_administrator_registers_a_group_in_it(town: Town) -> None:
    assert "@路管家 绑定 路段名" in town.say("wujin", "28号门口电动车堵路", NEW).answer
    said = town.say("guan", "绑定 益民路", NEW)
    assert said.outcome == "bound"
    first, key, consent = said.answer.splitlines()
    assert first == "本群已登记为路段群:益民路"
    assert key.endswith(f"python -m bot group key {NEW}")
    assert "照片保存90天,文字保存2年" in consent
    assert "删除本人的姓名、文字和照片,请告诉管理员" in consent
    assert town.roster.group(NEW) == Group(
        NEW, "益民路商户群", GroupKind.STREET, ("益民路",), JIEFANG, bound=True
    )
    assert town.say("stranger", "28号门口电动车乱停把路堵死了", NEW).issue == 1
    assert town.issue(1).owner == "li"


def test_each_binding_is_a_version_and_repeating_it_is_none(town: Town) -> None:
    town.say("guan", "绑定 益民路", NEW)
    again = town.say("guan", "绑定 益民路", NEW)
    assert again.outcome == "bound_already"
    assert "【告知】" not in again.answer
    town.say("guan", "绑定 益民路、大同路", NEW)
    with town.database.read() as connection:
        assert [each.source for each in rosters.versions(connection)] == [
            "绑定 益民路、大同路",
            "绑定 益民路",
        ]
    group = town.roster.group(NEW)
    assert group is not None
    assert group.sections == ("益民路", "大同路")


@pytest.mark.parametrize("words", ["绑定 督导 解放路街道", "绑定 督导群 解放路街道", "绑定 督导 解放路"])
def test_a_supervisors_group(town: Town, words: str) -> None:
    assert town.say("guan", words, NEW).answer.startswith("本群已登记为督导群:解放路街道")
    assert town.roster.group(NEW) == Group(
        NEW, "解放路街道督导群", GroupKind.SUPERVISOR, (), JIEFANG, bound=True
    )


@pytest.mark.parametrize(
    ("who", "words", "group", "outcome", "answer"),
    [
        ("li", "绑定 益民路", NEW, "not_allowed", "只有管理员(管理)可以这样做。"),
        ("wujin", "绑定 益民路", "g-yimin", "not_allowed", "只有管理员(管理)可以这样做。"),
        ("guan", "绑定 益民路", None, "asked_group", "请在要登记的群里发:@路管家 绑定 路段名"),
        ("guan", "绑定", NEW, "asked_section", "请写本群管哪条路,例如:绑定 益民路"),
        ("guan", "绑定 益明路", NEW, "unknown_section", "名册里没有路段「益明路」,没有登记。是不是:益民路?"),
        ("guan", "绑定 督导 解方路街道", NEW, "unknown_section", "是不是:解放路街道"),
    ],
)
def test_what_cannot_be_bound(
    town: Town, who: str, words: str, group: str | None, outcome: str, answer: str
) -> None:
    said = town.say(who, words, group)
    assert (said.outcome, answer in said.answer) == (outcome, True), said.answer
    assert town.roster.group(NEW) is None


def test_this_group(town: Town) -> None:
    assert town.say("wujin", "本群", "g-yimin").answer.splitlines() == [
        "益民路商户群(路段群)",
        "群编号:g-yimin",
        "街道:解放路街道",
        "益民路:三级路长 李路",
        "推送 key:未登记(不能主动提醒)",
    ]
    assert town.say("wujin", "本群", NEW).answer.startswith(f"群编号:{NEW}\n还没有登记。")
    assert town.say("wujin", "本群").outcome == "asked_group"


# --- people ------------------------------------------------------------------------------------------------


def test_who_am_i(town: Town) -> None:
    assert town.say("woLi", "我是谁").answer.splitlines() == [
        "李路 · 三级路长·解放路街道",
        "编号:li",
        "本次以另一个编号发来:woLi",
        "负责:益民路(三级)",
        "备岗:备岗",
    ]
    assert town.say("wujin", "我是谁").answer == "商户:益民路28号 益民五金店\n编号:wujin"
    assert "名册里还没有您。商户请发:我是 益民路28号 五金店" in town.say("woXYZ", "我是谁", NEW).answer


def test_a_stranger_is_taken_first_and_asked_once(town: Town) -> None:
    first = town.say("woA", "益民路66号门口垃圾堆成山没人清", "g-yimin")
    assert first.issue == 1
    assert first.answer.endswith("请问您是哪家店?回复:我是 益民路28号 五金店,以后不用再写地址(@路管家)")
    second = town.say("woA", "益民路70号门口电动车乱停把路堵死了", "g-yimin")
    assert second.issue == 2
    assert "哪家店" not in second.answer
    assert "哪家店" not in town.say("wujin", "28号门口电动车乱停把路堵死了", "g-yimin").answer


@pytest.mark.parametrize(
    "words", ["我是 益民路66号 大桥水果店", "我是益民路66号大桥水果店", "我是 66号 大桥水果店"]
)
def test_a_shop_that_nobody_knew_is_bound_by_the_chiefs_word(town: Town, words: str) -> None:
    said = town.say("woA", words, "g-yimin")
    assert said.answer == "已请 李路 确认您是 益民路66号 大桥水果店,确认后告诉您。这期间照样可以上报。"
    assert said.told("li") == "有商户说自己是 益民路66号 大桥水果店(编号 woA)。是本人吗?"
    assert said.buttons("li") == ["同意绑定 woA", "不同意绑定 woA"]
    assert town.roster.shops_of("woA") == ()
    agreed = town.say("li", "同意绑定 woA", press=True)
    assert agreed.answer == "已绑定:益民路66号 大桥水果店"
    assert agreed.told("woA") == "已确认您是 益民路66号 大桥水果店。以后上报不用再写地址。"
    assert town.roster.shops_of("woA") == (Shop("大桥水果店", "益民路", 66, "woA", bound="row"),)
    town.say("woA", "门口垃圾堆成山没人清", "g-yimin")
    assert (town.issue(1).house_number, town.issue(1).shop) == (66, "大桥水果店")


@pytest.mark.parametrize("words", ["同意", "同意 五金店", "同意绑定 五金店", "同意绑定"])
def test_the_chief_agrees_in_his_own_words(town: Town, words: str) -> None:
    town.roster = replace(
        town.roster,
        shops=tuple(replace(each, userid="") for each in town.roster.shops),
    )
    town.say("woA", "我是 益民路28号 五金店", "g-yimin")
    assert town.say("li", words, "g-yimin").outcome == "binding_agreed"
    assert [shop.name for shop in town.roster.shops_of("woA")] == ["益民五金店"]


def test_a_second_id_of_a_bound_shop_becomes_its_alias_with_what_it_reported(town: Town) -> None:
    town.say("woA", "益民路66号门口垃圾堆成山没人清", "g-yimin")
    asked = town.say("woA", "我是 益民路28号 五金店", "g-yimin")
    assert "该店已绑定编号 wujin,同意后两个账号都算该店" in asked.told("li")
    town.say("li", "同意绑定 五金店")
    person = town.roster.person("woA")
    assert person is not None
    assert (person.userid, person.role) == ("wujin", "商户")
    assert "#1" in town.say("wujin", "我的上报").answer
    assert town.say("woA", "我是谁").answer.splitlines()[0] == "五金店 · 商户"


def test_a_shops_name_is_harmless_wherever_it_is_shown(town: Town) -> None:
    said = town.say("woA", "我是 益民路66号 <@all>13800138000店", "g-yimin")
    assert "<@all>" not in said.answer + said.told("li")
    assert "13800138000" not in said.answer + said.told("li")
    town.say("li", "同意绑定")
    assert town.roster.shops_of("woA")[0].name == "＜＠all＞138＊＊＊＊8000店"


def test_an_unknown_reporter_is_not_shown_by_his_id(town: Town) -> None:
    said = town.say("woOPAQUE", "28号门口电动车乱停把路堵死了", "g-yimin")
    assert "woOPAQUE" not in said.told("li")
    assert "商户反映:28号门口" in said.told("li")


def test_the_chief_says_no(town: Town) -> None:
    town.say("woA", "我是 益民路28号 五金店", "g-yimin")
    said = town.say("li", "不同意绑定 五金店")
    assert said.answer == "已答复:不是 益民路28号 益民五金店,没有绑定。"
    assert "没有绑定" in said.told("woA")
    assert town.say("li", "同意绑定 五金店").answer == "没有等您确认的绑定。"


@pytest.mark.parametrize("who", ["qian", "wujin", "woA", "zhang"])
def test_only_who_knows_the_place_may_agree(town: Town, who: str) -> None:
    town.say("woA", "我是 益民路66号 大桥水果店", "g-yimin")
    assert town.say(who, "同意绑定 大桥水果店").outcome == "nothing_asked"
    assert town.roster.shops_of("woA") == ()


def test_the_chief_is_not_told_again_and_again(town: Town) -> None:
    first = town.say("woA", "我是 益民路66号 大桥水果店", "g-yimin")
    again = town.say("woA", "我是 益民路66号 大桥水果店", "g-yimin")
    assert (first.heard, again.heard) == ({"li"}, set())
    assert first.answer == again.answer


def test_of_two_requests_one_has_to_be_named(town: Town) -> None:
    town.say("woA", "我是 益民路66号 大桥水果店", "g-yimin")
    town.say("woB", "我是 益民路68号 小桥茶叶店", "g-yimin")
    said = town.say("li", "同意绑定")
    assert said.outcome == "asked_which_binding"
    assert "益民路68号 小桥茶叶店(woB)" in said.answer
    town.say("li", "同意绑定 小桥茶叶店")
    assert town.roster.shops_of("woA") == ()
    assert len(town.roster.shops_of("woB")) == 1


def test_an_opaque_id_of_a_chief_is_his_by_his_own_word(town: Town) -> None:
    said = town.say("woWang", "我是 王二", "g-yimin")
    assert said.heard == {"wang"}
    assert "有人说自己是 王二(编号 woWang)" in said.told("wang")
    assert town.say("li", "同意绑定 王二").outcome == "nothing_asked"
    assert town.say("wang", "同意").answer == "已绑定:王二"
    assert town.say("woWang", "待办", "g-yimin").outcome == "todo"
    assert town.say("woWang", "我是谁").answer.startswith("王二 · 二级路长")


def test_nobody_agrees_to_himself(town: Town) -> None:
    town.say("woLi2", "我是 李路", "g-yimin")
    assert town.say("woLi2", "同意").outcome != "binding_agreed"
    assert town.roster.person("woLi2") is None


def test_consent_to_a_deadline_is_still_about_the_deadline(town: Town) -> None:
    town.report(28)
    town.say("woA", "我是 益民路66号 大桥水果店", "g-yimin")
    town.say("li", "延期 1 到 12-20 等零件")
    assert town.say("wang", "同意 1").outcome == "extended"


@pytest.mark.parametrize("words", ["我是28号的,门口又被电动车堵了", "我是 28号 门口又堵了"])
def test_what_happens_at_a_place_is_no_binding(town: Town, words: str) -> None:
    assert town.say("woA", words, "g-yimin").outcome != "binding_asked"


def test_a_place_that_is_missing_is_asked_for(town: Town) -> None:
    assert town.say("woA", "我是 无名路28号 五金店", "g-yimin").outcome == "asked_where"
    assert town.say("li", "我是 益民路28号 五金店", "g-yimin").outcome == "known_already"
    assert town.say("wujin", "我是 益民路28号 五金店", "g-yimin").outcome == "known_already"


# --- the pilot ---------------------------------------------------------------------------------------------


def test_a_group_outside_the_pilot_is_read_and_not_written_to(town: Town) -> None:
    town.pilot = frozenset({"g-area"})
    town.app = False
    said = town.say("wujin", "28号门口电动车乱停把路堵死了", "g-yimin")
    assert said.issue == 1
    assert said.drafts == ()
    inside = town.say("bianli", "大同路56号门口电动车乱停把路堵死了", "g-area")
    assert {draft.address.target for draft in inside.drafts} == {"g-area"}


def test_people_are_still_told_one_to_one_and_nothing_falls_back_into_that_group(town: Town) -> None:
    town.pilot = frozenset({"g-area"})
    said = town.say("wujin", "28号门口电动车乱停把路堵死了", "g-yimin")
    assert [(draft.address.route, draft.address.target, draft.fallback) for draft in said.drafts] == [
        ("app", "li", None)
    ]


def test_an_administrator_hears_of_his_binding_one_to_one(town: Town) -> None:
    town.pilot = frozenset({"g-area"})
    said = town.say("guan", "绑定 益民路", NEW)
    assert [(draft.address.route, draft.address.target) for draft in said.drafts] == [("app", "guan")]
    assert "非试点群:只收不发" in town.say("guan", "本群", "g-yimin").answer
