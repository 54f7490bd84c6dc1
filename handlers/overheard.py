"""What was said in a group and not to the bot: it acts where that is certain, and else says nothing there.

No hint, no refusal, no question back to somebody who did not speak to it. What may be a report is kept for
whoever would own it (``handlers.doubts``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.issues import OPEN, UNFINISHED, Issue, State
from handlers import answers, doubts, feedback, held_picture, pictures, sentences, which, work
from handlers.report import report
from handlers.site import locate
from handlers.visit import Result, Visit, silence
from nlp.thresholds import ACT, REPORT_ADDRESSED

Resume = Callable[[Visit, str], Result | None]

MEANT_FROM = 0.5
SHORTEST = 3
"""Characters: 好了, 走了, 收到 answer anything that is said in a group."""
NEEDS_WORDS = frozenset({"reason", "objection"})
"""Questions that any words would answer."""
NO_ANSWER = frozenset({"chatter", "spam", "question"})
PROBLEM_IS_BACK = frozenset({"reopen", "feedback_bad"})
ACKNOWLEDGED = ("收到", "已收到", "接到", "好的")
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


def handle(visit: Visit, run: Resume, verb: str | None) -> Result:
    """``run``: executes a command by its verb; ``verb``: what the words amount to, if to a command."""
    if visit.group is None:
        return silence("unregistered_group")
    if sentences.no_reply_here(visit.office) in visit.message.text:
        return silence("own_words")
    done = _answered(visit, run) or _picture(visit) or _report(visit)
    if done is None and verb is not None and (meant := _certain(visit, verb)) is not None:
        done = run(meant, verb)
    return done or _doubtful(visit) or silence(visit.reading.intent)


def _answered(visit: Visit, run: Resume) -> Result | None:
    """An answer to what the bot asked him a moment ago."""
    asked = visit.desk.question(visit.message.chat_key, visit.userid, answers.ASKED_FOR)
    chatter = visit.reading.intent in NO_ANSWER and not visit.has_picture
    if asked is None or (asked.kind in NEEDS_WORDS and chatter):
        return None
    return answers.answered(visit, run)


def _picture(visit: Visit) -> Result | None:
    """A picture without words belongs to what its sender just reported, or to what he says next."""
    if visit.message.text or visit.message.location is not None:
        return None
    if not visit.has_picture:
        return silence("empty")
    issue = pictures.just_reported(visit)
    if issue is not None and not visit.works_here:
        pictures.supplement(visit, issue)
        return Result("supplemented", (), issue.number)
    held_picture.hold(visit)
    return silence("picture_held")


def _report(visit: Visit) -> Result | None:
    """The owner of a place who speaks of what is there does his work; he reports by @."""
    if visit.reading.intent != "report":
        return None
    section = locate(visit).section
    number = visit.reading.place.house_number
    roster, absent = visit.office.roster, visit.office.absent
    owner = roster.owner(section.name, number, absent) if section else None
    if owner is not None and owner.userid == visit.userid:
        return silence("own_street")
    result = report(visit)
    if result.issue is not None and not visit.has_picture:
        held_picture.use_for_report(visit, result.issue)
    return result


def _certain(visit: Visit, verb: str) -> Visit | None:
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
        return exact and which.visible(visit, issue)
    return issue.state in FITS[verb] and _is_his(visit, issue, exact=exact)


def _is_his(visit: Visit, issue: Issue, *, exact: bool) -> bool:
    own = issue.owner == visit.userid or visit.userid in issue.helpers or visit.reported(issue)
    return own or (exact and visit.person is not None and visit.office.responsible(issue, visit.person))


def _the_only_one(visit: Visit, verb: str) -> Issue | None:
    if visit.reading.confidence < ACT or not _says_enough(visit, verb):
        return None
    mine = (
        visit.desk.open_of_owner(visit.userid) if visit.works_here else visit.desk.of_reporter(visit.userid)
    )
    found = [each for each in mine if each.state in ONLY_ONE[verb] and each.section in visit.sections]
    return found[0] if len(found) == 1 else None


def _says_enough(visit: Visit, verb: str) -> bool:
    text, command = visit.message.text.strip(), visit.reading.command
    if verb == "满意":
        return command is not None and command.exact  # 谢谢 and 可以 are said to anybody
    if verb == "认领" and text.startswith(ACKNOWLEDGED):
        return False
    return len(text) >= SHORTEST or visit.has_picture or held_picture.is_held(visit)


def _doubtful(visit: Visit) -> Result | None:
    """Silence in the group; a word to whoever would own it, at once only where people may be in danger."""
    reading = visit.reading
    is_back = reading.intent in PROBLEM_IS_BACK and reading.confidence >= MEANT_FROM
    if visit.works_here or not (reading.likely_report >= REPORT_ADDRESSED or is_back):
        return None
    return doubts.kept(visit)
