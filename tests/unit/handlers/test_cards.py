"""Pressed cards: the same as the words, and the card shows what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.issues import State
from tests.unit.handlers import chief_harness
from tests.unit.handlers.chief_harness import Town


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    yield from chief_harness.town(tmp_path)


@pytest.mark.parametrize(
    ("who", "key", "face"),
    [
        ("li", "认领 1", "已认领"),
        ("li", "办结 1", "已办结"),
        ("li", "转派 1", "请选人"),
        ("qian", "认领 1", "已收到"),  # refused: the answer says why
    ],
)
def test_a_pressed_card_is_updated(town: Town, who: str, key: str, face: str) -> None:
    town.report()
    said = town.say(who, key, press=True)
    assert said.face == face
    (card,) = [draft for draft in said.drafts if draft.address.route == "card"]
    assert (card.text, card.mentions, card.fallback) == (face, (who,), None)
    assert card.address.target.startswith("rc")
    assert said.answer


def test_typed_words_update_no_card(town: Town) -> None:
    town.report()
    assert not [each for each in town.say("li", "认领 1").drafts if each.address.route == "card"]


def test_pressed_twice_the_second_is_told_the_same(town: Town) -> None:
    town.report()
    town.say("li", "认领 1", press=True)
    said = town.say("li", "认领 1", press=True)
    assert (said.outcome, said.face) == ("claimed_already", "已认领")
    assert town.state() is State.CLAIMED
