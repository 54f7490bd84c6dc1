"""A small town with every kind of name, and one classifier for all tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp.classifier import Classifier, load_classifier
from nlp.reading import Gazetteer, SectionName, ShopName

DATA = Path(__file__).parents[2] / "data"

TOWN = Gazetteer(
    sections=(
        SectionName("益民路", ("益民街",), ("民主路口",)),
        SectionName("大同路", (), ("火车站东广场",)),
        SectionName("钱塘路", (), ("服装城",)),
        SectionName("二马路"),
        SectionName("中原路", (), ("外国语小学",)),
        SectionName("合作路"),
        SectionName("福华街", ("福华路",)),
        SectionName("建中街"),
        SectionName("建新街"),
        SectionName("勤劳街"),
        SectionName("淮河路"),
        SectionName("保全街"),
    ),
    shops=(
        ShopName("大同路烩面馆", "大同路", 12, "烩面馆"),
        ShopName("钱塘路烩面馆", "钱塘路", 12, "烩面馆"),
        ShopName("老李五金", "二马路", 28, "老李五金"),
    ),
)


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return load_classifier(TOWN, tmp_path_factory.mktemp("jieba"))


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
