"""Applying one command to several issues: one answer, a line each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.errors import StaleIssue
from domain.issues import Issue
from domain.outgoing import Outgoing, Purpose, ToWriter
from domain.transitions import NotPossible
from handlers import sentences, which
from handlers.visit import Result, Visit

One = Callable[[Visit, Issue], Result]


def apply(visit: Visit, verb: str, one: One, candidates: Callable[[], Sequence[Issue]]) -> Result:
    """Run ``one`` for every issue the message names, or for the only one that can be meant.

    Every number gets its own line, success or refusal; a refusal of one does not stop the others.
    """
    numbers = tuple(dict.fromkeys(which.numbers(visit)))
    if not numbers:
        chosen = which.only_one(visit, verb, candidates())
        return chosen if isinstance(chosen, Result) else _guarded(visit, one, chosen)
    results = []
    for number in numbers:
        issue = which.named(visit, number)
        results.append(issue if isinstance(issue, Result) else _guarded(visit, one, issue))
    return results[0] if len(results) == 1 else _merged(results)


def _guarded(visit: Visit, one: One, issue: Issue) -> Result:
    try:
        return one(visit, issue)
    except NotPossible as refusal:
        return _refusal(str(refusal), "not_possible", issue)
    except StaleIssue:
        return _refusal(sentences.meanwhile(issue.number), "stale", issue)


def _refusal(text: str, outcome: str, issue: Issue) -> Result:
    return Result(outcome, (Outgoing(ToWriter(), text, Purpose.ANSWER, issue.number),), issue.number)


def _merged(results: Sequence[Result]) -> Result:
    """One answer out of many; word to others stays apart."""
    own = [message for result in results for message in result.messages if isinstance(message.to, ToWriter)]
    others = [message for result in results for message in result.messages if message not in own]
    lines = list(dict.fromkeys(message.text for message in own))
    outcomes = dict.fromkeys(result.outcome for result in results)
    issue = next((result.issue for result in results if result.issue), None)
    whole = Outgoing(ToWriter(), "\n".join(lines), Purpose.ANSWER, issue)
    return Result("+".join(outcomes)[:40], (whole, *others), issue)
