"""What a new issue says to others: to its owner, to the shop it names, to the street's group."""

from __future__ import annotations

from domain.dispatching import source_of
from domain.issues import Issue
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, ToGroup, ToPerson, work_buttons
from handlers import sentences, shop_notice
from handlers.sentences import merchant as say
from handlers.visit import Visit

MERCHANTS = "商户"


def word_of(visit: Visit, issue: Issue) -> tuple[Outgoing, ...]:
    """All of it."""
    return (*notices(visit, issue), *shop_notice.notice(visit, issue), *in_group(visit, issue))


def in_group(visit: Visit, issue: Issue) -> tuple[Outgoing, ...]:
    """A report made 1:1 as the street's group sees it: one line without a name. Where the owner is told in
    the group anyway, that notice is the line."""
    group = visit.office.group_for(issue)
    told_there = bool(issue.owner) and not visit.office.reaches(issue.owner or "")
    if visit.group or visit.works_here or group is None or told_there or "section" in issue.pending:
        return ()
    text = say.shown_in_group(visit.office, issue, _who(visit.office, issue) or MERCHANTS)
    return (Outgoing(ToGroup(group), text, Purpose.NOTICE, issue.number, issue.danger),)


def _who(office: Office, issue: Issue) -> str | None:
    """The system that handed it over."""
    return office.name_of(issue.reporter) if source_of(issue.reporter) is not None else None


def _said_by(visit: Visit, issue: Issue) -> str:
    """Who reported, as the owner is told: by name only what was said in the group for all to read, and only
    a name that says something (no opaque id)."""
    first = next((each for each in visit.desk.reporters(issue.number) if each.userid == issue.reporter), None)
    named = issue.chat_id is not None and first is not None and not first.anonymous
    roster = visit.office.roster
    known = roster.person(issue.reporter) is not None or roster.shop_of(issue.reporter) is not None
    unnamed = _who(visit.office, issue) or f"{MERCHANTS}反映"
    return visit.office.name_of(issue.reporter) if named and known else unnamed


def notices(visit: Visit, issue: Issue) -> tuple[Outgoing, ...]:
    """Word to the owner; for a danger to level 2 as well, at once. Nobody is told what he wrote himself."""
    office = visit.office
    above = office.chief(issue, 2) if issue.danger else None
    people = [userid for userid in (issue.owner, above) if userid and userid != visit.userid]
    text = sentences.notice(office, issue, _said_by(visit, issue), visit.desk.pictures(issue.number))
    if issue.recurrence_of is not None:
        text = f"{text}\n{say.recurrence(issue)}"
    return tuple(
        Outgoing(
            ToPerson(userid, office.group_for(issue)),
            text,
            Purpose.TASK,
            issue.number,
            issue.danger,
            buttons=work_buttons(issue.number),
            reply_with=f"收到 {issue.number}",
        )
        for userid in dict.fromkeys(people)
    )
