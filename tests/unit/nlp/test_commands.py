from __future__ import annotations

import pytest

from nlp.commands import bare_choice, category_word, did_you_mean, loose_numbers, numbers_in, parse_command

CANONICAL = [
    "认领",
    "办结",
    "进展",
    "退回",
    "转派",
    "延期",
    "同意",
    "不同意",
    "协办",
    "转外部",
    "静音",
    "提醒",
    "待办",
    "请假",
    "销假",
    "撤销",
    "随手办",
    "补充",
    "催办",
    "满意",
    "不满意",
    "重开",
    "撤回",
    "我也反映",
    "我的上报",
    "匿名",
    "督办",
    "缓办",
    "挂账",
    "恢复",
    "不予受理",
    "核查",
    "合并",
    "拆分",
    "顺延",
    "查询",
    "路长",
    "帮助",
    "改类",
    "改路段",
    "不是上报",
    "绑定",
    "本群",
    "我是谁",
    "通知",
    "确认",
    "手册",
    "清除",
    "日报",
    "周报",
    "月报",
    "排行",
    "超时",
    "登记",
    "日志",
    "导出",
    "纪要",
    "签到",
    "新问题",
]


@pytest.mark.parametrize("verb", CANONICAL)
def test_every_canonical_verb_alone_is_a_command(verb: str) -> None:
    command = parse_command(verb)
    assert command is not None
    assert command.verb == verb


@pytest.mark.parametrize(
    ("text", "verb", "numbers", "rest"),
    [
        ("认领12", "认领", (12,), ""),
        ("12 认领", "认领", (12,), ""),
        ("#12、13，14 认领", "认领", (12, 13, 14), ""),
        ("＃１２ 认领", "认领", (12,), ""),
        ("@路管家 收到 12", "认领", (12,), ""),
        ("35我去", "认领", (35,), ""),
        ("马上到", "认领", (), ""),
        ("12处理好了", "办结", (12,), ""),
        ("二百零六号清完了", "办结", (206,), ""),
        ("办结12 无照片 手机没电", "办结", (12,), "无照片 手机没电"),
        ("退回12不归我管", "退回", (12,), "不归我管"),
        ("派错了", "退回", (), ""),
        ("转派 12 @张三 不是我的", "转派", (12,), "@张三 不是我的"),
        ("转给交警", "转派", (), "交警"),
        ("这得交警来", "转派", (), ""),
        ("延期 12 2天 等配件", "延期", (12,), "2天 等配件"),
        ("宽限两天", "延期", (), ""),
        ("协办 12 交警", "协办", (12,), "交警"),
        ("转外部 12 数字城管 20261123001", "转外部", (12,), "数字城管 20261123001"),
        ("静音 12 到 15:00", "静音", (12,), "到 15:00"),
        ("挂账 12 2026-12-01 缺件", "挂账", (12,), "2026-12-01 缺件"),
        ("请假 到 11-25", "请假", (), "到 11-25"),
        ("我回来了", "销假", (), ""),
        ("随手办 益民路 铲小广告3处", "随手办", (), "益民路 铲小广告3处"),
        ("几点来", "催办", (), ""),
        ("还没人来 12", "催办", (12,), ""),
        ("没弄好 12", "不满意", (12,), ""),
        ("不满意 12 还在", "不满意", (12,), "还在"),
        ("不用来了，车走了", "撤回", (), ""),
        ("我报的那个咋样了", "我的上报", (), ""),
        ("合并 13 到 12", "合并", (13, 12), "到"),
        ("核查 12 不通过 还有", "核查", (12,), "不通过 还有"),
        ("顺延 一马路街道 1天 暴雪", "顺延", (), "一马路街道 1天 暴雪"),
        ("路长 益民路", "路长", (), "益民路"),
        ("改类 12 垃圾", "改类", (12,), "垃圾"),
        ("改路段 12 益民路", "改路段", (12,), "益民路"),
        ("不是垃圾是小广告", "改类", (), "小广告"),
        ("别记", "不是上报", (), ""),
        ("我是张三", "我是", (), "张三"),
        ("#12", "查询", (12,), ""),
        ("12 怎么样了", "查询", (12,), ""),
        ("+1", "我也反映", (), ""),
        ("通知 明天检查", "通知", (), "明天检查"),
        ("日报 大同路", "日报", (), "大同路"),
    ],
)
def test_it_understands(text: str, verb: str, numbers: tuple[int, ...], rest: str) -> None:
    command = parse_command(text)
    assert command is not None
    assert (command.verb, command.numbers, command.rest) == (verb, numbers, rest)


@pytest.mark.parametrize(
    ("text", "numbers", "rating"),
    [("满意 12 5", (12,), 5), ("12 满意 5", (12,), 5), ("满意 12", (12,), None), ("不满意 12 2", (12,), 2)],
)
def test_a_last_bare_figure_after_satisfaction_is_the_rating(
    text: str, numbers: tuple[int, ...], rating: int | None
) -> None:
    command = parse_command(text)
    assert command is not None
    assert (command.numbers, command.rating) == (numbers, rating)


@pytest.mark.parametrize(
    "text",
    [
        "昨天清完了今天又堆满了",
        "路长来看看门口",
        "路长 有人乱停车",
        "看一下 门口垃圾没人管",
        "提醒 各位老板别乱停",
        "帮忙 看看门口的坑",
        "停在12号门口",
        "3处小广告",
        "我是真服了",
        "办结了没有,照片在哪",
        "退回去的货还堆在人行道",
        "转弯的地方停满了车",
        "查处乱停车",
        "",
        "?!",
    ],
)
def test_a_report_that_contains_a_verb_is_no_command(text: str) -> None:
    command = parse_command(text)
    assert command is None or command.verb in {"查询", "帮助"}
    if "办结" not in text and text != "?!":
        assert command is None


@pytest.mark.parametrize(
    ("text", "choice"), [("1", 1), ("２", 2), ("选3", 3), ("第二个", 2), ("12号楼", None), ("#12", None)]
)
def test_a_bare_number_answers_a_question(text: str, choice: int | None) -> None:
    assert bare_choice(text) == choice


@pytest.mark.parametrize(
    ("text", "verb"),
    [("认真 12", "认领"), ("办接 12", "办结"), ("不满异", "不满意"), ("垃圾满了", None), ("12 认领", None)],
)
def test_it_asks_did_you_mean(text: str, verb: str | None) -> None:
    assert did_you_mean(text) == verb


def test_numbers_are_told_from_house_numbers_by_their_words() -> None:
    assert numbers_in("28号门口垃圾") == ()
    assert numbers_in("#28 和 30号单") == (28, 30)
    assert loose_numbers("64要等吊车") == (64,)
    assert loose_numbers("再给2天") == ()


def test_a_word_for_a_category_is_its_code() -> None:
    assert category_word("小广告") == ("ads", "sticker")
    assert category_word("环境卫生") == ("garbage", None)
    assert category_word("月亮") is None
