"""The pieces that sentences share: how a moment, a place, a kind of problem, a row of a list are said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.clock import BusinessTime
from domain.issues import ON_BEHALF_OF, STATE_NAMES, Event, Issue, State
from domain.office import Office
from domain.safe_text import plain
from domain.with_officer import held_until, stands_still

EMERGENCY = "⚠ 有人员危险请先拨 119 / 110 / 120"
SAFE_ID = re.compile(r"(?:mp:)?[A-Za-z0-9_-]{1,120}")
SHORT = 60
"""Characters of a report shown to others."""


def moment(office: Office, at: datetime) -> str:
    """``MM-DD HH:MM`` in the district's time zone, not rounded."""
    return at.astimezone(office.rules.timezone).strftime("%m-%d %H:%M")


def place(issue: Issue) -> str:
    """``益民路28号 五金店``, as far as it is known."""
    section = (issue.section or "路段待定") + ("(待核)" if "section" in issue.pending else "")
    number = f"{issue.house_number}号" if issue.house_number else ""
    return " ".join(filter(None, (section + number, issue.shop or issue.landmark)))


def kind(office: Office, issue: Issue) -> str:
    """``停车秩序·非机动车乱停放``."""
    return office.label(issue) + ("(待核)" if "category" in issue.pending else "")


def span(length: timedelta) -> str:
    """How long, to the unit that matters: ``30分钟``, ``4小时``, ``3天``."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // (24 * 60)}天"


def overdue(late: timedelta) -> str:
    """``超时30分钟``; ``超时(刚到时限)`` in the first minute."""
    return f"超时{span(late)}" if late >= timedelta(minutes=1) else "超时(刚到时限)"


def is_late(issue: Issue, now: BusinessTime) -> bool:
    """Whether an unfinished issue is past its deadline, which does not run while an officer has it."""
    running = issue.state in {State.REPORTED, State.CLAIMED} and not stands_still(issue)
    return running and now > issue.deadline


def time_limit(office: Office, issue: Issue) -> str:
    """``时限 11-23 10:00``, or that it waits for an officer."""
    until = held_until(issue, office.clocks(issue.subdistrict)) if stands_still(issue) else None
    if until is not None:
        return f"部门协办中,时限暂停(最迟 {moment(office, until)} 起续计)"
    return f"时限 {moment(office, issue.deadline)}"


def row(office: Office, issue: Issue, now: BusinessTime) -> str:
    """One issue in a list."""
    late = "(超时)" if is_late(issue, now) else ""
    head = ("⚠" if issue.danger else "") + ("【督办】" if issue.supervised_at else "")
    return (
        f"{head}#{issue.number} {STATE_NAMES[issue.state]} {kind(office, issue)} {place(issue)} "
        f"{time_limit(office, issue)}{late}"
    )


def listing(title: str, rows: Sequence[str], total: int) -> str:
    more = [f"……共{total}件,只列最急的{len(rows)}件"] if total > len(rows) else []
    return "\n".join([title, *rows, *more])


def history_line(office: Office, event: Event) -> str:
    reason = f":{plain(event.reason, 40)}" if event.reason else ""
    on_behalf = "(代办)" if ON_BEHALF_OF in event.data else ""
    return f"{moment(office, event.at)} {event.action} {plain(event.actor_name, 30)}{on_behalf}{reason}"


def how_to_reply(office: Office, words: str) -> str:
    return f"回复:{words}" if office.archive else f"回复请@{office.bot_name} {words}"


def no_reply_here(office: Office) -> str:
    return f"(本通知不接收回复,请@{office.bot_name})"


def rule_of_hours(office: Office, issue: Issue) -> list[str]:
    """What the district set for this place and kind of problem (时段规定), to be cited."""
    rule = office.settings.rule_for(issue.section, issue.category, issue.sub)
    return [f"时段规定:{issue.section} {rule}"] if rule else []
