"""What becomes due: reminders, escalations, what the system does by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.clock import BusinessTime
from domain.issues import STATE_NAMES, Event, Issue, State
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import SHORT, history_line, kind, moment, place, span


def reminder(office: Office, issue: Issue, now: BusinessTime) -> str:
    """To the owner, as long as the problem is on the street."""
    head = "⚠ 危险 " if issue.danger else ""
    due = moment(office, issue.deadline)
    late = now - issue.deadline
    state = f"已超时{span(late)}(时限 {due})" if late.total_seconds() > 0 else f"请于 {due} 前处理"
    waits = "还没认领," if issue.state is State.REPORTED else ""
    return f"{head}#{issue.number} {kind(office, issue)} {place(issue)}\n{waits}{state}"


def escalation(office: Office, issue: Issue, history: Iterable[Event], now: BusinessTime) -> str:
    """To those above: what it is, who owes it, what happened, on one screen."""
    lines = [f"【升级】{reminder(office, issue, now)}", f"责任人 {office.owner_name(issue)}"]
    if issue.text:
        lines.append(f"内容:{plain(issue.text, SHORT)}")
    lines.extend([history_line(office, event) for event in history][-6:])
    return "\n".join(lines)


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
