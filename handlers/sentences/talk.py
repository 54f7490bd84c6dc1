"""Answers to questions, refusals, hints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.clock import BusinessTime
from domain.issues import CLOSE_NAMES, STATE_NAMES, Event, Issue
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import SAFE_ID, SHORT, history_line, is_late, time_limit


def status(office: Office, issue: Issue, history: Iterable[Event], pictures: int, now: BusinessTime) -> str:
    """The answer to 查询: first line fixed by the contract, then owner, deadline, history."""
    lines = [
        f"#{issue.number} {STATE_NAMES[issue.state]} · {office.label(issue)} · {issue.section or '路段待定'}"
    ]
    late = " 已超时" if is_late(issue, now) else ""
    until = "自查自处" if issue.self_found else f"{time_limit(office, issue)}{late}"
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


def not_now(issue: Issue, verb: str) -> str:
    return f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,不能{verb}"


def welcome(office: Office) -> str:
    """To who opens the chat with the robot."""
    return (
        f"您好,我是{office.bot_name}。路上有问题,直接说一句话、拍张照发来就行,例如:益民路28号门口电动车堵门\n"
        "发「帮助」看您能做什么。"
    )


def nothing_to_do() -> str:
    return "您名下没有待办问题。"


def nothing_reported() -> str:
    return "您还没有上报过问题。发现问题直接说一句话、拍张照就行。"


def nothing_to_confirm() -> str:
    return "没有等您确认的事,或已超过10分钟。请重新发一次原来的指令。"


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


def hint(office: Office, *, in_group: bool) -> str:
    at = f"@{office.bot_name} " if in_group else ""
    return f"没看懂您要做什么。报问题请写清地点和情况,例如:{at}28号门口电动车堵路;更多请发:帮助"


def did_you_mean(suggestion: str) -> str:
    return f"您是不是想说:{suggestion}"


def unregistered(office: Office, chat_id: str) -> str:
    shown = chat_id if SAFE_ID.fullmatch(chat_id) else plain(chat_id, 120)  # to be copied as it is
    return f"本群还没有登记,暂时不能受理。请管理员在本群发:@{office.bot_name} 绑定 路段名。群编号:{shown}"


def parked() -> str:
    return "您的消息已收到,但系统处理时出错,已转管理员查看;请换个说法再发一次。"


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
            "查询 12 · 待办 · 撤销(10分钟内) · 日报 · 签到 · 日志 内容",
        ]
    if supervises:
        lines += [
            "【督导】可代路长做以上各项;16:00有抽查名单,每天有日报",
            "日报 / 周报 / 月报 [路段] [日期] · 排行 · 导出 本月 · 纪要 · 登记 · 申诉",
            "督办 12 要求 · 核查 12 通过 / 不通过 原因 · 超时",
            "缓办 12 原因 · 挂账 12 12-01 原因 · 恢复 12",
            "不予受理 12 原因 去处 · 合并 13 到 12 / 拆分 13",
            "顺延 街道 1天 暴雪 · 同意 12 / 不同意 12 原因",
            "通知 益民路 内容(看预览再回 确认)· 通知 3(看谁收到)",
        ]
    lines += [
        "【上报】直接写一句话,最好带照片,例如:28号门口电动车堵路",
        "满意 12 / 不满意 12 原因 · 查询 12 · 我的上报 · 路长 益民路",
        "补充 12 情况 · 催办 12 · 撤回 12 · 我也反映 12(+1) · 匿名",
    ]
    if works:
        lines[-1] += " · 手册"
    else:
        lines.append("我是 益民路28号 五金店(绑定店铺)· 更多请发:手册")
    if works and office.archive:
        lines.append("立案 3(我1:1列给您的、拿不准的群聊)")
    if in_group and office.archive:
        lines.append(f"群里直接说也听得到,稍慢;@{office.bot_name} 最快")
    elif in_group:
        lines.append(f"群里要先 @{office.bot_name};照片与文字一起发,或引用照片再 @{office.bot_name}")
    return "\n".join(lines)
