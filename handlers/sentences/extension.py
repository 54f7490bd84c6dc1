"""What is said about more time: 延期, 同意, 不同意."""

from __future__ import annotations

from domain.clock import BusinessTime
from domain.issues import Event, Issue
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import SHORT, kind, moment, place

LONGEST_NAME = 30


def how_long(number: int) -> str:
    return f"#{number} 要延多久?例如:延期 {number} 2小时 原因;延期 {number} 到明天中午 原因"


def extended(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 已延期,新时限 {moment(office, issue.deadline)}。再延要上级同意。"


def extended_for_others(office: Office, issue: Issue, reason: str) -> str:
    """To the reporter, and to the owner when it was not his doing."""
    why = f":{plain(reason, SHORT)}" if reason else ""
    return f"#{issue.number} 处理时限延到 {moment(office, issue.deadline)}{why}"


def asked(office: Office, issue: Issue, until: BusinessTime, above: str) -> str:
    return (
        f"#{issue.number} 已向 {above} 申请延期到 {moment(office, until)},同意前时限 "
        f"{moment(office, issue.deadline)} 不变。"
    )


def asks_you(office: Office, issue: Issue, until: BusinessTime, by: str, reason: str) -> str:
    """To the one who may grant it."""
    times = f"(已延{issue.extensions}次)" if issue.extensions else ""
    return (
        f"#{issue.number} {plain(by, LONGEST_NAME)} 申请延期到 {moment(office, until)}{times}"
        f":{plain(reason, SHORT) or '没写原因'}\n{kind(office, issue)} {place(issue)}\n"
        f"现时限 {moment(office, issue.deadline)}。回复:同意 {issue.number} / 不同意 {issue.number} 原因"
    )


def nobody_grants(number: int) -> str:
    return f"#{number} 名册里没有可以批准延期的上级,请联系督导"


def nothing_asked(number: int) -> str:
    return f"#{number} 没有待同意的延期申请"


def too_late_to_grant(office: Office, number: int, until: BusinessTime) -> str:
    return f"#{number} 申请延到的 {moment(office, until)} 已经过了,请重新申请"


def granted(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 已同意延期,新时限 {moment(office, issue.deadline)}。"


def granted_to_you(office: Office, issue: Issue, by: str) -> str:
    return f"#{issue.number} {plain(by, LONGEST_NAME)} 同意延期,新时限 {moment(office, issue.deadline)}。"


def refused(office: Office, issue: Issue, request: Event) -> str:
    name = plain(request.actor_name, LONGEST_NAME)
    return f"#{issue.number} 已回复 {name}:不同意延期,时限 {moment(office, issue.deadline)} 不变。"


def refused_to_you(office: Office, issue: Issue, by: str, reason: str) -> str:
    why = f":{plain(reason, SHORT)}" if reason else ""
    return (
        f"#{issue.number} {plain(by, LONGEST_NAME)} 不同意延期{why}\n"
        f"请于 {moment(office, issue.deadline)} 前处理"
    )
