"""A poster as a PNG for printing on A4: 300 dots per inch, the code drawn from its address, not copied."""

from __future__ import annotations

from html import escape

import resvg_py
import segno

from domain.poster import Poster
from render.picture import FAMILY, FIRST, FONT, INK, PAPER

WIDTH, HEIGHT = 1240, 1754
ZOOM = 2
"""2480 × 3508 pixels: A4 at 300 dpi."""
CODE_TOP, CODE_SIDE, QUIET = 420, 760, 4
"""Where the code stands and how large, with the white margin of so many modules that readers need."""
WARNING, FAINT = "#c2342c", "#7b8794"


def draw(poster: Poster) -> bytes:
    """The picture."""
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        f'<rect width="{WIDTH}" height="390" fill="{FIRST}"/>',
        _centred(poster.title, 190, min(150, (WIDTH - 120) // max(len(poster.title), 1)), PAPER),
        _centred(poster.heading, 325, 84, PAPER),
        _code(poster.code),
        *(_step(number, words) for number, words in enumerate(poster.steps, 1)),
        _centred(poster.warning, 1622, 46, WARNING),
        _centred(poster.foot, 1690, 30, FAINT),
    ]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FAMILY}">{"".join(parts)}</svg>'
    )
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, font_files=[str(FONT)], skip_system_fonts=True, width=WIDTH * ZOOM
        )
    )


def _centred(words: str, y: int, size: int, colour: str) -> str:
    return (
        f'<text x="{WIDTH // 2}" y="{y}" font-size="{size}" fill="{colour}" '
        f'text-anchor="middle">{escape(words)}</text>'
    )


def _code(address: str) -> str:
    """Dark modules on white; much of the code may get dirty (correction Q), for it hangs outside."""
    matrix = segno.make(address, error="q", micro=False, boost_error=False).matrix
    size = CODE_SIDE / (len(matrix) + 2 * QUIET)
    left = (WIDTH - CODE_SIDE) / 2
    modules = [
        f"M{left + (x + QUIET) * size:.2f} {CODE_TOP + (y + QUIET) * size:.2f}"
        f"h{size:.2f}v{size:.2f}h-{size:.2f}z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    ]
    return f'<path d="{"".join(modules)}" fill="#000000" shape-rendering="crispEdges"/>'


def _step(number: int, words: str) -> str:
    """One line with its number in a circle."""
    y = 1180 + 110 * number
    return (
        f'<circle cx="130" cy="{y - 16}" r="34" fill="{FIRST}"/>'
        f'<text x="130" y="{y}" font-size="44" fill="{PAPER}" text-anchor="middle">{number}</text>'
        f'<text x="195" y="{y}" font-size="{min(42, (WIDTH - 255) // max(len(words), 1))}" '
        f'fill="{INK}">{escape(words)}</text>'
    )
