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

    section: canonical name, only if the text names it (name, alias, near-miss spelling, a landmark or
    shop of one section only). candidates: sections it may be, likeliest first, when the text is not
    unambiguous (a landmark or shop name shared by several). house_number_to closes a range
    (``28-30号``); side is ``单`` or ``双`` when the text says 单号 or 双号.
    """

    section: str | None = None
    candidates: tuple[str, ...] = ()
    house_number: int | None = None
    shop: str | None = None
    landmark: str | None = None
    house_number_to: int | None = None
    side: str | None = None


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
    (a reason, a name, a time). rating: 1..5, only after 满意 and 不满意. exact: False when the wording was
    a casual one (收到, 我来) that means the command only if an issue is at hand.
    """

    verb: str
    numbers: tuple[int, ...] = ()
    rest: str = ""
    rating: int | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """How one text is understood. ``confidence`` is of the intent (0..1); ``problems`` main one first and
    empty unless the intent is report; ``matched`` names the words that decided; ``danger`` means people
    may be hurt; ``command`` is set when the text is an exact command. ``likely_report`` is the chance that
    the text reports a problem whatever the intent chosen, so that an addressed message can be asked about;
    ``guesses`` are the categories it would then be, likeliest first."""

    intent: Intent
    confidence: float
    matched: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    place: Place = Place()
    problems: tuple[Problem, ...] = ()
    danger: bool = False
    command: Command | None = None
    likely_report: float = 0.0
    guesses: tuple[Problem, ...] = ()
