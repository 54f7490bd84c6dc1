"""What an issue's ladder says when it is due: who is told what, and what the system does by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from domain import transitions, with_officer
from domain.issues import SYSTEM, Action, Issue
from domain.ladder import Audience, Kind, Rung, due
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, ToGroup, ToPerson, work_buttons
from domain.ports import Desk
from domain.transitions import record
from handlers import names, sentences
from handlers.sentences import chief as chief_says
from handlers.sentences import supervisor as say


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of one issue that is due now."""

    issue: Issue
    rung: Rung
    spare_group: bool = False
    """The street's group has heard enough of this issue before its deadline."""


def take(desk: Desk, issue: Issue) -> tuple[Outgoing, ...]:
    """Do what is due for an issue now. Each rung has one slot in the records, taken in the same transaction
    as its messages, so that two schedulers or a restart never say it twice."""
    found = due(issue, desk.steps_done(issue), desk.now, desk.office.ladder(issue.subdistrict))
    desk.look_again(issue, found.next_at)
    for rung in found.superseded:
        desk.take_step(issue, rung.name, "superseded")
    if found.send is None:
        return ()
    step = Step(issue, found.send, _spares_group(desk, issue, found.send))
    silent = step.spare_group and not desk.office.reaches(issue.owner or "")
    if not desk.take_step(issue, found.send.name, "superseded" if silent else "sent") or silent:
        return ()
    return ACTIONS[found.send.kind](desk, step)


def _spares_group(desk: Desk, issue: Issue, rung: Rung) -> bool:
    """Whether a reminder in time is kept out of the group, which had its share of a normal issue: one message
    is left for asking the reporter. At the deadline the ladder is heard again."""
    normal = desk.now < issue.deadline and not issue.danger and issue.supervised_at is None
    if not normal or rung.kind is not Kind.REMINDER or rung.audiences != {Audience.OWNER}:
        return False
    group = desk.office.group_for(issue)
    return (
        group is not None
        and desk.own_messages(group, issue.number) >= desk.office.settings.group_messages - 1
    )


def _people(office: Office, issue: Issue, audiences: Iterable[Audience]) -> list[str]:
    """Userids of an audience, everybody once, the owner never. Level 2 falls back to the supervisors, these
    to the administrators: a problem whose place nobody knows must not stay unseen."""
    found: list[str | None] = []
    wanted = set(audiences)
    if Audience.LEVEL_ABOVE in wanted:
        found.append(office.level_above(issue))
    level2 = office.chief(issue, 2)
    if Audience.LEVEL2 in wanted:
        found.append(level2)
    if Audience.SUPERVISOR in wanted or (Audience.LEVEL2 in wanted and level2 is None):
        administrators = tuple(person.userid for person in office.roster.administrators())
        found.extend(office.supervisors(issue) or administrators)
    if Audience.LEVEL1 in wanted:
        found.append(office.chief(issue, 1))
    return [userid for userid in dict.fromkeys(found) if userid and userid != issue.owner]


def _remind(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    issue = step.issue
    told = []
    if issue.owner and Audience.OWNER in step.rung.audiences:
        text = sentences.reminder(desk.office, issue, desk.now)
        reminder = _to(desk.office, issue, issue.owner, text, Purpose.REMINDER)
        told.append(replace(reminder, to=ToPerson(issue.owner, None)) if step.spare_group else reminder)
    if Audience.GROUP in step.rung.audiences:
        told += _in_group(desk, issue)
    above = _people(desk.office, issue, step.rung.audiences)
    if above:
        history = names.history_for_all(desk, issue)
        text = sentences.escalation(desk.office, issue, history, desk.now)
        told += [_to(desk.office, issue, userid, text, Purpose.ESCALATION) for userid in above]
    people = "、".join(
        desk.office.name_of(message.to.userid) for message in told if isinstance(message.to, ToPerson)
    )
    if people:
        desk.note(record(issue, issue, Action.STEP, SYSTEM, desk.now, f"已提醒 {people}"))
    return tuple(told)


def _in_group(desk: Desk, issue: Issue) -> list[Outgoing]:
    """What is long overdue, as the street's group sees it, once in the life of an issue. A group whose owner
    cannot be told 1:1 hears every reminder anyway."""
    group, reached = desk.office.group_for(issue), desk.office.reaches(issue.owner or "")
    if group is None or not reached or not desk.once(f"in group:{issue.number}"):
        return []
    text = sentences.overdue_in_group(desk.office, issue, desk.now)
    return [Outgoing(ToGroup(group), text, Purpose.REMINDER, issue.number, issue.danger)]


def _to(office: Office, issue: Issue, userid: str, text: str, purpose: Purpose) -> Outgoing:
    """A push about an issue. Word to those above goes 1:1; without the app, to their own group, else to the
    issue's."""
    owner, above = userid == issue.owner, userid not in {issue.owner, *issue.helpers}
    group = (group_above(office, issue) if above else None) or office.group_for(issue)
    buttons = work_buttons(issue.number) if owner else ()
    return Outgoing(
        ToPerson(userid, group),
        text,
        purpose,
        issue.number,
        issue.danger,
        buttons,
        reply_with=f"收到 {issue.number}" if owner else f"查询 {issue.number}",
    )


def group_above(office: Office, issue: Issue) -> str | None:
    group = next(iter(office.roster.supervisor_groups(issue.subdistrict)), None)
    return group.chat_id if group else None


def _ask_pending(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    issue = step.issue
    group = desk.office.roster.group(issue.chat_id) if issue.chat_id else None
    candidates = group.sections if group and "section" in issue.pending else ()
    text = sentences.still_pending(desk.office, issue, candidates)
    people = _people(desk.office, issue, step.rung.audiences)
    desk.note(record(issue, issue, Action.STEP, SYSTEM, desk.now, "待核未答,已报上级"))
    told = [_to(desk.office, issue, userid, text, Purpose.ESCALATION) for userid in people]
    if Audience.OWNER in step.rung.audiences:
        told += _remind(desk, Step(issue, _owner_only(step.rung)))
    return tuple(told)


def _owner_only(rung: Rung) -> Rung:
    return Rung(rung.name, rung.at, Kind.REMINDER, frozenset({Audience.OWNER}))


def _unanswered(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    issue = step.issue
    text = say.unanswered(desk.office, issue)
    people = _people(desk.office, issue, step.rung.audiences)
    desk.note(record(issue, issue, Action.STEP, SYSTEM, desk.now, "督办未按时书面回复"))
    told = [_to(desk.office, issue, userid, text, Purpose.ESCALATION) for userid in people]
    if Audience.OWNER in step.rung.audiences:
        told += _remind(desk, Step(issue, _owner_only(step.rung)))
    return tuple(told)


def _review(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    text = sentences.under_review(desk.office, step.issue)
    people = _people(desk.office, step.issue, step.rung.audiences)
    # not a reminder of work: it is said although nothing is being done
    return tuple(_to(desk.office, step.issue, userid, text, Purpose.NOTICE) for userid in people)


def _release(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    issue = step.issue
    freed = transitions.release(issue)
    changed = desk.save(issue, freed, record(issue, freed, Action.RELEASE, SYSTEM, desk.now))
    skip_what_is_due(desk, changed)
    text = sentences.released(desk.office, changed)
    people = dict.fromkeys((changed.owner, *_people(desk.office, changed, step.rung.audiences)))
    return tuple(
        _to(desk.office, changed, userid, text, _purpose(changed, userid)) for userid in people if userid
    )


def _helper(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    """An officer was asked and gave no word."""
    issue = step.issue
    until = with_officer.held_until(issue, desk.office.clocks(issue.subdistrict)) or issue.deadline
    text = chief_says.helper_reminded(desk.office, issue, until)
    people = [*_helpers(desk.office, issue), *_people(desk.office, issue, step.rung.audiences)]
    if Audience.OWNER in step.rung.audiences and issue.owner:
        people.append(issue.owner)
    asked = "、".join(desk.office.name_of(userid) for userid in _helpers(desk.office, issue))
    desk.note(record(issue, issue, Action.STEP, SYSTEM, desk.now, f"已提醒 {asked}"))
    return tuple(_to(desk.office, issue, userid, text, Purpose.ESCALATION) for userid in people)


def _helpers(office: Office, issue: Issue) -> list[str]:
    """The officers among those who help."""
    return sorted(issue.helpers & office.roster.officer_ids)


def _help_over(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    issue, office = step.issue, desk.office
    freed = with_officer.given_back(issue, desk.now, office.clocks(issue.subdistrict))
    helpers = _helpers(office, issue)
    names = [office.name_of(userid) for userid in helpers] or ["部门"]
    event = record(issue, freed, Action.HELP_OVER, SYSTEM, desk.now, f"{'、'.join(names)} 未办结")
    changed = desk.save(issue, freed, event)
    people = dict.fromkeys((changed.owner, *helpers, *_people(office, changed, step.rung.audiences)))
    texts = {
        userid: chief_says.help_over(office, changed, names, officer=userid in helpers)
        for userid in people
        if userid
    }
    return tuple(
        _to(office, changed, userid, text, _purpose(changed, userid)) for userid, text in texts.items()
    )


def _purpose(issue: Issue, userid: str) -> Purpose:
    """Only the owner is reminded; if it is another one by the time it leaves, that is void."""
    return Purpose.REMINDER if userid == issue.owner else Purpose.ESCALATION


def skip_what_is_due(desk: Desk, issue: Issue) -> None:
    """What is said of a change stands for whatever else would be due at the same moment."""
    found = due(issue, desk.steps_done(issue), desk.now, desk.office.ladder(issue.subdistrict))
    for rung in (*found.superseded, *((found.send,) if found.send else ())):
        desk.take_step(issue, rung.name, "superseded")
    desk.look_again(issue, found.next_at)


def _auto_close(desk: Desk, step: Step) -> tuple[Outgoing, ...]:
    issue = step.issue
    closed = transitions.close(issue, Action.CLOSE_SILENT, desk.now)
    changed = desk.save(issue, closed, record(issue, closed, Action.CLOSE_SILENT, SYSTEM, desk.now))
    text = sentences.closed_by_silence(changed)
    return tuple(
        Outgoing(ToPerson(reporter.userid, None, reporter.private), text, Purpose.NOTICE, issue.number)
        for reporter in desk.reporters(issue.number)
    )


ACTIONS: Mapping[Kind, Callable[[Desk, Step], tuple[Outgoing, ...]]] = {
    Kind.REMINDER: _remind,
    Kind.ESCALATION: _remind,
    Kind.ASK_PENDING: _ask_pending,
    Kind.REVIEW: _review,
    Kind.RELEASE: _release,
    Kind.AUTO_CLOSE: _auto_close,
    Kind.UNANSWERED: _unanswered,
    Kind.HELPER: _helper,
    Kind.HELP_OVER: _help_over,
}
