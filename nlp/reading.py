"""What the language layer hands on: plain values, no issue and no database behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Intent = Literal[
    "report", "claim", "progress", "resolve", "return", "transfer", "feedback_good", "feedback_bad",
    "query", "reopen", "extend", "remind", "question", "chatter", "spam",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SectionName:
    """One section as people may name it: its name, its aliases, its landmarks, crossings."""

    name: str
    aliases: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopName:
    """One shop: full name, its section, house number, short name."""

    name: str
    section: str
    house_number: int | None = None
    short_name: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names of places that a text may mention."""

    sections: tuple[SectionName, ...] = ()
    shops: tuple[ShopName, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text says it is. Each part is None where the text does not say.

    section: canonical name, only if the text names it. candidates: sections it may be, likeliest first,
    when the text is not unambiguous (a landmark or shop name shared by several).
    """

    section: str | None = None
    candidates: tuple[str, ...] = ()
    house_number: int | None = None
    shop: str | None = None
    landmark: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One street problem that a text reports: codes of taxonomy.csv and how sure we are (0..1)."""

    category: str
    sub: str
    confidence: float
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """An exact command: canonical Chinese verb (``认领``, ``查询``, ``日报`` …) and what came with it.

    numbers: issue numbers in the order written. rest: the text that is neither verb nor number, stripped
    (a reason, a name, a time). suggestion: only in a did-you-mean, the verb that was probably meant.
    """

    verb: str
    numbers: tuple[int, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one text is understood. ``confidence`` is of the intent (0..1); ``problems`` main one first and
    empty unless the intent is report; ``matched`` names the words that decided; ``danger`` means people
    may be hurt; ``command`` is set when the text is an exact command."""

    intent: Intent
    confidence: float
    matched: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    place: Place = Place()
    problems: tuple[Problem, ...] = ()
    danger: bool = False
    command: Command | None = None
