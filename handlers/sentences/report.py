"""About a report: its receipt, our question, the notice to its owner, its correction."""

from __future__ import annotations

from collections.abc import Sequence

from domain.issues import Issue
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import EMERGENCY, SHORT, kind, moment, place, rule_of_hours


def receipt(office: Office, issue: Issue, also: Sequence[str], question: str) -> str:
    """What a reporter gets at once."""
    lines = [EMERGENCY] if issue.danger else []
    lines.append(f"#{issue.number} 已受理:{kind(office, issue)}")
    lines.append(f"地点 {place(issue)}")
    lines.append(f"责任人 {office.owner_name(issue)} · 处理时限 {moment(office, issue.deadline)}")
    if also:
        lines.append(f"同时提到:{'、'.join(also)}(一并记录)")
    lines += rule_of_hours(office, issue)
    lines.append(question or "处理完会请您确认。")
    return "\n".join(lines)


def which_section(office: Office, number: int, options: Sequence[str]) -> str:
    choices = " ".join(f"{index}.{name}" for index, name in enumerate(options, 1))
    hint = "回复序号或路名" if options else "回复路名"
    return f"#{number} 请问在哪条路?{choices} {hint}(@{office.bot_name})"


def which_category(office: Office, number: int, options: Sequence[str]) -> str:
    choices = " ".join(f"{index}.{name}" for index, name in enumerate(options, 1))
    return f"#{number} 请问是哪类问题?{choices} 回复序号(@{office.bot_name})"


def notice(office: Office, issue: Issue, reporter: str, pictures: int) -> str:
    """What the owner gets: what, where, in whose words, until when."""
    head = "⚠ 危险 " if issue.danger else ""
    lines = [f"{head}#{issue.number} 新问题:{kind(office, issue)}", f"地点 {place(issue)}"]
    with_picture = f" [图{pictures}]" if pictures else ""
    lines.append(f"{plain(reporter, 30)}:{plain(issue.text, SHORT) or '(只发了图片)'}{with_picture}")
    lines += rule_of_hours(office, issue)
    lines.append(f"请于 {moment(office, issue.deadline)} 前处理")
    return "\n".join(lines)


def corrected(office: Office, issue: Issue) -> str:
    return (
        f"#{issue.number} 已更正:{kind(office, issue)},{place(issue)}\n"
        f"责任人 {office.owner_name(issue)} · 处理时限 {moment(office, issue.deadline)}"
    )


def handed_over(office: Office, issue: Issue) -> str:
    """To the one who takes over from somebody who left."""
    return (
        f"#{issue.number} 转给您:{kind(office, issue)}\n地点 {place(issue)}\n"
        f"{plain(issue.text, SHORT)}\n请于 {moment(office, issue.deadline)} 前处理"
    )


def moved_away(issue: Issue) -> str:
    return f"#{issue.number} 已改派给其他路段,您不用处理了。"


def unknown_category(number: int, names: Sequence[str]) -> str:
    return f"#{number} 改成哪一类?例如:改类 {number} 小广告。大类有:{'、'.join(names)}"


def unknown_section(number: int) -> str:
    return f"#{number} 没有这条路,请写名册里的路名,例如:改路段 {number} 益民路"


def was_no_report(issue: Issue) -> str:
    return f"#{issue.number} 已按「不是上报」撤下,不计入案件。"


def supplemented(issue: Issue, *, picture: bool) -> str:
    return f"#{issue.number} 已补充{'照片' if picture else '说明'}。"


def place_added(issue: Issue) -> str:
    return f"#{issue.number} 已补充位置。"


def picture_lost(numbers: Sequence[int]) -> str:
    head = f"#{numbers[0]} " if numbers else ""
    return f"{head}您发的图片没有收到(链接已失效或格式不对),请重新发一次。"
