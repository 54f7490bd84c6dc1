"""A dialog as a table: who, where, what was said, and what must stand in the one answer.

Fragments and words may name issues: ``{a}`` is the number in the answer of the turn that keeps ``a``. Silence
where an answer is expected, two answers, and an answer where silence is expected are failures of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fleet import Fleet, Said

NUMBER = re.compile(r"#(\d+)")


@dataclass(frozen=True)
class Turn:
    """where: a group's chat id, or "app" or "aibot" for 1:1. keep: name for the first ``#n`` of the answer,
    by which later turns name the issue or quote the answer. answer: fragments that all must stand in it;
    None: silence. never: fragments that must not."""

    who: str
    where: str
    said: str
    answer: Sequence[str] | None
    pictures: Sequence[str] = ()
    keep: str = ""
    quote: str = ""
    never: Sequence[str] = ()
    how: dict[str, Any] = field(default_factory=dict)


def says(who: str, where: str, said: str, *answer: str, **more: Any) -> Turn:
    """Somebody says something and gets one answer with these fragments."""
    return Turn(who, where, said, answer, **more)


def says_in_vain(who: str, where: str, said: str, **more: Any) -> Turn:
    """Somebody says something and gets no answer."""
    return Turn(who, where, said, None, **more)


class Dialog:
    """A dialog being played. ``numbers``: issues by the names the turns keep; ``answers``: all of them."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.numbers: dict[str, int] = {}
        self.answers: list[str] = []
        self._entries: dict[str, str] = {}

    def play(self, *turns: Turn) -> str:
        """Play the turns in order; returns the last answer."""
        for turn in turns:
            self._play(turn)
        return self.answers[-1] if self.answers else ""

    def say(self, turn: Turn) -> Said:
        """Only say it."""
        channel: dict[str, Any] = (
            {"via": turn.where} if turn.where in {"app", "aibot"} else {"group": turn.where}
        )
        if turn.quote:
            channel["quote"] = self._entries[turn.quote]
        return self.fleet.say(
            turn.who, self._filled(turn.said), pictures=turn.pictures, **channel, **turn.how
        )

    def _play(self, turn: Turn) -> None:
        said = self.say(turn)
        about = f"{turn.who} in {turn.where}: {self._filled(turn.said)[:60]!r}"
        assert said.heard, f"the bot cannot hear {about}"
        answers = self.fleet.answers_to(said)
        if turn.answer is None:
            assert not answers, f"{about} was answered: {answers[0]}"
            return
        assert answers, f"silence after {about}; the outcome is {self.fleet.outcome_of(said)}"
        assert len(answers) == 1, f"{len(answers)} answers to {about}: {answers}"
        answer = answers[0]
        self._keep(turn, answer, said)
        missing = [words for words in map(self._filled, turn.answer) if words not in answer]
        assert not missing, f"{about}\n  lacks {missing}\n  {answer}"
        surplus = [words for words in map(self._filled, turn.never) if words in answer]
        assert not surplus, f"{about}\n  has {surplus}\n  {answer}"
        self.answers.append(answer)

    def _keep(self, turn: Turn, answer: str, said: Said) -> None:
        if not turn.keep:
            return
        number = NUMBER.search(answer)
        assert number, f"no number in {answer}"
        self.numbers[turn.keep] = int(number[1])
        shown = [entry for entry in self.fleet.pushed(said.since, said.chat) if entry["text"] == answer]
        self._entries[turn.keep] = shown[0]["id"]

    def _filled(self, words: str) -> str:
        for name, number in self.numbers.items():
            words = words.replace(f"{{{name}}}", str(number))
        return words
