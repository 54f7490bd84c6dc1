"""Whether two reports are about the same problem, or about one that came back (design contract §4.7).

Both are compared as issues: what is already there, and the draft of what was just reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from domain.clock import BusinessTime
from domain.issues import OPEN, CloseReason, Issue, State

STILL_THE_SAME = timedelta(hours=24)
"""How long after closing a report still means the problem that was closed."""

RECURS_WITHIN = timedelta(days=30)
"""How long after closing the same problem in the same place is 复发."""

NEAR_EQUAL = 0.7
SHORTEST = 4
"""Characters a text needs to be compared at all: ``垃圾`` alone names no problem."""

_SIDE = re.compile(r"[东西南北][头边侧段口面]|[单双]号")
_DIGITS = re.compile(r"\d+")


def same(earlier: Iterable[Issue], report: Issue, now: BusinessTime) -> Issue | None:
    """The issue that a report is about, if it is there already; an open one before one closed just now."""
    found = [issue for issue in earlier if _in_time(issue, now) and is_same(issue, report)]
    return min(found, key=lambda issue: issue.state not in OPEN, default=None)


def recurred(earlier: Iterable[Issue], report: Issue, now: BusinessTime) -> Issue | None:
    """The closed issue that a report is the return of: same category at the same named place."""
    return next(
        (
            issue
            for issue in earlier
            if _closed_within(issue, RECURS_WITHIN, now)
            and _same_kind(issue, report)
            and not (issue.pending or report.pending)
            and _same_place(issue, report)
        ),
        None,
    )


def is_same(issue: Issue, report: Issue) -> bool:
    """Same section and category, and the same shop, house number or landmark, or near-equal texts where
    neither names a place. What is only assumed (待核) is no ground to take two for one, save that texts
    which are nearly equal were assumed to be the same kind. A danger is never hidden behind a nuisance."""
    if not _same_kind(issue, report) or "section" in issue.pending | report.pending:
        return False
    if report.danger and not issue.danger:
        return False
    if _names_a_place(issue) or _names_a_place(report):
        return _same_place(issue, report) and (
            "category" not in issue.pending | report.pending or near_equal(issue.text, report.text)
        )
    return near_equal(issue.text, report.text)


def near_equal(one: str, other: str) -> bool:
    """Whether two texts say the same in nearly the same words.

    Measured as Dice's coefficient of their pairs of neighbouring characters (twice the shared pairs over all
    pairs; 1 is equal), after width, case, punctuation and spaces are evened out. Different numbers or sides
    of the street (``东头``, ``单号``) make two texts different, however alike they are.
    """
    a, b = _evened(one), _evened(other)
    if min(len(a), len(b)) < SHORTEST or _details(a) != _details(b):
        return False
    pairs_a, pairs_b = _pairs(a), _pairs(b)
    return 2 * len(pairs_a & pairs_b) >= NEAR_EQUAL * (len(pairs_a) + len(pairs_b))


def _in_time(issue: Issue, now: BusinessTime) -> bool:
    return issue.state in OPEN or (not issue.self_found and _closed_within(issue, STILL_THE_SAME, now))


def _closed_within(issue: Issue, span: timedelta, now: BusinessTime) -> bool:
    """Solved and closed, not withdrawn: what its reporter took back was gone, and is a new problem now."""
    closed = issue.state is State.CLOSED and issue.close_reason is not CloseReason.WITHDRAWN
    return closed and issue.closed_at is not None and now - issue.closed_at <= span


def _same_kind(issue: Issue, report: Issue) -> bool:
    return issue.section is not None and (issue.section, issue.category) == (report.section, report.category)


def _names_a_place(issue: Issue) -> bool:
    return any(part is not None for part in (issue.shop, issue.house_number, issue.landmark))


def _same_place(issue: Issue, report: Issue) -> bool:
    if _differ(issue.house_number, report.house_number) or _differ(issue.shop, report.shop):
        return False
    parts = zip(
        (issue.shop, issue.house_number, issue.landmark),
        (report.shop, report.house_number, report.landmark),
        strict=True,
    )
    return any(one is not None and one == other for one, other in parts)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _evened(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _details(text: str) -> tuple[set[str], set[str]]:
    return set(_DIGITS.findall(text)), set(_SIDE.findall(text))


def _pairs(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}
