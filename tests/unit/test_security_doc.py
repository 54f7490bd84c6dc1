"""The threat list: every line names tests, and every named test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES = [
    line
    for line in (ROOT / "docs" / "security.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| threat")
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)*)`")


def exists(file: str, names: list[str]) -> bool:
    """Whether a module holds a test of this name, perhaps inside of a class."""
    if not (ROOT / file).is_file():
        return False
    inside: list[ast.stmt] = ast.parse((ROOT / file).read_text("utf-8")).body
    for name in names:
        found = [node for node in inside if getattr(node, "name", None) == name]
        if not found:
            return False
        inside = getattr(found[0], "body", [])
    return bool(names) and names[-1].startswith("test_")


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split("|")[1].strip()[:40])
def test_a_threat_is_held_by_tests_that_exist(line: str) -> None:
    named = NAMED.findall(line.rsplit("|", 2)[1])
    assert named, "a threat without a test is a hope"
    for file, names in named:
        assert exists(file, names.split("::")[1:]), f"{file}{names}"


def test_there_is_a_list() -> None:
    assert len(LINES) >= 25


def test_a_test_that_is_not_there_is_found() -> None:
    here = "tests/unit/test_security_doc.py"
    assert exists(here, ["test_there_is_a_list"])
    assert not exists(here, ["test_nothing_of_the_kind"])
    assert not exists("tests/unit/test_nowhere.py", ["test_there_is_a_list"])
    assert not exists(here, [])
