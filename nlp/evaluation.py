"""The classifier as a filter over lines of JSON, and the tables that say how good it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from nlp.classifier import Classifier
from nlp.reading import Reading


def result_of(reading: Reading, default_section: str | None = None) -> dict[str, Any]:
    """The fields that the filter adds to a line. default_section is only context: section is what the text names."""
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
    """One JSON line out for each in (blank ones skipped). A bad line is a ValueError that names its number."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _parsed(line, number)
        reading = classifier.read(row["text"], mention=row.get("mention") is True, section=section)
        yield json.dumps(row | result_of(reading), ensure_ascii=False)


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number}: not JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError(f'line {number}: expected an object with a "text" string')  # noqa: TRY004 - bad input, not a bug
    return row
