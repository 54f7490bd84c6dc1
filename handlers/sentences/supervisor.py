"""What is said when a supervisor acts: to him, to the owner, to those who reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from domain.clock import BusinessTime
from domain.issues import Issue, State
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import SHORT, kind, moment, place, row


def supervisors(names: Sequence[str]) -> str:
    return "、".join(names) or "本街道督导"


def only_supervisors(verb: str) -> str:
    return f"「{verb}」只能由本街道督导或管理员操作。"


def only_for_staff(verb: str) -> str:
    return f"「{verb}」供路长和督导查看;您的上报请发:我的上报"


# --- 督办, 超时 -------------------------------------------------------------------------------------------
def now_supervised(office: Office, issue: Issue, until: datetime, told: Sequence[str]) -> str:
    also = f",已告知{'、'.join(told)}" if told else ""
    return (
        f"#{issue.number} 已督办{also}。\n"
        f"责任人 {office.owner_name(issue)} 应在 {moment(office, until)} 前书面回复,逾期未回会提醒您。"
    )


def supervised(office: Office, issue: Issue, wanted: str, until: datetime) -> str:
    claim = "" if issue.state is State.CLAIMED else "认领并"
    return (
        f"【督办】#{issue.number} {kind(office, issue)} {place(issue)}\n"
        f"要求:{plain(wanted, SHORT) or '尽快处理'}\n"
        f"请于 {moment(office, until)} 前{claim}书面回复:进展 {issue.number} 情况"
    )


def supervised_for_level2(office: Office, issue: Issue, wanted: str, until: datetime) -> str:
    return (
        f"【督办】#{issue.number} {kind(office, issue)} {place(issue)}\n"
        f"要求:{plain(wanted, SHORT) or '尽快处理'}\n"
        f"责任人 {office.owner_name(issue)} 应在 {moment(office, until)} 前书面回复"
    )


def unanswered(office: Office, issue: Issue) -> str:
    since = f"({moment(office, issue.supervised_at)}督办)" if issue.supervised_at else ""
    return (
        f"#{issue.number} 督办未按时书面回复{since}\n{kind(office, issue)} {place(issue)}\n"
        f"责任人 {office.owner_name(issue)} · 时限 {moment(office, issue.deadline)}"
    )


def nothing_overdue() -> str:
    return "没有超时的问题。"


def overdue(total: int) -> str:
    return f"超时 {total} 件(最久的在前)"


# --- 缓办, 挂账, 恢复 --------------------------------------------------------------------------------------
def why_suspend(number: int) -> str:
    return f"#{number} 请写明缓办原因,例如:缓办 {number} 等管线施工结束"


def until_when(number: int, *, date_given: bool) -> str:
    missing = "原因" if date_given else "复核日期和原因"
    return f"#{number} 挂账请写明{missing},例如:挂账 {number} 12-01 等专项资金"


def not_in_the_future(number: int, day: date) -> str:
    return f"#{number} 复核日期要在今天之后,{day:%Y-%m-%d} 不行"


def suspended(issue: Issue) -> str:
    return f"#{issue.number} 已缓办,时限暂停。继续办请回复:恢复 {issue.number}"


def shelved_because(day: date, reason: str) -> str:
    return f"挂账至{day:%Y-%m-%d} {reason}"


def shelved(issue: Issue, day: date) -> str:
    return f"#{issue.number} 已挂账,时限暂停,{day:%Y-%m-%d} 提醒您复核。提前办请回复:恢复 {issue.number}"


def suspended_for_owner(issue: Issue, reason: str) -> str:
    return f"#{issue.number} 已批准暂缓办理:{plain(reason, SHORT)}\n时限暂停,恢复时会通知您。"


def suspended_for_reporter(issue: Issue, reason: str) -> str:
    return f"#{issue.number} 您反映的问题暂缓办理:{plain(reason, SHORT)}\n我们记着,恢复后继续处理。"


def resumed(office: Office, issue: Issue) -> str:
    return (
        f"#{issue.number} 已恢复办理,责任人 {office.owner_name(issue)},"
        f"时限 {moment(office, issue.deadline)}。"
    )


# --- 不予受理 ----------------------------------------------------------------------------------------------
def why_and_where(number: int, reason: str, where: str) -> str:
    missing = "、".join(name for name, given in (("原因", reason), ("去处", where)) if not given)
    return f"#{number} 不予受理还缺{missing},例如:不予受理 {number} 小区内部道路 物业"


def rejected_because(reason: str, where: str) -> str:
    return f"{reason},请找 {where}"


def rejected(issue: Issue, where: str) -> str:
    return f"#{issue.number} 已不予受理,已告知上报人去处:{plain(where, 20)}。"


def rejected_for_owner(issue: Issue, reason: str) -> str:
    return f"#{issue.number} 督导已不予受理({plain(reason, SHORT)}),您不用处理了。"


def rejected_for_reporter(office: Office, issue: Issue, reason: str, where: str) -> str:
    return (
        f"#{issue.number} 您反映的「{kind(office, issue)}」不属于路长受理范围:{plain(reason, SHORT)}\n"
        f"请联系:{plain(where, 20)}。谢谢您的反映;如有不同意见请回复:重开 {issue.number}"
    )


# --- 核查 --------------------------------------------------------------------------------------------------
def own_work(number: int) -> str:
    return f"#{number} 是您自己办结的,要由别人核查。"


def which_verdict(number: int, *, failed: bool) -> str:
    if failed:
        return f"#{number} 哪里不合格?请写原因或附照片:核查 {number} 不通过 原因"
    return f"#{number} 核查结果是?请回复:核查 {number} 通过,或:核查 {number} 不通过 原因"


def verdict(reason: str, *, passed: bool) -> str:
    return " ".join(filter(None, ("通过" if passed else "不通过", reason)))


def passed(issue: Issue) -> str:
    return f"#{issue.number} 核查通过,已记录。"


def overruled(issue: Issue) -> str:
    return f"#{issue.number} 核查通过,不满意不计返工;仍按已处理等待确认。"


def overruled_for_owner(issue: Issue) -> str:
    return f"#{issue.number} 督导核查通过,不用重做,也不计返工。"


def overruled_for_reporter(issue: Issue, reason: str) -> str:
    why = f":{plain(reason, SHORT)}" if reason else ""
    return f"#{issue.number} 督导到现场核查,认为已处理到位{why}。仍有问题请回复:不满意 {issue.number} 原因"


def failed(office: Office, issue: Issue) -> str:
    return (
        f"#{issue.number} 核查不通过,已退回重办(计返工)。\n"
        f"责任人 {office.owner_name(issue)} · 新时限 {moment(office, issue.deadline)}"
    )


def failed_for_owner(office: Office, issue: Issue, reason: str, *, picture: bool) -> str:
    shown = " [图]" if picture else ""
    return (
        f"#{issue.number} 核查不通过:{plain(reason, SHORT) or '(见图)'}{shown}\n"
        f"{place(issue)},请于 {moment(office, issue.deadline)} 前重新处理"
    )


def to_check(
    office: Office, subdistrict: str, until: BusinessTime, drawn: Sequence[Issue], total: int
) -> str:
    """The list of the day's random check."""
    rows = [f"{row(office, each, until)} 办结人 {office.name_of(each.resolved_by or '')}" for each in drawn]
    head = f"【核查】{subdistrict} {moment(office, until)} 近24小时办结 {total} 件,随机抽 {len(drawn)} 件"
    first = drawn[0].number
    return "\n".join([head, *rows, f"看过请回复:核查 {first} 通过,或:核查 {first} 不通过 原因"])
