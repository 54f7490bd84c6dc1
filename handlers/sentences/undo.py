"""What is said about 撤销."""

from __future__ import annotations

from collections.abc import Sequence

from domain.issues import STATE_NAMES, Issue
from domain.office import Office
from domain.safe_text import plain

REPORTER = "上报人"
"""Who reported is not named to those who work on it."""


def nothing_to_undo(minutes: int) -> str:
    return f"{minutes}分钟内没有可以撤销的操作。上报错了请回复:撤回 编号"


def undone_already(number: int) -> str:
    return f"#{number} 刚才的操作已经撤销过了。"


def not_yours(numbers: Sequence[int]) -> str:
    listed = " ".join(f"#{number}" for number in numbers)
    return f"{listed} 不是您上一步的操作,不能撤销。"


def overtaken(number: int) -> str:
    return f"#{number} 已有人接着办理,不能撤销。请看:查询 {number}"


def undone(office: Office, issue: Issue, what: str) -> str:
    now_is = f"现在是「{STATE_NAMES[issue.state]}」,责任人 {office.owner_name(issue)}"
    return f"#{issue.number} 已撤销「{what}」,{now_is}。"


def undone_for_others(issue: Issue, by: str, what: str) -> str:
    return (
        f"#{issue.number} {plain(by, 30)} 撤销了刚才的「{what}」,现在是「{STATE_NAMES[issue.state]}」,"
        f"之前的通知请以此为准。"
    )


def self_found_undone(number: int) -> str:
    return f"#{number} 已撤销这条自查自处,不再计入。"
