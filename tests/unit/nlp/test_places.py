from __future__ import annotations

import pytest

from nlp.classifier import Classifier
from nlp.places import house_number


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("大同路28号门口垃圾没人收", "大同路"),
        ("益民街那边路灯不亮", "益民路"),
        ("钱唐路路灯全灭了", "钱塘路"),
        ("大桐路有个坑", "大同路"),
        ("福华５号楼后头下水道堵了", "福华街"),
        ("福华路口堵死了", "福华街"),
        ("建中路有人烧垃圾", "建中街"),
        ("服装城门口摆摊", "钱塘路"),
        ("老李五金门口堆钢管", "二马路"),
        ("大同路和二马路交叉口有人摆摊", "大同路"),
        ("不是大同路是二马路", "二马路"),
        ("合作愉快", None),
        ("操场街没登记", None),
        ("大学路堵车了", None),
        ("中山路有个坑", None),
        ("新闻上说洛阳中原路塌了", None),
        ("门口垃圾没人收", None),
        ("大同小异", None),
    ],
)
def test_it_finds_the_section(classifier: Classifier, text: str, section: str | None) -> None:
    assert classifier.read(text).place.section == section


def test_a_section_is_named_whatever_the_intent(classifier: Classifier) -> None:
    reading = classifier.read("转派 57 淮河路的路长")
    assert (reading.intent, reading.numbers, reading.place.section) == ("transfer", (57,), "淮河路")


def test_a_short_shop_name_shared_by_sections_gives_candidates(classifier: Classifier) -> None:
    assert classifier.read("烩面馆门口油烟太大").place.candidates == ("大同路", "钱塘路")


def test_a_short_shop_name_means_the_shop_of_the_group(classifier: Classifier) -> None:
    place = classifier.read("烩面馆油烟太大", section="钱塘路").place
    assert (place.shop, place.section) == ("钱塘路烩面馆", None)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("28号门口", (28, None)),
        ("28-30号门口", (28, 30)),
        ("28号到30号", (28, 30)),
        ("门牌28", (28, None)),
        ("#28 弄好了", (None, None)),
        ("28号单", (None, None)),
        ("11月28号开会", (None, None)),
        ("3号线地铁口", (None, None)),
    ],
)
def test_it_tells_a_house_number(text: str, numbers: tuple[int | None, int | None]) -> None:
    assert house_number(text) == numbers


def test_it_tells_the_side_of_the_street(classifier: Classifier) -> None:
    assert classifier.read("大同路双号那边停满了车").place.side == "双"


@pytest.mark.parametrize(
    "text",
    [
        "益民路",
        "在钱塘路",
        "钱塘路30号",
        "大同路28号门口那边",
        "服装城旁边",
        "28号",
        "老李五金对面的",
        "就在二马路路口",
    ],
)
def test_a_place_alone_reports_nothing(classifier: Classifier, text: str) -> None:
    reading = classifier.read(text, mention=True)
    assert (reading.intent, reading.likely_report) == ("chatter", 0.0)
    assert classifier.read(f"{text}垃圾堆成山").intent == "report"
