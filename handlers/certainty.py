"""What somebody means who did not speak to the bot: certain enough to act on, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from domain.issues import OPEN, UNFINISHED, Issue, State
from handlers import feedback, held_picture, which, work
from handlers.visit import Visit
from nlp.thresholds import ACT

SHORTEST = 3
"""Characters: 好了, 走了, 收到 answer anything that is said in a group."""
FRESH = timedelta(minutes=30)
"""我去看看 takes in hand what was reported a moment ago; later it is said of anything."""
ACKNOWLEDGED = ("收到", "已收到", "接到", "好的")
OTHER_NUMBERS = frozenset({"立案", "收到通知", "通知"})
"""Commands whose numbers are not those of issues."""
CHIEFS = frozenset({"认领", "办结", "进展", "退回", "转派", "延期"})
"""Work of those who solve problems; from others the words mean something else."""
FITS: Mapping[str, frozenset[State]] = {
    "认领": work.CLAIMABLE,
    "办结": work.RESOLVABLE,
    "进展": frozenset({State.CLAIMED}),
    "满意": feedback.JUDGEABLE,
    "不满意": feedback.DISPUTABLE,
    "重开": feedback.DISPUTABLE,
    "催办": UNFINISHED,
    "撤回": UNFINISHED,
    "退回": UNFINISHED,
    "转派": UNFINISHED,
    "延期": UNFINISHED,
    "补充": OPEN,
}
"""What each command applies to; others only in their exact words."""
ONLY_ONE: Mapping[str, frozenset[State]] = {
    "认领": frozenset({State.REPORTED}),
    "办结": frozenset({State.CLAIMED}),
    "进展": frozenset({State.CLAIMED}),
    "满意": feedback.JUDGEABLE,
    "不满意": feedback.JUDGEABLE,
}
"""What may be said without a number, where there is but one of the speaker's own here in such a state."""


def meant(visit: Visit, verb: str) -> Visit | None:
    """The visit with the numbers it is about, if it is certain enough what is meant."""
    numbers = which.numbers(visit)
    if numbers:
        issues = [visit.desk.issue(number) for number in numbers]
        return visit if all(issue and _is_meant(visit, verb, issue) for issue in issues) else None
    only = _the_only_one(visit, verb) if verb in ONLY_ONE else None
    if only is None:
        return None
    command = replace(visit.command, verb=verb, numbers=(only.number,))
    return replace(visit, reading=replace(visit.reading, command=command))


def _is_meant(visit: Visit, verb: str, issue: Issue) -> bool:
    """A number may be that of a house: only an issue of his own, in a state in which the words make sense."""
    exact = visit.reading.command is not None and visit.reading.command.exact
    if verb not in FITS:
        return exact and verb not in OTHER_NUMBERS and which.visible(visit, issue)
    his = _is_his(visit, issue, exact=exact) if verb in CHIEFS else visit.reported(issue)
    return issue.state in FITS[verb] and his


def _is_his(visit: Visit, issue: Issue, *, exact: bool) -> bool:
    responsible = exact and visit.person is not None and visit.office.responsible(issue, visit.person)
    return issue.owner == visit.userid or visit.userid in issue.helpers or responsible


def _the_only_one(visit: Visit, verb: str) -> Issue | None:
    known = visit.reading.command is not None  # what merely resembles such words is not certain enough
    if not known or visit.reading.confidence < ACT or not _says_enough(visit, verb):
        return None
    works, userid = verb in CHIEFS, visit.userid
    mine = visit.desk.open_of_owner(userid) if works else visit.desk.of_reporter(userid)
    found = [each for each in mine if each.state in ONLY_ONE[verb] and each.section in visit.sections]
    if verb == "认领":
        found = [each for each in found if visit.now - each.assigned_at <= FRESH]
    return found[0] if len(found) == 1 else None


def _says_enough(visit: Visit, verb: str) -> bool:
    text, command = visit.message.text.strip(), visit.reading.command
    if verb == "满意":
        return command is not None and command.exact  # 谢谢 and 可以 are said to anybody
    if verb == "认领" and text.startswith(ACKNOWLEDGED):
        return False
    return len(text) >= SHORTEST or visit.has_picture or held_picture.is_held(visit)
