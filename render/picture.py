"""A board as a PNG for a phone: drawn as SVG, with our own font, so that no machine shows empty boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

import resvg_py

from domain.board import Bar, BarList, Board, Chart, Tile

FONT = Path(__file__).parent / "fonts" / "NotoSansSC-GBK.otf"
FAMILY = "Noto Sans CJK SC"
WIDTH = 720
MARGIN = 32
INSIDE = WIDTH - 2 * MARGIN
ZOOM = 1.5
"""Pixels per unit: 1080 across, as wide as a phone."""

INK, FAINT, LINE, PAPER = "#1f2933", "#7b8794", "#e4e7eb", "#ffffff"
FIRST, SECOND, TRACK = "#3b82c4", "#9fc8e8", "#eef2f6"
TONES = {"plain": INK, "good": "#1a7f4b", "bad": "#c2342c"}
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def draw(board: Board) -> bytes:
    """The picture. What the font lacks is drawn as its outlined box, never left out."""
    sheet = _lay_out(board)
    height = int(sheet.y) + 6
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="{FAMILY}">'
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>{"".join(sheet.parts)}</svg>'
    )
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, font_files=[str(FONT)], skip_system_fonts=True, width=int(WIDTH * ZOOM)
        )
    )


class _Sheet:
    """What was drawn so far, and how far down."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = 0.0

    def text(self, x: float, size: int, words: str, *, colour: str = INK, end: bool = False) -> None:
        """Words with their base line at ``y``, beginning at ``x`` or ending there."""
        anchor = ' text-anchor="end"' if end else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{self.y}" font-size="{size}" fill="{colour}"{anchor}>{_safe(words)}</text>'
        )

    def box(self, x: float, y: float, size: tuple[float, float], colour: str, radius: int = 0) -> None:
        width, height = size
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" '
            f'rx="{radius}" fill="{colour}"/>'
        )


def _lay_out(board: Board) -> _Sheet:
    sheet = _Sheet()
    sheet.y = 62
    sheet.text(MARGIN, _fitting(board.title, 34, INSIDE), board.title)
    sheet.y += 36
    sheet.text(MARGIN, 20, board.subtitle, colour=FAINT)
    sheet.y += 26
    _tiles(sheet, board.tiles)
    if board.chart is not None and board.chart.columns:
        _chart(sheet, board.chart)
    for bars in board.lists:
        _bars(sheet, bars)
    for note in board.notes:
        sheet.text(MARGIN, 18, note, colour=FAINT)
        sheet.y += 28
    return sheet


def _tiles(sheet: _Sheet, tiles: Sequence[Tile]) -> None:
    """Three in a row."""
    gap, across, height = 12, 3, 118
    width = (INSIDE - gap * (across - 1)) / across
    top = sheet.y
    for index, tile in enumerate(tiles):
        x = MARGIN + (index % across) * (width + gap)
        y = top + (index // across) * (height + gap)
        sheet.box(x, y, (width, height), TRACK, 10)
        for down, size, words, colour in (
            (30, 19, tile.label, FAINT),
            (74, _fitting(tile.value, 38, width - 28), tile.value, TONES[tile.tone]),
            (103, _fitting(tile.note, 18, width - 28), tile.note, FAINT),
        ):
            sheet.y = y + down
            sheet.text(x + 14, size, words, colour=colour)
    rows = -(-len(tiles) // across)
    sheet.y = top + rows * (height + gap) + 34


def _chart(sheet: _Sheet, chart: Chart) -> None:
    sheet.text(MARGIN, 22, chart.title)
    for offset, name, colour in ((150, chart.names[0], FIRST), (55, chart.names[1], SECOND)):
        x = float(WIDTH - MARGIN - offset)
        sheet.box(x - 22, sheet.y - 14, (16, 16), colour, 3)
        sheet.text(x, 18, name, colour=FAINT)
    top, height = sheet.y + 34, 130
    base, most = top + height, max(max(each.first, each.second) for each in chart.columns) or 1
    step = INSIDE / len(chart.columns)
    bar = min(step * 0.4, 26)
    every = -(-len(chart.columns) // 12)
    for index, column in enumerate(chart.columns):
        middle = MARGIN + (index + 0.5) * step
        for x, count, colour in ((middle - bar, column.first, FIRST), (middle, column.second, SECOND)):
            tall = height * count / most
            sheet.box(x, base - tall, (bar - 1, tall), colour, 2)
        if column.first == most or (column.first and len(chart.columns) <= 12):
            sheet.y = int(base - height * column.first / most - 6)
            sheet.text(middle - bar, 16, str(column.first), colour=FAINT)
        if index % every == 0:
            sheet.y = base + 22
            sheet.text(middle - bar, 16, column.label, colour=FAINT)
    sheet.box(MARGIN, base, (INSIDE, 1), LINE)
    sheet.y = base + 66


def _bars(sheet: _Sheet, bars: BarList) -> None:
    if not bars.bars:
        return
    sheet.text(MARGIN, 22, bars.title)
    sheet.y += 38
    for bar in bars.bars:
        _bar(sheet, bar)
    sheet.y += 20


def _bar(sheet: _Sheet, bar: Bar) -> None:
    left, length = MARGIN + 176, 200
    sheet.text(MARGIN, _fitting(bar.name, 20, 166), bar.name)
    sheet.box(left, sheet.y - 15, (length, 16), TRACK, 4)
    if bar.share is not None:
        sheet.box(left, sheet.y - 15, (length * min(max(bar.share, 0), 1), 16), _filling(bar), 4)
    right = WIDTH - MARGIN
    sheet.text(right, _fitting(bar.words, 19, right - left - length - 14), bar.words, end=True,
               colour=TONES[bar.tone])  # fmt: skip
    sheet.y += 36


def _filling(bar: Bar) -> str:
    return FIRST if bar.tone == "plain" else TONES[bar.tone]


def _fitting(words: str, size: int, width: float) -> int:
    """The largest size up to ``size`` at which the words are no wider: a Chinese letter is as wide as it is
    high, any other a good half."""
    units = sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in words)
    return min(size, int(width / units)) if units else size


def _safe(words: str) -> str:
    return escape(_UNSEEN.sub("", words))
