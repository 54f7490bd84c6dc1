"""Which issue a command is about: by number, by the message it quotes, or the only one that can be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.issues import Issue
from domain.ports import Question
from handlers import held_picture, sentences
from handlers.visit import Result, Visit, answer, silence

OURS = re.compile(r"#(\d{1,12})")
MAX_CHOICES = 9


def quoted_number(visit: Visit) -> int | None:
    """The first ``#n`` of a quoted message."""
    match = OURS.search(visit.message.quote.text) if visit.message.quote else None
    return int(match[1]) if match else None


def numbers(visit: Visit) -> tuple[int, ...]:
    """The issue numbers a message names, itself or through what it quotes."""
    named = visit.command.numbers or visit.reading.numbers
    quoted = quoted_number(visit)
    return named or ((quoted,) if quoted else ())


def visible(visit: Visit, issue: Issue) -> bool:
    """Whether the writer may know of an issue: his own, his office's, or one of the group he writes in."""
    if visit.userid == issue.owner or visit.reported(issue):
        return True
    if any(shop.section == issue.section for shop in visit.office.roster.shops_of(visit.userid)):
        return True  # his street's group may read it
    if visit.group and (issue.chat_id == visit.group.chat_id or issue.section in visit.sections):
        return True
    return visit.person is not None and visit.office.responsible(issue, visit.person)


def named(visit: Visit, number: int) -> Issue | Result:
    """The issue of a number, or the answer that it is unknown."""
    issue = visit.desk.issue(number)
    if issue is None or not visible(visit, issue):
        return answer(sentences.unknown_number(number), "unknown_number")
    return issue


def only_one(visit: Visit, verb: str, candidates: Sequence[Issue]) -> Issue | Result:
    """The one that can be meant without a number; otherwise a numbered question."""
    if len(candidates) == 1:
        return candidates[0]
    if not candidates and not visit.command.exact and not visit.works_here:
        return silence("chatter")  # a thank-you with nothing to confirm is no command
    if not candidates:
        return answer(sentences.no_candidate(verb), "no_candidate")
    offered = candidates[:MAX_CHOICES]
    options = tuple(str(issue.number) for issue in offered)
    data = {"verb": verb, "rest": visit.command.rest, "inbox": str(visit.desk.inbox_id)}
    visit.desk.ask(visit.message.chat_key, visit.userid, Question("which", options, data))
    if visit.has_picture and verb == "办结":
        held_picture.hold(visit)  # it came with the command and is not asked for again
    rows = [sentences.row(visit.office, issue, visit.now) for issue in offered]
    return answer(sentences.choose(visit.office, verb, rows), "asked_which")
