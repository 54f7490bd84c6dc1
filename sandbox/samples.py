"""The sample photos that come with the sandbox (drawn by us: draw_samples.py)."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "page" / "pictures"
LABELS = {
    "scooters": "电动车占道",
    "garbage": "垃圾堆放",
    "manhole": "井盖破损",
    "stall": "占道经营",
    "flyers": "小广告",
    "clean": "清理后",
}


@cache
def sample(name: str) -> bytes:
    """The picture of that name; raises KeyError."""
    if name not in LABELS:
        raise KeyError(name)
    return (FOLDER / f"{name}.png").read_bytes()


def picture_bytes(given: str) -> bytes:
    """A sample by name, or base64 (a data: address too); raises ValueError saying what is allowed."""
    if given in LABELS:
        return sample(given)
    encoded = given.partition(",")[2] if given.startswith("data:") else given
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        names = ", ".join(LABELS)
        raise ValueError(f"a picture is base64 or one of {names}") from error
