"""The chief's commands over the real protocol, on SQLite and PostgreSQL: words, buttons, cards."""

from __future__ import annotations

from tests.e2e.dialog import Dialog, says
from tests.fleet import STREETS, Fleet, wait_until

BLOCKED = "28号门口电动车乱停把路堵死了"


def test_a_press_does_what_the_words_do_and_updates_the_card(shared_fleet: Fleet) -> None:
    fleet, street = shared_fleet, STREETS["qinlaojie"]
    dialog, since = Dialog(fleet), shared_fleet.town.last()
    dialog.play(says(street.shop(), street.group, BLOCKED, "#{a} 已受理", keep="a"))
    number, chat = dialog.numbers["a"], f"app:{street.chief}"
    (card,) = [entry for entry in fleet.pushed(since, chat) if f"#{number} 新问题" in entry["text"]]
    pressed = fleet.press(card["id"], f"认领 {number}")
    fleet.settle(pressed)

    def face() -> object:
        entries = {entry["id"]: entry for entry in fleet.town.transcript(0, chat)}
        return (entries[card["id"]].get("card") or {}).get("done")

    wait_until(lambda: face() == "已认领", 10, "the card shows the claim")
    assert fleet.records.issue(number).state == "claimed"


def test_returned_transferred_helped_extended_and_undone(shared_fleet: Fleet) -> None:
    street = STREETS["huaihelu"]
    Dialog(shared_fleet).play(
        says(street.shop(), street.group, BLOCKED, "#{a} 已受理", keep="a"),
        says(street.chief, "app", "不归我管 {a}", "#{a} 已退回"),
        says("chief2-huaihe", "app", "转派 {a}", "1. ", "回复序号"),
        says("chief2-huaihe", "app", "转派 {a} 淮河路", "#{a} 已转派给 淮河路三级路长"),
        says(street.chief, "app", "协办 {a} 城管", "城管 城管联络员 协办"),
        says("officer-chengguan", "app", "待办", "#{a} 待认领"),
        says(street.chief, "app", "{a} 宽限两天", "#{a} 已向 ", "申请延期到"),
        says("chief2-huaihe", "app", "同意 {a}", "#{a} 已同意延期"),
        says(street.chief, "app", "转外部 {a} 数字城管 A-1", "#{a} 已转外部:数字城管 A-1"),
        says(street.chief, "app", "撤销", "#{a} 已撤销「转外部」,现在是「待认领」"),
        says(street.supervisor, "app", "查询 {a}", "退回", "转派", "协办", "延期", "转外部", "撤销"),
    )


def test_self_found_and_who_is_responsible(shared_fleet: Fleet) -> None:
    street = STREETS["huainanjie"]
    Dialog(shared_fleet).play(
        says(
            street.chief,
            street.group,
            "随手办 铲小广告3处",
            "#{a} 已记入自查自处",
            pictures=["clean"],
            keep="a",
        ),
        says(street.supervisor, "app", "查询 {a}", "#{a} 已结案 · 广告宣传·", "自查自处"),
        says(street.shop(), "app", "路长 淮南街", "三级 淮南街三级路长", "备岗 淮南街备岗路长", never=["#"]),
    )
