"""How a message with buttons is laid out on a card: within the vendor's lengths, and nothing lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app_channel.card import button_card, task_id
from domain.outgoing import Button, Delivery

BUTTONS = tuple(Button(f"按钮{number}", f"认领:{number}") for number in range(8))


def card(text: str) -> dict[str, Any]:
    return dict(button_card(Delivery("app", "chief1", text, "key-1", buttons=BUTTONS)))


def test_a_long_first_line_is_repeated_whole() -> None:
    made = card("路" * 50 + "\n截止 11-23 18:00")
    assert made["main_title"] == {"title": "路" * 35 + "…"}
    assert made["sub_title_text"] == "路" * 50 + "\n截止 11-23 18:00"


def test_a_long_text_goes_on_in_the_quoted_area() -> None:
    lines = "\n".join(f"第{number}行" + "字" * 30 for number in range(10))
    made = card(f"#12\n{lines}")
    assert made["sub_title_text"] + "\n" + made["quote_area"]["quote_text"] == lines
    assert made["quote_area"]["type"] == 0


def test_one_line_is_title_only() -> None:
    assert "sub_title_text" not in card("#12 请认领")


def test_at_most_six_buttons() -> None:
    assert [button["key"] for button in card("x")["button_list"]] == [f"认领:{number}" for number in range(6)]


@given(st.text(alphabet="路a\n 😀👍🏽", min_size=1, max_size=700).filter(str.strip))
def test_lengths_are_kept_and_nothing_is_lost(text: str) -> None:
    made = card(text)
    shown = [made["main_title"]["title"], made.get("sub_title_text", "")]
    assert 0 < len(shown[0]) <= 36
    assert len(shown[1]) <= 160
    shown.append(made.get("quote_area", {}).get("quote_text", ""))
    letters = re.sub(r"\s", "", "".join(shown))
    assert letters.endswith(re.sub(r"\s", "", text)) or letters == re.sub(r"\s", "", text)


KEYS = {"outbox-12": "outbox-12", "a@b_c-D9": "a@b_c-D9", "x" * 128: "x" * 128}


@pytest.mark.parametrize(("key", "expected"), KEYS.items())
def test_a_fitting_key_is_the_task_id(key: str, expected: str) -> None:
    assert task_id(key) == expected


@given(st.text(max_size=200), st.text(max_size=200))
def test_task_ids_fit_and_differ(one: str, other: str) -> None:
    assert re.fullmatch(r"[0-9A-Za-z_\-@]{0,128}", task_id(one))
    assert (task_id(one) == task_id(other)) == (one == other)


def test_changed_keys_still_differ() -> None:
    assert task_id("认领:1") != task_id("认领:2") != task_id("认领_1")
    assert len(task_id("x" * 129)) <= 128
