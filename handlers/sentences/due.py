"""What becomes due: reminders, escalations, what the system does by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.clock import BusinessTime
from domain.issues import STATE_NAMES, Event, Issue, State
from domain.office import Office
from domain.safe_text import plain
from domain.with_officer import stands_still
from domain.working_time import NOTHING
from handlers.sentences.parts import SHORT, kind, moment, overdue, place, time_limit
from handlers.sentences.story import story


def reminder(office: Office, issue: Issue, now: BusinessTime) -> str:
    """To the owner, as long as the problem is on the street."""
    head = "⚠ 危险 " if issue.danger else ""
    waits = "还没认领," if issue.state is State.REPORTED else ""
    return f"{head}#{issue.number} {kind(office, issue)} {place(issue)}\n{waits}{_until(office, issue, now)}"


def _until(office: Office, issue: Issue, now: BusinessTime) -> str:
    due, late = moment(office, issue.deadline), now - issue.deadline
    if stands_still(issue):
        return time_limit(office, issue)
    return f"已{overdue(late)}(时限 {due})" if late >= NOTHING else f"请于 {due} 前处理"


def escalation(office: Office, issue: Issue, history: Iterable[Event], now: BusinessTime) -> str:
    """To those above: what it is, who owes it, what happened, on one screen."""
    lines = [f"【升级】{reminder(office, issue, now)}", f"责任人 {office.owner_name(issue)}"]
    if issue.text:
        lines.append(f"内容:{plain(issue.text, SHORT)}")
    return "\n".join([*lines, *story(office, history)])


def still_pending(office: Office, issue: Issue, candidates: Sequence[str]) -> str:
    """To level 2: the reporter did not answer our question."""
    what = "、".join({"section": "路段", "category": "类别"}[name] for name in sorted(issue.pending))
    among = f"可能:{'、'.join(candidates)}\n" if candidates else ""
    return (
        f"#{issue.number} {what}待核,上报人未回复。\n{plain(issue.text, SHORT)}\n"
        f"{among}现按 {kind(office, issue)} {place(issue)} 处理,责任人 {office.owner_name(issue)}"
    )


def released(office: Office, issue: Issue) -> str:
    return f"#{issue.number} {kind(office, issue)} {place(issue)} 认领后一直没有进展,已退回「待认领」。"


def under_review(office: Office, issue: Issue) -> str:
    return f"#{issue.number} {STATE_NAMES[issue.state]} 到了复核时间:{kind(office, issue)} {place(issue)}"


def closed_by_silence(issue: Issue) -> str:
    return f"#{issue.number} 未收到您的反馈,已按已处理结案。没弄好请在3个工作日内回复:重开 {issue.number}"
