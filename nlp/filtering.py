"""The classifier as a filter: lines of JSON in, the same lines with the reading added out (design.md 4.5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from nlp.classifier import Classifier
from nlp.reading import Reading


def result_of(reading: Reading) -> dict[str, Any]:
    """The fields that the filter adds to a line."""
    main = reading.problems[0] if reading.problems else None
    return {
        "intent": reading.intent,
        "category": main.category if main else "none",
        "sub": main.sub if main else None,
        "section": reading.place.section,
        "number": reading.numbers[0] if reading.numbers else None,
        "confidence": reading.confidence,
        "matched": list(reading.matched),
    }


def classify_lines(lines: Iterable[str], classifier: Classifier, section: str | None = None) -> Iterator[str]:
    """One JSON line out for each in, blank ones skipped. A bad line is a ValueError that names its number.

    section is where the lines were written: it resolves a shop's short name, and is never returned as named.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            row = parse_line(line, number)
            reading = classifier.read(row["text"], mention=row.get("mention") is True, section=section)
            yield json.dumps(row | result_of(reading), ensure_ascii=False)


def parse_line(line: str, number: int) -> dict[str, Any]:
    """A line as an object with a text."""
    try:
        row = json.loads(line.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number}: not JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError(f'line {number}: expected an object with a "text" string')  # noqa: TRY004 - bad input, not a bug
    return row
