"""About the work on an issue, and what its reporter says of it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.issues import Issue
from domain.office import Office
from domain.safe_text import plain
from domain.with_officer import stands_still
from handlers.sentences.parts import SHORT, kind, moment, place, time_limit


def claimed(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 已认领,{_by_when(office, issue)}。弄好了回复:办结 {issue.number}"


def _by_when(office: Office, issue: Issue) -> str:
    if stands_still(issue):
        return time_limit(office, issue)
    due = moment(office, issue.deadline)
    late = issue.claimed_at is not None and issue.claimed_at > issue.deadline
    return f"已超时(时限 {due}),请尽快处理" if late else f"{due} 前处理"


def claimed_for_reporter(office: Office, issue: Issue) -> str:
    return f"#{issue.number} {office.owner_name(issue)} 已认领,正在去处理。"


def progressed(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 已记下进展,{time_limit(office, issue)}。"


def resolved(issue: Issue, *, late: bool) -> str:
    tail = "(已超时)" if late else ""
    return f"#{issue.number} 已登记办结{tail},等上报人确认。"


def ask_confirmation(office: Office, issue: Issue, pictures: int) -> str:
    shown = f",已附处理后照片{pictures}张" if pictures else ""
    hours = int(office.rules.auto_close.total_seconds() // 3600)
    question = f"您看好了吗?{hours}小时内不回复按已处理结案。"
    return f"#{issue.number} {kind(office, issue)} 处理人说弄好了{shown}。\n{question}"


def ask_for_proof(numbers: Sequence[int]) -> str:
    listed = " ".join(f"#{number}" for number in numbers)
    return f"{listed} 请直接发处理后照片(10分钟内)。实在没有就回复:办结 {numbers[0]} 无照片 原因"


def confirmed(issue: Issue) -> str:
    return f"#{issue.number} 已结案,谢谢您的反馈。"


def confirmed_for_owner(issue: Issue) -> str:
    return f"#{issue.number} 上报人已确认满意,结案。"


def own_work(issue: Issue) -> str:
    return f"#{issue.number} 是您自己办结的,要由其他上报人或督导确认。"


def withdrawn(issue: Issue) -> str:
    return f"#{issue.number} 已按您的意思撤回。"


def withdrawn_for_owner(issue: Issue) -> str:
    return f"#{issue.number} 上报人已撤回,不用处理了。"


def too_late_to_reopen(number: int) -> str:
    return f"#{number} 结案已超过3个工作日,不能重开;问题又出现请重新上报。"


def ask_what_is_wrong(issue: Issue) -> str:
    return f"#{issue.number} 哪里没弄好?请发一句话或一张照片:不满意 {issue.number} 原因"


def disputed(office: Office, issue: Issue) -> str:
    return (
        f"#{issue.number} 已重新处理,责任人 {office.owner_name(issue)},"
        f"新时限 {moment(office, issue.deadline)}。"
    )


def disputed_for_owner(office: Office, issue: Issue, reason: str, *, picture: bool) -> str:
    shown = " [图]" if picture else ""
    return (
        f"#{issue.number} 上报人不满意:{plain(reason, SHORT) or '(见图)'}{shown}\n"
        f"{place(issue)},请于 {moment(office, issue.deadline)} 前重新处理"
    )
