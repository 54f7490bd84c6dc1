"""The poster for A4: the code on it is the one asked for, with the white around it that readers need."""

from __future__ import annotations

import io

import segno
from PIL import Image

from domain.roster import Section
from handlers.sentences.poster import poster
from render.poster import CODE_SIDE, CODE_TOP, HEIGHT, QUIET, WIDTH, ZOOM, draw

ADDRESS = "http://weixin.qq.com/q/02vqAbcDEF10000M03x1234"


def drawn(name: str = "益民路", subdistrict: str = "解放路街道") -> Image.Image:
    return Image.open(io.BytesIO(draw(poster(Section(name, subdistrict), ADDRESS)))).convert("L")


def test_it_fills_a_page_at_300_dots_per_inch() -> None:
    assert drawn().size == (2480, 3508) == (WIDTH * ZOOM, HEIGHT * ZOOM)


def test_the_code_reads_as_the_address() -> None:
    matrix = segno.make(ADDRESS, error="q", micro=False, boost_error=False).matrix
    count = len(matrix) + 2 * QUIET
    module, left = CODE_SIDE * ZOOM / count, (WIDTH - CODE_SIDE) * ZOOM / 2
    page = drawn()

    pixels = page.tobytes()

    def dark(x: int, y: int) -> bool:
        across, down = int(left + (x + 0.5) * module), int(CODE_TOP * ZOOM + (y + 0.5) * module)
        return pixels[down * page.width + across] < 128

    seen = [[dark(x, y) for x in range(count)] for y in range(count)]
    inside = [row[QUIET:-QUIET] for row in seen[QUIET:-QUIET]]
    assert inside == [[bool(module) for module in row] for row in matrix]
    assert not any(cell for row in (*seen[:QUIET], *seen[-QUIET:]) for cell in row)


def test_a_long_name_and_odd_characters_stay_on_the_page() -> None:
    page = drawn("中原西路与建设路交叉口至<嵩山>路口北侧辅道&小巷", "<&>")
    assert (
        page.crop((0, 0, 60, 700)).getextrema()
        == page.crop((WIDTH * ZOOM - 60, 0, WIDTH * ZOOM, 700)).getextrema()
    )
