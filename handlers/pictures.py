"""A picture without words (1:1 only; in a group it never reaches us)."""

from __future__ import annotations

from datetime import timedelta

from domain.issues import OPEN, Action, Issue
from handlers import sentences
from handlers.report import report
from handlers.visit import Result, Visit, answer

BELONGS_WITHIN = timedelta(minutes=10)
"""A picture sent this soon after one's own report belongs to it: people write first and photograph then."""


def lone(visit: Visit) -> Result:
    """Added to the report just made, else a report of its own whose kind is asked."""
    issue = _just_reported(visit)
    if issue is None:
        return report(visit)
    visit.desk.attach_pictures(issue.number, proof=False)
    visit.note(issue, Action.SUPPLEMENT, "照片")
    return answer(sentences.supplemented(issue, picture=True), "supplemented", issue)


def _just_reported(visit: Visit) -> Issue | None:
    newest = next(iter(visit.desk.of_reporter(visit.userid)), None)
    if newest is None or newest.state not in OPEN or visit.now - newest.reported_at > BELONGS_WITHIN:
        return None
    return newest
