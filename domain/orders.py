"""Papers that are made outside the order of the chat, because they take longer than an answer may: summaries
with their picture, workbooks. What is wanted is a value; the answer goes to whoever asked."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from domain.clock import BusinessTime
from domain.periods import Kind, Span

ORDERED = "ordered:"
"""How the outcome of a message begins that ordered a paper."""


class Paper(StrEnum):
    """What can be ordered."""

    SUMMARY = "summary"
    RANKING = "ranking"
    CASES = "cases"
    LOG = "log"
    LOG_FILE = "log_file"


@dataclass(frozen=True, slots=True)
class Order:
    """paper about a span. subdistrict: whose; sections: only these, empty: all of it. names: whether people
    are shown by name. due: it is time for it, and it goes to its audience; otherwise somebody asked, and it
    answers him."""

    paper: Paper
    span: Span
    subdistrict: str = ""
    sections: tuple[str, ...] = ()
    names: bool = False
    due: bool = False

    @property
    def slot(self) -> str | None:
        """Of the waiting orders with the same slot only the newest is made: nobody wants the day before
        yesterday's summary after a standstill. What somebody asked for is his own."""
        return f"{self.paper}:{self.span.kind}:{self.subdistrict}" if self.due else None

    def to_json(self) -> str:
        """For storing."""
        document = asdict(self)
        document["span"] = [self.span.kind, self.span.since.isoformat(), self.span.until.isoformat()]
        return json.dumps(document, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Order:
        """The inverse of ``to_json``."""
        document = json.loads(text)
        kind, since, until = document.pop("span")
        span = Span(Kind(kind), _moment(since), _moment(until))
        paper, sections = Paper(document.pop("paper")), tuple(document.pop("sections"))
        return cls(paper, span, sections=sections, **document)


def _moment(text: str) -> BusinessTime:
    return BusinessTime(datetime.fromisoformat(text))
