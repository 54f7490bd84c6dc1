"""Plain words decide: a thing with its fault (lexicon/clear.csv) outweighs what little data taught."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.features import is_forbidden
from nlp.lexicon import Hit
from nlp.model import LABELS, REPORTS

KIND = "clear"
_SURE = 0.96  # chance of a report where nothing speaks against it
_SHARE = 0.93  # … and of its category among all
_MEANT = 4.0  # odds of an intent said in so many words, against what was learned
_LIKELY = 0.80  # share of the category where something else was said as well
_DOUBTFUL_KINDS = frozenset(
    {
        "negation",
        "past",
        "appeal",
        "notice",
        "hypo",
        "news",
        "thanks",
        "question",
        "spam",
        "intent",
        "chat",
        "meant",
    }
)
_CALLS = frozenset({"intent", "meant", "pattern", "chat", "spam"})
_HARMLESS = frozenset({"ack", "daily", "q_what"})  # talk around a report as well
_OVER = frozenset({"p_over", "p_remedied", "p_remedied2"})  # counts even within the plain words
_DOUBTFUL_PATTERNS = frozenset({
    "p_remedied", "p_remedied2", "p_redo", "p_doing", "p_this_done", "p_done_said", "p_half", "p_go",
    "p_takes", "p_send", "p_pass_to", "p_more_time", "p_tomorrow", "p_cant_today", "p_waited", "p_when_come",
    "p_who_holds", "p_asked_done", "p_my_report", "p_again_after", "p_price", "p_if", "p_own_tidy",
    "p_gov_notice", "p_please_all", "p_over",
})  # fmt: skip


def clear_hits(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """Things said with their faults, unless forbidden (别乱停车) or within a longer one."""
    found = [hit for hit in hits if hit.entry.kind == KIND and not is_forbidden(text, hit)]
    return [hit for hit in found if not any(_hides(other, hit) for other in found)]


def _hides(other: Hit, hit: Hit) -> bool:
    inside = other.start <= hit.start and hit.end <= other.end
    return inside and other.end - other.start > hit.end - hit.start


def is_doubtful(hits: Sequence[Hit], clear: Sequence[Hit], *, grave: bool = False) -> bool:
    """True where a question, an appeal, news, an advert, work on it … is said outside the plain words.
    grave: people may be hurt; then a call for help (快来人) doubts nothing."""
    return any(
        _doubts(hit)
        and not (grave and hit.entry.kind in _CALLS)
        and (hit.entry.tag in _OVER or not any(c.start < hit.end and hit.start < c.end for c in clear))
        for hit in hits
    )


def _doubts(hit: Hit) -> bool:
    entry = hit.entry
    return (entry.kind in _DOUBTFUL_KINDS and entry.tag not in _HARMLESS) or (
        entry.kind == "pattern" and entry.tag in _DOUBTFUL_PATTERNS
    )


def settle(chances: Sequence[float], clear: Sequence[Hit], doubtful: bool) -> list[float]:
    """The chances after the plain words: of each category, and of a report at all if nothing doubts it."""
    size = len(REPORTS)
    said = {REPORTS.index(hit.entry.category) for hit in clear}
    if not said:
        return list(chances)
    likely = sum(chances[:size])
    wanted = likely if doubtful else max(likely, _SURE)
    among = _shares([chance / likely for chance in chances[:size]], said, _LIKELY if doubtful else _SHARE)
    rest = (1.0 - wanted) / (1.0 - likely) if likely < 1.0 else 0.0
    return [*(share * wanted for share in among), *(chance * rest for chance in chances[size:])]


def lean(chances: Sequence[float], hits: Sequence[Hit]) -> list[float]:
    """The chances with what people say of the work itself (lexicon/meant.csv) counted more than learned."""
    meant = {hit.entry.category for hit in hits if hit.entry.kind == "meant"}
    if len(meant) != 1:
        return list(chances)
    i = LABELS.index(meant.pop())
    total = 1.0 + chances[i] * (_MEANT - 1.0)
    return [chance * (_MEANT if j == i else 1.0) / total for j, chance in enumerate(chances)]


def _shares(shares: Sequence[float], said: set[int], least: float) -> list[float]:
    """Shares of the categories, those said plainly holding at least ``least`` together."""
    held = sum(shares[i] for i in said)
    if held >= least:
        return list(shares)
    outside = (1.0 - least) / (1.0 - held)
    return [least * share / held if i in said else share * outside for i, share in enumerate(shares)]
