"""The handbook and its short form: every command in them is one that exists and is understood as meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.commands import COMMANDS
from handlers.sentences import manual
from nlp.commands import parse_command
from tests.unit.handlers.town import office

ROOT = Path(__file__).parents[2]
HANDBOOK = (ROOT / "docs" / "使用手册.md").read_text("utf-8")
EXAMPLE = re.compile(r"`([^`\n]+)`")
NO_COMMANDS = {"12", "#12", "12号"}
ELSEWHERE = {"收到 12": "认领"}


def examples() -> list[str]:
    return [text for text in EXAMPLE.findall(HANDBOOK) if text not in NO_COMMANDS]


@pytest.mark.parametrize("text", sorted(set(examples())))
def test_every_example_of_the_handbook_is_a_command(text: str) -> None:
    command = parse_command(text)
    assert command is not None, text
    assert command.verb in COMMANDS
    verb = ELSEWHERE.get(text) or text.split(maxsplit=1)[0]
    assert command.verb == verb or verb.startswith(command.verb), (text, command)


def test_the_handbook_has_a_page_for_each_role() -> None:
    titles = [line for line in HANDBOOK.splitlines() if line.startswith("## ")]
    assert titles == ["## 一、商户", "## 二、路长", "## 三、督导(路长办)和管理员"]


@pytest.mark.parametrize("page", [manual.merchant, manual.chief, manual.supervisor])
def test_the_short_form_fits_a_screen_and_names_only_what_exists(page: object) -> None:
    text = page(office())  # type: ignore[operator]
    assert len(text.splitlines()) <= 12
    assert len(text.encode()) <= 2048
    verbs = set(COMMANDS) | {"收到"}
    for line in text.splitlines()[1:]:
        first = re.split(r"[·/;:→]|,", line)
        said = [part.strip() for part in first if re.match(r"\s*[^\W\d]{2,5} \d+(?!\d)", part)]
        for words in said:
            assert words.split()[0] in verbs or words.endswith("119"), words
