"""The daily summary of a subdistrict: figures with their fractions, and the overdue list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.clock import BusinessTime
from domain.figures import Counts
from domain.issues import Issue
from domain.office import Office
from domain.outgoing import Outgoing, Purpose, Recipient, ToGroup, ToPerson
from domain.roster import Subdistrict
from handlers import sentences

DAY = timedelta(days=1)
LISTED = 20


def last_due(office: Office, now: BusinessTime) -> BusinessTime:
    """The newest SUMMARY_AT that is not after ``now``."""
    tz = office.rules.timezone
    local = now.astimezone(tz)
    at = datetime.combine(local.date(), office.rules.summary_at, tz)
    return BusinessTime(at if at <= local else at - DAY)


def audiences(office: Office, subdistrict: Subdistrict) -> list[Recipient]:
    """The supervisor groups; where there is none, the supervisors themselves."""
    groups = office.roster.supervisor_groups(subdistrict.name)
    if groups:
        return [ToGroup(group.chat_id) for group in groups]
    return [ToPerson(person.userid, None) for person in office.roster.supervisors(subdistrict.name)]


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """What a summary lists by number: overdue issues, and reports of the period that came back for at least
    the second time (the third time in all), which belong on the agenda of the weekly meeting."""

    overdue: Sequence[Issue] = ()
    stubborn: Sequence[Issue] = ()


def daily(
    office: Office, subdistrict: str, until: BusinessTime, counts: Counts, open_points: OpenPoints
) -> str:
    """The words of the summary of the 24 hours before ``until``."""
    overdue = open_points.overdue
    since = sentences.moment(office, until - DAY)
    head = f"【日报】{subdistrict} {since} 至 {sentences.moment(office, until)}"
    if counts == Counts():
        return f"{head}\n没有上报,没有未结。"
    lines = [
        head,
        f"上报 {counts.reported} · 受理 {counts.accepted} · 应结案 {counts.due}",
        f"处置完成 {counts.resolved} · 结案 {counts.closed}",
        f"其中 确认 {counts.confirmed} · 逾期未确认 {counts.silent}",
        f"撤回 {counts.withdrawn} · 不予受理 {counts.rejected} · 并入 {counts.merged}",
        f"结案率 {counts.closing}",
        f"按期结案率 {counts.on_time}",
        f"返工率 {counts.reworking} · 满意率 {counts.satisfaction}",
        f"自查自处 {counts.self_found}(不计入以上各项)",
        f"目前未结 {counts.open} · 超时 {counts.overdue} · 督办 {counts.supervised}",
        f"其中 待认领 {counts.unclaimed} · 待确认 {counts.awaiting} · 缓办 {counts.suspended}",
    ]
    lines += [sentences.row(office, issue, until) for issue in overdue[:LISTED]]
    if len(overdue) > LISTED:
        lines.append(f"……其余 {len(overdue) - LISTED} 件请发:超时")
    if open_points.stubborn:
        lines.append("周例会议题(第3次及以上出现):")
        lines += [sentences.row(office, issue, until) for issue in open_points.stubborn[:LISTED]]
    return "\n".join(lines)


def message(to: Recipient, text: str) -> Outgoing:
    return Outgoing(to, text, Purpose.SUMMARY)
