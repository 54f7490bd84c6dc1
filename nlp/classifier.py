"""Text in, Reading out: commands first, then evidence, weights and thresholds."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from nlp.clear import clear_hits, is_doubtful, lean, settle
from nlp.commands import intent_of, loose_numbers, numbers_in, parse_normal
from nlp.features import features
from nlp.lexicon import Hit, Lexicon
from nlp.model import LABELS, OUTSIDE, REPORTS, Model
from nlp.normalize import normalize
from nlp.pieces import PIECE, pieces, weight_of
from nlp.places import Places
from nlp.problems import danger_words, is_danger, problem
from nlp.reading import Command, Gazetteer, Intent, Place, Problem, Reading
from nlp.thresholds import REPORT_ADDRESSED, REPORT_LETTER, REPORT_OVERHEARD, SECOND_PROBLEM, SECOND_STRENGTH
from nlp.tokenizer import Tokenizer, spans
from nlp.verbs import all_words

_LONGEST = 600  # characters read of one message: the rest of a wall of text changes nothing
_NUMBERED: frozenset[str] = frozenset(get_args(Intent)) - {"report", "question", "chatter", "spam"}


class Classifier:
    """Reads texts with one lexicon and one gazetteer. Safe to share between threads: nothing is written."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer, cache_dir: Path | None = None) -> None:
        self.lexicon = lexicon
        self.version = lexicon.version
        self._tokenizer = Tokenizer([*lexicon.words(), *all_words()], cache_dir)
        common = frozenset(s.name[:-1] for s in gazetteer.sections if self._tokenizer.knows(s.name[:-1]))
        self._places = Places(gazetteer, common)
        self._dangerous = frozenset((sub.category, sub.code) for sub in lexicon.subs if sub.danger)
        self._model = Model(lexicon.weights)

    def read(self, text: str, *, mention: bool = False, section: str | None = None) -> Reading:
        """How a text is understood. mention: it @s the bot, so that a likely report is taken for one.
        section: where it is written, to resolve a shop's short name; never returned as named."""
        clean = normalize(text)[:_LONGEST]
        place = self._places.find(clean, section)
        command = parse_normal(clean)
        if command is not None and (intent := intent_of(command.verb)) is not None and intent != "report":
            return _commanded(command, intent, clean, place)
        if not any(c.isalpha() for c in clean) or self._places.is_bare(clean):
            return Reading("chatter", 1.0, numbers=numbers_in(clean), place=place, command=command)
        hits, found = self._evidence(clean)
        return self._decide(clean, hits, found, place, command, mention)

    def features_of(self, text: str) -> dict[str, float]:
        """The named features of a text: what ``learning`` learns from."""
        clean = normalize(text)[:_LONGEST]
        found = pieces(clean)
        each = weight_of(len(found))
        return {**self._evidence(clean)[1], **{f"{PIECE}:{piece}": each for piece in found}}

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """Words of two characters or more that the lexicon does not hold."""
        clean = normalize(text)[:_LONGEST]
        hits, _ = self._evidence(clean)
        known = {hit.entry.word for hit in hits}
        words = self._tokenizer.cut(clean)
        return tuple(dict.fromkeys(w for w in words if len(w) > 1 and w not in known and w.isalpha()))

    def _evidence(self, text: str) -> tuple[list[Hit], dict[str, float]]:
        words = self._tokenizer.cut(text)
        hits = self.lexicon.find(text, spans(words))
        return hits, features(text, words, hits)

    def _decide(
        self,
        text: str,
        hits: list[Hit],
        found: Mapping[str, float],
        place: Place,
        command: Command | None,
        mention: bool,
    ) -> Reading:
        plain = clear_hits(text, hits)
        learned = lean(self._model.chances(found, pieces(text)), hits)
        chances = settle(
            learned, plain, bool(plain) and is_doubtful(hits, plain, grave=bool(danger_words(hits)))
        )
        likely = sum(chances[: len(REPORTS)])
        guesses = _problems(hits, chances, likely)
        best = max(range(len(REPORTS), len(LABELS)), key=chances.__getitem__)
        least = REPORT_LETTER if LABELS[best] == OUTSIDE else REPORT_OVERHEARD
        is_report = likely >= (REPORT_ADDRESSED if mention else least) or (command and command.verb == "补充")
        intent: Intent = "report" if is_report else _as_intent(LABELS[best])
        label = guesses[0].category if intent == "report" else intent
        confidence = likely if intent == "report" else chances[best]
        return Reading(
            intent=intent,
            confidence=round(confidence, 4),
            matched=self._reasons(found, hits, label),
            numbers=loose_numbers(text) if intent in _NUMBERED else numbers_in(text),
            place=place,
            problems=guesses if intent == "report" else (),
            danger=intent == "report" and is_danger(self._dangerous, guesses, hits),
            command=command,
            likely_report=round(likely, 4),
            guesses=guesses,
        )

    def _reasons(self, found: Mapping[str, float], hits: Sequence[Hit], label: str) -> tuple[str, ...]:
        words = [word for word, _ in self._model.reasons(found, label)]
        known = [hit.entry.word for hit in hits if hit.entry.category == label]
        return tuple(dict.fromkeys([*known, *words]))[:6]


def _commanded(command: Command, intent: Intent, text: str, place: Place) -> Reading:
    numbers = command.numbers or numbers_in(text)
    return Reading(intent, 0.99 if command.exact else 0.9, (command.verb,), numbers, place, command=command)


def _as_intent(label: str) -> Intent:
    known: dict[str, Intent] = {intent: intent for intent in get_args(Intent)}
    return known.get(label, "chatter")


def _problems(hits: Sequence[Hit], chances: Sequence[float], likely: float) -> tuple[Problem, ...]:
    """Categories as problems, main first: others only when weights and lexicon both speak for them."""
    order = sorted(range(len(REPORTS)), key=lambda i: -chances[i])
    found = []
    for rank, i in enumerate(order):
        share = chances[i] / likely if likely else 0.0
        if rank and share < SECOND_PROBLEM:
            break
        candidate, strength = problem(REPORTS[i], hits, share)
        if rank == 0 or strength >= SECOND_STRENGTH:
            found.append(candidate)
    return tuple(found)


def load_classifier(
    gazetteer: Gazetteer, cache_dir: Path | None = None, folder: Path | None = None
) -> Classifier:
    """A classifier with the lexicon that ships (or of folder), ready to read."""
    classifier = Classifier(Lexicon.load(folder) if folder else Lexicon.load(), gazetteer, cache_dir)
    # half a million dictionary entries live as long as the process: the collector need not visit them again
    gc.collect()
    gc.freeze()
    return classifier
