"""The settings file: what it says, and all its faults at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.settings import DistrictSettings, LadderSteps
from domain.settings_text import SettingsError, applied, parse_settings
from domain.taxonomy import Clock, Duration
from tests.unit.handlers.town import taxonomy

FILE = Path(__file__).parents[3] / "data" / "settings.ini"


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, taxonomy())
    return caught.value.problems


def test_the_file_as_it_comes_says_the_defaults() -> None:
    assert parse_settings(FILE.read_text("utf-8"), taxonomy()) == DistrictSettings()


def test_an_empty_file_says_them_too() -> None:
    assert parse_settings("", taxonomy()) == DistrictSettings()


def test_what_a_district_changes() -> None:
    found = parse_settings(
        "[提醒]\n未认领 = 30分钟\n超时后 = 1小时、2小时\n[升级]\n一级路长 = 3个工作日\n"
        "[推送]\n每人每天最多 = 6\n之后每隔 = 90分钟\n",
        taxonomy(),
    )
    assert found.steps == LadderSteps(
        unclaimed=timedelta(minutes=30),
        late=(timedelta(hours=1), timedelta(hours=2)),
        level1_days=3,
    )
    assert (found.pushes_per_day, found.digest_every) == (6, timedelta(minutes=90))


def test_a_category_with_another_deadline() -> None:
    table = taxonomy()
    found = parse_settings("[类别]\n非机动车乱停放 = 3小时 自然 办结须照片 部门:城管、交警\n", table)
    row = applied(table, found).sub("parking", "nonmotor")
    assert row.duration == Duration(3, "h", Clock.NATURAL)
    assert (row.photo_required, row.danger, row.officers) == (True, False, ("城管", "交警"))
    assert applied(table, found).sub("parking", "motor") == table.sub("parking", "motor")


def test_a_rule_of_hours_is_found_by_place_and_kind() -> None:
    found = parse_settings("[时段规定]\n操场街 货车占道装卸 = 1-6时可以装卸\n", taxonomy())
    assert found.rule_for("操场街", "parking", "loading") == "1-6时可以装卸"
    assert found.rule_for("益民路", "parking", "loading") is None


def test_every_fault_is_named_at_once() -> None:
    assert faults(
        "[提醒]\n未认领 = 十分钟\n没有的 = 1\n超时后 = 2小时、1小时\n[升级]\n督导 = 10分钟\n"
        "[推送]\n每人每天最多 = 0\n[类别]\n飞碟 = 2小时 工作\n非机动车乱停放 = 2小时\n[奇怪]\n"
    ) == (
        "[提醒] 未认领:「十分钟」应写成30分钟、2小时",
        "[提醒] 超时后:「2小时、1小时」应写成从短到长的 30分钟、1小时",
        "[升级] 督导:不能早于二级路长",
        "[推送] 每人每天最多:「0」应写成1到200的数字",
        "[类别] 飞碟:分类表里没有这一类",
        "[类别] 非机动车乱停放:看不懂「2小时」,应如 3小时 工作 办结须照片 部门:城管、交警",
        "[提醒] 没有的:没有这一项,请删去或改正",
        "[奇怪] 没有这一节,只能有:提醒、升级、推送、类别、时段规定",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("未认领 = 1小时", "第1行:前面缺少 [提醒] 这样的节名"),
        ("[提醒]\n未认领 = 1小时\n未认领 = 2小时", "第3行 [提醒] 未认领:写了两次"),
        ("[提醒]\n未认领", "第2行:应写成 名称 = 值"),
    ],
)
def test_a_text_that_cannot_be_read(text: str, problem: str) -> None:
    assert faults(text) == (problem,)
