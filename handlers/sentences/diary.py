"""The words of 签到, 日志 and 纪要, and the log of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from domain.diary import NAMES, Entry, Kind
from domain.issues import Action
from domain.office import Office
from domain.periods import Span
from domain.roster import Role
from domain.safe_text import plain
from handlers.sentences.parts import moment

LISTED = 30
MERCHANT = "商户"
LONGEST = 200
TITLE = "路长制工作日志"
COLUMNS = ("日期", "时间", "街道", "路段", "事项", "案件编号", "类别", "位置", "人员", "内容")
_COUNTED = (
    Action.REPORT, Action.CLAIM, Action.RESOLVE, Action.CONFIRM, Action.CLOSE_SILENT, Action.SELF_FOUND,
    Action.VERIFY,
)  # fmt: skip


def for_those_who_work(verb: str) -> str:
    return f"「{verb}」供路长和督导使用。"


def which_section(names: Sequence[str]) -> str:
    shown = f"({'、'.join(names)})" if names else ""
    return f"是哪个路段{shown}?例如:日志 益民路 今天巡查两遍"


def signed_in(office: Office, sections: Sequence[str], entry: Entry) -> str:
    return f"已签到:{'、'.join(sections)} {moment(office, entry.at)}"


def noted(section: str) -> str:
    return f"已记入 {section} 今天的工作日志。查看请发:日志 {section}"


def what_was_decided() -> str:
    return "请写明纪要内容,例如:纪要 下周整治益民路占道经营"


def minutes_kept(subdistrict: str) -> str:
    return f"已记入 {subdistrict} 周例会纪要。"


def log(office: Office, place: str, span: Span, entries: Sequence[Entry], *, names: bool) -> str:
    """The log of a day; ``names``: who did it, where no group reads along."""
    head = f"【工作日志】{place} {moment(office, span.since)} 至 {moment(office, span.until)}"
    if not entries:
        return f"{head}\n没有记录。"
    times = Counter(entry.action for entry in entries)
    counts = [f"{action} {times[action]}" for action in _COUNTED if times[action]]
    signed = [entry for entry in entries if entry.kind is Kind.SIGN_IN]
    counts += [f"签到 {len(signed)}"] if signed else []
    lines = [head, " · ".join(counts)] if counts else [head]
    lines += [_line(office, entry, names=names) for entry in entries[:LISTED]]
    if len(entries) > LISTED:
        lines.append(f"……共 {len(entries)} 条,全部请发:导出 日志 {place}")
    return "\n".join(lines)


def _who(office: Office, entry: Entry) -> str:
    """Who did it; a reporter is named nowhere where others read along."""
    person = office.roster.person(entry.userid)
    works = person is not None and person.role is not Role.MERCHANT
    return entry.name if works or not entry.userid or entry.kind is not Kind.EVENT else MERCHANT


def _line(office: Office, entry: Entry, *, names: bool) -> str:
    who = f" {plain(_who(office, entry), 20)}" if names and entry.name else ""
    place = f" {entry.place}" if entry.place else ""
    text = f":{plain(entry.text, 60)}" if entry.text else ""
    if entry.kind is not Kind.EVENT:
        return f"{moment(office, entry.at)} {NAMES[entry.kind]}{who}{text}"
    kind = office.taxonomy.label(*entry.sort)
    return f"{moment(office, entry.at)} #{entry.number} {entry.action} {kind}{place}{who}{text}"


def row(office: Office, entry: Entry) -> tuple[str | int | None, ...]:
    """An entry in the Excel file."""
    local = entry.at.astimezone(office.rules.timezone)
    is_event = entry.kind is Kind.EVENT
    return (
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M}",
        entry.subdistrict,
        entry.section,
        entry.action if is_event else NAMES[entry.kind],
        entry.number,
        office.taxonomy.label(*entry.sort) if is_event else "",
        entry.place,
        plain(_who(office, entry), 40) if entry.name else "",
        plain(entry.text, LONGEST) if entry.text else "",
    )


def exported(place: str, since: str, until: str, rows: int) -> str:
    return f"【导出】{place} {since} 至 {until} 工作日志 {rows} 条,见文件。"


def nothing(place: str, since: str, until: str) -> str:
    return f"【导出】{place} {since} 至 {until} 没有工作日志。"
