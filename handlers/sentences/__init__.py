"""Every sentence the bot says. Chinese, one phone screen, the number first, what happens next last.

People's own words reach these functions raw and pass through ``plain`` here, so that they can neither
mention, link nor break the layout, and phone numbers, plates and ids are masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from domain.clock import BusinessTime
from domain.issues import CLOSE_NAMES, ON_BEHALF_OF, STATE_NAMES, Event, Issue, State
from domain.office import Office
from domain.safe_text import plain

EMERGENCY = "⚠ 有人员危险请先拨 119 / 110 / 120"
SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
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


def receipt(office: Office, issue: Issue, also: Sequence[str], question: str) -> str:
    """What a reporter gets at once."""
    lines = [EMERGENCY] if issue.danger else []
    lines.append(f"#{issue.number} 已受理:{kind(office, issue)}")
    lines.append(f"地点 {place(issue)}")
    lines.append(f"责任人 {office.owner_name(issue)} · 处理时限 {moment(office, issue.deadline)}")
    if also:
        lines.append(f"同时提到:{'、'.join(also)}(一并记录)")
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


def claimed(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 已认领,{moment(office, issue.deadline)} 前处理。弄好了回复:办结 {issue.number}"


def claimed_for_reporter(office: Office, issue: Issue) -> str:
    return f"#{issue.number} {office.owner_name(issue)} 已认领,正在去处理。"


def progressed(office: Office, issue: Issue) -> str:
    return f"#{issue.number} 已记下进展,时限 {moment(office, issue.deadline)}。"


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


def status(office: Office, issue: Issue, history: Iterable[Event], pictures: int, now: BusinessTime) -> str:
    """The answer to 查询: first line fixed by the contract, then owner, deadline, history."""
    lines = [
        f"#{issue.number} {STATE_NAMES[issue.state]} · {office.label(issue)} · {issue.section or '路段待定'}"
    ]
    late = " 已超时" if is_late(issue, now) else ""
    until = "自查自处" if issue.self_found else f"时限 {moment(office, issue.deadline)}{late}"
    lines.append(f"责任人 {office.owner_name(issue)} · {until}")
    if issue.text:
        shown = f" [图{pictures}]" if pictures else ""
        lines.append(f"内容:{plain(issue.text, SHORT)}{shown}")
    lines.extend(history_line(office, event) for event in history)
    if issue.merged_into:
        lines.append(f"并入 #{issue.merged_into},进展请发:查询 {issue.merged_into}")
    if issue.close_reason:
        lines.append(f"结案方式:{CLOSE_NAMES[issue.close_reason]}")
    return "\n".join(lines)


def history_line(office: Office, event: Event) -> str:
    reason = f":{plain(event.reason, 40)}" if event.reason else ""
    on_behalf = "(代办)" if ON_BEHALF_OF in event.data else ""
    return f"{moment(office, event.at)} {event.action} {plain(event.actor_name, 30)}{on_behalf}{reason}"


def is_late(issue: Issue, now: BusinessTime) -> bool:
    """Whether an unfinished issue is past its deadline."""
    return issue.state in {State.REPORTED, State.CLAIMED} and now > issue.deadline


def row(office: Office, issue: Issue, now: BusinessTime) -> str:
    """One issue in a list."""
    late = "(超时)" if is_late(issue, now) else ""
    head = ("⚠" if issue.danger else "") + ("【督办】" if issue.supervised_at else "")
    return (
        f"{head}#{issue.number} {STATE_NAMES[issue.state]} {kind(office, issue)} {place(issue)} "
        f"时限 {moment(office, issue.deadline)}{late}"
    )


def listing(title: str, rows: Sequence[str], total: int) -> str:
    more = [f"……共{total}件,只列最急的{len(rows)}件"] if total > len(rows) else []
    return "\n".join([title, *rows, *more])


def not_now(issue: Issue, verb: str) -> str:
    return f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,不能{verb}"


def unknown_category(number: int, names: Sequence[str]) -> str:
    return f"#{number} 改成哪一类?例如:改类 {number} 小广告。大类有:{'、'.join(names)}"


def unknown_section(number: int) -> str:
    return f"#{number} 没有这条路,请写名册里的路名,例如:改路段 {number} 益民路"


def was_no_report(issue: Issue) -> str:
    return f"#{issue.number} 已按「不是上报」撤下,不计入案件。"


def nothing_to_do() -> str:
    return "您名下没有待办问题。"


def nothing_reported() -> str:
    return "您还没有上报过问题。发现问题直接说一句话、拍张照就行。"


def no_candidate(verb: str) -> str:
    return f"没有可以「{verb}」的问题。可带编号再试,例如:{verb} 12"


def choose(office: Office, verb: str, rows: Sequence[str]) -> str:
    numbered = [f"{index}. {text}" for index, text in enumerate(rows, 1)]
    return "\n".join([f"要{verb}哪一件?回复序号(@{office.bot_name})", *numbered])


def unknown_number(number: int) -> str:
    """Also the answer for an issue one may not see: nobody learns that it exists."""
    return f"#{number} 没有查到。请核对编号,或回复:我的上报"


def not_allowed(number: int, verb: str, who: str) -> str:
    return f"#{number} 不能由您{verb},可由 {who} 操作。"


def meanwhile(number: int) -> str:
    return f"#{number} 刚被别人处理过,请先看:查询 {number}"


def hint(office: Office) -> str:
    return (
        f"没看懂您要做什么。报问题请写清地点和情况,例如:@{office.bot_name} 28号门口电动车堵路;更多请发:帮助"
    )


def did_you_mean(suggestion: str) -> str:
    return f"您是不是想说:{suggestion}"


def unregistered(chat_id: str) -> str:
    shown = chat_id if SAFE_ID.fullmatch(chat_id) else plain(chat_id, 120)  # to be copied as it is
    return f"本群还没有登记,暂时不能受理。请管理员登记群编号:{shown}"


def picture_lost(numbers: Sequence[int]) -> str:
    head = f"#{numbers[0]} " if numbers else ""
    return f"{head}您发的图片没有收到(链接已失效或格式不对),请重新发一次。"


def parked() -> str:
    return "您的消息已收到,但系统处理时出错,已转管理员查看;请换个说法再发一次。"


def supplemented(issue: Issue, *, picture: bool) -> str:
    return f"#{issue.number} 已补充{'照片' if picture else '说明'}。"


def help_text(office: Office, *, works: bool, supervises: bool, in_group: bool) -> str:
    """What this person can do here."""
    lines = []
    if works:
        lines += [
            "【路长】编号可在前在后,一次可写几个",
            "认领 12(收到) · 办结 12(弄好了,带照片)",
            "退回 12 原因 · 转派 12 @人 原因 · 延期 12 2小时 原因",
            "协办 12 交警 · 转外部 12 去处 单号 · 静音 12 到 15:00",
            "随手办 益民路 做了什么(带照片) · 请假 到 11-25 / 销假",
            "查询 12 · 待办 · 撤销(10分钟内)",
        ]
    if supervises:
        lines += [
            "【督导】可代路长做以上各项;16:00有抽查名单,每天有日报",
            "督办 12 要求 · 核查 12 通过 / 不通过 原因 · 超时",
            "缓办 12 原因 · 挂账 12 12-01 原因 · 恢复 12",
            "不予受理 12 原因 去处 · 合并 13 到 12 / 拆分 13",
            "顺延 街道 1天 暴雪 · 同意 12 / 不同意 12 原因",
        ]
    lines += [
        "【上报】直接写一句话,最好带照片,例如:28号门口电动车堵路",
        "满意 12 / 不满意 12 原因 · 查询 12 · 我的上报 · 路长 益民路",
        "补充 12 情况 · 催办 12 · 撤回 12 · 我也反映 12(+1) · 匿名",
    ]
    if in_group:
        lines.append(f"群里要先 @{office.bot_name};照片与文字一起发,或引用照片再 @{office.bot_name}")
    return "\n".join(lines)


def reminder(office: Office, issue: Issue, now: BusinessTime) -> str:
    """To the owner, as long as the problem is on the street."""
    head = "⚠ 危险 " if issue.danger else ""
    due = moment(office, issue.deadline)
    late = now - issue.deadline
    state = f"已超时{span(late)}(时限 {due})" if late.total_seconds() > 0 else f"请于 {due} 前处理"
    waits = "还没认领," if issue.state is State.REPORTED else ""
    return f"{head}#{issue.number} {kind(office, issue)} {place(issue)}\n{waits}{state}"


def span(length: timedelta) -> str:
    """How long, to the unit that matters: ``30分钟``, ``4小时``, ``3天``."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // (24 * 60)}天"


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


def how_to_reply(office: Office, words: str) -> str:
    return f"回复请@{office.bot_name} {words}"


def no_reply_here(office: Office) -> str:
    return f"(本通知不接收回复,请@{office.bot_name})"
