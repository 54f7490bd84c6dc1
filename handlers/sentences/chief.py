"""What is said about the work of chiefs: 退回, 转派, 协办, 转外部, 静音."""

from __future__ import annotations

from collections.abc import Sequence

from domain.clock import BusinessTime
from domain.issues import Issue
from domain.office import Office
from domain.roster import Person, Role
from domain.safe_text import plain
from domain.with_officer import held_until, helped, stands_still
from handlers.sentences.parts import SHORT, kind, moment, place

LONGEST_NAME = 30


def _name(by: str) -> str:
    return plain(by, LONGEST_NAME)


def why_return(number: int) -> str:
    return f"#{number} 为什么退回?请写原因:退回 {number} 原因"


def nobody_above(number: int) -> str:
    return f"#{number} 上面没有可退的人,请直接转派:转派 {number} @人"


def returned(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 已退回,由 {office.owner_name(issue)} 重新指派,您不用处理了。"


def returned_to_you(office: Office, issue: Issue, by: str, reason: str) -> str:
    """To the level above: why, and how to assign it again."""
    return (
        f"#{issue.number} {_name(by)} 退回:{plain(reason, SHORT)}\n"
        f"{kind(office, issue)} {place(issue)}\n{plain(issue.text, SHORT)}\n"
        f"请重新指派:转派 {issue.number} @人(或路名、部门);自己办请回复:认领 {issue.number}"
    )


def taken_from_you(issue: Issue, by: str, doing: str) -> str:
    return f"#{issue.number} 已由 {_name(by)} {doing},您不用处理了。"


def no_longer_helps(number: int) -> str:
    return f"#{number} 您不再协办。"


def stopped_helping(office: Office, issue: Issue, by: str, reason: str) -> str:
    return (
        f"#{issue.number} {_name(by)} 不能协办:{plain(reason, SHORT)}。"
        f"{_runs_on(office, issue)}可改请别人:协办 {issue.number}"
    )


def _runs_on(office: Office, issue: Issue) -> str:
    """What became of the owner's time when an officer's part is over."""
    if helped(issue):
        return ""
    return f"时限续计到 {moment(office, issue.deadline)}。"


def help_over(office: Office, issue: Issue, names: Sequence[str], *, officer: bool) -> str:
    """To the owner, level 2 and the officers (``officer``), who gave no result in the time they had."""
    number = issue.number
    what_now = (
        f"请尽快处理并回复:办结 {number};不归您请发:退回 {number} 原因"
        if officer
        else f"可催部门或改请别人:协办 {number};需要时间请发:延期 {number} 时长 原因"
    )
    return (
        f"#{number} {kind(office, issue)} {place(issue)}\n"
        f"{'、'.join(names)} 协办到时,还没有办结。责任人 {office.owner_name(issue)},"
        f"{_runs_on(office, issue)}\n{what_now}"
    )


def helper_reminded(office: Office, issue: Issue, until: BusinessTime) -> str:
    """To the officers who were asked and gave no word yet."""
    head = "⚠ 危险 " if issue.danger else ""
    return (
        f"{head}#{issue.number} {kind(office, issue)} {place(issue)}\n"
        f"责任人 {office.owner_name(issue)} 请部门协办,还没有答复。请在 {moment(office, until)} 前处理,"
        f"或回复:进展 {issue.number} · 办结 {issue.number} · 退回 {issue.number} 原因"
    )


def transferred(office: Office, issue: Issue, instead_of: str) -> str:
    note = f"({_name(instead_of)} 请假,由其代办)" if instead_of else ""
    return (
        f"#{issue.number} 已转派给 {office.owner_name(issue)}{note},新时限 {moment(office, issue.deadline)}。"
    )


def transferred_to_you(office: Office, issue: Issue, by: str, reason: str, pictures: int) -> str:
    head = "⚠ 危险 " if issue.danger else ""
    why = f":{plain(reason, SHORT)}" if reason else ""
    shown = f" [图{pictures}]" if pictures else ""
    return (
        f"{head}#{issue.number} {_name(by)} 转派给您{why}\n"
        f"{kind(office, issue)} {place(issue)}\n"
        f"{plain(issue.text, SHORT)}{shown}\n请于 {moment(office, issue.deadline)} 前处理"
    )


def already_his(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 现在就由 {office.owner_name(issue)} 负责,不用转派;接手请回复:认领 {issue.number}"


def place_without_owner(number: int, section: str) -> str:
    return f"#{number} {section} 名册里还没有责任人,不能转派"


def whom(office: Office, verb: str, number: int, people: Sequence[Person], unknown: str) -> str:
    """Who is possible; an answer by number is enough."""
    head = f"没有找到「{_name(unknown)}」。" if unknown else ""
    if not people:
        return f"#{number} {head}请写明是谁:{verb} {number} @姓名"
    question = "请谁协办?" if verb == "协办" else "转派给谁?"
    rows = [f"{index}. {_described(person)}" for index, person in enumerate(people, 1)]
    return "\n".join([f"#{number} {head}{question}回复序号(@{office.bot_name})", *rows])


def _described(person: Person) -> str:
    if person.role is Role.OFFICER or person.level is None:
        return person.title
    return f"{person.title}({'一二三四'[person.level - 1]}级)"


def co_handled(office: Office, issue: Issue, helper: Person) -> str:
    said = f"#{issue.number} 已请 {helper.title} 协办,责任人不变。"
    until = held_until(issue, office.clocks(issue.subdistrict))
    if helper.role is not Role.OFFICER or until is None:
        return said
    if not stands_still(issue):
        return f"{said}\n已经超时,时限不再顺延;部门办理的时间不计入您的处置时长。"
    return f"{said}\n部门办理的时间不算您的:时限暂停,最迟 {moment(office, until)} 起续计。"


def co_handles_already(number: int, names: Sequence[str]) -> str:
    return f"#{number} {'、'.join(names)} 已经在办,不用再请"


def help_wanted(office: Office, issue: Issue, by: str, reason: str) -> str:
    head = "⚠ 危险 " if issue.danger else ""
    why = f":{plain(reason, SHORT)}" if reason else ""
    until = held_until(issue, office.clocks(issue.subdistrict)) or issue.deadline
    return (
        f"{head}#{issue.number} {_name(by)} 请您协办{why}\n"
        f"{kind(office, issue)} {place(issue)}\n"
        f"{plain(issue.text, SHORT)}\n"
        f"责任人 {office.owner_name(issue)},请于 {moment(office, until)} 前处理。"
        f"到了现场请回复:进展 {issue.number}"
    )


def where_outside(number: int) -> str:
    return f"#{number} 转到哪里?请写去处和单号,例如:转外部 {number} 数字城管 单号"


def sent_outside(issue: Issue) -> str:
    return (
        f"#{issue.number} 已转外部:{plain(issue.external, SHORT)}。时限暂停,每周复核;"
        f"有结果请回复:恢复 {issue.number}"
    )


def sent_outside_for_reporter(issue: Issue) -> str:
    return f"#{issue.number} 您反映的问题已转给 {plain(issue.external, SHORT)} 处理,有结果会告诉您。"


def muted(office: Office, issue: Issue, until: BusinessTime) -> str:
    return f"#{issue.number} {moment(office, until)} 前不再催您,时限 {moment(office, issue.deadline)} 不变。"


def resolved_for_owner(issue: Issue, by: str) -> str:
    return f"#{issue.number} {_name(by)} 已登记办结,等上报人确认。"
