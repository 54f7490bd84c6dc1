"""Word to others about an issue: to its owner, its reporters, to one person."""

from __future__ import annotations

from dataclasses import replace

from domain.issues import Issue
from domain.outgoing import Button, Outgoing, Purpose, ToPerson, work_buttons
from handlers.visit import Visit


def to_person(
    visit: Visit,
    issue: Issue,
    userid: str | None,
    text: str,
    buttons: tuple[Button, ...] = (),
    reply_with: str = "",
) -> tuple[Outgoing, ...]:
    """To one person, in the issue's group where he cannot be reached 1:1. Nobody is told what he just did
    himself."""
    if userid is None or userid == visit.userid:
        return ()
    to = ToPerson(userid, visit.office.group_for(issue))
    return (Outgoing(to, text, Purpose.NOTICE, issue.number, issue.danger, buttons, reply_with),)


def to_work_on(visit: Visit, issue: Issue, userid: str | None, text: str) -> tuple[Outgoing, ...]:
    """The same, with what he can do about it."""
    told = to_person(visit, issue, userid, text, work_buttons(issue.number), f"收到 {issue.number}")
    return tuple(replace(each, purpose=Purpose.TASK) for each in told)


def to_reporters(visit: Visit, issue: Issue, text: str) -> tuple[Outgoing, ...]:
    """To everyone who reported it, 1:1 only."""
    return tuple(
        Outgoing(ToPerson(reporter.userid, None, reporter.private), text, Purpose.NOTICE, issue.number)
        for reporter in visit.desk.reporters(issue.number)
        if reporter.userid != visit.userid
    )
