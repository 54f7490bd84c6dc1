"""What is said about 提醒."""

from __future__ import annotations

from domain.clock import BusinessTime
from domain.issues import Issue
from domain.office import Office
from handlers.sentences.parts import kind, moment, place


def when(number: int) -> str:
    return f"#{number} 什么时候提醒您?例:提醒 {number} 2小时"


def not_then(number: int) -> str:
    return f"#{number} 提醒时间应在以后60天内,例:提醒 {number} 2小时"


def will_remind(office: Office, issue: Issue, at: BusinessTime) -> str:
    due = moment(office, issue.deadline)
    return f"#{issue.number} {moment(office, at)} 提醒您(办完了就不再提醒)。时限 {due} 不变。"


def as_you_asked(office: Office, issue: Issue) -> str:
    due = moment(office, issue.deadline)
    return f"#{issue.number} 您要的提醒:{kind(office, issue)} {place(issue)},时限 {due}"


def reminded_again(issue: Issue) -> str:
    return f"#{issue.number} 已恢复提醒。"
