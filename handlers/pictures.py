"""A picture without words (1:1 only; in a group it never reaches us)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.issues import OPEN, Action, Issue
from domain.ports import Question
from handlers import held_picture, joining, sentences, work
from handlers.report import report
from handlers.sentences import merchant as say
from handlers.visit import Result, Visit, answer

BELONGS_WITHIN = timedelta(minutes=10)
"""A picture sent this soon after one's own report belongs to it: people write first and photograph then."""

NEW = "new"
MAX_OFFERED = 8


def lone(visit: Visit) -> Result:
    """Added to the report just made; from those who solve problems, offered as proof of what they have in
    hand; else a report of its own whose kind is asked."""
    issue = just_reported(visit)
    if issue is not None:
        supplement(visit, issue)
        return answer(sentences.supplemented(issue, picture=True), "supplemented", issue)
    in_hand = _in_hand(visit) if visit.works_here else ()
    return _offer(visit, in_hand) if in_hand else report(visit)


def supplement(visit: Visit, issue: Issue) -> None:
    """It shows what was reported."""
    visit.desk.attach_pictures(issue.number, proof=False)
    visit.note(issue, Action.SUPPLEMENT, "照片")


def just_reported(visit: Visit) -> Issue | None:
    """What the writer reported a moment ago, if it is still open."""
    same = visit.desk.question(visit.message.chat_key, visit.userid, BELONGS_WITHIN)
    if same is not None and same.kind == joining.SAME:
        return visit.desk.issue(int(same.data["number"]))
    newest = next(iter(visit.desk.of_reporter(visit.userid)), None)
    if newest is None or newest.state not in OPEN or visit.now - newest.reported_at > BELONGS_WITHIN:
        return None
    return newest


def _in_hand(visit: Visit) -> Sequence[Issue]:
    own = [issue for issue in visit.desk.open_of_owner(visit.userid) if issue.state in work.RESOLVABLE]
    return own[:MAX_OFFERED]


def _offer(visit: Visit, in_hand: Sequence[Issue]) -> Result:
    """Held for ten minutes: the answer, or the next 办结, says what it shows."""
    held_picture.hold(visit)
    options = (*(str(issue.number) for issue in in_hand), NEW)
    data = {"inbox": str(visit.desk.inbox_id)}
    visit.desk.ask(visit.message.chat_key, visit.userid, Question("picture", options, data))
    rows = [sentences.row(visit.office, issue, visit.now) for issue in in_hand]
    return answer(say.used_for_what(rows), "asked_picture")
