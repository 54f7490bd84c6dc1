"""How good the classifier is on labelled lines: the tables of ``python -m bot evaluate``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nlp.classifier import Classifier
from nlp.filtering import classify_lines
from nlp.model import REPORTS
from nlp.reading import Reading

__all__ = ["classify_lines", "coverage", "evaluate", "is_right", "report"]

Row = Mapping[
    str, Any
]  # text, label (category or none), and where known intent, alt, section, number, certain


def evaluate(rows: Sequence[Row], classifier: Classifier) -> str:
    """Every table as text. A missed report counts as a wrong category, a label of ``alt`` as right."""
    readings = [classifier.read(str(row["text"]), mention=row.get("mention") is True) for row in rows]
    return report(rows, readings, classifier.version)


def report(rows: Sequence[Row], readings: Sequence[Reading], version: str = "") -> str:
    """The tables for readings that are there already."""
    pairs = list(zip(rows, readings, strict=True))
    tables = (
        _detection(pairs),
        _classes(pairs),
        _confusion(pairs),
        _intents(pairs),
        _places(pairs),
        _curve(pairs),
        _worst(pairs),
    )
    return "\n\n".join([f"{len(rows)} lines, lexicon {version}", *(t for t in tables if t)])


Pairs = Sequence[tuple[Row, Reading]]


def category_of(reading: Reading) -> str:
    """The main category, ``none`` unless the text is a report."""
    return reading.problems[0].category if reading.intent == "report" and reading.problems else "none"


def is_right(row: Row, reading: Reading) -> bool:
    """Right category for a report (``alt`` allowed), right intent for anything else."""
    found = category_of(reading)
    if row["label"] != "none":
        return found == row["label"] or found in row.get("alt", ())
    return found == "none" and reading.intent == row.get("intent", reading.intent)


def decision_confidence(reading: Reading) -> float:
    """How sure the whole decision is: intent, and for a report its category."""
    return reading.confidence * reading.problems[0].confidence if reading.problems else reading.confidence


def coverage(pairs: Pairs, share: float) -> tuple[float, float]:
    """(accuracy, lowest confidence) over the surest share of the lines."""
    ranked = sorted(((decision_confidence(r), is_right(row, r)) for row, r in pairs), reverse=True)
    kept = ranked[: max(1, round(len(ranked) * share))]
    return sum(right for _, right in kept) / len(kept), kept[-1][0]


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "-"


def _detection(pairs: Pairs) -> str:
    hits = sum(row["label"] != "none" and r.intent == "report" for row, r in pairs)
    found = sum(r.intent == "report" for _, r in pairs)
    wanted = sum(row["label"] != "none" for row, _ in pairs)
    right = sum(row["label"] != "none" and is_right(row, r) for row, r in pairs)
    chatter = [(row, r) for row, r in pairs if row.get("intent") in {"chatter", "spam"}]
    taken = sum(r.intent == "report" for _, r in chatter)
    return "\n".join([
        f"report precision   {_share(hits, found)}",
        f"report recall      {_share(hits, wanted)}",
        f"category of reports {_share(right, wanted)}",
        f"chatter and spam taken for a report {_share(taken, len(chatter))}",
    ])  # fmt: skip


def _classes(pairs: Pairs) -> str:
    said: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row, reading in pairs:
        found = category_of(reading)
        # a report read as one of its alternatives counts as of that class
        label = found if found in row.get("alt", ()) else str(row["label"])
        said[found] += 1
        wanted[label] += 1
        right[label] += found == label
    lines = ["category       precision  recall     F1   lines"]
    for name in (*REPORTS, "none"):
        if said[name] + wanted[name]:
            precision, recall = right[name] / max(said[name], 1), right[name] / max(wanted[name], 1)
            f1 = 2 * right[name] / (said[name] + wanted[name])
            lines.append(f"{name:14} {precision:9.3f} {recall:7.3f} {f1:6.3f} {wanted[name]:7}")
    return "\n".join(lines)


def _confusion(pairs: Pairs) -> str:
    wrong: Counter[tuple[str, str]] = Counter()
    for row, reading in pairs:
        if not is_right(row, reading):
            wanted = row["label"] if row["label"] != "none" else row.get("intent", "none")
            found = category_of(reading)
            wrong[str(wanted), found if found != "none" else reading.intent] += 1
    lines = [
        f"{wanted:14} taken for {found:14} {count:4}" for (wanted, found), count in wrong.most_common(25)
    ]
    return "\n".join(["confusion", *lines])


def _intents(pairs: Pairs) -> str:
    known = [(row, r) for row, r in pairs if row.get("intent")]
    if not known:
        return ""
    commands = [
        (row, r) for row, r in known if row["intent"] not in {"report", "question", "chatter", "spam"}
    ]
    right = sum(row["intent"] == r.intent for row, r in known)
    obeyed = sum(row["intent"] == r.intent for row, r in commands)
    lines = [
        f"intent accuracy    {_share(right, len(known))}",
        f"command intents    {_share(obeyed, len(commands))}",
    ]
    for name in dict.fromkeys(str(row["intent"]) for row, _ in known):
        of = [r for row, r in known if row["intent"] == name]
        lines.append(f"  {name:14} {_share(sum(r.intent == name for r in of), len(of))}")
    return "\n".join(lines)


def _places(pairs: Pairs) -> str:
    named = [(row, r) for row, r in pairs if row.get("section")]
    silent = [r for row, r in pairs if "section" in row and not row["section"]]
    numbered = [(row, r) for row, r in pairs if row.get("number")]
    right = sum(row["section"] == r.place.section for row, r in named)
    invented = sum(r.place.section is not None for r in silent)
    counted = sum(row["number"] in r.numbers for row, r in numbered)
    return "\n".join([
        f"section where named {_share(right, len(named))}",
        f"section invented    {_share(invented, len(silent))}",
        f"number where given  {_share(counted, len(numbered))}",
    ])  # fmt: skip


def _curve(pairs: Pairs) -> str:
    lines = ["answered without asking   accuracy   from confidence"]
    for share in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0):
        accuracy, lowest = coverage(pairs, share)
        lines.append(f"{share:23.0%} {accuracy:10.3f} {lowest:17.2f}")
    return "\n".join(lines)


def _worst(pairs: Pairs, count: int = 20) -> str:
    wrong = sorted((p for p in pairs if not is_right(*p)), key=lambda pair: -decision_confidence(pair[1]))
    lines = [
        f"{decision_confidence(r):.2f} {row.get('intent', '')}/{row['label']} → {r.intent}/{category_of(r)} "
        f"{'、'.join(r.matched)} | {row['text']}"
        for row, r in wrong[:count]
    ]
    return "\n".join([f"worst of {len(wrong)} errors", *lines])
