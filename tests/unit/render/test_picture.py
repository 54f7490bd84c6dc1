"""The picture of a board: really a PNG, as wide as a phone, light, and without empty boxes or markup."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
import resvg_py
from PIL import Image, ImageChops

from domain.board import Bar, BarList, Board, Chart, Column, Tile
from render import picture
from render.picture import draw

BOARD = Board(
    "解放路街道 日报",
    "11-22 18:00 至 11-23 18:00",
    [Tile("上报", "45", "上期 42"), Tile("按期结案率", "91.1%", "41/45 ↑2.5", "good")],
    Chart("每2小时上报与结案", ("上报", "结案"), [Column("18时", 3, 1), Column("20时", 0, 2)]),
    [BarList("各路段按期结案率", [Bar("益民路", 0.911, "91.1%(41/45)"), Bar("大同路", None, "应结案 0")])],
    ["撤回 1 · 不予受理 0"],
)


def opened(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.convert("RGB")


def same(one: Board, other: Board) -> bool:
    first, second = opened(draw(one)), opened(draw(other))
    return first.size == second.size and ImageChops.difference(first, second).getbbox() is None


def test_it_is_as_wide_as_a_phone_and_light() -> None:
    png = draw(BOARD)
    image = opened(png)
    assert image.width == 1080
    assert 900 < image.height < 1500
    assert len(png) < 300_000


def test_a_full_month_of_a_large_district_stays_far_below_what_a_group_takes() -> None:
    columns = [Column(f"{day}日", day * 7 % 50, day * 3 % 40) for day in range(1, 32)]
    sections = [
        Bar(f"{name}大街东段", 0.5, "88.8%(888/999) 超时12", "bad") for name in "甲乙丙丁戊己庚辛壬癸子丑"
    ]
    chart = Chart("每天上报与结案", ("上报", "结案"), columns)
    full = replace(BOARD, chart=chart, lists=[BarList("各路段", sections)], tiles=[*BOARD.tiles] * 5)
    assert len(draw(full)) < 500_000


@pytest.mark.parametrize("letter", list("路喆珺垚昇鑫①→↑↓·%…—⚠■"))
def test_letters_of_names_and_signs_are_no_empty_boxes(letter: str) -> None:
    """What the font lacks looks like any other letter that it lacks."""
    assert not same(replace(BOARD, title=letter), replace(BOARD, title="\U00020000"))


def test_a_name_cannot_be_markup() -> None:
    hostile = '</text><rect width="720" height="900" fill="red"/><text>&amp;<![CDATA['
    image = opened(draw(replace(BOARD, title=hostile, subtitle="\x00\ud800\uffff<b>")))
    assert (255, 0, 0) not in {colour for _, colour in image.getcolors(1 << 24) or []}


def test_the_fonts_of_the_machine_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    real = resvg_py.svg_to_bytes
    monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **how: asked.update(how) or real(**how))
    draw(BOARD)
    assert asked["skip_system_fonts"] is True
    assert asked["font_files"] == [str(picture.FONT)]
    assert picture.FONT.stat().st_size < 6 * 1024 * 1024


def test_nothing_happened_is_a_picture_too() -> None:
    opened(draw(Board("益民路 日报", "", [], None, [])))
