"""What was said in a group and not to the bot: it acts where that is certain, and else says nothing there.

No hint, no refusal, no question back to somebody who did not speak to it. What may be a report is kept for
whoever would own it (``handlers.doubts``).
"""

from __future__ import annotations

from collections.abc import Callable

from domain.ports import Question
from handlers import answers, certainty, doubts, held_picture, pictures, sentences
from handlers.report import report
from handlers.site import locate
from handlers.visit import Result, Visit, silence
from nlp.commands import bare_choice
from nlp.thresholds import REPORT_ARCHIVE, REPORT_OVERHEARD

Resume = Callable[[Visit, str], Result | None]

MEANT_FROM = 0.5
SHORTEST_REPORT = 4
NO_ANSWER = frozenset({"chatter", "spam", "question"})
PROBLEM_IS_BACK = frozenset({"reopen", "feedback_bad"})


def handle(visit: Visit, run: Resume, verb: str | None) -> Result:
    """``run``: executes a command by its verb; ``verb``: what the words amount to, if to a command."""
    if visit.group is None:
        return silence("unregistered_group")
    if sentences.no_reply_here(visit.office) in visit.message.text:
        return silence("own_words")
    done = _answered(visit, run) or _picture(visit) or _report(visit)
    if done is None and verb is not None and (meant := certainty.meant(visit, verb)) is not None:
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


def _doubtful(visit: Visit) -> Result | None:
    """Silence in the group; a word to whoever would own it, at once only where people may be in danger."""
    reading, text = visit.reading, visit.message.text.strip()
    is_back = reading.intent in PROBLEM_IS_BACK and reading.confidence >= MEANT_FROM
    likely = max(reading.likely_report, reading.confidence if reading.intent == "report" else 0.0)
    if visit.works_here or len(text) < SHORTEST_REPORT or not (likely >= REPORT_OVERHEARD or is_back):
        return None
    return doubts.kept(visit)
