"""The columns of the exported register (台账), in the field's terms and codes; one issue is one row."""

from __future__ import annotations

from datetime import datetime

from domain.issues import CLOSE_NAMES, STATE_NAMES, Issue
from domain.office import Office
from domain.safe_text import plain

Value = str | int | None
TITLE = "案件台账"
COLUMNS = (
    "案件编号", "问题来源", "上报时间", "街道", "路段", "门牌", "店铺或地标", "大类", "小类", "代码", "类型",
    "问题描述", "状态", "责任人", "责任单位", "时限", "认领时间", "办结时间", "办结人", "是否按期",
    "结案时间", "结案方式", "重开次数", "延期次数", "督办时间", "核查", "复发自", "并入", "转外部", "危险",
)  # fmt: skip
LONGEST_TEXT = 500


def case(office: Office, issue: Issue) -> tuple[Value, ...]:
    """An issue as a row; times are local, numbers of phones and plates masked."""
    kind = office.taxonomy.sub(issue.category, issue.sub)
    owner = office.roster.person(issue.owner) if issue.owner else None

    def at(moment: datetime | None) -> str:
        return moment.astimezone(office.rules.timezone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""

    return (
        issue.number,
        "自查自处" if issue.self_found else "群众反映",
        at(issue.reported_at),
        issue.subdistrict,
        issue.section or "",
        issue.house_number,
        plain(issue.shop or issue.landmark or "", 60),
        kind.category_zh,
        kind.sub_zh,
        kind.code,
        kind.kind,
        plain(issue.text, LONGEST_TEXT),
        STATE_NAMES[issue.state],
        office.owner_name(issue),
        (owner.unit if owner else "") or issue.subdistrict,
        "" if issue.self_found else at(issue.deadline),
        at(issue.claimed_at),
        at(issue.resolved_at),
        office.name_of(issue.resolved_by) if issue.resolved_by else "",
        {True: "按期", False: "超期", None: ""}[issue.on_time],
        at(issue.closed_at),
        CLOSE_NAMES[issue.close_reason] if issue.close_reason else "",
        issue.reopened,
        issue.extensions,
        at(issue.supervised_at),
        {True: "合格", False: "不合格", None: ""}[issue.verified],
        issue.recurrence_of,
        issue.merged_into,
        plain(issue.external, 60) if issue.external else "",
        "是" if issue.danger else "",
    )


# --- what is said about it --------------------------------------------------------------------------------
def only_for_supervisors() -> str:
    return "「导出」供督导和管理员使用。"


def in_street_group() -> str:
    return "台账含责任人姓名,请在督导群或单聊里发:导出 本月"


def exported(place: str, since: str, until: str, rows: int) -> str:
    return f"【导出】{place} {since} 至 {until} 上报的案件 {rows} 件,见文件。"


def too_large(place: str, since: str, until: str, rows: int, most: int) -> str:
    return (
        f"【导出】{place} {since} 至 {until} 共 {rows} 件,太大,聊天里发不了(最多 {most} 件、20 MB)。\n"
        "请按路段或按天导出,例如:导出 益民路 本周;或请管理员在服务器上运行 python -m bot export"
    )


def no_way_for_a_file() -> str:
    return "这里发不了文件(没有配置自建应用)。请在督导群里发:导出 本月"


def nothing(place: str, since: str, until: str) -> str:
    return f"【导出】{place} {since} 至 {until} 没有案件。"


def file_name(what: str, place: str, since: datetime, until: datetime) -> str:
    return f"{what} {place} {since:%Y%m%d}-{until:%Y%m%d}.xlsx"
