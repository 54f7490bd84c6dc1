from __future__ import annotations

import pytest

from nlp.classifier import Classifier
from nlp.thresholds import REPORT_ADDRESSED
from tests.unit.nlp.conftest import lines


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("门口垃圾堆了三天没人收", "garbage"),
        ("小轿车停在盲道上没人管", "parking"),
        ("电线杆上贴满小广告", "ads"),
        ("卖水果的三轮占着路口", "vending"),
        ("半夜两点工地还在打桩", "construction"),
        ("路灯坏了一个礼拜了", "facility"),
        ("楼下广场舞太吵睡不着", "noise"),
        ("绿化带里有人种菜", "greening"),
        ("消防通道被堵死了", "other_street"),
        ("電動車停滿人行道,輪椅過不去", "parking"),
        ("恁来瞧瞧,这拉圾堆几天了也没人收", "garbage"),
    ],
)
def test_it_takes_reports(classifier: Classifier, text: str, category: str) -> None:
    reading = classifier.read(text)
    assert reading.intent == "report"
    assert reading.problems[0].category == category
    assert reading.matched


@pytest.mark.parametrize(
    "text",
    [
        "垃圾已经清了谢谢",
        "别乱停了各位老板",
        "停车场怎么收费",
        "门面转让,地段好客流大,电话微信同号",
        "招聘保洁两名,包吃住",
        "大家早上好",
        "哈哈哈哈",
        "好的收到",
        "👍",
        "",
        "!!!",
    ],
)
def test_it_leaves_talk_alone(classifier: Classifier, text: str) -> None:
    reading = classifier.read(text)
    assert reading.intent != "report"
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("电线断了裸露在外面还冒火花", True),
        ("井盖没了,路中间一个大洞", True),
        ("闻到煤气味,怕是漏气了", True),
        ("楼上的线乱拉乱接像蜘蛛网", False),
        ("门口垃圾堆了三天", False),
    ],
)
def test_it_knows_danger(classifier: Classifier, text: str, danger: bool) -> None:
    assert classifier.read(text).danger is danger


def test_a_line_to_the_bot_is_taken_for_a_report_sooner(classifier: Classifier) -> None:
    said = "门口这堆东西"
    assert classifier.read(said, mention=True).likely_report == classifier.read(said).likely_report
    overheard = [row for row in lines("chat_own_dev.jsonl") if row["label"] != "none"][:200]
    to_us = sum(classifier.read(row["text"], mention=True).intent == "report" for row in overheard)
    assert to_us >= sum(classifier.read(row["text"]).intent == "report" for row in overheard)


def test_an_exact_command_wins(classifier: Classifier) -> None:
    reading = classifier.read("12 办结 垃圾已清走")
    assert reading.intent == "resolve"
    assert reading.numbers == (12,)
    assert reading.command is not None


def test_every_decision_names_the_lexicon(classifier: Classifier) -> None:
    assert len(classifier.version) == 12


def test_a_wall_of_text_is_read_without_harm(classifier: Classifier) -> None:
    assert classifier.read("😀" * 4000).intent == "chatter"
    assert classifier.read("垃圾" * 5000).intent


@pytest.mark.parametrize("name", ["chat_own_dev.jsonl", "chat_own_heldback.jsonl"])
def test_our_labelled_lines_are_read_well(classifier: Classifier, name: str) -> None:
    rows = lines(name)
    reports = [row for row in rows if row["label"] != "none"]
    read = {row["text"]: classifier.read(row["text"]) for row in rows}
    found = [row for row in rows if read[row["text"]].intent == "report"]
    right = [
        row
        for row in reports
        if (problems := read[row["text"]].problems) and problems[0].category in {row["label"], *row["alt"]}
    ]
    assert sum(row["label"] != "none" for row in found) / len(found) >= 0.93
    assert len(right) / len(reports) >= 0.85
    assert all(
        read[row["text"]].place.section == row["section"]
        for row in rows
        if row["section"] in {"大同路", "二马路"}
    )


def test_lines_of_somebody_else_are_read_well(classifier: Classifier) -> None:
    """Held back from the lexicon and from its weights; bounds with room for a few lines either way."""
    rows = lines("chat_people_heldback.jsonl")
    read = [classifier.read(row["text"]) for row in rows]
    found = [row for row, reading in zip(rows, read, strict=True) if reading.intent == "report"]
    reports = [row for row in rows if row["label"] != "none"]
    assert sum(row["label"] != "none" for row in found) / len(found) >= 0.89
    assert sum(row["label"] != "none" for row in found) / len(reports) >= 0.93


@pytest.mark.parametrize(
    "text",
    [
        "着火了",
        "起火啦快来人",
        "有人触电了",
        "大爷晕倒在路边了",
        "楼上掉下来的砖砸到人了",
        "孩子掉坑里了",
        "一股煤气味，漏气了",
    ],
)
def test_an_emergency_is_taken_up_whether_said_to_the_bot_or_not(classifier: Classifier, text: str) -> None:
    reading = classifier.read(text)
    assert (reading.intent, reading.danger) == ("report", True)


@pytest.mark.parametrize("text", ["要是着火了咋办", "12", "3 4", "？"])
def test_what_is_only_imagined_or_a_number_is_no_report(classifier: Classifier, text: str) -> None:
    assert classifier.read(text, mention=True).likely_report < REPORT_ADDRESSED
