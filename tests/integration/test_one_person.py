"""One merchant in the group and on the 公众号 is one person, bound once, whatever he uses next."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import NotBeforeNextWord
from store.database import Database
from store.dump import lines, tables
from tests.integration.phones import GROUP, Street
from workers import erase

HE = "oHe-1"
"""On the 公众号; in the group he is ``wujin``, the keeper of 益民五金店 at 益民路28号."""
STRANGER = "oStranger"
ON_PHONE = "28号门口电动车乱停把路堵死了"
IN_GROUP = "12号门口垃圾没人清臭死了"


@pytest.fixture(name="street")
def _street(database: Database, tmp_path: Path) -> Street:
    """#1 is reported on the phone, #2 in the group, and the chief agrees that it is one man."""
    street = Street(database, tmp_path)
    street.event(HE, "subscribe", "qrscene_益民路")
    street.writes(HE, ON_PHONE)
    street.says("wujin", IN_GROUP)
    street.in_group()
    (said,) = street.writes(HE, "我是 28号 五金店")
    assert said == "已请 李路 确认您是 益民路28号 益民五金店,确认后告诉您。这期间照样可以上报。"
    asked = street.in_group()
    assert asked.startswith("有商户说自己是 益民路28号 益民五金店(公众号用户)。是本人吗?")
    assert "⚠ 该店已绑定编号 wujin,同意后两个账号都算该店。" in asked
    assert street.says("li", "同意绑定 五金店") == "已绑定:益民路28号 益民五金店"
    assert street.phone(HE) == ["已确认您是 益民路28号 益民五金店。以后上报不用再写地址。"]
    return street


def mentioned(street: Street) -> list[tuple[str, ...]]:
    """Who was called by name by the push robot's last message in the group."""
    return [each.mentions for each in street.senders["webhook"].sent if each.target == GROUP][-1:]


def test_he_sees_what_he_reported_by_either(street: Street) -> None:
    (listed,) = street.writes(HE, "我的上报")
    assert listed.splitlines()[0] == "您的上报 2 件"
    assert street.says("wujin", "我的上报") == listed
    assert "店铺:益民路28号 益民五金店" in street.writes(HE, "我是谁")[0]


def test_he_is_no_second_reporter_of_his_own_problem(street: Street) -> None:
    street.says("wujin", ON_PHONE)
    assert street.writes(HE, "我的上报")[-1].splitlines()[0] == "您的上报 2 件"


def test_he_answers_on_the_phone_what_he_reported_in_the_group(street: Street) -> None:
    street.says("li", "办结 2 无照片 清了")
    (asked,) = street.phone(HE)
    assert asked.startswith("#2 ")
    assert street.taps(HE, "满意 2") == ["#2 已结案,谢谢您的反馈。"]


def test_he_answers_in_the_group_what_he_reported_on_the_phone(street: Street) -> None:
    street.says("li", "办结 1 无照片 挪了")
    assert street.says("wujin", "不满意 1 还堵着").startswith("#1 ")
    assert "处理中" in street.writes(HE, "查询 1")[-1]


def test_what_he_said_in_private_is_not_answered_in_the_group(street: Street) -> None:
    street.two_days_pass(HE)
    street.says("li", "办结 1 无照片 挪了")
    assert "处理人说弄好了" not in street.in_group()
    assert street.rows(HE)[-1][0] == "asleep"
    street.says("li", "办结 2 无照片 清了")
    assert "处理人说弄好了" in street.in_group()
    assert mentioned(street) == [("wujin",)]


def test_nobody_reads_in_the_group_who_said_it_on_the_phone(street: Street) -> None:
    street.says("li", "收到 1")
    told = street.says("li", "查询 1")
    assert "商户" in told
    assert [word for word in ("五金", "wujin", "oHe", "mp:") if word in told] == []


def test_a_merchants_phone_gives_no_chiefs_rights(street: Street) -> None:
    assert street.writes(HE, "认领 2")[0].startswith("#2 不能由您认领")
    assert street.writes(STRANGER, "查询 1") == ["#1 没有查到。请核对编号,或回复:我的上报"]
    assert street.writes(STRANGER, "满意 1")[0].startswith("#1 没有查到")


def test_who_came_by_the_phone_first_is_called_by_his_name_in_the_group(street: Street) -> None:
    street.writes(STRANGER, "我是 益民路30号 新开花店")
    street.says("li", "同意绑定 新开花店")
    street.says("huadian", "我是 益民路30号 新开花店")
    assert street.says("li", "同意绑定 新开花店") == "已绑定:益民路30号 新开花店"
    street.says("huadian", "30号门口有个井盖松动了")
    assert "店铺:益民路30号 新开花店" in street.says("huadian", "我是谁")
    street.two_days_pass(STRANGER)
    street.says("li", "办结 3 无照片 盖好了")
    assert mentioned(street) == [("huadian",)]
    assert "处理人说弄好了" in street.in_group()


def test_where_there_is_the_app_he_is_told_there_when_his_phone_may_not_be_written_to(
    database: Database, tmp_path: Path
) -> None:
    street = Street(database, tmp_path, app=True)
    street.writes(HE, "我是 益民路28号 五金店")
    street.says("li", "同意绑定 五金店", None)
    street.writes(HE, ON_PHONE)
    street.says("li", "收到 1")
    assert street.phone(HE)[-1].startswith("#1 李路 已认领")
    street.two_days_pass(HE)
    street.says("li", "办结 1 无照片 挪了")
    assert street.senders["app"].sent[-1].target == "wujin"
    assert street.phone(HE) == []


@pytest.mark.parametrize("platform_knows_better", [False, True], ids=["we know", "the platform knows"])
def test_so_he_is_when_it_turns_out_only_as_the_message_leaves(
    database: Database, tmp_path: Path, platform_knows_better: bool
) -> None:
    street = Street(database, tmp_path, app=True)
    street.writes(HE, "我是 益民路28号 五金店")
    street.says("li", "同意绑定 五金店", None)
    street.writes(HE, ON_PHONE)
    if platform_knows_better:
        street.platform_says(NotBeforeNextWord("response out of time limit", 45015))
    else:
        street.used_up(HE)
    street.says("li", "收到 1")
    told = street.senders["app"].sent[-1]
    assert (told.target, told.text) == ("wujin", "#1 李路 已认领,正在去处理。")
    assert street.rows(HE)[-1] == ("void", "#1 李路 已认领,正在去处理。")


def test_nothing_of_him_is_left_when_he_is_erased(street: Street) -> None:
    street.two_days_pass(HE)
    street.says("li", "办结 1 无照片 挪了")
    street.says("guan", f"清除 mp:{HE}")
    street.says("guan", "确认")
    erase.erase_requested(street.parts)
    with street.database.read() as connection:
        dumped = [line.decode() for table in tables(connection) for line in lines(connection, table)]
    left = [line for line in dumped if any(word in line for word in (HE, HE.lower(), "wujin", ON_PHONE))]
    assert left == []
    assert street.rows(HE) == []
    assert street.room(HE) == 0
