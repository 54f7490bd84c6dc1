"""A message with buttons as the platform's ``button_interaction`` card (vendor's document 90236)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from domain.graphemes import border_at_or_before
from domain.outgoing import Delivery

TITLE = 36
SUBTITLE = 160
MAX_BUTTONS = 6
MAX_TASK_ID = 128
_NOT_IN_TASK_ID = re.compile(r"[^0-9A-Za-z_\-@]")


def button_card(delivery: Delivery) -> dict[str, object]:
    """The card. Its task id is the delivery's key, so that the platform refuses a repetition.

    The first line is the title; what exceeds the second text's length goes into the quoted area, so that
    nothing is lost.
    """
    title, subtitle, rest = _layout(delivery.text)
    card: dict[str, object] = {
        "card_type": "button_interaction",
        "main_title": {"title": title},
        "task_id": task_id(delivery.key),
        "button_list": [_button(button.text, button.key) for button in delivery.buttons[:MAX_BUTTONS]],
    }
    if subtitle:
        card["sub_title_text"] = subtitle
    if rest:
        card["quote_area"] = {"type": 0, "quote_text": rest}
    return card


def task_id(key: str) -> str:
    """``key`` in the platform's alphabet; a key that had to be changed gets a hash, to stay unique."""
    plain = _NOT_IN_TASK_ID.sub("_", key)
    if plain == key and len(key) <= MAX_TASK_ID:
        return key
    return f"{plain[: MAX_TASK_ID - 17]}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _button(text: str, key: str) -> Mapping[str, str]:
    return {"text": text, "key": key}


def _layout(text: str) -> tuple[str, str, str]:
    first, _, body = text.strip().partition("\n")
    if len(first) > TITLE:
        first, body = first[: border_at_or_before(first, TITLE - 1)] + "…", text.strip()
    body = body.strip("\n")
    if len(body) <= SUBTITLE:
        return first, body, ""
    line_end = body.rfind("\n", 0, SUBTITLE + 1)
    cut = line_end if line_end > 0 else border_at_or_before(body, SUBTITLE)
    return first, body[:cut], body[cut:].strip("\n")
