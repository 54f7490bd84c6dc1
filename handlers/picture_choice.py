"""What a picture that came first is used for: numbers of the offer, or of issues (用于 #12、#15)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from domain.issues import Issue
from domain.outgoing import Outgoing, ToWriter
from domain.ports import Question
from handlers import held_picture, report, rights, work
from handlers.pictures import NEW
from handlers.visit import Result, Visit

_CHOICE = re.compile(r"(?:用于|选)?[\s:]*(#?\d{1,7}(?:[\s,,、和]*#?\d{1,7})*)号?")
_NUMBER = re.compile(r"#?\d+")


def choose(visit: Visit, question: Question, resume: Callable[[Visit, str], Result | None]) -> Result | None:  # noqa: ARG001
    """办结 of what was chosen, or a report of its own; None where the message is no choice."""
    chosen = _chosen(visit.message.text.strip(), question.options)
    if not chosen:
        return None
    if chosen == [NEW]:
        return _new_problem(visit, question)
    found = (visit.desk.issue(int(number)) for number in chosen if number != NEW)
    results = [work.finish(visit, issue, "") for issue in found if issue and _may_finish(visit, issue)]
    return _whole(results) if results else None


def _chosen(text: str, options: Sequence[str]) -> list[str]:
    """The chosen options; empty if any number is neither one of the offer nor one of its issues."""
    if text in {"新问题", "用于新问题"}:
        return [NEW]
    match = _CHOICE.fullmatch(text)
    named = _NUMBER.findall(match[1]) if match else []
    meant = [_option(number, options) for number in named]
    return [] if None in meant else list(dict.fromkeys(option for option in meant if option))


def _option(said: str, options: Sequence[str]) -> str | None:
    number = said.removeprefix("#")
    if not said.startswith("#") and 1 <= int(number) <= len(options):
        return options[int(number) - 1]
    return number if number in options else None


def _may_finish(visit: Visit, issue: Issue) -> bool:
    return issue.state in work.RESOLVABLE and rights.refused(visit, issue, "办结") is None


def _new_problem(visit: Visit, question: Question) -> Result:
    """As if the picture came now: a report whose kind is asked."""
    held_picture.drop(visit)
    visit.desk.forget_question(visit.message.chat_key, visit.userid)
    wordless = replace(visit.message, text="", button=None)
    opened = report.report(replace(visit, message=wordless))
    if opened.issue is not None:
        visit.desk.attach_earlier(opened.issue, int(question.data["inbox"]), proof=False)
    return opened


def _whole(results: Sequence[Result]) -> Result:
    own = [message for result in results for message in result.messages if isinstance(message.to, ToWriter)]
    others: list[Outgoing] = [
        message for result in results for message in result.messages if message not in own
    ]
    whole = replace(own[0], text="\n".join(message.text for message in own))
    return Result("resolved", (whole, *others), results[0].issue)
