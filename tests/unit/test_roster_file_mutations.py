"""The sample workbook mutated, each with what the importer must say: all of it, nothing else.

``FAULTS``: refused, with exactly these sentences. ``FORGIVEN``: taken as if nothing were wrong.
``WARNED``: taken, with exactly these sentences beside those of the untouched sample.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from bot.roster.workbook import RosterFile, read_workbook
from domain.errors import RosterError
from domain.roster import Shift
from domain.taxonomy import parse_taxonomy

DATA = Path(__file__).parents[2] / "data"
SAMPLE = DATA / "roster_sample.xlsx"
DEPARTMENTS = parse_taxonomy((DATA / "taxonomy.csv").read_text("utf-8")).departments
Mutation = Callable[[Workbook], object]


def put(sheet: str, cell: str, value: Any) -> Mutation:
    """Set one cell."""

    def mutate(book: Workbook) -> None:
        book[sheet][cell] = value

    return mutate


def add(sheet: str, *values: Any) -> Mutation:
    """Append a row."""
    return lambda book: book[sheet].append(values)


def rename(sheet: str, title: str) -> Mutation:
    return lambda book: setattr(book[sheet], "title", title)


def remove(sheet: str) -> Mutation:
    return lambda book: book.remove(book[sheet])


def every(*mutations: Mutation) -> Mutation:
    return lambda book: [mutate(book) for mutate in mutations]


def on(sheet: str, act: Callable[..., object]) -> Mutation:
    """Anything else that is done to a sheet."""
    return lambda book: act(book[sheet])


def error_value(book: Workbook) -> None:
    cell = book["商户"]["A2"]
    cell.value, cell.data_type = "#N/A", "e"


SEVEN_LEADERS_WITHOUT_SUBSTITUTE = (
    "没有备岗的二级路长(请假时由上一级接手):一马路街道二级路长(chief2-yimalu)、五里堡街道二级路长(chief2-wulipu)、"
    "建中街街道二级路长(chief2-jianzhong)、淮河路街道二级路长(chief2-huaihe)、福华街街道二级路长(chief2-fuhua)、"
    "解放路街道二级路长(chief2-jiefang)、铭功路街道二级路长(chief2-minggong)"
)

FAULTS: dict[str, tuple[Mutation, tuple[str, ...]]] = {
    "missing sheet": (
        remove("商户"),
        ("「商户」 缺少这张工作表,请补上(表头:店名、路段、门牌、userid、简称;可以没有内容)",),
    ),
    "misnamed sheet": (
        rename("责任", "职责"),
        ("「责任」 缺少这张工作表,请补上(表头:路段、级别、userid、门牌;可以没有内容)",),
    ),
    "same sheet twice": (
        lambda book: setattr(book.create_sheet("人员 "), "sheet_state", "hidden"),
        ("「人员」 有两张同名的工作表,请只留一张",),
    ),
    "missing columns": (
        on("人员", lambda sheet: sheet.delete_cols(6, 2)),
        (
            (
                "「人员」 缺少列「别名userid」「备岗userid」,请补上(可留空);"
                "表头应为 userid、姓名、角色、级别、单位、别名userid、备岗userid"
            ),
        ),
    ),
    "column twice": (
        put("街道", "C1", "名称"),
        ("「街道」第1行 列「名称」出现了两次,请删去一列",),
    ),
    "empty sheet without header": (
        on("路段", lambda sheet: sheet.delete_rows(1, sheet.max_row)),
        (
            (
                "「路段」 缺少列「路段」「街道」「别名」「起点」「终点」「门牌」「地标」,请补上(可留空);"
                "表头应为 路段、街道、别名、起点、终点、门牌、地标"
            ),
        ),
    ),
    "duplicate userid": (
        put("人员", "A6", "chief3-datonglu"),
        (
            (
                "「人员」第5行 备岗userid:「backup-datonglu」不在工作表「人员」中,请改正或先在该表添加,"
                "是否为「backup-qiantanglu」或「backup-longhailu」?"
            ),
            "「人员」第6行 userid:「chief3-datonglu」和第5行重复,userid 和别名不能重复,请改名或删去一行",
        ),
    ),
    "duplicate userid in other case": (
        add("人员", "ADMIN-1", "另一人", "管理员"),
        (
            (
                "「人员」第69行 userid:「ADMIN-1」与第68行的「admin-1」冲突,"
                "userid 和别名不能重复,请改名或删去一行"
            ),
        ),
    ),
    "alias that is somebody's userid": (
        put("人员", "F5", "admin-1"),
        ("「人员」第5行 别名userid:「admin-1」和第68行重复,userid 和别名不能重复,请改名或删去一行",),
    ),
    "duplicate section": (
        add("路段", "益民路", "解放路街道"),
        ("「路段」第19行 路段:「益民路」和第2行重复,路段名称和别名不能重复,请改名或删去一行",),
    ),
    "section alias of another section": (
        put("路段", "C3", "益民街"),
        ("「路段」第3行 别名:「益民街」与第2行的「益民路」冲突,路段名称和别名不能重复,请改名或删去一行",),
    ),
    "duplicate street": (
        add("街道", "解放路街道", "二七区"),
        ("「街道」第10行 名称:「解放路街道」和第8行重复,街道名称不能重复,请改名或删去一行",),
    ),
    "duplicate chat id": (
        put("群", "A4", "wr-datonglu"),
        ("「群」第4行 chat_id:chat_id与第3行重复,请合并成一行",),
    ),
    "duplicate duty": (
        add("责任", "二马路", "四级", "chief4-ermalu-1", "100-120"),
        ("「责任」第55行 userid:同一路段、级别和人与第53行重复,请合并成一行",),
    ),
    "duplicate shop": (
        add("商户", "大同路烩面馆", "大同路", "12号"),
        ("「商户」第53行 店名:同一路段和门牌的店与第2行重复,请合并成一行",),
    ),
    "unknown street": (
        put("路段", "B2", "解放街道"),
        ("「路段」第2行 街道:「解放街道」不在工作表「街道」中,请改正或先在该表添加,是否为「解放路街道」?",),
    ),
    "unknown section": (
        put("责任", "A2", "无名路"),
        ("「责任」第2行 路段:「无名路」不在工作表「路段」中,请改正或先在该表添加",),
    ),
    "several unknown sections in one cell": (
        put("群", "D27", "大同路、甲路、乙路"),
        (
            "「群」第27行 路段:「甲路」不在工作表「路段」中,请改正或先在该表添加",
            "「群」第27行 路段:「乙路」不在工作表「路段」中,请改正或先在该表添加",
        ),
    ),
    "unknown userid": (
        put("责任", "C4", "chief3-datong"),
        (
            (
                "「责任」第4行 userid:「chief3-datong」不在工作表「人员」中,请改正或先在该表添加,"
                "是否为「chief3-datonglu」或「chief3-qiantanglu」?"
            ),
        ),
    ),
    "substitute unknown": (
        put("人员", "G5", "张三"),
        ("「人员」第5行 备岗userid:「张三」不在工作表「人员」中,请改正或先在该表添加",),
    ),
    "substitute of himself": (
        put("人员", "G5", "chief3-datonglu"),
        ("「人员」第5行 备岗userid:备岗绕成了圈 chief3-datonglu→chief3-datonglu,请改其中一人的备岗或留空",),
    ),
    "substitutes in a circle": (
        every(put("人员", "G6", "chief3-qiantanglu"), put("人员", "G8", "chief3-datonglu")),
        (
            (
                "「人员」第5行 备岗userid:备岗绕成了圈 chief3-datonglu→backup-datonglu→chief3-qiantanglu"
                "→backup-qiantanglu→chief3-datonglu,请改其中一人的备岗或留空"
            ),
        ),
    ),
    "two substitutes": (
        put("人员", "G5", "backup-datonglu、backup-dunmulu"),
        ("「人员」第5行 备岗userid:只能填一个人;备岗的备岗请填在他自己那一行",),
    ),
    "level that does not match": (
        put("责任", "B4", "二级"),
        ("「责任」第4行 级别:「chief3-datonglu」在人员表中是三级,这里是二级,请改成一致",),
    ),
    "duty of somebody who is no chief": (
        put("责任", "C4", "sup-yimalu"),
        ("「责任」第4行 userid:「sup-yimalu」的角色是督导,责任只能给路长,请换人或改他的角色",),
    ),
    "unknown level": (
        put("人员", "D2", "五级"),
        ("「人员」第2行 级别:「五级」不认识,请填 一级、二级、三级、四级 之一",),
    ),
    "chief without level": (
        put("人员", "D5", None),
        ("「人员」第5行 级别:不能为空,请填写",),
    ),
    "unknown role": (
        put("人员", "C4", "督察"),
        ("「人员」第4行 角色:「督察」不认识,请填 路长、督导、九员、管理员、商户 之一",),
    ),
    "supervisor of no street": (
        put("人员", "E4", "二七区"),
        ("「人员」第4行 单位:「二七区」不在工作表「街道」中,请改正或先在该表添加",),
    ),
    "officer of no department": (
        put("人员", "E62", "环卫局"),
        (
            (
                "「人员」第62行 单位:「环卫局」不是部门,九员的单位请填 城管、单车企业、交警、环卫、市场监管、"
                "环保、住建、市政、电力、通信、公安、社区、园林、消防 之一"
            ),
        ),
    ),
    "supervisor group without street": (
        put("群", "E2", " "),
        ("「群」第2行 街道:不能为空,请填写",),
    ),
    "unknown kind of group": (
        put("群", "C3", "商户群"),
        ("「群」第3行 类型:「商户群」不认识,请填 路段群、督导群 之一",),
    ),
    "same push key twice": (
        put("群", "F4", "key-datonglu"),
        ("「群」第4行 推送key:与第3行相同,每个群有自己的推送 key,请核对",),
    ),
    "push key that is none": (
        put("群", "F4", "机密 123"),
        ("「群」第4行 推送key:不是推送 key,请从群「消息推送」的 Webhook 地址里复制 key= 后面的部分",),
    ),
    "formula": (
        put("人员", "B5", '=A5&"路长"'),
        ("「人员」第5行 姓名:是公式,请复制后用「选择性粘贴→数值」填回",),
    ),
    "array formula": (
        put("街道", "B2", ArrayFormula("B2:B3", "=A2:A3")),
        ("「街道」第2行 所属区:是公式,请复制后用「选择性粘贴→数值」填回",),
    ),
    "error value": (error_value, ("「商户」第2行 店名:是错误值 #N/A,请改填正确内容",)),
    "merged cells": (
        on("责任", lambda sheet: sheet.merge_cells("A2:A4")),
        (
            "「责任」第2行 A2:A4:合并的单元格只有一格有内容,请取消合并,逐行填写",
            "「责任」第3行 路段:不能为空,请填写",
            "「责任」第4行 路段:不能为空,请填写",
        ),
    ),
    "house numbers turned into a date": (
        put("责任", "D53", datetime(2026, 1, 12)),  # noqa: DTZ001  what Excel stores has no zone
        ("「责任」第53行 门牌:被 Excel 变成了日期或时间,请把该列设为「文本」格式后重新填写",),
    ),
    "house numbers backwards": (
        put("责任", "D53", "75-1"),
        ("「责任」第53行 门牌:「75-1」应由小到大,从 1 起,请填如 1-75、单号、双号 或 1-75、单号",),
    ),
    "house numbers in words": (
        put("路段", "F2", "全段"),
        ("「路段」第2行 门牌:「全段」不是门牌,请填如 1-75、单号、双号 或 1-75、单号",),
    ),
    "userid with a space inside": (
        put("人员", "A68", "admin 1"),
        ("「人员」第68行 userid:「admin 1」不是企业微信的编号(只含字母、数字和 . _ - @,最长64字),请改正",),
    ),
    "number too long for Excel": (
        put("人员", "A68", 13800138000138001),
        ("「人员」第68行 userid:数字超过15位,Excel 已改掉末位,请把该列设为「文本」格式后重新填写",),
    ),
    "truth value": (
        put("人员", "B68", True),
        ("「人员」第68行 姓名:是逻辑值 TRUE/FALSE,请改填文字",),
    ),
    "empty name": (put("人员", "B68", "\u3000\u200b"), ("「人员」第68行 姓名:不能为空,请填写",)),
    "name that is an essay": (
        put("路段", "A18", "中" * 61),
        (
            "「路段」第18行 路段:太长(61字),请缩短到60字以内",
            "「责任」第23行 路段:「中原路」不在工作表「路段」中,请改正或先在该表添加",
            "「责任」第24行 路段:「中原路」不在工作表「路段」中,请改正或先在该表添加",
            "「责任」第25行 路段:「中原路」不在工作表「路段」中,请改正或先在该表添加",
            "「群」第12行 路段:「中原路」不在工作表「路段」中,请改正或先在该表添加",
            "「商户」第23行 路段:「中原路」不在工作表「路段」中,请改正或先在该表添加",
            "「商户」第24行 路段:「中原路」不在工作表「路段」中,请改正或先在该表添加",
            "「商户」第25行 路段:「中原路」不在工作表「路段」中,请改正或先在该表添加",
        ),
    ),
    "separator in a section name": (
        add("路段", "东街、西街", "解放路街道"),
        ("「路段」第19行 路段:「东街、西街」里有分隔符号,路段名不能含 、 , ;",),
    ),
    "shift on no date": (
        add("值班", "11月23日", "18点", "25:00", "解放路街道", "chief2-jiefang"),
        (
            "「值班」第2行 日期:「11月23日」不是日期,请填如 2026-11-23",
            "「值班」第2行 止:「25:00」不是时间,请填如 18:00",
        ),
    ),
    "shift on a date that is none": (
        add("值班", "2026-02-30", 0.75, 7.5, "解放路街道", "chief2-jiefang"),
        (
            "「值班」第2行 日期:「2026-02-30」不是日期,请填如 2026-11-23",
            "「值班」第2行 止:不是时间,请填如 18:00",
        ),
    ),
    "stray row far below": (
        put("商户", "A50001", "x"),
        ("「商户」第50001行 超过 50000 行,请删除表格下方多余的行(含格式)",),
    ),
    "many things at once": (
        every(
            put("商户", "B2", "大桐路"),
            put("街道", "A2", None),
            put("人员", "C68", None),
            put("责任", "B2", "零级"),
        ),
        (
            "「街道」第2行 名称:不能为空,请填写",
            *(
                f"「路段」第{row}行 街道:「一马路街道」不在工作表「街道」中,请改正或先在该表添加"
                for row in (3, 4, 5, 6, 14)
            ),
            *(
                f"「人员」第{row}行 单位:「一马路街道」不在工作表「街道」中,请改正或先在该表添加"
                for row in (2, 3, 4)
            ),
            "「人员」第68行 角色:不能为空,请填写",
            "「责任」第2行 级别:「零级」不认识,请填 一级、二级、三级、四级 之一",
            *(
                f"「群」第{row}行 街道:「一马路街道」不在工作表「街道」中,请改正或先在该表添加"
                for row in (2, 3, 4, 5, 6, 7, 27)
            ),
            "「商户」第2行 路段:「大桐路」不在工作表「路段」中,请改正或先在该表添加,是否为「大同路」?",
        ),
    ),
}

FORGIVEN: dict[str, Mutation] = {
    "spaces around and inside": every(
        put("责任", "A2", " 大同路\u3000"),
        put("人员", "B5", "\u00a0大同路三级路长 "),
        put("责任", "C4", "chief3-datonglu\n"),
    ),
    "full-width letters and digits": every(
        put("人员", "A5", "ｃｈｉｅｆ３－ｄａｔｏｎｇｌｕ"),
        put("责任", "D53", "１－７５"),
        put("商户", "C2", "１２"),
    ),
    "other case in references": put("责任", "C4", "Chief3-DatongLu"),
    "reference by alias": every(put("责任", "A47", "益民街"), put("责任", "C49", "woyiminluOPAQUE")),
    "numbers as numbers": every(put("商户", "C2", 12), put("商户", "C3", 28.0)),
    "house number with 号": put("商户", "C2", "12 号"),
    "other separators": put("群", "D27", "大同路,钱塘路;操场街，敦睦路、"),
    "line breaks as separators": put("群", "D27", "大同路\n钱塘路\r\n操场街\n\n敦睦路"),
    "levels written otherwise": every(
        put("人员", "D5", "3级"), put("责任", "B4", "三级路长"), put("人员", "D2", 1)
    ),
    "empty rows": on("人员", lambda sheet: sheet.insert_rows(10, 3)),
    "title above the header": on(
        "人员",
        lambda sheet: [sheet.insert_rows(1), sheet.__setitem__("A1", "人员名单"), sheet.merge_cells("A1:G1")],
    ),
    "header with spaces and width": every(put("人员", "A1", " ＵserＩＤ "), put("人员", "B1", "姓 名")),
    "columns in another order": on(
        "街道", lambda sheet: [sheet.insert_cols(1), sheet.move_range("C1:C9", cols=-2)]
    ),
    "sheet name with a space": rename("人员", "人员 "),
    "no shifts": remove("值班"),
    "whole webhook address": put(
        "群", "F3", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-datonglu"
    ),
    "zero-width characters": put("责任", "A2", "\ufeff大同\u200b路"),
    "own name as alias": put("路段", "C3", "大同路"),
    "street of a group left out": put("群", "E3", None),
}

WARNED: dict[str, tuple[Mutation, tuple[str, ...]]] = {
    "extra sheet": (lambda book: book.create_sheet("说明"), ("工作表「说明」不认识,已忽略",)),
    "extra column": (put("人员", "H1", "手机"), ("「人员」的列「手机」不认识,已忽略",)),
    "section without chief": (
        on("责任", lambda sheet: sheet.delete_rows(4)),
        (
            "没有三级路长的路段(问题将由二级路长或督导接手):大同路",
            "没有责任路段、也不备岗的三四级路长:大同路三级路长(chief3-datonglu)",
        ),
    ),
    "section in no group": (
        add("路段", "新开路", "解放路街道"),
        (
            "没有三级路长的路段(问题将由二级路长或督导接手):新开路",
            "没有路段群的路段(提醒将无处可发):新开路",
        ),
    ),
    "section of a street without anybody": (
        every(add("街道", "新街道", "二七区"), put("路段", "B18", "新街道")),
        (
            "责任路段不在本人单位(街道)的一二级路长:chief1-daxue(中原路)、chief2-daxue(中原路)",
            "路段不都在所填街道的路段群:中原路商户群",
            "没有督导的街道:新街道",
            "没有督导群的街道(收不到日报):新街道",
        ),
    ),
    "no leader of level 2": (
        every(on("责任", lambda sheet: sheet.delete_rows(24)), put("人员", "D23", "一级")),
        ("没有二级路长的路段(超时将直接报督导):中原路", SEVEN_LEADERS_WITHOUT_SUBSTITUTE),
    ),
    "chief without substitute": (
        put("人员", "G5", None),
        (
            "没有备岗的三级路长(请假时由上一级接手):大同路三级路长(chief3-datonglu)",
            "没有责任路段、也不备岗的三四级路长:大同路备岗路长(backup-datonglu)",
        ),
    ),
    "two who stand in for each other": (
        put("人员", "G6", "chief3-datonglu"),
        ("互为备岗的人(同时请假时由上一级接手):backup-datonglu 与 chief3-datonglu",),
    ),
    "group without section": (
        put("群", "D26", None),
        ("没有路段群的路段(提醒将无处可发):二马路", "没有填路段的路段群:二马路商户群"),
    ),
    "group without key": (
        put("群", "F26", None),
        ("没有推送key的群(不能主动提醒,请填入或用命令保存):二马路商户群",),
    ),
    "overlapping level 4": (
        put("责任", "D54", "70-150"),
        ("二马路:门牌重叠的四级路长(重叠部分归前者):chief4-ermalu-1(1-75) 与 chief4-ermalu-2(70-150)",),
    ),
    "level 4 beyond the section": (
        put("责任", "D54", "76-200"),
        ("二马路:四级路长 chief4-ermalu-2(76-200) 的门牌超出路段的 1-150",),
    ),
    "level 4 without house numbers": (
        put("责任", "D54", None),
        (
            "二马路:门牌重叠的四级路长(重叠部分归前者):chief4-ermalu-1(1-75) 与 chief4-ermalu-2(全部门牌)",
            "二马路:四级路长 chief4-ermalu-2 没有填门牌,将负责整条路段",
        ),
    ),
    "house numbers at level 3": (
        put("责任", "D4", "1-20"),
        ("大同路:三级路长 chief3-datonglu 的门牌不起作用,只有四级按门牌分段",),
    ),
    "leader of another street": (
        put("人员", "E2", "解放路街道"),
        (
            (
                "责任路段不在本人单位(街道)的一二级路长:chief1-yimalu(大同路)、chief1-yimalu(钱塘路)、"
                "chief1-yimalu(操场街)、chief1-yimalu(敦睦路)、chief1-yimalu(陇海路)"
            ),
        ),
    ),
    "shop without a number": (
        put("商户", "C2", "市场内"),
        ("门牌里没有号码的商户(按无门牌处理):大同路烩面馆(市场内)",),
    ),
    "two shops of one person": (
        put("商户", "D3", "shop-datonglu-1"),
        ("绑定了不止一家店的userid(默认按第一家):shop-datonglu-1",),
    ),
    "namesakes": (
        put("人员", "B5", "平台管理员"),
        ("同名的人(转派时请写 userid):平台管理员",),
    ),
    "no administrator": (
        on("人员", lambda sheet: sheet.delete_rows(68)),
        ("没有管理员:绑定群、保存推送 key 等需要一名管理员",),
    ),
    "a shift in Excel's own types": (
        add("值班", datetime(2026, 11, 23), time(18), 1.0, "解放路街道", "chief2-jiefang"),  # noqa: DTZ001
        (),
    ),
    "a shift as text": (
        add("值班", "2026年11月23日", "18点", "次日8:00", "解放路街道", "CHIEF2-jiefang"),
        (),
    ),
    "a shift by serial number": (
        add("值班", 46349, 0.75, time(8), "解放路街道", "chief2-jiefang"),
        (),
    ),
}


@pytest.fixture(scope="module")
def sample() -> RosterFile:
    return read_workbook(SAMPLE, DEPARTMENTS)


def mutated(mutate: Mutation, folder: Path) -> Path:
    book = load_workbook(SAMPLE)
    mutate(book)
    path = folder / "mutated.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(("mutate", "expected"), FAULTS.values(), ids=FAULTS)
def test_it_refuses_and_says_everything(mutate: Mutation, expected: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(RosterError) as caught:
        read_workbook(mutated(mutate, tmp_path), DEPARTMENTS)
    assert caught.value.problems == expected


@pytest.mark.parametrize("mutate", FORGIVEN.values(), ids=FORGIVEN)
def test_it_forgives(mutate: Mutation, sample: RosterFile, tmp_path: Path) -> None:
    assert read_workbook(mutated(mutate, tmp_path), DEPARTMENTS) == sample


@pytest.mark.parametrize(("mutate", "expected"), WARNED.values(), ids=WARNED)
def test_it_takes_and_warns(
    mutate: Mutation, expected: tuple[str, ...], sample: RosterFile, tmp_path: Path
) -> None:
    taken = read_workbook(mutated(mutate, tmp_path), DEPARTMENTS)
    assert tuple(line for line in taken.warnings if line not in sample.warnings) == expected


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("a shift in Excel's own types", time(0)),
        ("a shift as text", time(8)),
        ("a shift by serial number", time(8)),
    ],
)
def test_shifts_are_the_same_however_they_are_written(name: str, end: time, tmp_path: Path) -> None:
    taken = read_workbook(mutated(WARNED[name][0], tmp_path), DEPARTMENTS)
    day = datetime(2026, 11, 23).date()  # noqa: DTZ001  a date
    assert taken.roster.shifts == (Shift(day, time(18), end, "解放路街道", "chief2-jiefang"),)
