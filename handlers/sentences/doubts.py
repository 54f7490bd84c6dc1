"""About what was overheard in a group and may be a report."""

from __future__ import annotations

from collections.abc import Sequence

from domain.doubts import Doubt
from domain.issues import Issue
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import EMERGENCY, SHORT, kind, moment, place


def listed(office: Office, found: Sequence[Doubt], *, danger: bool) -> str:
    """What the owner of a street is shown, by the numbers he may answer with."""
    lines = [EMERGENCY] if danger else []
    lines.append(f"群里有 {len(found)} 条话可能是反映问题,没有把握,未登记:")
    lines += [_line(office, doubt) for doubt in found]
    numbers = " ".join(str(doubt.position) for doubt in found[:2])
    lines.append(f"要登记的回复:立案 {numbers}(一天内有效);不用管的不必回复。")
    return "\n".join(lines)


def _line(office: Office, doubt: Doubt) -> str:
    group = office.roster.group(doubt.message.chat.id)
    where = group.name if group else "群"
    who = office.name_of(_known(office, doubt.message.sender)) or "商户"
    said = plain(doubt.message.text, SHORT) or "(只发了图片)"
    return f"{doubt.position}. {where} {moment(office, doubt.said_at)[6:]} {plain(who, 20)}:{said}"


def _known(office: Office, sender: str) -> str:
    """The person's own userid; nothing for an opaque id, which tells nobody anything."""
    person = office.roster.person(sender)
    if person is not None:
        return person.userid
    return sender if office.roster.shop_of(sender) else ""


def taken_up(office: Office, issue: Issue, position: int) -> str:
    return (
        f"#{issue.number} 已立案(第{position}条):{kind(office, issue)}\n地点 {place(issue)}\n"
        f"责任人 {office.owner_name(issue)} · 处理时限 {moment(office, issue.deadline)}"
    )


def joined(issue: Issue, position: int) -> str:
    return f"#{issue.number} 已经有人反映过同一个问题,第{position}条已并入。"


def no_such(position: int) -> str:
    return f"没有第{position}条,可能已过一天,或已经立案。"


def which() -> str:
    return "要立哪一条?请写序号,例如:立案 3"
