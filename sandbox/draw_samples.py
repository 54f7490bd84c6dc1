"""Draws the sample photos into page/pictures: ``python -m sandbox.draw_samples``. They are our own work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

Pen = ImageDraw.ImageDraw
WIDE, HIGH = 960, 720
FOLDER = Path(__file__).parent / "page" / "pictures"


def street(pen: Pen) -> None:
    """Sky, a row of shops, the pavement, the road."""
    pen.rectangle((0, 0, WIDE, 150), fill="#cfe3f2")
    shops = [("#e8d3b5", "#b5533c"), ("#d9dfd0", "#3c6e8f"), ("#efe0dc", "#5b8a3a"), ("#dcd8e6", "#c58a1b")]
    for i, (wall, sign) in enumerate(shops):
        x = i * 240
        pen.rectangle((x, 90, x + 238, 400), fill=wall)
        pen.rectangle((x + 14, 130, x + 224, 185), fill=sign)
        pen.rectangle((x + 24, 210, x + 150, 400), fill="#8fb0bf")
        pen.rectangle((x + 165, 215, x + 220, 400), fill="#6d5a4a")
        for k in range(3):
            pen.rectangle((x + 40 + 58 * k, 148, x + 76 + 58 * k, 168), fill="#fdf6e3")
    pen.rectangle((0, 400, WIDE, 560), fill="#bdb8ae")
    for x in range(0, WIDE, 80):
        pen.line((x, 400, x - 50, 560), fill="#aaa499", width=3)
    pen.line((0, 470, WIDE, 470), fill="#aaa499", width=3)
    pen.rectangle((0, 560, WIDE, 576), fill="#8d887e")
    pen.rectangle((0, 576, WIDE, HIGH), fill="#5c6066")
    for x in range(30, WIDE, 190):
        pen.rectangle((x, 645, x + 100, 655), fill="#e8e4d8")


def scooters(pen: Pen) -> None:
    for i, colour in enumerate(("#c0392b", "#2c3e50", "#16818c", "#d68910", "#7d3c98")):
        scooter(pen, 60 + i * 175, 520 - 18 * (i % 2), colour)


def scooter(pen: Pen, x: int, y: int, colour: str) -> None:
    for wheel in (x, x + 105):
        pen.ellipse((wheel - 28, y - 28, wheel + 28, y + 28), fill="#222222")
        pen.ellipse((wheel - 12, y - 12, wheel + 12, y + 12), fill="#9aa0a6")
    pen.polygon(
        [(x - 22, y - 30), (x + 20, y - 88), (x + 84, y - 88), (x + 92, y - 20), (x + 10, y - 14)],
        fill=colour,
    )
    pen.polygon([(x + 84, y - 20), (x + 112, y - 128), (x + 128, y - 128), (x + 118, y - 14)], fill=colour)
    pen.rounded_rectangle((x - 14, y - 102, x + 62, y - 84), 8, fill="#1d1d1d")
    pen.line((x + 104, y - 132, x + 142, y - 140), fill="#1d1d1d", width=9)
    pen.ellipse((x + 120, y - 118, x + 142, y - 96), fill="#fff3b0")


def garbage(pen: Pen) -> None:
    pen.rounded_rectangle((620, 330, 760, 520), 14, fill="#2e7d4f")
    pen.rounded_rectangle((608, 312, 772, 342), 12, fill="#256641")
    heap = [
        (250, 470, 110, "#33383d"),
        (370, 490, 90, "#4a4f55"),
        (480, 465, 115, "#2b2f33"),
        (560, 505, 70, "#555b61"),
    ]
    for x, y, size, colour in heap:
        pen.ellipse((x - size, y - size * 3 // 4, x + size, y + size * 3 // 4), fill=colour)
        pen.polygon(
            [(x - 16, y - size * 3 // 4 + 8), (x, y - size), (x + 16, y - size * 3 // 4 + 8)], fill=colour
        )
    for x, y, colour in (
        (180, 545, "#e67e22"),
        (330, 560, "#ecf0f1"),
        (420, 548, "#3498db"),
        (700, 552, "#f1c40f"),
    ):
        pen.polygon([(x, y), (x + 46, y - 12), (x + 56, y + 14), (x + 8, y + 20)], fill=colour)


def manhole(pen: Pen) -> None:
    pen.ellipse((330, 585, 630, 705), fill="#3b3e42")
    pen.ellipse((350, 594, 610, 696), fill="#74787d")
    for k in range(5):
        pen.line((380 + 45 * k, 606, 365 + 52 * k, 686), fill="#5b5f63", width=6)
    pen.polygon([(470, 600), (575, 612), (600, 660), (520, 682), (455, 645)], fill="#0d0e0f")
    pen.line([(470, 600), (420, 625), (455, 645), (380, 670)], fill="#1b1d1f", width=7)


def stall(pen: Pen) -> None:
    pen.polygon([(230, 250), (730, 250), (790, 320), (170, 320)], fill="#c0392b")
    for k in range(5):
        pen.polygon(
            [(230 + 100 * k, 250), (280 + 100 * k, 250), (232 + 124 * k, 320), (170 + 124 * k, 320)],
            fill="#f7efe2",
        )
    for x in (200, 755):
        pen.rectangle((x, 320, x + 10, 540), fill="#6b6f73")
    pen.rectangle((190, 430, 770, 540), fill="#a9744a")
    pen.rectangle((190, 420, 770, 440), fill="#8a5a36")
    colours = ("#e74c3c", "#f39c12", "#27ae60", "#f1c40f", "#8e44ad", "#e67e22")
    for k in range(24):
        x, y = 205 + (k % 12) * 47, 380 + (k // 12) * 26
        pen.ellipse((x, y, x + 40, y + 40), fill=colours[(k * 5) % 6])


def flyers(pen: Pen) -> None:
    pen.rectangle((440, 60, 490, 560), fill="#7d8288")
    pen.rectangle((425, 545, 505, 566), fill="#62666b")
    papers = (
        (405, 190, "#fff4a8"),
        (470, 260, "#ffffff"),
        (395, 310, "#ffd6d6"),
        (455, 390, "#d8f0ff"),
        (400, 445, "#fffbe6"),
    )
    for x, y, colour in papers:
        pen.polygon(
            [(x, y), (x + 95, y - 8), (x + 101, y + 92), (x + 5, y + 100)], fill=colour, outline="#9b9b9b"
        )
        for k in range(4):
            pen.line(
                (x + 14, y + 22 + 18 * k, x + 84 - 12 * (k % 2), y + 17 + 18 * k), fill="#b03a2e", width=6
            )


def clean(pen: Pen) -> None:
    pen.rounded_rectangle((770, 372, 850, 520), 12, fill="#2e7d4f")
    pen.rounded_rectangle((760, 358, 860, 384), 10, fill="#256641")
    for x in (110, 420):
        pen.rectangle((x + 40, 420, x + 56, 500), fill="#6d4c33")
        pen.ellipse((x - 20, 300, x + 116, 440), fill="#4f8a3d")
        pen.rectangle((x + 6, 490, x + 90, 530), fill="#c8793f")


SCENES: dict[str, Callable[[Pen], None]] = {
    "scooters": scooters, "garbage": garbage, "manhole": manhole,
    "stall": stall, "flyers": flyers, "clean": clean,
}  # fmt: skip


def main() -> None:
    for name, scene in SCENES.items():
        picture = Image.new("RGB", (WIDE, HIGH), "#ffffff")
        pen = ImageDraw.Draw(picture)
        street(pen)
        scene(pen)
        small = picture.resize((WIDE // 2, HIGH // 2), Image.Resampling.LANCZOS)
        small.quantize(64).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
