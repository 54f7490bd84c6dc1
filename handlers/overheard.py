"""What was said in a group and not to the bot: it acts where that is certain, and else says nothing there.

No hint, no refusal, no question back to somebody who did not speak to it. What may be a report is kept for
whoever would own it (``handlers.doubts``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.issues import OPEN, UNFINISHED, Issue, State
from domain.ports import Question
from handlers import answers, doubts, feedback, held_picture, pictures, sentences, which, work
from handlers.report import report
from handlers.site import locate
from handlers.visit import Result, Visit, silence
from nlp.commands import bare_choice
from nlp.thresholds import ACT, REPORT_ARCHIVE, REPORT_OVERHEARD

Resume = Callable[[Visit, str], Result | None]

MEANT_FROM = 0.5
SHORTEST = 3
"""Characters: 好了, 走了, 收到 answer anything that is said in a group."""
SHORTEST_REPORT = 4
NO_ANSWER = frozenset({"chatter", "spam", "question"})
PROBLEM_IS_BACK = frozenset({"reopen", "feedback_bad"})
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


def handle(visit: Visit, run: Resume, verb: str | None) -> Result:
    """``run``: executes a command by its verb; ``verb``: what the words amount to, if to a command."""
    if visit.group is None:
        return silence("unregistered_group")
    if sentences.no_reply_here(visit.office) in visit.message.text:
        return silence("own_words")
    done = _answered(visit, run) or _picture(visit) or _report(visit)
    if done is None and verb is not None and (meant := _certain(visit, verb)) is not None:
        done = run(meant, verb)
    return done or _doubtful(visit) or silence(f"overheard:{visit.reading.intent}")


def _answered(visit: Visit, run: Resume) -> Result | None:
    """An answer to what the bot asked him a moment ago."""
    asked = visit.desk.question(visit.message.chat_key, visit.userid, answers.ASKED_FOR)
    return answers.answered(visit, run) if asked is not None and _is_an_answer(visit, asked) else None


def _is_an_answer(visit: Visit, asked: Question) -> bool:
    """Whether it answers the question in so many words: people go on talking to each other meanwhile."""
    text, command = visit.message.text.strip(), visit.reading.command
    if visit.has_picture or bare_choice(text) is not None:
        return True
    match asked.kind:
        case "section":
            return visit.office.roster.section(text) is not None
        case "category":
            return text in visit.office.taxonomy.categories.values()
        case "reason" | "objection":
            return visit.reading.intent not in NO_ANSWER
    return command is not None and command.verb == "确认"


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
    if visit.reading.intent != "report" or visit.reading.confidence < REPORT_ARCHIVE:
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
        return exact and verb not in OTHER_NUMBERS and which.visible(visit, issue)
    his = _is_his(visit, issue, exact=exact) if verb in CHIEFS else visit.reported(issue)
    return issue.state in FITS[verb] and his


def _is_his(visit: Visit, issue: Issue, *, exact: bool) -> bool:
    responsible = exact and visit.person is not None and visit.office.responsible(issue, visit.person)
    return issue.owner == visit.userid or visit.userid in issue.helpers or responsible


def _the_only_one(visit: Visit, verb: str) -> Issue | None:
    if visit.reading.confidence < ACT or not _says_enough(visit, verb):
        return None
    works, userid = verb in CHIEFS, visit.userid
    mine = visit.desk.open_of_owner(userid) if works else visit.desk.of_reporter(userid)
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
    reading, text = visit.reading, visit.message.text.strip()
    is_back = reading.intent in PROBLEM_IS_BACK and reading.confidence >= MEANT_FROM
    likely = max(reading.likely_report, reading.confidence if reading.intent == "report" else 0.0)
    if visit.works_here or len(text) < SHORTEST_REPORT or not (likely >= REPORT_OVERHEARD or is_back):
        return None
    return doubts.kept(visit)
