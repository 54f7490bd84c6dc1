"""The same problem, reported by more than one: no second number, everyone hears how it goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from domain import issues
from domain.issues import OPEN, Action, Issue, Reporter, State
from domain.outgoing import Outgoing, Purpose, ToPerson, work_buttons
from domain.ports import Question
from domain.transitions import NotPossible
from handlers import feedback, names, several
from handlers.sentences import merchant as say
from handlers.visit import Result, Visit, answer

SAME = "same"
"""Kind of the question that 新问题 answers."""

OF_A_REPORT = (
    "category", "sub", "subdistrict", "section", "text", "house_number", "shop", "landmark", "danger",
    "chat_id",
)  # fmt: skip


def by_report(visit: Visit, issue: Issue, report: Issue) -> Result:
    """A report that is there already: its words, picture and writer are added. Where the work was thought
    done, it is not."""
    was_one = not _joined(visit, issue, report.text)
    changed = _taken_up_again(visit, issue)
    _remember(visit, changed, report, was_one=was_one)
    text = say.joined(visit.office, changed, in_group=visit.group is not None)
    word = feedback.call_owner(visit, changed, report.text) if changed is not issue else ()
    if changed is issue and not was_one:
        word = _tell_owner(visit, changed, report.text)
    return answer(text, "joined", changed, *word)


def by_number(visit: Visit) -> Result:
    """我也反映 12, or +1 to a message of ours."""
    reading = replace(visit.reading, numbers=visit.command.numbers)  # the 1 of +1 is none
    plain = replace(visit, reading=reading)
    return several.apply(plain, "我也反映", _by_number, lambda: _candidates(plain))


def _candidates(visit: Visit) -> Sequence[Issue]:
    """What +1 without a number may mean: what others reported here."""
    here = visit.here or ((visit.shop.section,) if visit.shop else ())
    found = visit.desk.open_in_sections(here)
    return [issue for issue in found if issue.owner != visit.userid and not visit.reported(issue)]


def _by_number(visit: Visit, issue: Issue) -> Result:
    if issue.state is State.MERGED:
        raise NotPossible(say.merged_already(issue))
    if issue.state not in OPEN:
        raise NotPossible(say.over(issue))
    if issue.owner == visit.userid:
        raise NotPossible(say.own_task(issue))
    if visit.reported(issue):
        return answer(say.joined_already(issue), "joined_already", issue)
    _joined(visit, issue, visit.command.rest)
    word = _tell_owner(visit, issue, visit.command.rest)
    return answer(say.joined_by_number(visit.office, issue), "joined", issue, *word)


def _joined(visit: Visit, issue: Issue, text: str) -> bool:
    """Add writer and picture; False if he was among the reporters, whose words are then a 补充."""
    chat = visit.group.chat_id if visit.group else None
    anonymous = names.wants_no_name(visit)
    is_new = visit.desk.join(issue.number, Reporter(visit.userid, chat, anonymous))
    if anonymous and not is_new:
        visit.desk.hide(issue.number, visit.userid)
    if visit.has_picture:
        visit.desk.attach_pictures(issue.number, proof=False)
    visit.note(issue, Action.JOIN if is_new else Action.SUPPLEMENT, text)
    return is_new


def _taken_up_again(visit: Visit, issue: Issue) -> Issue:
    if issue.state not in {State.RESOLVED, State.CLOSED}:
        return issue
    action = Action.DISPUTE if issue.state is State.RESOLVED else Action.REOPEN
    return visit.change(issue, feedback.reopened(visit, issue, action), action, "又有人反映")


def _remember(visit: Visit, issue: Issue, report: Issue, *, was_one: bool) -> None:
    """What 新问题 needs to make it an issue of its own after all."""
    kept = {name: getattr(report, name) for name in OF_A_REPORT}
    data = {
        "number": str(issue.number),
        "inbox": str(visit.desk.inbox_id),
        "was_one": "yes" if was_one else "",
        "version": str(issue.version),
        "pending": " ".join(sorted(report.pending)),
        "report": json.dumps(kept, ensure_ascii=False),
    }
    visit.desk.ask(visit.message.chat_key, visit.userid, Question(SAME, data=data))


def _tell_owner(visit: Visit, issue: Issue, text: str) -> tuple[Outgoing, ...]:
    """Word to the owner while the problem is on the street: its urgency grows with every reporter."""
    if not issue.owner or issue.owner == visit.userid or issue.state not in issues.UNFINISHED:
        return ()
    others = max(1, len(visit.desk.reporters(issue.number)) - 1)
    told = say.again(visit.office, issue, others, text, len(visit.message.all_pictures))
    return (
        Outgoing(
            ToPerson(issue.owner, visit.office.group_for(issue)),
            told,
            Purpose.NOTICE,
            issue.number,
            issue.danger,
            buttons=work_buttons(issue.number),
            reply_with=f"收到 {issue.number}",
        ),
    )
