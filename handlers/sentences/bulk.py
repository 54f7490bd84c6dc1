"""What is said when issues are merged or split, and when deadlines move for all: 合并, 拆分, 顺延."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.issues import Issue
from domain.office import Office
from domain.safe_text import plain
from handlers.sentences.parts import SHORT, kind, moment, place

NAMED = 100
"""Numbers a merged message names; of more, the total is told."""
UNITS = {"m": "分钟", "h": "小时", "d": "天", "w": "周"}


def merge_what() -> str:
    return "合并哪件到哪件?例如:合并 13 到 12"


def has_others(number: int, others: Sequence[int], target: int) -> str:
    listed = " ".join(f"#{other}" for other in others)
    return f"#{number} 里已并入 {listed},请反过来:合并 {target} 到 {number}"


def merged(office: Office, issue: Issue, into: Issue) -> str:
    return (
        f"#{issue.number} 已并入 #{into.number},由 {office.owner_name(into)} 一起处理。"
        f"并错了请回复:拆分 {issue.number}"
    )


def merged_for_reporter(office: Office, issue: Issue, into: Issue) -> str:
    return (
        f"#{issue.number} 与 #{into.number} 是同一问题,已合并处理。\n"
        f"责任人 {office.owner_name(into)} · 时限 {moment(office, into.deadline)},进展请发:查询 {into.number}"
    )


def merged_for_owner(office: Office, issue: Issue, into: Issue) -> str:
    return f"#{issue.number} 已并入 #{into.number}(责任人 {office.owner_name(into)}),您不用单独处理了。"


def took_in(office: Office, issue: Issue, into: Issue) -> str:
    return (
        f"#{issue.number} 已并入 #{into.number},请一起处理:{kind(office, issue)} {place(issue)}\n"
        f"{plain(issue.text, SHORT)}"
    )


def cannot_split(number: int) -> str:
    return f"#{number} 合并前的记录不在了,不能拆分;请重新上报"


def split(office: Office, issue: Issue, from_number: int) -> str:
    return (
        f"#{issue.number} 已从 #{from_number} 拆出,单独处理。\n"
        f"责任人 {office.owner_name(issue)} · 时限 {moment(office, issue.deadline)}"
    )


def length(amount: float, unit: str) -> str:
    """``1天``, ``半天``, ``1.5小时``."""
    return f"{'半' if amount == 0.5 else f'{amount:g}'}{UNITS[unit]}"


def postpone_what(subdistricts: Sequence[str]) -> str:
    where = "街道" if len(subdistricts) == 1 else (subdistricts[0] if subdistricts else "街道")
    return (
        f"顺延请写明范围、时长和原因,例如:顺延 {where} 1天 暴雪,或:顺延 路名 2小时 停水。"
        "只能顺延您督导的街道和路段。"
    )


def postpone_too_long(longest: timedelta) -> str:
    return f"一次最多顺延{longest.days}天;更久请逐件挂账。"


def postponed(where: str, how_long: str, reason: str, count: int) -> str:
    if count == 0:
        return f"{where} 没有需要顺延的未办结问题。"
    return f"{where} 已顺延 {count} 件,时限各延 {how_long}:{plain(reason, SHORT)}。责任人已通知。"


def postponed_for_owner(numbers: Sequence[int], how_long: str, reason: str) -> str:
    listed = " ".join(f"#{number}" for number in numbers[:NAMED])
    more = f" 等共 {len(numbers)} 件" if len(numbers) > NAMED else ""
    return f"因{plain(reason, SHORT)},以下时限顺延{how_long}:{listed}{more}\n新时限请发:待办"
