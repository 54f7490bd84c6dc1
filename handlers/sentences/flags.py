"""红黑旗, 自评, 申诉 and 问责提醒: what is said, and the formula in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.flags import COLOURS, Colour, Standing
from domain.office import Office
from domain.periods import Span
from domain.safe_text import plain
from domain.scoring import LEAST, WARN_BELOW, Score
from handlers.sentences.parts import SHORT

FORMULA = (
    "自评=按期结案率×40+(1−返工率)×20+满意率×20+30分钟内认领率×20,按工作时间;没有可计的一项,分值由其余各项"
    f"按比例承担;部门办理的时间、由部门负责的案件,以及退回、重复、不予受理、撤回和申诉成立的不计;应结案不足{LEAST}件不评,低于{WARN_BELOW:g}分预警"
)


# --- 登记 -------------------------------------------------------------------------------------------------
def how_to_enter() -> str:
    return "登记官方红黑旗请发:登记 10月 益民路 黑旗(或 红旗 / 撤销);多个路段用、隔开"


def not_in_street_group(verb: str) -> str:
    return f"「{verb}」请在督导群或单聊里操作。"


def unknown_sections(names: Sequence[str]) -> str:
    return f"没有这些路段:{'、'.join(plain(name, 20) for name in names)}。没有登记。"


def entered(month: str, rows: Sequence[tuple[str, Colour, Standing]]) -> str:
    lines = [f"已登记 {month} 红黑旗(市、区考评结果):"]
    for section, colour, standing in rows:
        counted = f",黑旗连续{standing.run}次、{month[:4]}年累计{standing.total}次"
        lines.append(f"{section} {COLOURS[colour]}" + (counted if standing.total else ""))
    return "\n".join(lines)


def warning(section: str, month: str, standing: Standing) -> str:
    return (
        f"【预警】{section} {month} 黑旗:连续{standing.run}次、本年累计{standing.total}次。\n"
        "连续3次或累计4次须问责,请及早约谈督促。"
    )


def accountability(section: str, month: str, standing: Standing, chief: str, months: Sequence[str]) -> str:
    """The draft for the supervisor to send on; nobody else is sent it."""
    return (
        f"【问责提醒·草稿】{section} 黑旗连续{standing.run}次、本年累计{standing.total}次"
        f"({'、'.join(months)})。\n"
        f"{chief}:您负责的{section}已达到「连续3次或累计4次黑旗」的问责条件(截至{month})。"
        "请于3个工作日内书面说明原因和整改措施,报路长办。\n"
        "(请核对后由路长办发出;如有异议可申诉)"
    )


# --- 排行 -------------------------------------------------------------------------------------------------
def ranking(
    office: Office,
    place: str,
    span: Span,
    rows: Mapping[str, Sequence[tuple[str, Score, int | None]]],
    flags: Mapping[str, Colour],
) -> str:
    """rows: heading → name, score and place in the ranking (None: not rated)."""
    month = span.since.astimezone(office.rules.timezone).strftime("%Y-%m")
    lines = [f"【排行】{place} {month} 自评(仅供预警,不代替官方红黑旗)"]
    for heading, scored in rows.items():
        lines.append(f"— 按{heading} —")
        lines += [_scored(name, score, rank, flags.get(name)) for name, score, rank in scored] or ["没有数据"]
    return "\n".join([*lines, FORMULA])


def _scored(name: str, score: Score, rank: int | None, flag: Colour | None) -> str:
    official = f" 官方{COLOURS[flag]}" if flag else ""
    if score.points is None:
        due = score.parts[0].rate.denominator
        return f"{name} 不评(应结案{due}件){official}"
    parts = " ".join(f"{part.name}{part.rate}" for part in score.parts if part.share is not None)
    warns = " 预警" if score.warns else ""
    return f"{rank}. {name} {score.points:g}分{warns}{official} {parts}"


# --- 申诉 -------------------------------------------------------------------------------------------------
def how_to_appeal() -> str:
    return "申诉请写明对象和理由,例如:申诉 12 不是我的路段;或:申诉 10月 益民路 当天停电"


def how_to_decide(about: str) -> str:
    return f"对「{about}」没有待定的申诉。裁定请发:申诉 {about} 成立 理由,或:申诉 {about} 不成立 理由"


def about(number: int | None, month: str | None, section: str | None) -> str:
    """``#12`` or ``10月 益民路``: as it may be typed."""
    return f"#{number}" if number is not None else f"{int((month or '0000-0')[5:])}月 {section}"


def not_yours(what: str) -> str:
    return f"「{what}」不是您负责的,不能申诉。"


def appealed(what: str, supervisors: str) -> str:
    return f"「{what}」的申诉已提交,由 {supervisors} 裁定,结果会通知您。"


def appeal_to_decide(what: str, who: str, reason: str) -> str:
    return (
        f"【申诉】{who} 对「{what}」申诉:{plain(reason, SHORT)}\n"
        f"请裁定:申诉 {what} 成立,或:申诉 {what} 不成立 理由"
    )


def decided(what: str, *, upheld: bool) -> str:
    then = "不再计入自评" if upheld else "维持原结果"
    return f"「{what}」的申诉已裁定{'成立' if upheld else '不成立'},{then}。"


def decided_for_writer(what: str, answer: str, *, upheld: bool) -> str:
    why = f":{plain(answer, SHORT)}" if answer else ""
    return f"您对「{what}」的申诉{'成立' if upheld else '不成立'}{why}"
