"""What is said about 清除."""

from __future__ import annotations

from domain.office import Office
from domain.ports import Traces
from domain.roster import Person
from handlers.sentences.binding import shown_id


def whom() -> str:
    return "请写编号,例如:清除 zhangsan(编号可让本人发「我是谁」查看)"


def preview(office: Office, userid: str, found: Traces) -> str:
    return (
        f"将清除 {shown_id(userid)} 的姓名、文字和照片:消息 {found.messages} 条,上报 {found.reports} 件,"
        f"照片 {found.pictures} 张,名册中的本人与店铺绑定。案件和统计数字保留。\n"
        f"⚠ 不能恢复。请在10分钟内回复:确认(@{office.bot_name})"
    )


def begun() -> str:
    return "已登记清除,一分钟内完成。案件和统计数字保留。"


def done() -> str:
    return "清除已完成:该人的姓名、文字和照片已从消息、案件、待发消息、名册各版和图片目录中删除。"


def at_work(person: Person) -> str:
    return (
        f"{person.title} 在名册里是{person.role},不能直接清除。请先从名册中去掉(未结问题会自动移交),再清除。"
    )


def owns(count: int) -> str:
    return f"他名下还有 {count} 件未结问题,请先转派,再清除。"


def nobody(userid: str) -> str:
    return f"没有 {shown_id(userid)} 的任何记录。"
