"""Dialogs from signed callback to sent text, over the real protocol, on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.dialog import Dialog, Turn, says, says_in_vain
from tests.fleet import STREETS, Fleet, Street

SHANGHAI = ZoneInfo("Asia/Shanghai")
BLOCKED = "28号门口电动车乱停把路堵死了"
DIRTY = "12号门口垃圾堆成山没人清"
MANHOLE = "28号门口井盖丢了露着大洞,很危险"
EMERGENCY = "⚠ 有人员危险请先拨 119 / 110 / 120"


@pytest.fixture
def dialog(shared_fleet: Fleet) -> Dialog:
    return Dialog(shared_fleet)


def number_of(dialog: Dialog, name: str = "a") -> int:
    return dialog.numbers[name]


# --- the main job ------------------------------------------------------------------------------------------


def test_a_report_becomes_a_confirmed_issue_after_one_dispute(dialog: Dialog) -> None:
    street, fleet = STREETS["yiminlu"], dialog.fleet
    since = fleet.town.last()
    receipt = dialog.play(
        says(
            street.shop(),
            street.group,
            BLOCKED,
            "#{a} 已受理:停车秩序·",
            "益民路28号",
            "责任人 益民路三级路长",
            pictures=["scooters"],
            keep="a",
        )
    )
    deadline = fleet.records.issue(number_of(dialog)).deadline.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
    assert re.search(r"处理时限 11-24 1\d:\d\d", receipt)
    assert f"处理时限 {deadline}" in receipt
    dialog.play(
        says(street.chief, street.group, "收到 {a}", "#{a} 已认领", f"{deadline} 前处理"),
        says(street.chief, street.group, "办结 {a}", "#{a} 已登记办结", pictures=["clean"]),
        says(street.shop(), street.group, "不满意 {a} 还有两辆没挪走", "#{a} 已重新处理", street.chief_name),
        says(street.chief, street.group, "查询 {a}", "#{a} 处理中 · 停车秩序·"),
        says(street.chief, street.group, "办结 {a}", "#{a} 已登记办结", pictures=["clean"]),
        says(street.shop(), street.group, "查询 {a}", "#{a} 已处理待确认 · 停车秩序·"),
        says(street.shop(), street.group, "满意 {a}", "#{a} 已结案"),
    )
    final = dialog.play(says(street.shop(), street.group, "查询 {a}", f"#{number_of(dialog)} 已结案"))
    lines = final.splitlines()
    assert re.fullmatch(rf"#{number_of(dialog)} 已结案 · 停车秩序·\S+ · 益民路", lines[0])
    assert lines[1].startswith(f"责任人 {street.chief_name} · 时限 11-24 ")
    history = [line.split()[2:] for line in lines if re.match(r"\d\d-\d\d \d\d:\d\d ", line)]
    assert [words[0] for words in history] == ["上报", "认领", "办结", "不满意", "办结", "满意"]
    assert history[3][1].endswith("还有两辆没挪走")
    assert {event.after for event in fleet.records.history(number_of(dialog))} == {
        "reported",
        "claimed",
        "resolved",
        "closed",
    }
    _others_heard_of_it(fleet, street, since, number_of(dialog))
    closed = fleet.records.issue(number_of(dialog))
    assert (closed.state, closed.close_reason, closed.reopened) == ("closed", "confirmed", 1)


def _others_heard_of_it(fleet: Fleet, street: Street, since: int, number: int) -> None:
    """The chief 1:1 about the report, the dispute and the end; the reporter about each 办结."""
    chief = fleet.texts(f"app:{street.chief}", since)
    assert [text.splitlines()[0] for text in chief] == [
        next(text for text in chief if f"#{number} 新问题" in text).splitlines()[0],
        f"#{number} 上报人不满意:还有两辆没挪走",
        f"#{number} 上报人已确认满意,结案。",
    ]
    asked = [text for text in fleet.texts(f"app:{street.shop()}", since) if "您看好了吗" in text]
    assert len(asked) == 2
    group = [entry for entry in fleet.pushed(since, street.group) if entry["sender"] == "push"]
    assert group == [], "the app reaches everybody, so the group only sees answers"


# --- the table ---------------------------------------------------------------------------------------------

A, B, C, D, E, F = (
    STREETS[key] for key in ("datonglu", "qiantanglu", "caochangjie", "dunmulu", "longhailu", "jianxinjie")
)
G, H, J, K, L = (STREETS[key] for key in ("hezuolu", "zhongyuanlu", "tieyingjie", "jianzhongjie", "fuhuajie"))
WHOLE_AREA = "wr-yimalu-all"

DIALOGS: dict[str, list[Turn]] = {
    "an unregistered group learns its id once": [
        says("shop-yiminlu-1", "wr-unheard-of", BLOCKED, "本群还没有登记", "wr-unheard-of", never=["#"]),
        says_in_vain("shop-yiminlu-1", "wr-unheard-of", BLOCKED),
        says_in_vain("shop-yiminlu-3", "wr-unheard-of", "帮助"),
    ],
    "an unknown person's report is taken": [
        says("wx-passer-by", A.group, BLOCKED, "#{a} 已受理", "大同路28号", A.chief_name, keep="a"),
        says("wx-passer-by", A.group, "我的上报", "您的上报 1 件", "#{a} 待认领"),
        says("wx-passer-by", A.group, "撤回 {a}", "#{a} 已按您的意思撤回"),
        says("wx-passer-by", A.group, "查询 {a}", "#{a} 已结案", "上报人撤回"),
    ],
    "one hint an hour": [
        says("shop-qiantanglu-1", B.group, "今天天气真不错啊", "没看懂您要做什么", "@路管家", never=["#"]),
        says_in_vain("shop-qiantanglu-1", B.group, "今天天气真不错啊"),
        says_in_vain("shop-qiantanglu-1", "app", "今天天气真不错啊"),
        says("shop-qiantanglu-2", B.group, "今天天气真不错啊", "没看懂您要做什么"),
    ],
    "lists of what waits and of what was reported": [
        says(C.shop(), C.group, "我的上报", "您还没有上报过问题"),
        says(C.chief, C.group, "待办", "您名下没有待办问题"),
        says(C.shop(), C.group, BLOCKED, "#{a} 已受理", keep="a"),
        says(C.shop(), C.group, "我的上报", "您的上报 1 件", "#{a} 待认领", "操场街28号"),
        says(C.chief, "app", "待办", "待办 1 件", "#{a} 待认领"),
        says(C.supervisor, "app", "待办", "#{a} 待认领"),
        says(C.chief, C.group, "收到 {a}", "#{a} 已认领"),
        says(C.shop(), "app", "我的上报", "#{a} 处理中"),
    ],
    "help shows what one can do": [
        says(D.shop(), D.group, "帮助", "【上报】", "群里要先 @路管家", never=["【路长】", "【督导】"]),
        says("wx-passer-by-2", "aibot", "帮助", "【上报】", never=["【路长】", "【督导】", "群里要先"]),
        says(D.chief, D.group, "帮助", "【路长】", "认领", "办结", "【上报】", never=["【督导】"]),
        says(D.supervisor, "app", "帮助", "【路长】", "【督导】"),
        says("admin-1", "app", "帮助", "【督导】"),
    ],
    "two numbers in one command": [
        says(E.shop(1), E.group, "12号门口电动车乱停把路堵死了", "#{a} 已受理", keep="a"),
        says(E.shop(3), E.group, "56号门口电动车乱停把路堵死了", "#{b} 已受理", keep="b"),
        says(E.chief, E.group, "收到 {a} {b}", "#{a} 已认领", "#{b} 已认领"),
        says(E.chief, E.group, "{a}、#{b} 办结", "#{a} 已登记办结", "#{b} 已登记办结"),
        says(E.chief, E.group, "办结 {a} 999999", "#{a} 现在是「已处理待确认」", "#999999 没有查到"),
    ],
    "quoting one of ours says which": [
        says(F.shop(1), F.group, "12号门口电动车乱停把路堵死了", "#{a} 已受理", keep="a"),
        says(F.shop(3), F.group, "56号门口电动车乱停把路堵死了", "#{b} 已受理", keep="b"),
        says(F.chief, F.group, "收到", "#{b} 已认领", quote="b"),
        says(F.chief, F.group, "查询", "#{a} 待认领", quote="a"),
        says(F.shop(3), F.group, "查询", "#{b} 处理中", quote="b"),
    ],
    "an ambiguous command is asked back, the number answers": [
        says(G.shop(1), G.group, "12号门口电动车乱停把路堵死了", "#{a} 已受理", keep="a"),
        says(G.shop(3), G.group, "56号门口电动车乱停把路堵死了", "#{b} 已受理", keep="b"),
        says(G.chief, G.group, "认领", "要认领哪一件", "1. #{a} ", "2. #{b} ", "@路管家"),
        says(G.chief, G.group, "2", "#{b} 已认领", never=["#{a}"]),
        says(G.chief, G.group, "认领", "#{a} 已认领"),
        says(G.chief, G.group, "办结", "要办结哪一件", "1. #{a} ", "2. #{b} "),
        says(G.chief, G.group, "1", "#{a} 已登记办结"),
    ],
    "1:1 with the app needs no @": [
        says(H.shop(), "app", BLOCKED, "#{a} 已受理", "中原路28号", H.chief_name, keep="a"),
        says(H.shop(), "app", "", "#{a} 已补充照片", pictures=["scooters"]),
        says(H.chief, "app", "{a} 收到", "#{a} 已认领"),
        says(H.chief, "app", "弄好了", "#{a} 已登记办结", how={"kind": "voice"}),
        says(H.shop(), "app", "满意 {a}", "#{a} 已结案"),
    ],
    "who asks 1:1 again is answered again": [
        says(H.supervisor, "app", "帮助", "【督导】"),
        says(H.supervisor, "app", "帮助", "【督导】"),
        says(H.supervisor, "app", "查询 987654", "#987654 没有查到"),
        says(H.supervisor, "app", "查询 987654", "#987654 没有查到"),
    ],
    "1:1 with the robot": [
        says(J.shop(1), "aibot", "12号门口电动车乱停把路堵死了", "#{a} 已受理", "铁英街12号", keep="a"),
        says(J.shop(1), "aibot", "", "#{a} 已补充照片", pictures=["scooters"]),
        says(J.chief, "aibot", "认领{a}", "#{a} 已认领"),
        says(J.shop(1), "aibot", "查询{a}", "#{a} 处理中 · ", "[图1]"),
    ],
    "without the photo it takes, 办结 asks; the next picture completes": [
        says(K.shop(1), K.group, DIRTY, "#{a} 已受理:环境卫生·", "12号", pictures=["garbage"], keep="a"),
        says(K.chief, "app", "收到 {a}", "#{a} 已认领"),
        says(K.chief, "app", "办结 {a}", "#{a} 请直接发处理后照片"),
        says(K.chief, "app", "查询 {a}", "#{a} 处理中"),
        says(K.chief, "app", "", "#{a} 已登记办结", pictures=["clean"]),
        says(K.shop(1), K.group, "不满意 {a} 还有一袋", "#{a} 已重新处理"),
        says(K.chief, K.group, "办结 {a}", "#{a} 请直接发处理后照片"),
        says(K.chief, K.group, "", "#{a} 已登记办结", pictures=["clean"]),
        says(K.shop(1), K.group, "满意 {a}", "#{a} 已结案"),
    ],
    "no photo, but a reason": [
        says(K.shop(3), K.group, "56号门口垃圾堆成山没人清", "#{a} 已受理:环境卫生·", keep="a"),
        says(K.chief, K.group, "办结 {a} 无照片 手机没电", "#{a} 已登记办结"),
        says(K.shop(3), K.group, "查询 {a}", "认领", "办结", "无照片"),
    ],
    "whom it does not concern may not act": [
        says(L.shop(), L.group, BLOCKED, "#{a} 已受理", keep="a"),
        says(L.shop(1), L.group, "认领 {a}", "#{a} 不能由您认领", L.chief_name),
        says(L.shop(1), L.group, "满意 {a}", "#{a} 不能由您确认"),
        says(L.shop(), L.group, "满意 {a}", "#{a} 现在是「待认领」"),
        says(L.chief, L.group, "认领 {a}", "#{a} 已认领"),
        says(L.chief, L.group, "办结 {a}", "#{a} 已登记办结"),
        says(L.shop(), L.group, "不满意 {a}", "#{a} 哪里没弄好", "不满意 {a} 原因"),
        says(L.shop(), L.group, "查询 {a}", "#{a} 已处理待确认"),
    ],
    "the robot's name may stand anywhere": [
        says(L.shop(3), L.group, "56号门口电动车乱停 ＠路管家", "#{a} 已受理", "福华街56号", keep="a"),
        says(L.shop(3), L.group, "查询@路管家 {a}", "#{a} 待认领"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", DIALOGS)
def test_dialog(dialog: Dialog, name: str) -> None:
    dialog.play(*DIALOGS[name])


# --- what a table cannot say -------------------------------------------------------------------------------


def test_nothing_but_a_record_comes_of_an_unregistered_group(shared_fleet: Fleet) -> None:
    before = shared_fleet.records.last_number()
    said = shared_fleet.say("shop-yiminlu-1", BLOCKED, group="wr-unheard-of-2", pictures=["scooters"])
    assert shared_fleet.outcome_of(said) == "unregistered_group"
    assert shared_fleet.records.last_number() == before


def test_an_unknown_person_stays_the_reporter_by_id(dialog: Dialog) -> None:
    problem = dialog.fleet.new_problem(A)
    dialog.play(says("wx-someone-new", A.group, problem, "#{a} 已受理", keep="a"))
    assert dialog.fleet.records.issue(number_of(dialog)).reporter == "wx-someone-new"
    assert dialog.fleet.records.history(number_of(dialog))[0].actor_name == "wx-someone-new"


def test_an_unknown_and_an_invisible_number_are_answered_alike(dialog: Dialog) -> None:
    dialog.play(says(D.shop(), D.group, BLOCKED, "#{a} 已受理", keep="a"))
    number, stranger = number_of(dialog), STREETS["baoquanjie"].shop()
    for command in ("查询", "认领", "满意", "不满意", "撤回", "办结"):
        hidden = dialog.fleet.ask(stranger, f"{command} {number} 试试", via="aibot")
        unknown = dialog.fleet.ask(stranger, f"{command} 987654 试试", via="aibot")
        assert hidden == unknown.replace("987654", str(number)), command
    assert dialog.fleet.records.actions(number) == ["上报"]


def test_a_button_is_a_command(dialog: Dialog) -> None:
    fleet, street = dialog.fleet, STREETS["huainanjie"]
    since = fleet.town.last()
    dialog.play(says(street.shop(), street.group, BLOCKED, "#{a} 已受理", keep="a"))
    number = number_of(dialog)
    card = next(entry for entry in fleet.pushed(since, f"app:{street.chief}") if entry["card"])
    assert [button["text"] for button in card["card"]["buttons"]] == ["认领", "办结", "转派"]
    pressed = fleet.press(card["id"], f"认领 {number}", copies=2)
    assert pressed.statuses == [200, 200]
    assert fleet.answer_to(pressed).startswith(f"#{number} 已认领")
    assert fleet.records.actions(number) == ["上报", "认领"]
    dialog.play(says(street.chief, street.group, "办结 {a}", "#{a} 已登记办结"))
    asked = [entry for entry in fleet.pushed(since, f"app:{street.shop()}") if entry["card"]][-1]
    assert fleet.answer_to(fleet.press(asked["id"], f"满意 {number}")).startswith(f"#{number} 已结案")


def test_danger_begins_with_the_emergency_numbers_and_reaches_level_2(dialog: Dialog) -> None:
    fleet, street = dialog.fleet, STREETS["qinlaojie"]
    since = fleet.town.last()
    receipt = dialog.play(says(street.shop(), street.group, MANHOLE, "#{a} 已受理:公共设施·", keep="a"))
    assert receipt.splitlines()[0] == EMERGENCY
    for userid in (street.chief, street.leader):
        (told,) = fleet.texts(f"app:{userid}", since)
        assert told.startswith(f"⚠ 危险 #{number_of(dialog)} 新问题")
    assert fleet.texts(f"app:{street.supervisor}", since) == []


def test_a_group_of_several_roads_is_asked_which_and_the_owner_follows(dialog: Dialog) -> None:
    fleet, first, second = dialog.fleet, STREETS["datonglu"], STREETS["qiantanglu"]
    since = fleet.town.last()
    dialog.play(
        says(
            "wx-visitor",
            WHOLE_AREA,
            "门口电动车乱停把路堵死了",
            "#{a} 已受理",
            "(待核)",
            "请问在哪条路?1.大同路 2.钱塘路 3.操场街 4.敦睦路",
            "(@路管家)",
            keep="a",
        )
    )
    assert fleet.records.issue(number_of(dialog)).owner == first.chief
    dialog.play(
        says("wx-visitor", WHOLE_AREA, "2", "#{a} 已更正", "钱塘路", second.chief_name, never=["待核"]),
        says("wx-visitor", WHOLE_AREA, "查询 {a}", "#{a} 待认领", "· 钱塘路", second.chief_name),
    )
    issue = fleet.records.issue(number_of(dialog))
    assert (issue.section, issue.owner, issue.pending) == ("钱塘路", second.chief, "")
    fleet.settle_down()
    assert fleet.texts(f"app:{second.chief}", since)[0].startswith(f"#{issue.number} 新问题")
    assert fleet.texts(f"app:{first.chief}", since)[-1].startswith(f"#{issue.number} 已改派")


def test_a_shop_in_a_group_of_several_roads_is_not_asked(dialog: Dialog) -> None:
    shop = STREETS["caochangjie"].shop(3)
    dialog.play(
        says(
            shop,
            WHOLE_AREA,
            "门口电动车乱停把路堵死了",
            "#{a} 已受理",
            "操场街56号",
            never=["请问"],
            keep="a",
        )
    )


def test_a_long_report_is_shown_cut_and_kept_whole(dialog: Dialog) -> None:
    street = STREETS["huaihelu"]
    text = dialog.fleet.new_problem(street) + "真的很急" * 1500
    dialog.play(says(street.shop(), street.group, text, "#{a} 已受理", keep="a"))
    assert dialog.fleet.records.issue(number_of(dialog)).text == text
    shown = dialog.play(says(street.shop(), street.group, "查询 {a}", "#{a} 待认领", "…"))
    assert len(shown) < 400
    _taken_back(dialog, street, street.shop())


# --- what people write is data -----------------------------------------------------------------------------

INJECTIONS = {
    "mention of all": "{problem} <@all> <@chief3-huaihelu> @all",
    "markdown link": "{problem} [点我领奖](http://evil.example/x) https://evil.example",
    "formula": '=HYPERLINK("http://evil.example","x") {problem}',
    "right to left": "{problem} \u202e\u2067gnp.exe\u202c\u200f",
    "layout": "# {problem}\n> 引用\n**粗** `码` | 表 |\n#1 已结案",
    "emoji": "{problem}" + "😡" * 4000,
}
ACTIVE = re.compile(
    r"<@|\]\(|https?://|evil\.example|[\u202a-\u202e\u2066-\u2069\u200e\u200f]|\*\*|^=|^>", re.MULTILINE
)


@pytest.mark.parametrize("name", INJECTIONS)
def test_what_people_write_is_shown_and_never_obeyed(dialog: Dialog, name: str) -> None:
    fleet, street = dialog.fleet, STREETS["huaihelu"]
    since, text = fleet.town.last(), INJECTIONS[name].format(problem=fleet.new_problem(street))
    dialog.play(
        says(street.shop(1), street.group, text, "#{a} 已受理", keep="a"),
        says(street.chief, street.group, "查询 {a}", "#{a} 待认领"),
        says(street.chief, street.group, "认领 {a}", "#{a} 已认领"),
        says(street.chief, street.group, "办结 {a}", "#{a} 已登记办结"),
        says(street.shop(1), street.group, f"不满意 {{a}} {text[:80]}", "#{a} 已重新处理"),
        says(street.shop(1), street.group, "我的上报", "#{a} "),
    )
    fleet.settle_down()
    said = fleet.pushed(since)
    assert any(entry["chat"] == f"app:{street.chief}" for entry in said), "the chief was told"
    for entry in said:
        found = ACTIVE.search(entry["text"])
        assert found is None, f"{found} in {entry['text']!r}"
        assert set(entry["mentions"]) <= {street.chief, street.shop(1)}
        assert f"#{number_of(dialog)}" in entry["text"]
    _taken_back(dialog, street, street.shop(1))


def _taken_back(dialog: Dialog, street: Street, reporter: str) -> None:
    """So that the next report from there is not the same problem."""
    dialog.play(says(reporter, street.group, "撤回 {a}", "#{a} 已按您的意思撤回"))


def test_numbers_of_people_are_masked_for_others_and_in_the_logs(dialog: Dialog) -> None:
    fleet, street = dialog.fleet, STREETS["baoquanjie"]
    since = fleet.town.last()
    phone, plate, identity = "13812345678", "豫A12345", "410101199001011234"
    text = f"{BLOCKED},车牌{plate},打我电话{phone},身份证{identity}"
    dialog.play(
        says(street.shop(), street.group, text, "#{a} 已受理", keep="a"),
        says(street.chief, street.group, "查询 {a}", "#{a} 待认领"),
    )
    fleet.settle_down()
    shown = "\n".join(fleet.texts(f"app:{street.chief}", since) + fleet.texts(street.group, since))
    assert BLOCKED in shown
    logs = "\n".join(daemon.log.read_text("utf-8") for daemon in fleet.daemons.values())
    for private in (phone, plate, identity):
        assert private not in shown
        assert private not in logs
    for secret in ("AES_KEY", "TOKEN", "SECRET"):
        for name, value in fleet.environment.items():
            assert not name.endswith(secret) or value not in logs, name
    assert "key-baoquanjie" not in logs
