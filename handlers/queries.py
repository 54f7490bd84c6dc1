"""Looking things up: 查询, 待办, 我的上报, 帮助."""

from __future__ import annotations

from collections.abc import Sequence

from domain.issues import Issue, State
from domain.outgoing import Outgoing, Purpose, ToWriter
from domain.roster import Role
from handlers import merging, names, sentences, which
from handlers.visit import Result, Visit, answer

SHOWN = 15
WAITING_FOR_ME = frozenset({State.REPORTED, State.CLAIMED, State.RETURNED})


def query(visit: Visit) -> Result:
    """查询 12: state, owner, deadline, history. Without a number: what I reported."""
    numbers = which.numbers(visit)
    if not numbers:
        return mine(visit)
    texts, found = [], None
    for number in dict.fromkeys(numbers):
        issue = which.named(visit, number)
        if isinstance(issue, Result):
            texts.append(sentences.unknown_number(number))
            continue
        found = issue
        history, pictures = names.history_for(visit, issue), merging.pictures(visit, issue)
        texts.append(sentences.status(visit.office, issue, history, pictures, visit.now))
    message = Outgoing(ToWriter(), "\n\n".join(texts), Purpose.ANSWER, found.number if found else None)
    return Result("queried" if found else "unknown_number", (message,), message.issue)


def todo(visit: Visit) -> Result:
    """待办: what I own or co-handle; for a supervisor, what is open in his subdistrict."""
    person = visit.person
    if person is not None and person.role is Role.SUPERVISOR:
        issues = visit.desk.open_in_subdistrict(person.unit)
    else:
        issues = list(visit.desk.in_hands_of(visit.userid))
    open_now = [issue for issue in issues if issue.state in WAITING_FOR_ME]
    if not open_now:
        return answer(sentences.nothing_to_do(), "todo")
    return _listed(visit, f"待办 {len(open_now)} 件", open_now, "todo")


def mine(visit: Visit) -> Result:
    """我的上报: how far what I reported has come."""
    issues = visit.desk.of_reporter(visit.userid)
    if not issues:
        return answer(sentences.nothing_reported(), "mine")
    return _listed(visit, f"您的上报 {len(issues)} 件", issues, "mine")


def _listed(visit: Visit, title: str, issues: Sequence[Issue], outcome: str) -> Result:
    rows = [sentences.row(visit.office, issue, visit.now) for issue in issues[:SHOWN]]
    return answer(sentences.listing(title, rows, len(issues)), outcome)


def nothing_to_confirm(visit: Visit) -> Result:  # noqa: ARG001
    """确认, where nothing was previewed, or too long ago."""
    return answer(sentences.nothing_to_confirm(), "nothing_to_confirm")


def show_help(visit: Visit) -> Result:
    """帮助: what this person can do here."""
    supervises = visit.person is not None and visit.person.role in {Role.SUPERVISOR, Role.ADMINISTRATOR}
    text = sentences.help_text(
        visit.office,
        works=visit.works_here,
        supervises=supervises,
        in_group=visit.message.chat.kind == "group",
    )
    return answer(text, "help")
