"""What corrections teach: words to add, and what another lexicon would change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.classifier import Classifier
from nlp.evaluation import category_of, is_right


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that corrections speak for, and the label to add it under. count: corrections it stood in."""

    word: str
    label: str
    count: int
    score: float


def suggest(rows: Sequence[Mapping[str, Any]], classifier: Classifier, least: int = 2) -> list[Suggestion]:
    """Words the lexicon does not know that stand in texts of one label only, strongest first.

    rows: labelled lines (corrections in chat: text and the right label). Only texts read wrongly are looked
    at, so that a lexicon that is right already proposes nothing.
    """
    wrong = [row for row in rows if not is_right(row, classifier.read(str(row["text"])))]
    seen: Counter[tuple[str, str]] = Counter()
    everywhere: Counter[str] = Counter()
    for row in wrong:
        label = str(row["label"] if row["label"] != "none" else row.get("intent", "none"))
        for word in classifier.unknown_words(str(row["text"])):
            seen[word, label] += 1
            everywhere[word] += 1
    found = [
        Suggestion(word, label, count, round(count / everywhere[word] * math.log1p(count), 3))
        for (word, label), count in seen.items()
        if count >= least and count / everywhere[word] >= 0.75
    ]
    return sorted(found, key=lambda s: (-s.score, s.word))


def suggestions_text(found: Sequence[Suggestion]) -> str:
    """The suggestions as rows for a lexicon file, ready to be checked by a person and pasted."""
    lines = [f"object,{s.label},{s.label},,1.0,{s.word}   # in {s.count} corrections" for s in found]
    return "\n".join(["kind,tag,category,sub,weight,words", *lines]) if lines else "nothing to suggest"


def compare(rows: Sequence[Mapping[str, Any]], now: Classifier, then: Classifier) -> str:
    """What would change, class by class, if ``then`` were switched on. Labels tell better from worse."""
    changed: Counter[tuple[str, str]] = Counter()
    verdicts: Counter[str] = Counter()
    examples = []
    for row in rows:
        text = str(row["text"])
        old, new = now.read(text), then.read(text)
        before, after = _name(category_of(old), old.intent), _name(category_of(new), new.intent)
        if before != after:
            changed[before, after] += 1
            verdict = _verdict(is_right(row, old), is_right(row, new)) if "label" in row else "changed"
            verdicts[verdict] += 1
            examples.append(f"  {verdict:8} {before} → {after} | {text}")
    head = f"lexicon {now.version} → {then.version}: {sum(changed.values())} of {len(rows)} lines change"
    table = [f"{before:14} → {after:14} {count:4}" for (before, after), count in changed.most_common()]
    totals = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    return "\n".join([head, *([totals] if totals else []), *table, *examples[:40]])


def _name(category: str, intent: str) -> str:
    return category if category != "none" else intent


def _verdict(was_right: bool, is_right_now: bool) -> str:
    if was_right == is_right_now:
        return "same" if was_right else "as wrong"
    return "better" if is_right_now else "worse"
